"""What an order says about one matter: the answer, the facts below it, and who must act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.orders.order import Order, Parcel
from bot.orders.voice import Voice
from handoff.reasons import Reason


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the shop waits before a person must look, so that no customer waits in vain."""

    parcel_still: timedelta = timedelta(hours=48)
    return_checked: timedelta = timedelta(hours=48)
    freight_paid: timedelta = timedelta(hours=72)
    fitter_calls: timedelta = timedelta(hours=24)
    invoice_issued: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Finding:
    """What to say, and `person`: why a person must take over, if one must.

    A promise that was not kept is ACTION_FAILED; a decision that only a person may take (a lost
    parcel: a new one or the money) is POLICY_RESTRICTION.
    """

    lead: str
    lines: tuple[str, ...]
    person: Reason | None = None


class Facts:
    """The short lines about one order, each left out when the order does not hold it."""

    def __init__(self, order: Order, voice: Voice) -> None:
        self._order = order
        self._voice = voice
        self._lines: list[str] = []

    def done(self) -> tuple[str, ...]:
        """The lines so far, at most three, and the order number."""
        return (*self._lines[:3], self._voice.line("order", number=self._order.id))

    def time(self, key: str, at: datetime | None) -> Facts:
        """A line with a time."""
        return self._add(key, at=self._voice.moment(at)) if at else self

    def deadline(self, key: str, at: datetime | None) -> Facts:
        """A line with a last moment."""
        return self._add(key, at=self._voice.deadline(at)) if at else self

    def courier(self, parcel: Parcel | None, key: str = "courier") -> Facts:
        """Courier and tracking number."""
        if parcel is None or parcel.tracking_no is None:
            return self
        return self._add(key, carrier=self._voice.carrier(parcel), number=parcel.tracking_no)

    def event(self, parcel: Parcel | None) -> Facts:
        """The parcel's latest scan."""
        latest = parcel.latest(self._voice.at) if parcel else None
        if latest is not None:
            self._lines.append(self._voice.event(latest))
        return self

    def refund(self) -> Facts:
        """The amount of the refund and how far it is."""
        refund = self._order.refund
        if refund is None:
            return self
        state = self._voice.word("refund_state", refund.state)
        return self._add("refund", amount=self._voice.money(refund.amount), state=state)

    def amount(self) -> Facts:
        """The order's total."""
        return self._add("amount", amount=self._voice.money(self._order.amount))

    def status(self) -> Facts:
        """The order's status."""
        return self._add("status", status=self._voice.status(self._order))

    def presale(self) -> Facts:
        """Deposit and balance."""
        presale = self._order.presale
        if presale is None:
            return self
        span = self._voice.span(presale.balance_from, presale.balance_until)
        self._add("deposit", amount=self._voice.money(presale.deposit))
        return self._add("balance", amount=self._voice.money(presale.balance), span=span)

    def _add(self, key: str, **values: str) -> Facts:
        self._lines.append(self._voice.line(key, **values))
        return self
