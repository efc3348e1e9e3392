"""The part of a turn that knows the customer's orders, and what stands in where none are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.decision import Decision
from bot.request import Request
from bot.talk import hand_over
from bot.wording import Locale
from handoff.reasons import Reason
from handoff.rules import Verdict
from knowledge.article import Article

if TYPE_CHECKING:
    from bot.orders.answers import OrderCard


class OwnOrders(Protocol):
    """Answers questions about the customer's own orders."""

    async def reply(self, request: Request, text: str) -> Decision | None:
        """The reply to a text in normal form that is plainly about the customer's own order."""

    async def perhaps(self, request: Request, text: str, probability: float) -> Decision | None:
        """The reply to a text that no words make plain and no article answers.

        `probability` is that of the text being about the customer's own order.
        """

    async def about(
        self, request: Request, article: Article, question: str, confidence: float
    ) -> Decision:
        """The reply where the best article is one that alone is never the final answer."""

    async def chosen(self, request: Request, order_id: str) -> Decision | None:
        """The customer picked one of their orders from a list."""

    async def cards(self, customer: str, *, at: datetime, locale: Locale) -> Sequence[OrderCard]:
        """All orders of a customer, newest first, for the people at the desk."""

    async def membership(self, customer: str) -> str | None:
        """The customer's level."""


class NoOrders:
    """A shop whose orders cannot be looked at: whoever needs theirs gets a person."""

    async def reply(self, request: Request, text: str) -> Decision | None:
        """The shop's articles answer."""
        return None

    async def perhaps(self, request: Request, text: str, probability: float) -> Decision | None:
        """Nothing can be looked up."""
        return None

    async def about(
        self, request: Request, article: Article, question: str, confidence: float
    ) -> Decision:
        """To a person, with the general rule meanwhile."""
        verdict = Verdict(Reason.POLICY_RESTRICTION, "article:needs_order", confidence)
        return hand_over(request, verdict, confidence=confidence, meanwhile=article)

    async def chosen(self, request: Request, order_id: str) -> Decision | None:
        """There is nothing to choose from."""
        return None

    async def cards(self, customer: str, *, at: datetime, locale: Locale) -> Sequence[OrderCard]:
        """None are known."""
        return []

    async def membership(self, customer: str) -> str | None:
        """None is known."""
        return None
