"""One script tag on a page of the shop's own: another origin, and styles made for other things."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server, copy_of, serving

pytestmark = pytest.mark.browser

PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<title>别的店</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/hostile.css">
<body><main><h1>别的店</h1><button>买</button></main>
<script async src="{url}/widget.js"></script>
"""

HOSTILE_CSS = """
* { font: 40px/3 cursive !important; color: red !important; letter-spacing: 9px !important;
  text-transform: uppercase !important; margin: 30px !important; }
div, section, p, ul, li, header { display: none !important; }
button { position: static !important; width: 300px !important; height: 300px !important; }
textarea { display: none !important; }
kefu-chat { transform: rotate(90deg); position: static; opacity: .1; }
body { filter: none; pointer-events: auto; }
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def other_shop(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The origin and the folder of a web server that is not ours."""
    folder = tmp_path / "other-shop"
    folder.mkdir()
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}", folder
    web.shutdown()
    thread.join()
    web.server_close()


def test_the_chat_works_and_looks_the_same_on_a_foreign_page(
    sample_data: Path, tmp_path: Path, other_shop: tuple[str, Path], windows: Windows
) -> None:
    origin, folder = other_shop
    (folder / "hostile.css").write_text(HOSTILE_CSS, encoding="utf-8")
    with serving(copy_of(sample_data, tmp_path / "data"), origins=(origin,)) as server:
        (folder / "index.html").write_text(PAGE.format(url=server.url), encoding="utf-8")
        at_home = ShopPage.chat(windows, server)
        abroad = ShopPage(windows.open(server.clock))
        abroad.page.goto(origin)
        abroad.open_chat()
        for shop in (at_home, abroad):
            expect(shop.ask("满多少包邮")).to_contain_text("59 元包邮")
        windows.picture(abroad.page, "abroad")
        for part in ("panel", "input", "send", "close"):
            expected, got = (getattr(s, part).bounding_box() for s in (at_home, abroad))
            assert got == expected, part
        looks = "element => { const s = getComputedStyle(element); return [s.fontSize, s.color]; }"
        bubble = abroad.from_("bot").locator(".bubble")
        assert bubble.evaluate(looks) == at_home.from_("bot").locator(".bubble").evaluate(looks)
        abroad.page.close()
        at_home.page.close()


def test_a_page_that_was_not_allowed_gets_no_chat(
    shared_server: Server, other_shop: tuple[str, Path], windows: Windows
) -> None:
    origin, folder = other_shop
    (folder / "hostile.css").touch()
    (folder / "index.html").write_text(PAGE.format(url=shared_server.url), encoding="utf-8")
    windows.provoke("CORS policy|ERR_FAILED|could not be loaded")
    page = windows.open(shared_server.clock)
    with page.expect_console_message(lambda message: "could not be loaded" in message.text):
        page.goto(origin)
    expect(ShopPage(page).launcher).to_have_count(0)
    expect(page.get_by_role("heading")).to_be_visible()
