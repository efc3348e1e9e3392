"""What a shop's page may tell the chat, and what it hears from it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser

HEAR_ALL = """() => {
    window.heard = [];
    for (const name of ["ready", "open", "close", "message", "unread", "handoff"]) {
        window.kefu.on(name, (detail) => window.heard.push([name, detail]));
    }
}"""


def with_settings(windows: Windows, server: Server, settings: str, **options: Any) -> ShopPage:
    """The shop's page with settings of its own."""
    page = windows.open(server.clock, **options)
    page.add_init_script(f"window.kefuSettings = {settings}")
    page.goto(server.url)
    return ShopPage(page)


def heard(page: Page, name: str) -> list[Any]:
    """What the page was told under a name."""
    rows: list[Any] = page.evaluate(
        "name => window.heard.filter(([kind]) => kind === name).map(([, detail]) => detail)", name
    )
    return rows


def test_a_page_hears_what_happens_in_the_chat(server: Server, windows: Windows) -> None:
    shop = ShopPage.visit(windows, server)
    expect(shop.launcher).to_be_visible()
    shop.page.evaluate(HEAR_ALL)
    shop.page.evaluate("kefu.open()")
    shop.ask("满多少包邮")
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    shop.page.evaluate("kefu.close()")
    mei = server.person()
    [row] = mei.list()
    mei.claim(row["id"])
    mei.reply(row["id"], "您好，我是小梅")
    expect(shop.unread).to_have_text("1")
    page = shop.page
    assert [len(heard(page, name)) for name in ("ready", "open", "close")] == [1, 1, 1]
    said = [one["message"]["sender"]["kind"] for one in heard(page, "message")]
    assert said[-1] == "person"
    assert "bot" in said
    assert heard(page, "unread")[-1] == {"count": 1}
    holders = [(one["holder"], one["agent_name"]) for one in heard(page, "handoff")]
    assert holders == [("queue", None), ("agent", "小梅")]


def test_who_stops_listening_hears_nothing_more(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.visit(windows, shared_server)
    expect(shop.launcher).to_be_visible()
    count = shop.page.evaluate(
        """async () => {
            let count = 0;
            const stop = kefu.on("open", () => (count += 1));
            kefu.toggle();
            await null;
            stop();
            kefu.toggle();
            kefu.toggle();
            await null;
            return count;
        }"""
    )
    assert count == 1


def test_calls_made_before_the_chat_has_loaded_are_not_lost(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, shared_server)
    expect(shop.launcher).to_be_visible()
    shop.page.evaluate(
        """() => {
            kefu.destroy();
            const tag = document.createElement("script");
            tag.src = "/widget.js";
            tag.onload = () => {
                kefu.setLocale("en");
                kefu.open();
            };
            document.head.append(tag);
        }"""
    )
    expect(shop.panel).to_contain_text("Shanyu Living support")


def test_settings_say_where_the_chat_is_how_it_looks_and_whether_it_is_open(
    shared_server: Server, windows: Windows
) -> None:
    shop = with_settings(
        windows,
        shared_server,
        "{ open: true, position: 'left', theme: 'dark', locale: 'zh-TW' }",
    )
    expect(shop.welcome).to_be_visible()
    box = shop.panel.bounding_box()
    assert box is not None
    assert box["x"] == 24
    expect(shop.page.locator("kefu-chat")).to_have_attribute("data-theme", "dark")


def test_a_theme_of_the_shop_s_own_colours_takes_hold(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.page.evaluate("kefu.setTheme({ primary: 'rgb(120, 20, 90)', 'on-primary': '#fff' })")
    shop.ask("满多少包邮")
    mine = shop.from_("customer").locator(".bubble")
    expect(mine).to_have_css("background-color", "rgb(120, 20, 90)")
    shop.page.evaluate("kefu.setTheme('dark')")
    expect(shop.page.locator("kefu-chat")).to_have_attribute("data-theme", "dark")
    expect(mine).to_have_css("background-color", "rgb(120, 20, 90)")


def test_a_product_of_the_page_is_known_to_the_bot(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.page.evaluate("kefu.setProduct('SY-DJ01')")
    expect(shop.welcome).to_contain_text("这件商品")
    shop.page.evaluate("kefu.setProduct(null)")
    expect(shop.welcome).not_to_contain_text("这件商品")
