"""Slips of the keyboard: put right where the answer gets clearly more certain, else left alone."""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.decision import Kind
from bot.eval_targets import SAMPLE_DAY, BotTarget, embedding_of
from bot.settings import SAMPLE
from bot.slips import Slips
from eval.case_files import read_cases
from knowledge.embedding import EmbeddingThread
from knowledge.text import normalise
from tests.bot.sample_chat import Chat

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot() -> AsyncIterator[BotTarget]:
    target = await BotTarget.of_shop(SAMPLE / "shop.yaml")
    try:
        yield target
    finally:
        await target.aclose()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def embedding() -> AsyncIterator[EmbeddingThread]:
    async with AsyncExitStack() as stack:
        yield await embedding_of(stack)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("满多少包右", "满多少包邮"),
        ("积芬怎么用", "积分怎么用"),
        ("zenme tuihuo", "怎么退货"),
    ],
)
async def test_a_mistyped_question_is_replied_to_like_the_one_that_was_meant(
    bot: BotTarget, typed: str, meant: str
) -> None:
    mistyped, right = await Chat(bot).say(typed), await Chat(bot).say(meant)
    assert (mistyped.kind, mistyped.cited) == (right.kind, right.cited)
    assert mistyped.offered == right.offered
    assert right.kind in (Kind.ANSWER, Kind.CLARIFY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("youhuiquan怎么用", "优惠券怎么用"), ("浙讲的快第几天能道", "浙江的快递几天能到")],
)
async def test_what_was_probably_meant_is_offered_where_it_is_not_nearly_certain(
    bot: BotTarget, typed: str, meant: str
) -> None:
    mistyped, right = await Chat(bot).say(typed), await Chat(bot).say(meant)
    assert right.kind is Kind.ANSWER
    assert mistyped.kind is Kind.CLARIFY
    assert right.cited[0] in mistyped.offered


async def test_the_record_says_how_a_mistyped_question_was_read(bot: BotTarget) -> None:
    mistyped = await Chat(bot).say("youhuiquan怎么用")
    assert mistyped.record["question"] == "优惠券怎么用"
    colloquial = await Chat(bot).say("优惠券咋用")
    assert colloquial.record["question"] == "优惠券咋用", "nothing had to be put right"


class Reads(Slips):
    """Takes every question for another one."""

    def __init__(self, meant: str) -> None:
        self._meant = meant

    async def corrected(self, text: str) -> str:
        return self._meant


@pytest.mark.parametrize(
    ("typed", "other", "why"),
    [
        ("满多少包邮", "满多少包由", "the answer is sure as it is"),
        ("能货到付款吗", "今天天气怎么样", "the other finds less"),
        ("今天天气怎么样", "今天天气怎么洋", "neither finds anything"),
    ],
)
async def test_a_question_stays_as_typed_unless_the_other_reading_finds_clearly_more(
    bot: BotTarget, embedding: EmbeddingThread, typed: str, other: str, why: str
) -> None:
    serving = replace(bot.serving, slips=Reads(other))
    sought = await serving.find(typed, embedding, at=SAMPLE_DAY)
    assert (sought.question, sought.put_right) == (serving.words.standard(typed), False), why


async def test_of_the_sample_questions_only_the_mistyped_ones_are_read_differently(
    bot: BotTarget, embedding: EmbeddingThread
) -> None:
    assert bot.serving.slips is not None
    read = set()
    for each in read_cases(sorted((SAMPLE / "cases").glob("fit-*.yaml"))):
        for message in itertools.chain.from_iterable(each.case.bursts()):
            for part in message.parts:
                text = normalise(str(part.get("text") or ""))
                standard = bot.serving.words.standard(text)
                if await bot.serving.slips.corrected(standard) == standard:
                    continue
                sought = await bot.serving.find(text, embedding, at=SAMPLE_DAY)
                if sought.put_right:
                    read.add(sought.question)
    assert read == {
        "质量问提要寄回去 运费得我先垫着吗",
        "转人工",
        "我那个快递走到哪个城市了",
    }
