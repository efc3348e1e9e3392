"""How long it takes, when people are there, and an answer that came meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.answers import altered_session
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.server import Server

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        pytest.param(40, "预计等待 1 分钟", id="less than a minute is rounded up"),
        pytest.param(260, "预计等待 5 分钟", id="and so are minutes"),
        pytest.param(None, "您排在第 1 位", id="nobody knows"),
    ],
)
def test_who_waits_sees_their_place_and_how_long_it_may_take(
    server: Server, windows: Windows, seconds: int | None, words: str
) -> None:
    shop = ShopPage.chat(windows, server)
    shop.person.click()
    expect(shop.status).to_contain_text("第 1 位")
    altered_session(shop.page, lambda body: body["conversation"].update(expected_wait_s=seconds))
    shop.page.reload()
    shop.open_chat()
    expect(shop.status).to_contain_text(words)
    assert ("预计" in shop.status.inner_text()) == (seconds is not None)


def test_at_night_the_chat_says_when_people_are_back(server: Server, windows: Windows) -> None:
    server.clock.pass_(hours=6)
    shop = ShopPage.chat(windows, server)
    expect(shop.hours).to_have_attribute("data-open", "false")
    expect(shop.hours).to_contain_text("人工客服今天 09:00 上班")
