"""Answers of a language model as they come, who is typing, and questions that lead on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.answers import altered_session
from tests.browser.desk_page import DeskPage
from tests.browser.shop_page import ShopPage
from tests.browser.watch import Windows
from tests.model_server import ModelServer, Says
from tests.server import Server, copy_of, serving

pytestmark = pytest.mark.browser

QUESTION = "运费多少？满多少包邮？"
ANSWER = ["大陆一般地区订单满 59 元包邮[1]。不满", " 59 元收运费 8 元[1]。"]


@dataclass
class Shop:
    """A server, and the script of the model that it asks."""

    server: Server
    model: ModelServer


@pytest.fixture(scope="module")
def modelled(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    data = copy_of(sample_data, tmp_path_factory.mktemp("model") / "data")
    with (
        ModelServer() as model,
        serving(
            data,
            llm_model="scripted",
            llm_base_url=model.url,
            llm_api_key="sk-secret-of-the-test",
            llm_timeout=60,
        ) as server,
    ):
        yield Shop(server, model)


def test_a_checked_sentence_is_shown_while_the_rest_is_written_and_marked_as_ai(
    modelled: Shop, windows: Windows
) -> None:
    go_on = threading.Event()
    modelled.model.then(Says(ANSWER, until=go_on))
    shop = ShopPage.chat(windows, modelled.server)
    other = shop.another_tab()
    expect(other.welcome).to_be_visible()
    shop.say(QUESTION)
    for tab in (shop, other):
        expect(tab.draft).to_contain_text("满 59 元包邮")
        expect(tab.draft).not_to_contain_text("8 元")
    go_on.set()
    for tab in (shop, other):
        expect(tab.from_("bot")).to_contain_text("不满 59 元收运费 8 元")
        expect(tab.draft).to_have_count(0)
        expect(tab.ai).to_have_text("AI 生成")


def test_a_takeover_takes_the_draft_off_the_screen(modelled: Shop, windows: Windows) -> None:
    go_on = threading.Event()
    modelled.model.then(Says(ANSWER, until=go_on))
    shop = ShopPage.chat(windows, modelled.server)
    shop.say(QUESTION)
    expect(shop.draft).to_be_visible()
    desk = DeskPage.signed_in(windows, modelled.server)
    desk.view("bot")
    desk.items.first.click()
    desk.claim.click()
    expect(shop.status).to_contain_text("小梅")
    expect(shop.draft).to_have_count(0)
    go_on.set()
    desk.say("您好，我是小梅")
    expect(shop.from_("person")).to_be_visible()
    expect(shop.from_("bot")).to_have_count(0)
    desk.close.click()
    desk.confirm.click()


def telling(route: Route, *events: tuple[str, dict[str, Any]]) -> None:
    """Answers with a stream of passing events, which then ends."""
    lines = [f"event: {kind}\ndata: {json.dumps(data)}\n\n" for kind, data in events]
    route.fulfill(content_type="text/event-stream", body="".join(lines))


def test_a_person_who_types_is_named(shared_server: Server, windows: Windows) -> None:
    typing = ("typing", {"sender": {"kind": "person", "name": "小梅"}, "on": True})
    page = windows.open(shared_server.clock)
    page.route("**/api/customer/events?*", lambda route: telling(route, typing))
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    expect(shop.typing).to_contain_text("小梅正在输入")
    page.unroute_all()
    expect(shop.typing).to_have_count(0)
    expect(shop.connection).to_be_hidden()


def test_a_draft_of_before_a_change_of_holder_is_dropped(
    shared_server: Server, windows: Windows
) -> None:
    page = windows.open(shared_server.clock)
    altered_session(page, lambda body: body["conversation"].update(epoch=5))
    stale, current = (
        ("draft.delta", {"reply_id": f"r{epoch}", "epoch": epoch, "text": f"第{epoch}稿"})
        for epoch in (4, 5)
    )
    page.route("**/api/customer/events?*", lambda route: telling(route, stale, current))
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    expect(shop.draft.locator(".bubble")).to_have_text("第5稿")
    page.unroute_all()
    expect(shop.connection).to_be_hidden()


RELATED = {"type": "related", "options": [{"id": "q:bill", "text": "怎么开发票？"}]}


def test_questions_that_lead_on_stand_under_the_newest_answer_and_ask_at_a_click(
    shared_server: Server, windows: Windows
) -> None:
    def lead_on(body: dict[str, Any]) -> None:
        for message in body["messages"]:
            if message["sender"]["kind"] == "bot":
                message["parts"] = [p for p in message["parts"] if p["type"] != "related"]
                message["parts"].append(RELATED)

    page = windows.open(shared_server.clock)
    page.goto(shared_server.url)
    shop = ShopPage(page)
    shop.open_chat()
    shop.ask("满多少包邮")
    shop.ask("下单后多久发货？", answers=2)
    altered_session(page, lead_on)
    page.reload()
    shop.open_chat()
    expect(shop.messages).to_have_count(4)
    # Two answers lead on; only the newest one shows it.
    expect(shop.related).to_have_count(1)
    expect(shop.from_("bot").last.get_by_test_id("kefu-related")).to_be_visible()
    with page.expect_request("**/api/customer/messages") as sent:
        shop.related.click()
    part = {"type": "choice", "id": "q:bill", "text": "怎么开发票？"}
    assert sent.value.post_data_json["parts"] == [part]
    expect(shop.from_("customer").last).to_contain_text("怎么开发票")
    expect(page.get_by_test_id("kefu-related").filter(has_text="怎么开发票")).to_have_count(0)
