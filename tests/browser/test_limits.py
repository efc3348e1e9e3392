"""Too fast, too long: said kindly, and nothing is lost or out of order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.answers import TOO_FAST, altered_session, refused
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser


def test_a_message_that_came_too_fast_counts_down_and_goes_out_by_itself_in_order(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke(TOO_FAST)
    shop = ShopPage.chat(windows, shared_server)
    refused(shop.page, "messages", 429, "rate-limited", wait=2)
    shop.say("满多少包邮")
    expect(shop.wait).to_contain_text("秒后自动发送")
    shop.say("怎么开发票？")
    expect(shop.wait).to_have_text("发得有点快，1 秒后自动发送")
    # What was said meanwhile waits behind it.
    expect(shop.from_("customer").last).to_have_attribute("data-state", "sending")
    for mine in shop.from_("customer").all():
        expect(mine).to_have_attribute("data-state", "sent")
    shop.page.reload()
    shop.open_chat()
    texts = shop.from_("customer").locator(".bubble").all_inner_texts()
    assert texts == ["满多少包邮", "怎么开发票？"]


def test_who_would_wait_too_long_may_try_again_later(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke(TOO_FAST)
    shop = ShopPage.chat(windows, shared_server)
    refused(shop.page, "messages", 429, "rate-limited", wait=3600)
    shop.say("满多少包邮")
    expect(shop.from_("customer")).to_contain_text("请稍后再试")
    shop.retry.click()
    expect(shop.from_("bot")).to_contain_text("59 元包邮")


@pytest.mark.parametrize("path", ["session", "events?*"])
def test_a_crowded_server_is_tried_again_after_a_count_down(
    shared_server: Server, windows: Windows, path: str
) -> None:
    windows.provoke(TOO_FAST)
    shop = ShopPage.visit(windows, shared_server)
    refused(shop.page, path, 429, "rate-limited", wait=2)
    shop.launcher.click()
    expect(shop.connection).to_contain_text("秒后自动重连")
    expect(shop.connection).to_be_hidden()
    expect(shop.welcome).to_be_visible()
    expect(shop.ask("满多少包邮")).to_contain_text("59 元包邮")


def test_the_longest_message_is_as_long_as_the_server_says(
    shared_server: Server, windows: Windows
) -> None:
    page = windows.open(shared_server.clock)
    altered_session(page, lambda body: body["limits"].update(message=100))
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    shop.input.fill("长" * 97)
    expect(shop.panel).to_contain_text("还可输入 3 字")
    shop.input.fill("长" * 101)
    expect(shop.panel).to_contain_text("超过 100 字")
    expect(shop.send).to_be_disabled()
    shop.input.press("Enter")
    expect(shop.messages).to_have_count(0)
