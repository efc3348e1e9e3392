"""Reloads, several tabs, a broken line, a server that restarts: nothing lost, nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Clock, Server, copy_of, serving

pytestmark = pytest.mark.browser

LINE_IS_CUT = "net::ERR_"


def test_a_reload_keeps_the_conversation(shared_server: Server, windows: Windows) -> None:
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("下单后多久发货？")
    before = shop.texts()
    shop.page.reload()
    shop.open_chat()
    expect(shop.messages).to_have_count(2)
    assert shop.texts() == before
    # What was read before is not news.
    expect(shop.unread).to_be_hidden()


def test_two_tabs_show_the_same(shared_server: Server, windows: Windows) -> None:
    first = ShopPage.chat(windows, shared_server)
    first.ask("下单后多久发货？")
    second = first.another_tab()
    expect(second.messages).to_have_count(2)
    second.say("满多少包邮")
    for tab in (first, second):
        expect(tab.from_("bot")).to_have_count(2)
    assert first.texts() == second.texts()
    # The tab that reads the events for both goes away.
    first.page.close()
    expect(second.ask("怎么开发票？", answers=3)).to_contain_text("发票")


def test_a_message_written_offline_is_sent_once_when_the_line_is_back(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke(LINE_IS_CUT)
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("下单后多久发货？")
    shop.page.context.set_offline(True)
    expect(shop.connection).to_contain_text("网络已断开")
    shop.say("满多少包邮")
    mine = shop.from_("customer").last
    expect(mine).to_have_attribute("data-state", "failed")
    shop.retry.click()
    expect(mine).to_have_attribute("data-state", "failed")
    shop.page.context.set_offline(False)
    expect(mine).to_have_attribute("data-state", "sent")
    expect(shop.from_("bot")).to_have_count(2)
    expect(shop.connection).to_be_hidden()
    expect(shop.from_("customer")).to_have_count(2)


def test_a_message_whose_confirmation_got_lost_is_not_stored_twice(
    shared_server: Server, windows: Windows
) -> None:
    windows.provoke(LINE_IS_CUT)
    shop = ShopPage.chat(windows, shared_server)
    shop.ask("下单后多久发货？")
    # The events are cut off as well, or they would tell that the message arrived.
    shop.page.context.set_offline(True)
    expect(shop.connection).to_be_visible()
    shop.page.context.set_offline(False)

    def stored_but_not_confirmed(route: Route) -> None:
        route.fetch()
        route.abort()

    shop.page.route("**/api/customer/messages", stored_but_not_confirmed, times=1)
    shop.say("满多少包邮")
    expect(shop.from_("bot")).to_have_count(2)
    expect(shop.from_("customer")).to_have_count(2)
    expect(shop.retry).to_have_count(0)
    shop.page.reload()
    shop.open_chat()
    expect(shop.messages).to_have_count(4)


def test_an_unsent_message_survives_a_reload(shared_server: Server, windows: Windows) -> None:
    windows.provoke(LINE_IS_CUT)
    shop = ShopPage.chat(windows, shared_server)
    shop.page.route("**/api/customer/messages", lambda route: route.abort())
    shop.say("满多少包邮")
    expect(shop.retry).to_be_visible()
    shop.page.unroute_all()
    shop.page.reload()
    shop.open_chat()
    shop.retry.click()
    expect(shop.from_("bot")).to_contain_text("59 元包邮")
    expect(shop.from_("customer")).to_have_count(1)


def test_a_restarted_server_is_found_again_by_customer_and_desk(
    sample_data: Path, tmp_path: Path, windows: Windows
) -> None:
    windows.provoke(LINE_IS_CUT)
    data, clock = copy_of(sample_data, tmp_path / "data"), Clock()
    with serving(data, clock) as server:
        shop = ShopPage.chat(windows, server)
        shop.ask("下单后多久发货？")
        shop.person.click()
        desk = DeskPage.signed_in(windows, server)
        desk.items.click()
        desk.claim.click()
        expect(shop.status).to_contain_text("小梅")
        port = int(server.url.rsplit(":", 1)[1])
    expect(shop.connection).to_be_visible()
    shop.say("还在吗")
    expect(shop.from_("customer").last).to_have_attribute("data-state", "failed")
    desk.say("我在，请稍等")
    with serving(data, clock, port=port):
        expect(shop.connection).to_be_hidden()
        expect(shop.from_("customer").last).to_have_attribute("data-state", "sent")
        expect(desk.from_("customer").last).to_contain_text("还在吗")
        desk.page.get_by_test_id("desk-retry").click()
        expect(shop.from_("person")).to_have_count(1)
        desk.say("回来了")
        expect(shop.from_("person")).to_have_count(2)
        said = shop.texts()
        assert len(said) == len(set(said)) == 7, said
        for page in (shop.page, desk.page):
            page.goto("about:blank")
