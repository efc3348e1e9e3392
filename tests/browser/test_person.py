"""A customer asks for a person, and one takes over at the desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import LI, Server

pytestmark = pytest.mark.browser


def test_from_the_bot_to_a_person_and_back(server: Server, windows: Windows) -> None:
    shop = ShopPage.visit(windows, server)
    shop.sign_in("C1009")
    shop.open_chat()
    shop.ask("支持七天无理由退货吗？")
    shop.person.click()
    expect(shop.from_("bot").last).to_contain_text("转接")
    expect(shop.status).to_contain_text("第 1 位")
    expect(shop.person).to_be_hidden()

    server.clock.pass_(seconds=75)
    desk = DeskPage.signed_in(windows, server)
    expect(desk.count("queue")).to_have_text("1")
    expect(desk.items).to_contain_text("客户要求人工")
    expect(desk.items).to_contain_text("1:15")
    desk.items.click()
    answered = desk.from_("bot").first
    answered.get_by_test_id("desk-trail").locator("summary").click()
    expect(answered).to_contain_text("候选答案")
    expect(answered).to_contain_text("支持七天无理由退货吗")
    expect(desk.page.get_by_text("[object Object]")).to_have_count(0)
    windows.picture(desk.page, "desk")

    desk.claim.click()
    expect(desk.holder).to_have_attribute("data-holder", "agent")
    expect(shop.status).to_contain_text("小梅")
    desk.reply.press_sequentially("您好")
    expect(shop.page.get_by_text("小梅正在输入…")).to_be_attached()
    desk.say("您好，我是小梅，帮您看看。")
    said = shop.from_("person")
    expect(said).to_contain_text("您好，我是小梅")
    expect(said.locator(".name")).to_have_text("小梅")

    shop.say("吊牌剪了还能退吗")
    expect(desk.from_("customer").last).to_contain_text("吊牌剪了还能退吗")
    desk.say("抱歉，**剪了吊牌**不能退。")
    expect(shop.from_("person").last.locator("strong")).to_have_text("剪了吊牌")
    # The bot has kept silent meanwhile.
    expect(shop.from_("bot")).to_have_count(2)

    desk.return_.click()
    desk.note.fill("已解释吊牌")
    desk.confirm.click()
    expect(desk.holder).to_have_attribute("data-holder", "bot")
    expect(shop.status).to_be_hidden()
    expect(shop.ask("满多少包邮", answers=3)).to_contain_text("59 元包邮")
    expect(desk.from_("bot").last).to_contain_text("59 元包邮")

    desk.claim.click()
    desk.close.click()
    desk.confirm.click()
    expect(shop.status).to_contain_text("已结束")
    desk.view("closed")
    expect(desk.items).to_have_count(1)
    # Whoever writes again begins anew with the bot.
    expect(shop.ask("怎么开发票？", answers=4)).to_contain_text("发票")
    expect(shop.status).to_be_hidden()


def test_two_people_reach_for_the_same_customer_and_one_is_told(
    server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, server)
    shop.person.click()
    mei, li = DeskPage.signed_in(windows, server), DeskPage.signed_in(windows, server, LI)
    for desk in (mei, li):
        desk.items.click()
        expect(desk.claim).to_be_enabled()
    # The late one has not heard yet: their window has stopped listening.
    deaf = True

    def hear(route: Route) -> None:
        if deaf:
            route.abort()
        else:
            route.fallback()

    def reach(request: Request) -> None:
        nonlocal deaf
        deaf = deaf and not request.url.endswith("/claim")

    li.page.on("request", reach)
    li.page.route("**/api/desk/conversations?*", hear)
    li.page.route("**/api/desk/conversations/*", hear)
    windows.provoke("ERR_FAILED|status of 409")
    mei.claim.click()
    expect(mei.reply).to_be_focused()
    li.claim.click()
    expect(li.error).to_contain_text("已被别的同事接走")
    expect(shop.status).to_contain_text("小梅")


def test_the_desk_shows_who_the_customer_is_and_what_they_bought(
    server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, server)
    shop.sign_in("C1008")
    shop.open_chat()
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    desk = DeskPage.signed_in(windows, server)
    desk.items.click()
    expect(desk.customer).to_contain_text("郑北辰")
    expect(desk.orders).to_have_count(2)
    expect(desk.orders.first).to_contain_text("SY")


def test_at_night_a_request_becomes_a_ticket_that_is_answered_later(
    server: Server, windows: Windows
) -> None:
    server.clock.pass_(hours=6)
    shop = ShopPage.chat(windows, server)
    expect(shop.hours).to_have_attribute("data-open", "false")
    shop.person.click()
    expect(shop.from_("bot")).to_contain_text("09:00")
    expect(shop.status).to_be_hidden()
    # The bot goes on meanwhile.
    expect(shop.ask("满多少包邮", answers=2)).to_contain_text("59 元包邮")

    desk = DeskPage.signed_in(windows, server)
    expect(desk.count("queue")).to_have_text("0")
    desk.view("tickets")
    expect(desk.items).to_contain_text("留言")
    desk.items.click()
    desk.claim.click()
    desk.say("早上好，昨晚的留言看到了。")
    expect(shop.from_("person")).to_contain_text("早上好")
    expect(desk.count("tickets")).to_have_text("0")


def test_a_customer_who_closed_the_chat_sees_that_somebody_answered(
    server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, server)
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    shop.close.click()
    expect(shop.panel).to_be_hidden()
    desk = DeskPage.signed_in(windows, server)
    desk.items.click()
    desk.claim.click()
    desk.say("您好，在吗？")
    expect(shop.unread).to_have_text("1")
    shop.launcher.click()
    expect(shop.from_("person")).to_be_visible()
    shop.close.click()
    expect(shop.unread).to_be_hidden()


def test_who_types_a_wrong_password_reads_why_they_are_not_let_in(
    server: Server, windows: Windows
) -> None:
    windows.provoke("status of 401 .*/sign-in")
    desk = DeskPage(windows.open(server.clock))
    desk.page.goto(f"{server.url}/desk")
    desk.sign_in({"email": "mei@example.com", "password": "wrong"})
    expect(desk.error).to_contain_text("邮箱或密码不对")
    expect(desk.page.get_by_test_id("desk-sign-in")).to_be_enabled()
