"""A person at the desk writes what may not be said: warned, and free to give a reason."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser

LOWEST = "🎁 亲，这款全网最低价，加我微信拿券"


def together(server: Server, windows: Windows) -> tuple[ShopPage, DeskPage]:
    """A customer and the person who took their conversation."""
    # The browser puts the refusal itself on the console.
    windows.provoke("status of 422 .*/reply")
    shop = ShopPage.chat(windows, server)
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    desk = DeskPage.signed_in(windows, server)
    desk.items.click()
    desk.claim.click()
    expect(desk.reply).to_be_focused()
    return shop, desk


def test_a_forbidden_text_is_held_back_and_changed(server: Server, windows: Windows) -> None:
    shop, desk = together(server, windows)
    desk.say(LOWEST)
    expect(desk.refusal).to_be_focused()
    expect(desk.refusal).to_have_role("alert")
    expect(desk.pending.locator("mark")).to_have_text(["全网最低价", "加我微信"])
    expect(desk.refusal).to_contain_text("有 2 处")
    expect(desk.refusal).to_contain_text("极限用语")
    expect(desk.refusal).to_contain_text("广告法")
    windows.picture(desk.page, "desk-policy-refused")

    desk.page.keyboard.press("Tab")
    expect(desk.reason).to_be_focused()
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    expect(desk.pending).to_have_count(0)
    expect(desk.reply).to_be_focused()
    expect(desk.reply).to_have_value(LOWEST)
    desk.say("亲，这款现在有活动价")
    expect(shop.from_("person")).to_have_text(re.compile("活动价"))
    expect(shop.from_("person")).to_have_count(1)
    expect(desk.overridden).to_have_count(0)


def test_with_a_reason_it_is_sent_and_the_customer_sees_no_reason(
    server: Server, windows: Windows
) -> None:
    shop, desk = together(server, windows)
    desk.say(LOWEST)
    expect(desk.refusal).to_be_focused()
    desk.override.click()
    expect(desk.reason).to_be_focused()
    expect(desk.pending).to_contain_text("请写明理由")
    expect(desk.reason).to_have_attribute("aria-invalid", "true")
    desk.reason.fill("总部活动，已核对")
    desk.reason.press("Enter")
    expect(shop.from_("person")).to_contain_text("全网最低价")
    expect(desk.reply).to_be_focused()
    expect(desk.pending).to_have_count(0)
    expect(desk.overridden).to_contain_text("总部活动，已核对")
    expect(desk.overridden).to_contain_text("小梅")
    expect(desk.overridden).to_contain_text("极限用语")
    windows.picture(desk.page, "desk-policy-overridden")
    shop.page.reload()
    expect(shop.from_("person")).to_contain_text("全网最低价")
    expect(shop.page.get_by_text("总部活动")).to_have_count(0)

    # It is still there for a colleague, and after a reload.
    desk.page.reload()
    expect(desk.overridden).to_contain_text("总部活动，已核对")


def test_escape_leads_back_to_the_text(server: Server, windows: Windows) -> None:
    _, desk = together(server, windows)
    desk.say(LOWEST)
    expect(desk.refusal).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.reply).to_be_focused()
    expect(desk.reply).to_have_value(LOWEST)


def test_the_warning_does_not_take_the_keyboard_from_who_goes_on_writing(
    server: Server, windows: Windows
) -> None:
    _, desk = together(server, windows)
    held = []
    desk.page.route("**/reply", lambda route: held.append(route))
    with desk.page.expect_request("**/reply"):
        desk.say(LOWEST)
    desk.reply.type("稍等，我")
    expect(desk.pending).to_have_attribute("data-state", "sending")
    [route] = held
    route.continue_()
    expect(desk.refusal).to_be_visible()
    expect(desk.reply).to_be_focused()
    desk.reply.type("看一下")
    desk.change.click()
    expect(desk.reply).to_have_value(f"{LOWEST}\n稍等，我看一下")


def test_a_careless_phrase_is_sent_and_remarked_on(server: Server, windows: Windows) -> None:
    shop, desk = together(server, windows)
    desk.say("您随便退，没事的")
    expect(shop.from_("person")).to_contain_text("随便退")
    expect(desk.error).to_contain_text("随便退")
    expect(desk.error).to_contain_text("七天无理由退货")


def test_at_a_phones_width_and_in_english(server: Server, windows: Windows) -> None:
    windows.provoke("status of 422 .*/reply")
    shop = ShopPage.chat(windows, server)
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    desk = DeskPage.signed_in(
        windows, server, viewport={"width": 390, "height": 780}, locale="en-US"
    )
    desk.items.click()
    desk.claim.click()
    desk.say(LOWEST)
    expect(desk.refusal).to_be_focused()
    expect(desk.refusal).to_contain_text("Superlative")
    expect(desk.override).to_be_in_viewport()
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    windows.picture(desk.page, "desk-policy-phone")


def test_the_desk_shows_how_the_bot_understood_a_follow_up(
    server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, server)
    shop.ask("支持七天无理由退货吗")
    shop.ask("那运费呢", answers=2)
    desk = DeskPage.signed_in(windows, server)
    desk.view("bot")
    desk.items.click()
    plain, follow_up = desk.from_("bot").nth(0), desk.from_("bot").nth(1)
    for message in (plain, follow_up):
        summary = message.get_by_test_id("desk-trail").locator("summary")
        expect(summary).to_contain_text("机器人怎么理解")
        summary.click()
    expect(plain.get_by_test_id("desk-rewritten")).to_have_count(0)
    rewritten = follow_up.get_by_test_id("desk-rewritten")
    expect(rewritten).to_contain_text("退货")
    expect(rewritten).to_contain_text("运费")
    expect(follow_up).to_contain_text("客户原话")
    windows.picture(desk.page, "desk-trail-rewritten")
    # A customer is told nothing of it.
    expect(shop.page.get_by_text("机器人怎么理解")).to_have_count(0)


def test_what_happened_stands_in_the_servers_order_whatever_the_clock_does(
    server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, server)
    shop.ask("满多少包邮")
    # The server's clock is put right, an hour back.
    server.clock.pass_(hours=-1)
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    desk = DeskPage.signed_in(windows, server)
    desk.items.click()
    desk.claim.click()
    expect(desk.reply).to_be_focused()
    desk.say("您好，我是小梅")
    expect(desk.from_("person")).to_have_count(1)
    log = desk.page.get_by_test_id("desk-log")
    kinds = log.locator("> *").evaluate_all(
        "all => all.map(one => one.dataset.sender ?? one.dataset.testid)"
    )
    events = [place for place, kind in enumerate(kinds) if kind == "desk-event"]
    assert kinds[:2] == ["customer", "bot"]
    assert kinds[-1] == "person"
    assert len(events) == 2
    assert all(2 < place < len(kinds) - 1 for place in events)
