"""What may be said: an article that the outgoing policy stops is never given."""

from __future__ import annotations

from bot.decision import Kind
from bot.drafts import Drafts
from bot.eval_targets import SAMPLE_DAY
from bot.request import Request
from knowledge.article import Article, ArticleId


async def given(answer: str):  # type: ignore[no-untyped-def]
    article = Article(id=ArticleId("a"), title="这款枕头怎么样？", answer=answer)
    request = Request(messages=[[{"type": "text", "text": "枕头怎么样"}]], at=SAMPLE_DAY)
    return await Drafts().answer(request, article, (), 0.9, "枕头怎么样")


async def test_an_article_with_a_forbidden_superlative_goes_to_a_person() -> None:
    decision = await given("全国销量第一，全网最好用的枕头。")
    assert (decision.kind, decision.reason) == (Kind.HAND_OVER, "policy_restriction")
    assert "第一" not in str(decision.parts)
    assert decision.record["policy"]["stopped"]


async def test_an_honest_article_is_given() -> None:
    decision = await given("乳胶含量 93%，最快明天送达。")
    assert decision.kind is Kind.ANSWER
