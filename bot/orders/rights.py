"""What an order still gives its owner: return, price, warranty, insurance, invoice."""

from __future__ import annotations

from bot.orders.finding import Facts, Finding, Patience
from bot.orders.order import Order, OrderStatus
from bot.orders.voice import Voice
from handoff.reasons import Reason

COMING_BACK = frozenset(
    {
        OrderStatus.RETURN_REQUESTED,
        OrderStatus.RETURN_IN_TRANSIT,
        OrderStatus.REFUNDING,
        OrderStatus.REFUNDED,
    }
)
_UNSENT = frozenset({OrderStatus.PAID, OrderStatus.PACKED})
_ON_THE_WAY = frozenset(
    {
        OrderStatus.SHIPPED,
        OrderStatus.IN_TRANSIT,
        OrderStatus.OUT_FOR_DELIVERY,
        OrderStatus.DELIVERED,
    }
)


def can_return(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether it can still go back without a reason."""
    title, status, until = voice.title(order), voice.status(order), order.entitlements.return_until
    lines = Facts(order, voice).status().time("signed", order.parcel.arrived_at).done()
    if order.status in COMING_BACK:
        return Finding(voice.say("can_return_already", title=title, status=status), lines)
    if order.status in _UNSENT:
        return Finding(voice.say("can_return_unsent", title=title), lines)
    if until is not None:
        key = "can_return_yes" if until >= voice.at else "can_return_over"
        return Finding(voice.say(key, title=title, until=voice.deadline(until)), lines)
    if order.status in _ON_THE_WAY:
        return Finding(voice.say("can_return_unsigned", title=title), lines)
    return Finding(voice.say("can_return_no", title=title, status=status), lines)


def price_protection(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether a lower price can still be claimed."""
    title, until = voice.title(order), order.entitlements.price_protection_until
    lines = Facts(order, voice).time("paid", order.paid_at).status().done()
    if until is None:
        lead = voice.say("price_none", title=title, status=voice.status(order))
        return Finding(lead, lines)
    key = "price_yes" if until >= voice.at else "price_over"
    return Finding(voice.say(key, title=title, until=voice.deadline(until)), lines)


def warranty(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Until when it is under warranty."""
    title, until = voice.title(order), order.entitlements.warranty_until
    lines = Facts(order, voice).time("signed", order.parcel.arrived_at).status().done()
    if until is not None:
        key = "warranty_yes" if until >= voice.at else "warranty_over"
        return Finding(voice.say(key, title=title, until=voice.deadline(until)), lines)
    if order.status in _UNSENT | _ON_THE_WAY:
        lead = voice.say("warranty_unsigned", title=title, status=voice.status(order))
        return Finding(lead, lines)
    return Finding(voice.say("warranty_none", title=title), lines)


def freight_insurance(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether the order has freight insurance."""
    key = "freight_yes" if order.entitlements.freight_insurance else "freight_no"
    lines = Facts(order, voice).status().time("ordered", order.created_at).done()
    return Finding(voice.say(key, title=voice.title(order)), lines)


def invoice(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether the invoice is issued."""
    paper, title, completed = order.invoice, voice.title(order), order.completed_at
    kind = voice.word("invoice", paper.type)
    lines = Facts(order, voice).amount().status().time("signed", order.parcel.arrived_at).done()
    if paper.state == "issued" and paper.issued_at is not None:
        issued = voice.moment(paper.issued_at)
        return Finding(voice.say("invoice_issued", title=title, kind=kind, issued=issued), lines)
    if paper.state == "not_requested":
        lead = voice.say("invoice_none", title=title, status=voice.status(order))
        return Finding(lead, lines)
    # A special invoice takes working days, which the order does not count.
    plain = paper.type == "electronic"
    if plain and completed is not None and completed + patience.invoice_issued < voice.at:
        at = voice.moment(completed)
        lead = voice.say("invoice_late", title=title, kind=kind, completed=at)
        return Finding(lead, lines, Reason.ACTION_FAILED)
    return Finding(voice.say("invoice_requested", title=title, kind=kind), lines)
