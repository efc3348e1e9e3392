"""Other languages, a phone, the keyboard alone, a dark room."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.answers import altered_session
from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import MEI, Server

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


def test_the_shop_and_its_bot_speak_english(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.visit(windows, shared_server)
    shop.page.locator("#language").select_option("en")
    shop.open_chat()
    expect(shop.panel).to_contain_text("Shanyu Living support")
    expect(shop.welcome).to_contain_text("I am the shop's bot")
    shop.suggestions.filter(has_text="How much is shipping").click()
    answer = shop.from_("bot")
    expect(answer).to_contain_text("free from 59 yuan")
    expect(answer.get_by_test_id("kefu-sources")).to_contain_text("Shipping and delivery")
    shop.person.click()
    expect(shop.status).to_contain_text("number 1 in line")


def test_the_shop_and_its_bot_speak_traditional_chinese(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, shared_server)
    shop.page.locator("#language").select_option("zh-TW")
    shop.open_chat()
    expect(shop.welcome).to_contain_text("機器人客服")
    expect(shop.input).to_have_attribute("placeholder", "請輸入您的問題…")
    shop.suggestions.filter(has_text="滿多少包郵").click()
    expect(shop.from_("bot")).to_contain_text("59 元")


def test_a_language_chosen_amid_a_conversation_keeps_the_conversation(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("满多少包邮")
    shop.page.locator("#language").select_option("en")
    expect(shop.panel).to_contain_text("Shanyu Living support")
    expect(shop.messages).to_have_count(2)
    expect(shop.ask("How long does delivery take?", answers=2)).to_contain_text("day")


def test_on_a_phone_the_chat_fills_the_screen(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.visit(windows, shared_server, **PHONE)
    assert shop.page.evaluate("document.documentElement.scrollWidth") == 390
    shop.launcher.tap()
    expect(shop.panel).to_be_in_viewport(ratio=1)
    assert shop.panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    # The on-screen keyboard would cover the questions to choose from.
    expect(shop.input).not_to_be_focused()
    shop.suggestions.filter(has_text="满多少包邮").tap()
    expect(shop.from_("bot")).to_contain_text("59 元包邮")
    expect(shop.input).to_be_in_viewport(ratio=1)
    windows.picture(shop.page, "widget-phone")
    shop.close.tap()
    expect(shop.panel).to_be_hidden()


LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3
PRODUCT = {"type": "product_card", "name": LONG, "price": "¥239", "url": "/product/SY-MR02"}
ORDER = {
    "type": "order_card",
    "order_id": LONG,
    "title": LONG,
    "status": "shipping",
    "status_text": "派送中",
    "lines": [LONG],
    "url": "/orders/1",
}


def test_nothing_sticks_out_of_the_smallest_phone_however_long_it_is(
    shared_server: Server, windows: Windows
) -> None:
    def put_long_words(body: dict[str, Any]) -> None:
        cells = f"<table><tr><th>{LONG}</th><th>尺码</th></tr></table>"
        text = {"type": "text", "text": LONG, "html": f"<p>{LONG}</p>{cells}"}
        choices = {"type": "choices", "prompt": LONG, "options": [{"id": "a", "text": LONG}]}
        body["messages"] = [
            {
                "id": "m1",
                "seq": 1,
                "created_at": shared_server.clock.now.isoformat(),
                "sender": {"kind": "bot", "name": LONG},
                "parts": [text, PRODUCT, ORDER, choices, {"type": "hologram"}],
                "sources": [{"n": 1, "title": LONG, "source": LONG}],
            }
        ]
        body["conversation"].update(holder="agent", agent_name=LONG)

    page = windows.open(shared_server.clock, **{**PHONE, "viewport": {"width": 320, "height": 640}})
    altered_session(page, put_long_words)
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    expect(page.get_by_test_id("kefu-product-card")).to_have_attribute("href", re.compile("SY-MR"))
    expect(shop.messages).to_contain_text("暂不支持查看此类消息")
    for part in (shop.panel, shop.messages, shop.status):
        wider = part.evaluate("element => element.scrollWidth - element.clientWidth")
        assert wider <= 0
    for part in shop.messages.locator(".bubble, .card, .choice, .sources").all():
        box = part.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 320


def test_the_desk_can_be_used_on_a_phone(server: Server, windows: Windows) -> None:
    server.customer().ask("转人工")
    desk = DeskPage.signed_in(windows, server, **PHONE)
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 390
    desk.items.tap()
    desk.claim.tap()
    desk.say("您好")
    expect(desk.from_("person")).to_contain_text("您好")
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 390
    expect(desk.items).to_be_hidden()
    windows.picture(desk.page, "desk-phone")
    desk.page.get_by_test_id("desk-back").tap()
    expect(desk.items).to_be_visible()
    expect(desk.reply).to_be_hidden()


def test_a_customer_needs_nothing_but_the_keyboard(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.visit(windows, shared_server)
    keyboard = shop.page.keyboard
    shop.launcher.focus()
    keyboard.press("Enter")
    expect(shop.input).to_be_focused()
    expect(shop.suggestions.first).to_be_visible()
    keyboard.type("发票")
    keyboard.press("Enter")
    expect(shop.choices.first).to_be_visible()
    for button in (shop.end, shop.image, shop.person):
        keyboard.press("Shift+Tab")
        expect(button).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(shop.choices.last).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(shop.from_("bot")).to_have_count(2)
    expect(shop.panel.locator(":focus")).to_have_count(1)
    keyboard.press("Escape")
    expect(shop.panel).to_be_hidden()
    expect(shop.launcher).to_be_focused()


def test_a_person_needs_nothing_but_the_keyboard(server: Server, windows: Windows) -> None:
    customer = server.customer()
    customer.ask("转人工")
    desk = DeskPage(windows.open(server.clock))
    desk.page.goto(f"{server.url}/desk")
    keyboard = desk.page.keyboard
    expect(desk.page.get_by_test_id("desk-email")).to_be_focused()
    keyboard.type(MEI["email"])
    keyboard.press("Tab")
    keyboard.type(MEI["password"])
    keyboard.press("Enter")
    desk.items.focus()
    keyboard.press("Enter")
    expect(desk.claim).to_be_focused()
    keyboard.press("Enter")
    expect(desk.reply).to_be_focused()
    keyboard.type("您好，我是小梅")
    keyboard.press("Enter")
    expect(desk.from_("person")).to_contain_text("您好，我是小梅")
    keyboard.press("Escape")
    expect(desk.items).to_be_focused()


def test_the_chat_follows_a_dark_room(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server, color_scheme="dark")
    answer = shop.ask("满多少包邮").locator(".bubble")
    lightness = """element => {
        const of = (colour) => Math.max(...colour.match(/[\\d.]+/g).slice(0, 3).map(Number));
        const style = getComputedStyle(element);
        return [of(style.backgroundColor), of(style.color)];
    }"""
    ground, text = answer.evaluate(lightness)
    windows.picture(shop.page, "widget-dark")
    assert ground < 80
    assert text > 180
