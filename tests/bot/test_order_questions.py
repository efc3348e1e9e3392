"""Questions of impatient customers: which are about their own orders, and which are general.

Two written sets. `order_questions.yaml` is what the rules may be fitted on, and is held row by row.
`order_questions_unseen.yaml` is only ever counted: its floors lie about one standard error below
what was measured when they were set, so that a real loss fails and a changed neighbour does not.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
import pytest_asyncio
import yaml

from bot.decision import Decision, Kind
from bot.eval_targets import BotTarget
from bot.orders.own import order_topic_for
from bot.orders.topics import OrderTopic
from bot.settings import SAMPLE
from knowledge.text import normalise
from tests.bot.orders_of_the_sample import PRODUCTS, all_orders
from tests.bot.sample_chat import Chat


@dataclass(frozen=True)
class Row:
    """What a signed-in customer types, and the topics that answer it well; none if general."""

    customer: str
    text: str
    topics: tuple[str, ...] = ()


@cache
def rows(name: str, kind: Literal["own", "general"]) -> tuple[Row, ...]:
    source = Path(__file__).with_name(f"{name}.yaml").read_text("utf-8")
    return tuple(
        Row(row["customer"], row["text"], tuple(row.get("topics", ())))
        for row in yaml.safe_load(source)[kind]
    )


SEEN, UNSEEN = "order_questions", "order_questions_unseen"


def topic_by_words(row: Row) -> OrderTopic | None:
    return order_topic_for(normalise(row.text), all_orders()[row.customer], PRODUCTS)


def texts(found: Sequence[Row]) -> list[str]:
    return [row.text for row in found]


# --- the sets --------------------------------------------------------------------------------


def test_the_two_sets_are_of_one_size_and_share_no_question() -> None:
    found: list[str] = []
    for name in (SEEN, UNSEEN):
        assert (len(rows(name, "own")), len(rows(name, "general"))) == (80, 60)
        found += texts(rows(name, "own")) + texts(rows(name, "general"))
    assert len({normalise(text) for text in found}) == len(found)


def test_every_row_names_a_customer_of_the_sample_and_topics_that_there_are() -> None:
    for name in (SEEN, UNSEEN):
        for row in (*rows(name, "own"), *rows(name, "general")):
            assert row.customer in all_orders(), row.text
            assert {OrderTopic(topic) for topic in row.topics} or row in rows(name, "general")


# --- the rules, on what they may be fitted to --------------------------------------------------


@pytest.mark.parametrize("row", rows(SEEN, "own"), ids=texts(rows(SEEN, "own")))
def test_a_question_about_ones_own_order_is_told_by_its_words(row: Row) -> None:
    assert topic_by_words(row) in row.topics


@pytest.mark.parametrize("row", rows(SEEN, "general"), ids=texts(rows(SEEN, "general")))
def test_a_general_question_is_none_though_the_customer_has_orders(row: Row) -> None:
    assert topic_by_words(row) is None


# --- counted, on what nobody fitted anything to ------------------------------------------------


def test_most_unseen_questions_are_told_by_their_words_and_hardly_a_general_one_is() -> None:
    own = [(topic_by_words(row), row) for row in rows(UNSEEN, "own")]
    # Measured: 46 with the right topic, 3 with another; no general one.
    assert sum(topic in row.topics for topic, row in own) >= 42
    assert sum(topic is not None and topic not in row.topics for topic, row in own) <= 5
    assert sum(topic_by_words(row) is not None for row in rows(UNSEEN, "general")) <= 2


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot() -> AsyncIterator[BotTarget]:
    target = await BotTarget.of_shop(SAMPLE / "shop.yaml")
    try:
        yield target
    finally:
        await target.aclose()


async def decided(bot: BotTarget, found: Sequence[Row]) -> list[tuple[Row, Decision]]:
    """Each question in a conversation of its own, by the customer who asks it."""
    return [(row, await Chat(bot, customer=row.customer).say(row.text)) for row in found]


def from_orders(decision: Decision) -> bool:
    return "order_topic" in decision.record


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("name", "least_recognised", "least_right", "most_from_articles"),
    [
        # Measured: 78 recognised, all with the right topic; the others go to a person.
        pytest.param(SEEN, 77, 77, 0, id="seen"),
        # Measured: 67 recognised, 60 with the right topic; 4 answered from an article.
        pytest.param(UNSEEN, 63, 56, 6, id="unseen"),
    ],
)
async def test_the_bot_answers_questions_about_own_orders_from_the_orders(
    bot: BotTarget, name: str, least_recognised: int, least_right: int, most_from_articles: int
) -> None:
    replies = await decided(bot, rows(name, "own"))
    recognised = [(row, decision) for row, decision in replies if from_orders(decision)]
    right = [row for row, decision in recognised if decision.record["order_topic"] in row.topics]
    articles = [row for row, said in replies if said.kind is Kind.ANSWER and not from_orders(said)]
    assert len(recognised) >= least_recognised
    assert len(right) >= least_right
    assert len(articles) <= most_from_articles


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("name", "most"),
    # Measured: none, and 1 of 60.
    [pytest.param(SEEN, 0, id="seen"), pytest.param(UNSEEN, 3, id="unseen")],
)
async def test_the_bot_does_not_answer_general_questions_from_an_order(
    bot: BotTarget, name: str, most: int
) -> None:
    replies = await decided(bot, rows(name, "general"))
    assert sum(from_orders(decision) for _, decision in replies) <= most
