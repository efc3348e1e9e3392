"""Questions about the customer's own order: answered from that order, and only for its owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Protocol

import structlog

from bot.decision import Decision, Kind, text_part
from bot.errors import OrdersUnavailable
from bot.orders.answers import (
    NeedsPerson,
    NoSuchOrder,
    OrderCard,
    OrderReply,
    WhichOrder,
    answer,
    order_card,
)
from bot.orders.catalogue import Products
from bot.orders.order import OrderBook
from bot.orders.own import likely_topic, order_topic_for
from bot.orders.topics import OrderTopic, asks_another_shop, of_another_shop, order_topic
from bot.orders.voice import Voice
from bot.request import Request
from bot.talk import ASK_PERSON, decline, hand_over, source_list
from bot.wording import Locale, say
from handoff.reasons import Reason
from handoff.rules import Rules, Signals, Verdict, reason_to_hand_over
from knowledge.article import Article
from knowledge.text import normalise

log = structlog.get_logger(__name__)


class Catalogue(Protocol):
    """What the shop's products are called."""

    async def products(self) -> Products:
        """By product id."""


class OrderDesk:
    """Answers from an order book, in the shop's time zone."""

    def __init__(
        self,
        book: OrderBook,
        catalogue: Catalogue,
        *,
        zone: tzinfo,
        least_probability: float = 0.5,
    ) -> None:
        self._book = book
        self._catalogue = catalogue
        self._zone = zone
        self._least_probability = least_probability

    async def reply(self, request: Request, text: str) -> Decision | None:
        """The reply to a text in normal form that is plainly about the customer's own order."""
        if asks_another_shop(text):
            return decline(request, off_topic=True, confidence=0.0)
        topic = await self._topic(request, text)
        if topic is None:
            return None
        return await self._from_orders(request, topic, text, None)

    async def perhaps(self, request: Request, text: str, probability: float) -> Decision | None:
        """A guess, so only for a customer who has orders, and never about one that is not theirs.

        A stranger is not asked to sign in on a guess.
        """
        if request.customer is None or probability < self._least_probability:
            return None
        try:
            orders = await self._book.orders_of(request.customer)
            topic = likely_topic(text, orders, await self._catalogue.products())
        except OrdersUnavailable as error:
            # The order may not be meant at all: the turn goes on without it.
            log.error("orders.unavailable", why=str(error))
            return None
        return await self._from_orders(request, topic, text, None) if topic else None

    async def _topic(self, request: Request, text: str) -> OrderTopic | None:
        """加湿器什么时候到 is about an order only where the customer has one with a humidifier."""
        if request.customer is None:
            return order_topic(text)
        try:
            orders = await self._book.orders_of(request.customer)
            return order_topic_for(text, orders, await self._catalogue.products())
        except OrdersUnavailable as error:
            # What is plainly about an order goes on and meets the same failure there.
            log.error("orders.unavailable", why=str(error))
            return order_topic(text)

    async def about(
        self, request: Request, article: Article, question: str, confidence: float
    ) -> Decision:
        """The reply where the best article is one that alone is never the final answer."""
        if of_another_shop(question):
            return decline(request, off_topic=True, confidence=confidence)
        topic = (
            order_topic(question)
            or order_topic(normalise(article.title))
            or OrderTopic.ORDER_STATUS
        )
        return await self._from_orders(request, topic, question, article)

    async def chosen(self, request: Request, order_id: str) -> Decision | None:
        """The customer picked one of their orders from a list."""
        if request.customer is None:
            return None
        asked = [normalise(text) for text in request.asked_before] or [""]
        topic = OrderTopic.ORDER_STATUS
        for text in reversed(asked):
            if found := await self._topic(request, text):
                topic = found
                break
        return await self._from_orders(request, topic, asked[-1], None, about=order_id)

    async def _from_orders(
        self,
        request: Request,
        topic: OrderTopic,
        question: str,
        article: Article | None,
        *,
        about: str | None = None,
    ) -> Decision:
        if request.customer is None:
            return _ask_to_sign_in(request, article)
        try:
            orders = await self._book.orders_of(request.customer)
            products = await self._catalogue.products()
        except OrdersUnavailable as error:
            log.error("orders.unavailable", why=str(error))
            verdict = Verdict(Reason.ACTION_FAILED, "orders_unavailable", 1.0)
            return hand_over(request, verdict)
        reply = answer(
            topic,
            orders,
            question,
            request.at,
            request.wording,
            products,
            zone=self._zone,
            about=about,
        )
        return _decision(reply, topic, [article] if article else [])

    async def cards(self, customer: str, *, at: datetime, locale: Locale) -> list[OrderCard]:
        """All orders of a customer, newest first, for the people at the desk."""
        products = await self._catalogue.products()
        voice = Voice(locale, self._zone, at, products)
        return [order_card(order, voice) for order in await self._book.orders_of(customer)]

    async def membership(self, customer: str) -> str | None:
        """The customer's level, where the shop has orders to look at."""
        found = await self._book.customer(customer)
        return found.membership if found else None


def _decision(reply: OrderReply, topic: OrderTopic, articles: Sequence[Article]) -> Decision:
    cited = tuple(a.id for a in articles)
    record = {"order_topic": topic.value}
    if isinstance(reply, WhichOrder):
        options = [{"id": f"order:{order_id}", "text": label} for order_id, label in reply.options]
        return Decision(
            Kind.CLARIFY,
            [{"type": "choices", "prompt": reply.text, "options": options}],
            cited=cited,
            record=record,
        )
    if isinstance(reply, NeedsPerson):
        return Decision(
            Kind.HAND_OVER,
            [text_part(reply.text), reply.card],
            cited=cited,
            reason=reply.reason.value,
            rule=f"order:{topic.value}",
            score=1.0,
            record=record,
        )
    if isinstance(reply, NoSuchOrder):
        return Decision(Kind.ACT, [text_part(reply.text)], cited=cited, record=record)
    return Decision(
        Kind.ACT,
        [text_part(reply.text), reply.card],
        sources=source_list(articles),
        cited=cited,
        record={**record, "orders": list(reply.order_ids)},
    )


def _ask_to_sign_in(request: Request, article: Article | None) -> Decision:
    """Once; a customer who asks again without signing in is passed on to a person."""
    words = say("sign_in", request.wording)
    asked_already = any(
        said.sender == "bot" and words in said.text for said in request.earlier[-4:]
    )
    signals = Signals(identity_refused=asked_already)
    verdict = reason_to_hand_over(signals, Rules())
    if verdict is not None:
        return hand_over(request, verdict)
    option = {"id": ASK_PERSON, "text": say("ask_person_button", request.wording)}
    return Decision(
        Kind.CLARIFY,
        [text_part(words), {"type": "choices", "prompt": "", "options": [option]}],
        cited=(article.id,) if article else (),
        record={"sign_in_needed": True},
    )
