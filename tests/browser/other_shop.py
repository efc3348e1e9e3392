"""A shop's own site, which is not ours: another origin, with its own styles and its own policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>别的店</title>
<link rel="icon" href="/icon.png">
<link rel="stylesheet" href="/shop.css">
<body><main><h1>别的店</h1><button>买</button></main>
<script async {attributes} src="{kefu}/widget.js"></script>
"""


@dataclass
class OtherShop:
    """A running web server with one page."""

    origin: str
    folder: Path
    headers: dict[str, str]

    def show(self, kefu: str, *, css: str = "", attributes: str = "") -> None:
        """Puts the widget of that server on the page."""
        (self.folder / "icon.png").touch()
        (self.folder / "shop.css").write_text(css, encoding="utf-8")
        page = PAGE.format(kefu=kefu, attributes=attributes)
        (self.folder / "index.html").write_text(page, encoding="utf-8")


@contextmanager
def other_shop_in(folder: Path) -> Iterator[OtherShop]:
    """The web server, until the block ends."""
    folder.mkdir()
    headers: dict[str, str] = {}

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

        def end_headers(self) -> None:
            for name, value in headers.items():
                self.send_header(name, value)
            super().end_headers()

    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    try:
        yield OtherShop(f"http://127.0.0.1:{web.server_port}", folder, headers)
    finally:
        web.shutdown()
        thread.join()
        web.server_close()
