"""One customer turn: understand, search, weigh, draft, decide. Touches no store.

Everything the turn needs is passed in, so that the same turn runs behind the web server, in the
terminal and in the evaluation.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from bot import choices, talk
from bot.decision import Decision, Kind
from bot.drafts import Drafts, Release
from bot.mood import dissatisfaction, rejects
from bot.own_orders import OwnOrders
from bot.questions import Question, questions
from bot.reader import Reader
from bot.request import Request
from bot.script import in_script
from bot.senses import Noticed, Senses
from bot.served import Embedding, Serving
from bot.several import Asked, together, told_apart
from bot.trail import Thresholds, Trail
from bot.wording import Locale
from handoff.rules import Rules, Signals, Verdict, reason_to_hand_over
from knowledge.article import Article
from knowledge.search import Found, Hit
from knowledge.text import language, normalise

_Draft = Callable[[Article, Sequence[Hit], float, str], Awaitable[Decision]]
"""Makes the answer out of an article, the likely others, the confidence and the question."""


class Turn:
    """Decides one turn."""

    def __init__(
        self,
        *,
        embedding: Embedding,
        senses: Senses,
        orders: OwnOrders,
        drafts: Drafts,
        shop_name: Callable[[Any], str],
        signals_embedding: Embedding | None = None,
        rules: Rules | None = None,
        thresholds: Thresholds | None = None,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._signals_embedding = signals_embedding or embedding
        self._senses = senses
        self._orders = orders
        self._drafts = drafts
        self._shop_name = shop_name
        self._rules = rules or Rules(anger_threshold=senses.anger_threshold)
        self._thresholds = thresholds or Thresholds()
        self._reader = Reader(embedding)
        self._timer = timer

    @property
    def thresholds(self) -> Thresholds:
        """The probabilities in force."""
        return self._thresholds

    def tuned_to(self, serving: Serving) -> Turn:
        """The same turn with the threshold that was fitted for what is served, if one was."""
        if serving.answer_threshold is None:
            return self
        tuned = copy(self)
        tuned._thresholds = self._thresholds.answering_from(serving.answer_threshold)
        return tuned

    async def run(
        self, request: Request, serving: Serving, release: Release | None = None
    ) -> Decision:
        """The decision about the waiting messages, with its record."""
        return await self.tuned_to(serving)._run(request, serving, release)

    async def _run(self, request: Request, serving: Serving, release: Release | None) -> Decision:
        started = self._timer()
        text = normalise(request.text)
        trail = Trail(question=text, language=language(text), version=serving.version)

        async def timed(sentence: str) -> None:
            if trail.first_sentence_ms is None:
                trail.first_sentence_ms = (self._timer() - started) * 1000
            await release(sentence)  # type: ignore[misc]

        decision = await self._decide(request, serving, text, trail, release and timed)
        if decision.kind is Kind.HAND_OVER and not request.on_duty:
            decision = replace(decision, missed=False)
        decision = choices.with_related(decision, trail.found)
        decision = _in_customers_script(decision, request.wording)
        took = (self._timer() - started) * 1000
        return replace(decision, record=trail.record(decision, self._thresholds, took))

    async def _decide(
        self,
        request: Request,
        serving: Serving,
        text: str,
        trail: Trail,
        release: Release | None,
    ) -> Decision:
        wanted = choices.wanted(request, text)
        if wanted is not None and wanted.startswith("order:"):
            picked_order = await self._orders.chosen(request, wanted.removeprefix("order:"))
            if picked_order is not None:
                return picked_order
        if wanted == talk.ASK_PERSON:
            # By its number or in part: 3, 都不是. The words alone would not say so.
            verdict = self._verdict(Signals(asks_for_person=True))
            if verdict is not None:
                return talk.hand_over(request, verdict)

        async def write(
            article: Article, hits: Sequence[Hit], confidence: float, question: str
        ) -> Decision:
            return await self._drafts.answer(request, article, hits, confidence, question, release)

        chosen = choices.chosen(request, serving, wanted)
        if chosen is not None:
            trail.question = chosen.title
            return await self._give(request, chosen, 1.0, trail, write)
        if not text:
            return self._without_words(request)
        grown = dissatisfaction(request.lines, request.earlier, request.misses)
        if not any(c.isalnum() for c in text):
            # ??? or 👍: nothing is asked in words, and a mood shows only in what came before.
            verdict = self._verdict(Signals(dissatisfaction=grown))
            return talk.hand_over(request, verdict) if verdict else talk.emotion(request)
        noticed = trail.noticed = await self._notice(request, text, request.text)
        verdict = self._verdict(_urgent(noticed, grown))
        if verdict is not None:
            return talk.hand_over(request, verdict, noticed.risk)
        if trail.language == "other":
            # What it is about cannot be judged in a language that nobody here reads.
            return self._unknown(request, 0.0, talk.decline_language(request), shop_matter=False)
        if rejects(text) and request.answered_last:
            # 不是这个 says nothing new to look for.
            return self._unknown(request, 0.0, talk.rejected(request), shop_matter=False)
        read = await self._reader.read(request, serving, text, request.asked_before)
        trail.question, trail.found, trail.put_right = read.question, read.found, read.put_right
        several = await self._several(request, serving, trail.found)
        if several is not None:
            return several
        return await self._weigh(request, text, noticed, trail, write)

    async def _notice(self, request: Request, text: str, typed: str) -> Noticed:
        vector = await self._signals_embedding.embed_query(text)
        return self._senses.notice(text, vector, request.asked_before, typed)

    async def _several(self, request: Request, serving: Serving, whole: Found) -> Decision | None:
        """The reply to a message that asks several things, each of which can be told apart."""
        if request.unreadable:
            return None
        asked: list[Asked] = []
        for question in questions(request.lines):
            asked.append(await self._ask(request, serving, question, [a.reading for a in asked]))
        distinct = told_apart(asked, whole)
        return together(request, distinct) if distinct else None

    async def _ask(
        self, request: Request, serving: Serving, question: Question, before: Sequence[str]
    ) -> Asked:
        """What one of several questions would be replied, always the curated words."""

        async def quote(
            article: Article, hits: Sequence[Hit], confidence: float, asked: str
        ) -> Decision:
            return self._drafts.curated(request, article, confidence)

        text = question.text
        said = [*request.asked_before, *before]
        read = await self._reader.read(request, serving, text, said, leans=question.leans)
        trail = Trail(
            read.question,
            language(text),
            serving.version,
            found=read.found,
            put_right=read.put_right,
        )
        noticed = await self._notice(request, text, text)
        decision = await self._weigh(request, text, noticed, trail, quote)
        return Asked(question, read.question, read.found, decision)

    def _is_small_talk(self, text: str, noticed: Noticed) -> bool:
        # Without telling words the model must be surer: a lone noun looks like small talk to it.
        telling = talk.small_talk_in(text) is not None
        least = self._thresholds.small_talk if telling else self._thresholds.small_talk_unnamed
        return noticed.small_talk >= least

    def _without_words(self, request: Request) -> Decision:
        if request.unreadable:
            verdict = self._verdict(Signals(unreadable=True))
            if verdict is not None:
                return talk.hand_over(request, verdict)
        return talk.emotion(request)

    def _verdict(self, signals: Signals) -> Verdict | None:
        return reason_to_hand_over(signals, self._rules)

    async def _weigh(
        self, request: Request, text: str, noticed: Noticed, trail: Trail, draft: _Draft
    ) -> Decision:
        found = trail.found
        assert found is not None
        own_order = await self._orders.reply(request, text)
        if own_order is not None:
            return own_order
        off_topic = noticed.off_topic >= self._thresholds.off_topic
        needed = self._thresholds.answer_off_topic if off_topic else self._thresholds.answer
        if trail.put_right:
            needed = max(needed, self._thresholds.answer_put_right)
        confident = bool(found.hits) and found.confidence >= needed
        named = choices.named_only(text, found)
        if named and request.last_decision != Kind.CLARIFY:
            return talk.clarify(request, [hit.article for hit in named], found.confidence)
        if self._is_small_talk(text, noticed) and not confident:
            return talk.small_talk(request, text, self._shop_name(request.wording))
        if request.unreadable and found.confidence < self._thresholds.answer_beside_picture:
            # Words beside a picture usually need the picture.
            verdict = self._verdict(Signals(unreadable=True))
            if verdict is not None:
                return talk.hand_over(request, verdict)
        if confident:
            return await self._give(request, found.hits[0].article, found.confidence, trail, draft)
        if self._needs_person(found):
            # Better called for nothing than a matter of the kind left among three choices.
            return await self._give(request, found.hits[0].article, found.confidence, trail, draft)
        guessed = await self._orders.perhaps(
            request, text, noticed.kinds.get("order_question", 0.0)
        )
        if guessed is not None:
            return guessed
        likely = [] if off_topic else self._likely(request, found)
        if likely:
            return talk.clarify(request, [hit.article for hit in likely], found.confidence)
        ours = noticed.shop_matter >= self._thresholds.shop_matter
        fallback = talk.decline(request, off_topic=not ours, confidence=found.confidence)
        return self._unknown(request, found.confidence, fallback, shop_matter=ours)

    def _unknown(
        self, request: Request, confidence: float, fallback: Decision, *, shop_matter: bool
    ) -> Decision:
        signals = Signals(
            confidence=confidence,
            misses=request.misses,
            unknown=True,
            shop_matter=shop_matter,
            clarified_before=request.last_decision == Kind.CLARIFY,
        )
        verdict = self._verdict(signals)
        if verdict is None:
            return fallback
        return talk.hand_over(request, verdict, confidence=confidence)

    def _needs_person(self, found: Found) -> bool:
        """Whether the likeliest article is one that only a person may act upon."""
        likely = bool(found.hits) and found.confidence >= self._thresholds.person_topic
        return likely and found.hits[0].article.hand_over

    def _likely(self, request: Request, found: Found) -> list[Hit]:
        """Up to three likely articles to ask about; never twice in a row."""
        if request.last_decision == Kind.CLARIFY or found.answerable < self._thresholds.clarify:
            return []
        return [hit for hit in found.hits[:3] if hit.probability >= self._thresholds.choice]

    async def _give(
        self,
        request: Request,
        article: Article,
        confidence: float,
        trail: Trail,
        draft: _Draft,
    ) -> Decision:
        """The article as the answer, unless a person or the customer's order must come in."""
        if article.hand_over:
            verdict = self._verdict(Signals(person_only_topic=True, confidence=confidence))
            if verdict is not None:
                return talk.hand_over(request, verdict, confidence=confidence, meanwhile=article)
        if article.needs_order:
            return await self._orders.about(request, article, trail.question, confidence)
        hits = trail.found.hits if trail.found else ()
        return await draft(article, hits, confidence, trail.question)


def _in_customers_script(decision: Decision, locale: Locale) -> Decision:
    """The same words in Traditional characters for who reads those; ids stay as they are."""
    if locale != "zh-Hant":
        return decision

    def convert(value: Any) -> Any:
        if isinstance(value, str):
            return in_script(value, locale)
        if isinstance(value, list | tuple):
            return [convert(item) for item in value]
        if isinstance(value, Mapping):
            return {k: v if k in _NAMES else convert(v) for k, v in value.items()}
        return value

    return replace(decision, parts=convert(decision.parts), sources=convert(decision.sources))


_NAMES = frozenset(
    {"type", "format", "id", "article_id", "order_id", "product_id", "status", "url"}
)


def _urgent(noticed: Noticed, dissatisfied: float) -> Signals:
    return Signals(
        dissatisfaction=dissatisfied,
        asks_for_person=noticed.asks_for_person,
        anger=noticed.anger,
        risk=noticed.risk,
        review_threat=noticed.review_threat,
    )
