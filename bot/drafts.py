"""The answer to a question: the curated article, or a checked text of the language model."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from bot.budget import Budget
from bot.decision import Decision, Kind, text_part
from bot.errors import ModelFailed
from bot.policy import Finding, Policy, stops
from bot.request import Request
from bot.talk import hand_over, source_list
from bot.writing import DraftFailed, Passage, Writer
from handoff.reasons import Reason
from handoff.rules import Verdict
from knowledge.article import Article
from knowledge.search import Hit

log = structlog.get_logger(__name__)

Release = Callable[[str], Awaitable[None]]
"""Called with each sentence that passed the check, while the rest is still being written."""

_MOST_PASSAGES = 4
_LEAST_PROBABILITY = 0.03


class Drafts:
    """Answers from articles; a writer, where there is one, puts them into fitting words."""

    def __init__(
        self,
        writer: Writer | None = None,
        policy: Policy | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._writer = writer
        self._policy = policy or Policy()
        self._budget = budget

    async def answer(
        self,
        request: Request,
        article: Article,
        hits: Sequence[Hit],
        confidence: float,
        question: str,
        release: Release | None = None,
    ) -> Decision:
        """The written answer if there is a writer and its text holds, else the curated one.

        An article that the outgoing policy stops goes to a person instead.
        """
        curated = self.curated(request, article, confidence)
        if self._writer is None or curated.kind is not Kind.ANSWER:
            return curated
        used_up = self._budget.used_up(request.spent) if self._budget else None
        if used_up is not None:
            log.info("model.budget_used_up", why=used_up)
            return replace(curated, record={"model": {"failed": f"budget: {used_up}"}})
        passages = _passages(article, hits)
        history = [(said.sender, said.text) for said in request.earlier[-6:]]
        try:
            draft = await self._writer.write(
                question=request.text or question,
                locale=request.wording,
                passages=passages,
                history=history,
                release=release,
            )
        except ModelFailed as error:
            log.warning("model.failed", why=str(error))
            taken = error.record if isinstance(error, DraftFailed) else {}
            return replace(curated, record={"model": {**taken, "failed": str(error)}})
        cited = [p.article for p in passages if p.article.id in draft.cited]
        findings = self._policy.check(draft.text, promised_by=[a.answer for a in cited])
        if stops(findings):
            words = "policy: " + "; ".join(f"{f.rule}: {f.words}" for f in findings)
            log.warning("model.stopped", why=words)
            return replace(curated, record={"model": {**draft.record, "failed": words}})
        return Decision(
            Kind.ANSWER,
            [text_part(draft.text)],
            sources=source_list(cited),
            cited=tuple(a.id for a in cited),
            origin="generated",
            ai_generated=True,
            confidence=confidence,
            record={"model": draft.record},
        )

    def curated(self, request: Request, article: Article, confidence: float) -> Decision:
        """The article's own answer word for word, or a handover where the policy stops it."""
        stopped = self._policy.check(article.answer, promised_by=[article.answer])
        if stops(stopped):
            return self._stopped(request, article, confidence, stopped)
        return Decision(
            Kind.ANSWER,
            [text_part(article.answer)],
            sources=source_list([article]),
            cited=(article.id,),
            confidence=confidence,
        )

    def _stopped(
        self, request: Request, article: Article, confidence: float, findings: Sequence[Finding]
    ) -> Decision:
        log.error("article.stopped", article=article.id, words=[f.words for f in findings])
        verdict = Verdict(Reason.POLICY_RESTRICTION, f"policy:{findings[0].rule}", confidence)
        decision = hand_over(request, verdict, confidence=confidence)
        stopped = [{"rule": f.rule, "words": f.words, "why": f.why} for f in findings]
        record = {"policy": {"version": self._policy.version, "stopped": stopped}}
        return replace(decision, record=record)


def _passages(article: Article, hits: Sequence[Hit]) -> list[Passage]:
    """The article itself, and likely others that may be answered from."""
    others = [
        hit.article
        for hit in hits
        if hit.article.id != article.id
        and hit.probability >= _LEAST_PROBABILITY
        and not hit.article.hand_over
        and not hit.article.needs_order
    ]
    return [Passage(n, each) for n, each in enumerate([article, *others][:_MOST_PASSAGES], 1)]
