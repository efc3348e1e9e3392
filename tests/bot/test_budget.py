"""What generated answers may cost in one conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.budget import Budget, Spent, budget_of, spent_of
from bot.commands.settings import read_settings
from bot.decision import Decision
from bot.drafts import Drafts
from bot.errors import BadSettings
from bot.eval_targets import SAMPLE_DAY
from bot.generation import writer
from bot.generation.usage import estimated
from bot.request import Request
from bot.settings import Settings
from knowledge.article import Article, ArticleId
from tests.model_server import Fails, ModelServer, Says
from tests.server import Customer, copy_of, serving, text_of

RETURNS = Article(
    ArticleId("returns"),
    "七天无理由退货怎么办理？",
    "签收后 7 天内可以申请无理由退货，寄回的运费由买家承担。",
)
GOOD = "签收后7天内可以申请无理由退货[1]。"
WRONG = "签收后15天内可以申请无理由退货[1]。"


def model(read: int, written: int, **more: Any) -> dict[str, Any]:
    return {"model": {"tokens": {"input": read, "output": written}, **more}}


def test_what_was_spent_is_read_from_the_decision_records() -> None:
    records = [
        model(100, 20),
        {"model": {"failed": "budget: spent"}},
        {"kind": "clarify"},
        {"model": "of an older version"},
        model(50, 5, failed="evidence: quantity"),
        model(0, 0, failed="no connection"),
    ]
    assert spent_of(records) == Spent(tokens_in=150, tokens_out=25, turns=2)


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        (Budget(), None),
        (Budget(turns=4, tokens=1001, money=1.21, price_in=1000, price_out=2000), None),
        (Budget(turns=3), "3 of 3 turns"),
        (Budget(tokens=1000), "1000 of 1000 tokens"),
        (Budget(money=1, price_in=500, price_out=3000), "1 of 1 for this"),
    ],
)
def test_a_limit_that_is_reached_says_so(budget: Budget, words: str | None) -> None:
    said = budget.used_up(Spent(tokens_in=800, tokens_out=200, turns=3))
    assert words in said if words and said else said == words


def test_a_text_is_estimated_at_no_less_than_tokenizers_count() -> None:
    assert estimated("签收后七天内可以退货") == 10
    assert estimated("Returns are accepted within 7 days.") == 9
    assert estimated("") == 0


def test_without_limits_there_is_no_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KEFU_{name.upper()}", raising=False)
    monkeypatch.setenv("KEFU_LLM_PRICE_IN", "2")
    monkeypatch.setenv("KEFU_LLM_BUDGET_TURNS", "")
    assert budget_of(read_settings()) is None
    monkeypatch.setenv("KEFU_LLM_BUDGET_TURNS", "5")
    assert budget_of(read_settings()) == Budget(turns=5, price_in=2)


def test_a_budget_of_money_without_prices_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_LLM_BUDGET_MONEY", "0.5")
    monkeypatch.setenv("KEFU_LLM_PRICE_IN", "2")
    with pytest.raises(BadSettings, match=r"KEFU_LLM_BUDGET_MONEY: .*KEFU_LLM_PRICE_OUT"):
        read_settings()
    monkeypatch.setenv("KEFU_LLM_PRICE_OUT", "3")
    assert read_settings().llm_budget_money == 0.5


def test_what_requests_carry_besides_is_a_json_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_LLM_EXTRA", '{"thinking": {"type": "disabled"}}')
    assert read_settings().llm_extra == {"thinking": {"type": "disabled"}}
    monkeypatch.setenv("KEFU_LLM_EXTRA", "")
    assert read_settings().llm_extra is None
    for wrong in ("{thinking", "[1]"):
        monkeypatch.setenv("KEFU_LLM_EXTRA", wrong)
        with pytest.raises(BadSettings, match=r"^KEFU_LLM_EXTRA: .*JSON"):
            read_settings()


@asynccontextmanager
async def drafts(server: ModelServer, **budget: Any) -> AsyncIterator[Drafts]:
    values = {"llm_model": "scripted", "llm_base_url": server.url, "llm_timeout": 60}
    author = writer(Settings(_env_file=None, deadline=90, **values))  # type: ignore[call-arg]
    try:
        yield Drafts(author, budget=Budget(**budget))
    finally:
        await author.aclose()


async def ask(bot: Drafts, spent: Spent) -> Decision:
    request = Request(
        messages=[[{"type": "text", "text": "怎么退货？"}]], at=SAMPLE_DAY, spent=spent
    )
    return await bot.answer(request, RETURNS, (), 0.9, "怎么退货")


async def test_a_spent_budget_gives_the_article_and_asks_no_model() -> None:
    with ModelServer() as server:
        async with drafts(server, tokens=100) as bot:
            decision = await ask(bot, Spent(90, 10, 1))
    assert decision.parts[0]["text"] == RETURNS.answer
    assert not decision.ai_generated
    assert decision.record["model"]["failed"].startswith("budget: 100 of 100 tokens")
    assert spent_of([decision.record]) == Spent()


async def test_every_try_counts_as_the_provider_says_or_as_the_text_is_long() -> None:
    script = [
        Says([GOOD], usage=(700, 12)),
        Says([GOOD]),
        # Refused in the middle: the provider never comes to say what it took.
        Says([WRONG, "寄回的运费由买家承担[1]。" * 2], usage=(700, 90)),
        Fails(401),
    ]
    with ModelServer(script) as server:
        async with drafts(server, turns=10) as bot:
            told, untold, refused, unasked = [await ask(bot, Spent()) for _ in script]
    assert server.requests[0].body["stream_options"] == {"include_usage": True}
    assert told.record["model"]["tokens"] == {"input": 700, "output": 12}
    assert "estimated" not in told.record["model"]
    for decision in (untold, refused):
        counted = decision.record["model"]
        assert counted["estimated"] is True
        assert 300 < counted["tokens"]["input"] < 2000
        assert counted["tokens"]["output"] >= 15
    assert "evidence" in refused.record["model"]["failed"]
    assert spent_of([unasked.record]) == Spent()


async def test_a_try_that_failed_on_its_way_is_not_paid_for() -> None:
    with ModelServer([Fails(429, retry_after="0"), Says([GOOD], usage=(700, 12))]) as server:
        async with drafts(server, turns=10) as bot:
            decision = await ask(bot, Spent())
    assert spent_of([decision.record]) == Spent(700, 12, 1)


@contextmanager
def chatting(sample_data: Path, folder: Path, *script: Any, **settings: Any) -> Iterator[Customer]:
    """A customer of a shop with this budget, whose model follows the script to its end."""
    data = copy_of(sample_data, folder / "data")
    with (
        ModelServer(script) as server,
        serving(data, llm_model="scripted", llm_base_url=server.url, **settings) as shop,
    ):
        yield shop.customer()


QUESTION = "运费多少？满多少包邮？"
WRITTEN = "大陆一般地区订单满 59 元包邮[1]。"


def test_a_conversation_is_answered_by_the_model_until_its_budget_is_spent(
    sample_data: Path, tmp_path: Path
) -> None:
    says = Says([WRITTEN], usage=(900, 100))
    prices = {"llm_price_in": 1, "llm_price_out": 1}
    with chatting(sample_data, tmp_path, says, says, llm_budget_money=0.0015, **prices) as customer:
        replies = [customer.ask(QUESTION) for _ in range(3)]
    assert [reply["origin"] for reply in replies] == ["generated", "generated", "curated"]
    assert "59 元包邮" in text_of(replies[2]).replace("**", "")


def test_a_refused_draft_is_paid_for_as_well(sample_data: Path, tmp_path: Path) -> None:
    wrong = Says(["大陆一般地区订单满 99 元包邮[1]。"])
    with chatting(sample_data, tmp_path, wrong, llm_budget_turns=1) as customer:
        replies = [customer.ask(QUESTION) for _ in range(2)]
    assert [reply["origin"] for reply in replies] == ["curated", "curated"]
