"""With a language model: checked sentences as they come, and the article where it fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.model_server import Fails, Garbage, ModelServer, Says
from tests.server import Customer, Server, copy_of, first, serving, text_of

QUESTION = "运费多少？满多少包邮？"
# A sentence is sure to be over only when the next one has begun.
GOOD = ["大陆一般地区订单满 59 元包邮[1]。不满", " 59 元收运费 8 元[1]。"]


@dataclass
class Shop:
    """A server, and the script of the model it asks."""

    server: Server
    model: ModelServer

    def script(self, *behaviours: Any) -> Customer:
        """Adds to the script; a new customer."""
        self.model.then(*behaviours)
        return self.server.customer()

    def records(self, customer: Customer) -> list[dict[str, Any]]:
        """What was recorded of the conversation's decisions, as the desk shows it."""
        messages = self.server.person().look(customer.id)["messages"]
        return [message["decision"] for message in messages if message["decision"]]


@pytest.fixture(scope="module")
def shop(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    data = copy_of(sample_data, tmp_path_factory.mktemp("model") / "data")
    with (
        ModelServer() as model,
        serving(
            data,
            llm_model="scripted",
            llm_base_url=model.url,
            llm_api_key="sk-secret-of-the-test",
            llm_timeout=5,
        ) as server,
    ):
        yield Shop(server, model)


def test_an_answer_is_written_from_the_passages_and_marked_as_ai(shop: Shop) -> None:
    message = shop.script(Says(GOOD)).ask(QUESTION)
    assert text_of(message) == "大陆一般地区订单满 59 元包邮。不满 59 元收运费 8 元。"
    assert (message["origin"], message["ai_generated"]) == ("generated", True)
    assert message["sources"][0]["article_id"] == "freight-fee"
    asked = shop.model.requests[-1]
    assert "59" in asked.text
    assert asked.headers["authorization"] == "Bearer sk-secret-of-the-test"


def test_a_sentence_reaches_the_customer_before_the_rest_is_written(shop: Shop) -> None:
    go_on = threading.Event()
    customer = shop.script(Says(GOOD, until=go_on))
    with customer.listening() as events:
        customer.say(QUESTION)
        draft = first(events, "draft.delta")
        assert draft["text"].strip() == "大陆一般地区订单满 59 元包邮。"
        go_on.set()
    assert customer.next_message("bot")["id"] == draft["reply_id"]
    [record] = shop.records(customer)
    assert 0 < record["first_sentence_ms"] < record["took_ms"]


def test_an_answer_that_no_model_wrote_has_no_first_sentence(shop: Shop) -> None:
    customer = shop.script(Says(["NO_ANSWER"]))
    customer.ask(QUESTION)
    [record] = shop.records(customer)
    assert record["first_sentence_ms"] is None


def test_a_takeover_withdraws_the_draft_and_the_reply_is_never_stored(shop: Shop) -> None:
    go_on = threading.Event()
    customer, mei = shop.script(Says(GOOD, until=go_on)), shop.server.person()
    with customer.listening() as events:
        customer.say(QUESTION)
        draft = first(events, "draft.delta")
        mei.claim(customer.id)
        go_on.set()
        assert first(events, "draft.withdrawn")["reply_id"] == draft["reply_id"]
    assert [m["sender"]["kind"] for m in customer.resume()["messages"]] == ["customer"]
    assert draft["epoch"] == 0


NEVER = threading.Event()


@pytest.mark.parametrize(
    ("behaviours", "why"),
    [
        ([Says(["大陆一般地区订单满 99 元包邮[1]。"])], "a wrong amount"),
        ([Says(["大陆一般地区订单满 59 元不包邮[1]。"])], "the opposite"),
        ([Says(["订单满 59 元包邮，全网最低[1]。"])], "a superlative the law forbids"),
        ([Says(["NO_ANSWER"])], "the model sees no answer"),
        ([Says([""])], "nothing"),
        ([Says(["好的，正在为您转接人工客服[1]。"])], "a transfer that does not happen"),
        ([Says(["大陆一般"], finish="length")], "cut off within the first sentence"),
        ([Says(["大陆一般"], cut=True)] * 2, "the connection broke, twice"),
        ([Garbage()], "no model at all"),
        ([Fails(400)], "refused"),
        ([Says(GOOD, until=NEVER)], "too slow"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_cannot_be_trusted_is_replaced_by_the_article(
    shop: Shop, behaviours: list[Any], why: str
) -> None:
    message = shop.script(*behaviours).ask(QUESTION)
    assert message["origin"] == "curated", why
    assert "满 59 元包邮" in text_of(message).replace("**", "")
    assert not message["ai_generated"]


def test_busy_once_is_tried_again(shop: Shop) -> None:
    asked_before = len(shop.model.requests)
    customer = shop.script(Fails(429, retry_after="0"), Says(GOOD))
    assert customer.ask(QUESTION)["origin"] == "generated"
    assert len(shop.model.requests) == asked_before + 2


def test_people_orders_and_choices_never_reach_the_model(shop: Shop) -> None:
    asked_before = len(shop.model.requests)
    for text in ("转人工", "发票", "我的快递到哪了"):
        shop.script().ask(text)
    assert len(shop.model.requests) == asked_before


def test_a_model_that_is_not_there_costs_nothing_but_its_words(
    sample_data: Path, tmp_path: Path
) -> None:
    data = copy_of(sample_data, tmp_path / "data")
    with serving(data, llm_model="scripted", llm_base_url="http://127.0.0.1:9/v1") as server:
        assert server.customer().ask(QUESTION)["origin"] == "curated"
