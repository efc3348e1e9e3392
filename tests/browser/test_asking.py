"""A customer asks, and the bot answers from the shop's own knowledge."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser


def test_a_likely_question_is_one_click_away_and_its_answer_shows_the_source(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    expect(shop.welcome).to_contain_text("山屿生活")
    expect(shop.hours).to_contain_text("09:00")
    expect(shop.suggestions).to_have_count(5)
    shop.suggestions.filter(has_text="满多少包邮").click()
    answer = shop.from_("bot")
    expect(answer).to_contain_text("59 元包邮")
    expect(answer.get_by_test_id("kefu-sources")).to_contain_text("快递与运费说明")
    expect(shop.from_("customer")).to_contain_text("满多少包邮")
    expect(shop.suggestions).to_have_count(0)


def test_enter_and_the_button_both_send_and_shift_enter_begins_a_line(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    expect(shop.send).to_be_disabled()
    shop.input.fill("下单后")
    shop.input.press("Shift+Enter")
    shop.input.press_sequentially("多久发货？")
    expect(shop.from_("customer")).to_have_count(0)
    shop.input.press("Enter")
    expect(shop.input).to_have_value("")
    expect(shop.from_("bot").last).to_contain_text("48 小时")
    shop.input.fill("支持七天无理由退货吗？")
    shop.send.click()
    expect(shop.from_("bot")).to_have_count(2)
    expect(shop.from_("bot").last).to_contain_text("7 天内")


def test_an_answer_is_shown_with_its_markdown(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server)
    answer = shop.ask("下单后多久发货？")
    expect(answer.locator("ul > li").first).to_contain_text("当天发出")
    expect(answer.locator("strong").first).to_have_text("每天 16:00 前付款")
    expect(answer).not_to_contain_text("**")


def test_an_ambiguous_question_is_asked_back_and_a_click_answers_it(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("发票")
    chosen = shop.choices.filter(has_text="怎么开发票")
    chosen.click()
    expect(shop.from_("bot")).to_have_count(2)
    expect(shop.from_("bot").last.get_by_test_id("kefu-sources")).to_be_visible()
    expect(shop.from_("customer").last).to_contain_text("怎么开发票")
    # A second click would ask something else than it says.
    expect(chosen).to_be_disabled()
    expect(chosen).to_have_attribute("aria-pressed", "true")


def test_an_answer_leads_on_to_related_questions(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("满多少包邮")
    question = shop.related.filter(has_text="顺丰")
    question.click()
    expect(shop.from_("customer").last).to_contain_text("顺丰")
    expect(shop.from_("bot")).to_have_count(2)
    expect(shop.from_("bot").last).to_contain_text("顺丰")
    # They stand under the newest answer only.
    expect(shop.from_("bot").first.get_by_test_id("kefu-related")).to_have_count(0)


def test_a_visitor_is_asked_to_sign_in_before_an_order_is_shown(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    expect(shop.ask("我的快递到哪了")).to_contain_text("登录")
    expect(shop.order_card).to_have_count(0)


def test_a_customer_who_signs_in_half_way_goes_on_and_sees_the_order(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("我的快递到哪了")
    shop.sign_in("C1009")
    shop.ask("我的快递到哪了", answers=2)
    expect(shop.order_card).to_contain_text("派送中")
    shop.ask("满多少包邮", answers=3)
    windows.picture(shop.page, "widget-desktop")
    expect(shop.from_("customer")).to_have_count(3)


def test_who_signs_out_leaves_nothing_behind_for_the_next_at_this_browser(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, shared_server)
    shop.sign_in("C1009")
    shop.open_chat()
    shop.ask("我的快递到哪了")
    expect(shop.order_card).to_be_visible()
    shop.page.get_by_test_id("shop-sign-out").click()
    expect(shop.messages).to_have_count(0)
    shop.page.reload()
    shop.open_chat()
    expect(shop.suggestions.first).to_be_visible()
    expect(shop.messages).to_have_count(0)


def test_on_a_product_page_the_bot_knows_the_product(
    shared_server: Server, windows: Windows
) -> None:
    shop = ShopPage.visit(windows, shared_server)
    expect(shop.launcher).to_be_visible()
    windows.picture(shop.page, "shop")
    shop.page.get_by_role("link", name=re.compile("轻羽短款羽绒服")).click()
    shop.page.get_by_role("button", name="咨询客服").click()
    expect(shop.welcome).to_contain_text("这件商品")
    expect(shop.suggestions.first).to_have_text("实物和图片有色差吗？")
