"""One customer turn: understand, search, weigh, draft, decide. Touches no store.

Everything the turn needs is passed in, so that the same turn runs behind the web server, in the
terminal and in the evaluation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot import choices, talk
from bot.decision import Decision, Kind
from bot.drafts import Drafts, Release
from bot.followup import readings
from bot.own_orders import OwnOrders
from bot.request import Request
from bot.script import in_script
from bot.senses import Noticed, Senses
from bot.served import Embedding, Serving
from bot.trail import Thresholds, Trail
from bot.wording import Locale
from handoff.rules import Rules, Signals, Verdict, reason_to_hand_over
from knowledge.article import Article
from knowledge.search import Found, Hit
from knowledge.text import language, normalise


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
        self._embedding = embedding
        self._signals_embedding = signals_embedding
        self._senses = senses
        self._orders = orders
        self._drafts = drafts
        self._shop_name = shop_name
        self._rules = rules or Rules(anger_threshold=senses.anger_threshold)
        self._thresholds = thresholds or Thresholds()
        self._timer = timer

    @property
    def thresholds(self) -> Thresholds:
        """The probabilities in force."""
        return self._thresholds

    async def run(
        self, request: Request, serving: Serving, release: Release | None = None
    ) -> Decision:
        """The decision about the waiting messages, with its record."""
        started = self._timer()
        text = normalise(request.text)
        trail = Trail(question=text, language=language(text), version=serving.version)
        decision = await self._decide(request, serving, text, trail, release)
        if decision.kind is Kind.HAND_OVER and not request.on_duty:
            decision = replace(decision, missed=False)
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
        chosen = choices.chosen(request, serving, wanted)
        if chosen is not None:
            trail.question = chosen.title
            return await self._give(request, chosen, 1.0, trail, release)
        if not text:
            return self._without_words(request)
        if not any(c.isalnum() for c in text):
            # ??? or 👍: nothing is asked in words, and anger would show in them.
            return talk.emotion(request)
        vector = await self._embedding.embed_query(text)
        signals_vector = (
            vector
            if self._signals_embedding is None
            else await self._signals_embedding.embed_query(text)
        )
        noticed = trail.noticed = self._senses.notice(text, signals_vector, request.asked_before)
        verdict = self._verdict(_urgent(noticed))
        if verdict is not None:
            return talk.hand_over(request, verdict, noticed.risk)
        if trail.language == "other":
            # What it is about cannot be judged in a language that nobody here reads.
            return self._unknown(request, 0.0, talk.decline_language(request), shop_matter=False)
        found = await self._search(request, serving, text, vector, trail)
        trail.found = found
        return await self._weigh(request, text, noticed, found, trail, release)

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

    async def _search(
        self, request: Request, serving: Serving, text: str, vector: Any, trail: Trail
    ) -> Found:
        """The best finding among the readings of a text that may lean on earlier ones."""
        spoken = None if trail.language == "other" else trail.language
        best: Found | None = None
        for reading in readings(text, [normalise(said) for said in request.asked_before]):
            # Written as the articles write it: 邮费 for 运费, 啥时候 for 什么时候.
            standard = serving.words.standard(reading)
            if standard != text:
                vector = await self._embedding.embed_query(standard)
            found = serving.search(
                standard,
                vector,
                at=request.at,
                channel=request.channel,
                product=request.product,
                language=spoken,
                # 那换货呢 after the answer about returns does not want that answer again.
                besides=request.answered_last if reading != text else frozenset(),
            )
            if best is None or found.confidence > best.confidence:
                best, trail.question = found, reading
        assert best is not None
        return best

    async def _weigh(
        self,
        request: Request,
        text: str,
        noticed: Noticed,
        found: Found,
        trail: Trail,
        release: Release | None,
    ) -> Decision:
        own_order = await self._orders.reply(request, text)
        if own_order is not None:
            return own_order
        off_topic = noticed.off_topic >= self._thresholds.off_topic
        needed = self._thresholds.answer_off_topic if off_topic else self._thresholds.answer
        confident = bool(found.hits) and found.confidence >= needed
        named = choices.named_only(text, found)
        if named and request.last_decision != Kind.CLARIFY:
            return talk.clarify(request, [hit.article for hit in named], found.confidence)
        if self._is_small_talk(text, noticed) and not confident:
            return talk.small_talk(request, text, self._shop_name(request.wording))
        if request.unreadable and not confident:
            # Words beside a picture usually need the picture.
            verdict = self._verdict(Signals(unreadable=True))
            if verdict is not None:
                return talk.hand_over(request, verdict)
        if confident:
            return await self._give(
                request, found.hits[0].article, found.confidence, trail, release
            )
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

    def _likely(self, request: Request, found: Found) -> list[Hit]:
        """Up to three likely articles to ask about; never twice in a row."""
        if request.last_decision == Kind.CLARIFY or found.confidence < self._thresholds.clarify:
            return []
        return [hit for hit in found.hits[:3] if hit.probability >= self._thresholds.choice]

    async def _give(
        self,
        request: Request,
        article: Article,
        confidence: float,
        trail: Trail,
        release: Release | None,
    ) -> Decision:
        """The article as the answer, unless a person or the customer's order must come in."""
        if article.hand_over:
            verdict = self._verdict(Signals(person_only_topic=True, confidence=confidence))
            if verdict is not None:
                return talk.hand_over(request, verdict, confidence=confidence, meanwhile=article)
        if article.needs_order:
            return await self._orders.about(request, article, trail.question, confidence)
        hits = trail.found.hits if trail.found else ()
        return await self._drafts.answer(
            request, article, hits, confidence, trail.question, release
        )


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


def _urgent(noticed: Noticed) -> Signals:
    return Signals(
        asks_for_person=noticed.asks_for_person,
        anger=noticed.anger,
        risk=noticed.risk,
        review_threat=noticed.review_threat,
    )
