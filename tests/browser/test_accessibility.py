"""The chat for people who do not see it, or do not use a mouse; looked over by axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def violations(shop: ShopPage, state: str) -> list[str]:
    """What axe finds wrong on the page, said so that one can find it."""
    found = Axe().run(shop.page).response["violations"]
    return [
        f"{state}: {rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(server: Server, windows: Windows, scheme: str) -> None:
    windows.provoke("net::ERR_")
    found = []
    shop = ShopPage.visit(windows, server, color_scheme=scheme)
    expect(shop.launcher).to_be_visible()
    found += violations(shop, "closed")
    shop.open_chat()
    expect(shop.suggestions.first).to_be_visible()
    found += violations(shop, "open")
    shop.ask("发票")
    expect(shop.choices.first).to_be_visible()
    found += violations(shop, "choices")
    shop.choices.filter(has_text="怎么开发票").click()
    expect(shop.sources).to_be_visible()
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    found += violations(shop, "queue")
    shop.page.route("**/api/customer/messages", lambda route: route.abort())
    shop.page.route("**/api/customer/events?*", lambda route: route.abort())
    shop.say("在吗")
    expect(shop.retry).to_be_visible()
    shop.end.click()
    found += violations(shop, "failed, and about to end")
    shop.end_yes.click()
    expect(shop.rating).to_be_visible()
    shop.stars(3).click()
    found += violations(shop, "rating")
    shop.rate.click()
    expect(shop.rating).to_contain_text("感谢")
    found += violations(shop, "rated")
    assert found == []


def test_axe_finds_nothing_on_a_phone(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server, **PHONE)
    shop.ask("满多少包邮")
    assert violations(shop, "phone") == []


def test_the_focus_stays_in_a_chat_that_fills_the_screen(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server, **PHONE)
    shop.ask("满多少包邮")
    expect(shop.panel).to_have_attribute("aria-modal", "true")
    stops = shop.panel.locator("a[href], button, textarea, [tabindex='0']").count()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(stops + 2):
            shop.page.keyboard.press(key)
            expect(shop.panel.locator(":focus")).to_have_count(1)


def test_an_answer_is_read_out_once_and_what_was_said_before_is_not(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("满多少包邮")
    shop.page.reload()
    shop.open_chat()
    expect(shop.messages).to_have_count(2)
    live = shop.page.get_by_test_id("kefu-list")
    expect(live).to_have_attribute("aria-live", "polite")
    shop.ask("怎么开发票？", answers=2)
    # The customer knows what they wrote.
    expect(shop.from_("customer").last).to_have_attribute("aria-live", "off")
    expect(shop.from_("bot").last).not_to_have_attribute("aria-live", "off")


def test_nothing_moves_for_who_does_not_want_it(shared_server: Server, windows: Windows) -> None:
    moves = "element => getComputedStyle(element).animationName"
    for wish, name in (("reduce", "none"), ("no-preference", "rise")):
        shop = ShopPage.chat(windows, shared_server, reduced_motion=wish)
        assert shop.panel.evaluate(moves) == name
