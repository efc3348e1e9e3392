"""One turn over a message that asks several things, with the sample shop's articles."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from bot.decision import Kind
from bot.drafts import Drafts
from bot.errors import ModelFailed
from bot.eval_targets import BotTarget, embedding_of
from bot.own_orders import NoOrders
from bot.senses import load_senses
from bot.settings import SAMPLE
from bot.turn import Turn
from bot.writing import Draft
from tests.bot.sample_chat import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot() -> AsyncIterator[BotTarget]:
    target = await BotTarget.of_shop(SAMPLE / "shop.yaml")
    try:
        yield target
    finally:
        await target.aclose()


async def test_each_question_is_answered_in_its_order_with_sources_numbered_through(
    bot: BotTarget,
) -> None:
    decision = await Chat(bot).say("你们发哪家快递呀？到广东要几天？")
    assert decision.kind is Kind.ANSWER
    assert decision.cited == ("courier-which", "delivery-days")
    assert [source["n"] for source in decision.sources] == [1, 2]
    first, second = (part["text"] for part in decision.parts)
    assert "中通" in first
    assert "2–4 天" in second
    assert [asked["article_id"] for asked in decision.record["questions"]] == list(decision.cited)
    assert all(asked["confidence"] >= 0.7 for asked in decision.record["questions"])


async def test_lines_of_a_burst_that_ask_two_things_get_both_answers(bot: BotTarget) -> None:
    decision = await Chat(bot).say("你好", "电子发票咋开", "另外你们支持货到付款吗")
    assert decision.cited == ("invoice-how", "pay-cod")


async def test_anger_risk_and_the_wish_for_a_person_come_before_any_part(bot: BotTarget) -> None:
    for text in (
        "满多少包邮？另外帮我转人工",
        "满多少包邮？还有枕头用了过敏起疹子了怎么办",
        "满多少包邮？骗子！！！垃圾店！！！气死我了",
    ):
        decision = await Chat(bot).say(text)
        assert decision.kind is Kind.HAND_OVER
        assert "questions" not in decision.record


async def test_words_beside_a_picture_are_not_cut_up(bot: BotTarget) -> None:
    decision = await Chat(bot).say("你们发哪家快递呀？到广东要几天？", picture=True)
    assert "questions" not in decision.record


async def test_the_customer_picks_among_the_choices_for_what_was_left(bot: BotTarget) -> None:
    chat = Chat(bot)
    asked = await chat.say("到广东一般几天能到？另外我想问问发票")
    assert asked.cited == ("delivery-days",)
    assert asked.kind is Kind.CLARIFY
    picked = await chat.say("1")
    assert asked.offered[0] in picked.cited or picked.kind is not Kind.ANSWER


class CountingWriter:
    """A language model that fails, having counted that it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def write(self, **_: Any) -> Draft:
        self.asked += 1
        raise ModelFailed("out of order")


async def test_no_language_model_writes_a_reply_to_several_questions(bot: BotTarget) -> None:
    writer = CountingWriter()
    async with AsyncExitStack() as stack:
        turn = Turn(
            embedding=await embedding_of(stack),
            senses=load_senses(),
            orders=NoOrders(),
            drafts=Drafts(writer),
            shop_name=lambda locale: "",
        )
        both = await Chat(bot, turn=turn).say("你们发哪家快递呀？到广东要几天？")
        assert (len(both.cited), both.origin, writer.asked) == (2, "curated", 0)
        one = await Chat(bot, turn=turn).say("寄到广东要几天")
        assert (one.kind, writer.asked) == (Kind.ANSWER, 1)
