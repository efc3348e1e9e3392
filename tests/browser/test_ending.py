"""A conversation ends, is rated, and is forgotten when the customer wants it to be."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser


def asked_and_ended(windows: Windows, server: Server) -> ShopPage:
    """A customer got an answer and ended the conversation."""
    shop = ShopPage.chat(windows, server)
    shop.ask("满多少包邮")
    shop.end_chat()
    expect(shop.status).to_contain_text("已结束")
    return shop


def test_a_customer_ends_the_conversation_after_a_second_thought(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    expect(shop.input).to_be_visible()
    # There is nothing to end yet.
    expect(shop.end).to_be_hidden()
    shop.ask("满多少包邮")
    shop.end.click()
    shop.end_no.click()
    expect(shop.end).to_be_focused()
    expect(shop.status).to_be_hidden()
    shop.end_chat()
    expect(shop.status).to_contain_text("已结束")
    expect(shop.end).to_be_hidden()


def test_an_ended_conversation_is_rated_and_stays_so(
    shared_server: Server, windows: Windows
) -> None:
    shop = asked_and_ended(windows, shared_server)
    expect(shop.rating).to_contain_text("满意吗")
    expect(shop.rate).to_be_hidden()
    # The question is asked by itself, without questions that would lead on.
    expect(shop.related).to_have_count(0)
    shop.stars(4).click()
    expect(shop.close).to_be_in_viewport(ratio=1)
    shop.comment.fill("回答很快")
    windows.picture(shop.page, "widget-rating")
    shop.rate.click()
    expect(shop.rating).to_contain_text("感谢您的评价")
    expect(shop.rating.get_by_role("img")).to_have_attribute("aria-label", "4 星")
    shop.page.reload()
    shop.open_chat()
    expect(shop.rating).to_contain_text("感谢您的评价")


def test_who_writes_again_is_not_asked_for_a_rating_any_more(
    shared_server: Server, windows: Windows
) -> None:
    shop = asked_and_ended(windows, shared_server)
    expect(shop.rating).to_be_visible()
    shop.ask("怎么开发票？", answers=2)
    expect(shop.rating).to_be_hidden()
    expect(shop.status).to_be_hidden()


def test_a_rating_needs_nothing_but_the_keyboard(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("满多少包邮")
    keyboard = shop.page.keyboard
    shop.end.focus()
    keyboard.press("Enter")
    expect(shop.end_no).to_be_focused()
    keyboard.press("Escape")
    expect(shop.end).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    expect(shop.rating.locator("input:focus")).to_have_count(1)
    keyboard.press("Space")
    keyboard.press("ArrowRight")
    expect(shop.rating.locator("input:checked")).to_have_attribute("aria-label", "2 星")
    keyboard.press("Tab")
    keyboard.type("可以更好")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(shop.rating).to_contain_text("感谢您的评价")
    expect(shop.panel.locator(":focus")).to_have_count(1)


def test_a_rating_that_did_not_arrive_can_be_sent_again(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke("net::ERR_")
    shop = asked_and_ended(windows, shared_server)
    shop.page.route("**/api/customer/rating", lambda route: route.abort(), times=1)
    shop.stars(5).click()
    shop.rate.click()
    expect(shop.rating).to_contain_text("请稍后再试")
    shop.rate.click()
    expect(shop.rating).to_contain_text("感谢您的评价")


def test_who_will_not_wait_for_a_person_goes_on_with_the_bot(
    server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, server)
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    desk = DeskPage.signed_in(windows, server)
    expect(desk.count("queue")).to_have_text("1")
    shop.return_to_bot.click()
    expect(shop.status).to_be_hidden()
    expect(shop.person).to_be_visible()
    expect(desk.count("queue")).to_have_text("0")
    expect(shop.ask("满多少包邮", answers=2)).to_contain_text("59 元包邮")


def stored_by(page: Page) -> list[str]:
    """Names and values that the widget keeps in this browser."""
    rows: list[str] = page.evaluate(
        """() => [localStorage, sessionStorage].flatMap((storage) =>
            Object.entries(storage).filter(([name]) => name.startsWith("kefu:"))
                .map(([, value]) => value).filter((value) => value !== "null"))"""
    )
    return rows


def test_reset_forgets_in_every_tab_and_the_old_token_opens_nothing(
    shared_server: Server, windows: Windows
) -> None:
    # The revoked token is shown to the server on purpose.
    windows.provoke("status of 401")
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("满多少包邮")
    other = shop.another_tab()
    expect(other.messages).to_have_count(2)
    old = shop.page.evaluate(
        """() => JSON.parse(Object.entries(localStorage)
            .find(([name]) => name.endsWith(":session"))[1]).token"""
    )
    shop.close.click()
    with shop.page.expect_response("**/api/customer/leave") as left:
        shop.page.evaluate("kefu.reset()")
    assert left.value.status == 204
    expect(other.panel).to_be_hidden()
    assert stored_by(shop.page) == stored_by(other.page) == []
    answer = shared_server.client().get(
        "/api/customer/events", headers={"Authorization": f"Bearer {old}"}
    )
    assert answer.status_code == 401
    shop.open_chat()
    expect(shop.suggestions.first).to_be_visible()
    expect(shop.messages).to_have_count(0)


def test_another_customer_at_the_same_browser_begins_afresh(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, shared_server)
    shop.sign_in("C1009")
    shop.open_chat()
    shop.ask("我的快递到哪了")
    expect(shop.order_card).to_be_visible()
    leaving: list[Request] = []
    shop.page.on("request", lambda one: leaving.append(one) if "leave" in one.url else None)
    shop.sign_in("C1008")
    expect(shop.messages).to_have_count(0)
    expect(shop.suggestions.first).to_be_visible()
    assert len(leaving) == 1
