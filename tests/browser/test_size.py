"""What the chat costs a shop's page: few bytes, few requests, none of them twice."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from bot.http.assets import WEB, bundled
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser

LARGEST = 25_000
OWN_FILES_OF_THE_DEMO_SHOP = {"/", "/web/shop.css", "/web/shop.js"}


def test_all_that_a_page_loads_for_the_chat_is_below_25_kb(
    shared_server: Server, windows: Windows
) -> None:
    page = windows.open(shared_server.clock)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    shop.ask("满多少包邮")
    loaded = {
        path: answer.request.sizes()["responseBodySize"]
        for answer in answers
        if (path := urlsplit(answer.url).path) not in OWN_FILES_OF_THE_DEMO_SHOP
        and not path.startswith(("/api/", "/demo/"))
        and answer.url.startswith("http")
    }
    assert len(loaded) == 2
    assert sum(loaded.values()) < LARGEST
    # The figure in the document is that of today's widget, rounded up.
    document = (WEB.parents[1] / "docs" / "widget.md").read_text("utf-8")
    [stated] = re.findall(r"\*\*(\d+\.\d) KB\*\*", document)
    assert sum(loaded.values()) / 1000 <= float(stated) < LARGEST / 1000


def test_what_the_loader_imports_is_kept_for_ever_and_the_loader_asks_again(
    shared_server: Server,
) -> None:
    client = shared_server.client()
    loader = client.get("/widget.js")
    assert loader.headers["cache-control"] == "no-cache"
    assert loader.headers["content-encoding"] == "gzip"
    known = {"If-None-Match": loader.headers["etag"]}
    assert client.get("/widget.js", headers=known).status_code == 304
    [path] = re.findall(r"widget/\w+\.js", loader.text)
    bundle = client.get(f"/{path}")
    assert "immutable" in bundle.headers["cache-control"]
    assert bundle.headers["content-type"].startswith("text/javascript")
    # A loader of the version before, from a server that is being replaced.
    other = client.get("/widget/0123456789abcdef.js")
    assert (other.text, other.headers["cache-control"]) == (bundle.text, "no-store")


def test_who_does_not_take_gzip_gets_the_same_script_plain(shared_server: Server) -> None:
    client = shared_server.client()
    plain = client.get("/widget.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == client.get("/widget.js").text
    assert "Accept-Encoding" in plain.headers["vary"]


def test_the_modules_can_share_one_scope() -> None:
    source = bundled(WEB / "widget", "element.js")
    assert not re.search(r"^(import|export)\b", source, re.MULTILINE)
    names = re.findall(r"^(?:const|let|class|function|async function) (\w+)", source, re.MULTILINE)
    assert [name for name, count in Counter(names).items() if count > 1] == []
