"""One script tag on a page of the shop's own: another origin, styles and policies of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.other_shop import OtherShop, other_shop_in
from tests.browser.picture import expect_seen, picture
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server, copy_of, serving

pytestmark = pytest.mark.browser

HOSTILE_CSS = """
* { font: 40px/3 cursive !important; color: red !important; letter-spacing: 9px !important;
  text-transform: uppercase !important; margin: 30px !important; }
div, section, p, ul, li, header { display: none !important; }
button { position: static !important; width: 300px !important; height: 300px !important; }
textarea { display: none !important; }
kefu-chat { transform: rotate(90deg); position: static; opacity: .1; }
kefu-chat::before { content: "" !important; position: fixed !important; inset: 0 !important; }
body { filter: none; pointer-events: auto; }
"""

# A page of which only the body is left.
MOST_HOSTILE_CSS = "body * { all: unset !important; display: none !important; }"

POLICIES = [
    pytest.param("script-src 'nonce-{nonce}'", id="a nonce"),
    pytest.param("script-src 'nonce-{nonce}' 'strict-dynamic'", id="a nonce and strict-dynamic"),
    pytest.param("script-src {kefu}", id="the server by its address"),
]
REST_OF_POLICY = (
    "default-src 'none'; style-src 'self'; connect-src {kefu}; img-src 'self' {kefu} blob:; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
)


@pytest.fixture(scope="module")
def other_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherShop]:
    """A shop that the server knows."""
    with other_shop_in(tmp_path_factory.mktemp("web") / "other-shop") as shop:
        yield shop


@pytest.fixture(scope="module")
def kefu(
    sample_data: Path, tmp_path_factory: pytest.TempPathFactory, other_shop: OtherShop
) -> Iterator[Server]:
    """A server that allows the other shop's pages."""
    data = copy_of(sample_data, tmp_path_factory.mktemp("kefu") / "data")
    with serving(data, origins=(other_shop.origin,)) as server:
        yield server


@pytest.mark.parametrize("css", [HOSTILE_CSS, MOST_HOSTILE_CSS], ids=["hostile", "all unset"])
def test_the_chat_works_and_looks_the_same_on_a_foreign_page(
    kefu: Server, other_shop: OtherShop, windows: Windows, css: str
) -> None:
    other_shop.headers.clear()
    other_shop.show(kefu.url, css=css)
    at_home = ShopPage.chat(windows, kefu)
    abroad = ShopPage(windows.open(kefu.clock))
    abroad.page.goto(other_shop.origin)
    abroad.open_chat()
    for shop in (at_home, abroad):
        expect(shop.ask("满多少包邮")).to_contain_text("59 元包邮")
    windows.picture(abroad.page, "abroad")
    for part in ("panel", "input", "send", "close", "person"):
        expected, got = (getattr(s, part).bounding_box() for s in (at_home, abroad))
        assert got == expected, part
    looks = "element => { const s = getComputedStyle(element); return [s.fontSize, s.color]; }"
    bubble = abroad.from_("bot").locator(".bubble").first
    assert bubble.evaluate(looks) == at_home.from_("bot").locator(".bubble").first.evaluate(looks)


@pytest.mark.parametrize("scripts", POLICIES)
def test_the_chat_works_under_a_strict_content_security_policy(
    kefu: Server, other_shop: OtherShop, windows: Windows, scripts: str
) -> None:
    policy = f"{scripts}; {REST_OF_POLICY}".format(kefu=kefu.url, nonce="cmFuZG9t")
    other_shop.headers["Content-Security-Policy"] = policy
    other_shop.show(kefu.url, css=HOSTILE_CSS, attributes='nonce="cmFuZG9t"')
    shop = ShopPage(windows.open(kefu.clock))
    shop.page.goto(other_shop.origin)
    shop.open_chat()
    expect(shop.ask("满多少包邮")).to_contain_text("59 元包邮")
    expect(shop.from_("bot").locator(".bubble")).not_to_have_class("plain")
    shop.file.set_input_files([picture()])
    expect_seen(shop.pictures, (64, 48))
    # A complaint about the policy on the console would fail the test.
    assert (
        shop.from_("bot")
        .locator(".bubble")
        .first.evaluate("element => getComputedStyle(element).borderRadius !== '0px'")
    )


def test_a_page_that_was_not_allowed_gets_no_chat(
    shared_server: Server, other_shop: OtherShop, windows: Windows
) -> None:
    other_shop.headers.clear()
    other_shop.show(shared_server.url)
    windows.provoke("CORS policy|ERR_FAILED|could not be loaded")
    page = windows.open(shared_server.clock)
    with page.expect_console_message(lambda message: "could not be loaded" in message.text):
        page.goto(other_shop.origin)
    expect(ShopPage(page).launcher).to_have_count(0)
    expect(page.get_by_role("heading")).to_be_visible()


def test_a_page_takes_the_chat_away_and_brings_it_back(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("满多少包邮")
    shop.page.evaluate("kefu.destroy()")
    expect(shop.page.locator("kefu-chat")).to_have_count(0)
    assert shop.page.evaluate("window.kefu === undefined")
    shop.page.evaluate(TAG)
    shop.open_chat()
    expect(shop.messages).to_have_count(2)
    expect(shop.ask("怎么开发票？", answers=2)).to_contain_text("发票")


def test_a_tag_that_was_taken_away_before_it_ran_does_nothing(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, shared_server)
    expect(shop.launcher).to_be_visible()
    shop.page.evaluate("kefu.destroy()")
    # As a framework does that mounts, unmounts and mounts again within one turn.
    shop.page.evaluate(f"{TAG}.remove()")
    shop.page.evaluate(TAG)
    expect(shop.launcher).to_have_count(1)


TAG = """(() => {
    const tag = document.createElement("script");
    tag.src = "/widget.js";
    document.head.append(tag);
    return tag;
})()"""
