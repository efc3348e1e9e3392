"""Orders on their way to the customer: unpaid, waiting, on the road, delivered, installed."""

from __future__ import annotations

from bot.orders.finding import Facts, Finding, Patience
from bot.orders.order import Order, OrderStatus
from bot.orders.state import state
from bot.orders.voice import Voice
from handoff.reasons import Reason

WAITING = frozenset({OrderStatus.PAID, OrderStatus.PACKED, OrderStatus.PRESALE_DEPOSIT})
MOVING = frozenset({OrderStatus.SHIPPED, OrderStatus.IN_TRANSIT, OrderStatus.OUT_FOR_DELIVERY})


def parcel(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Where the parcel is."""
    return state(order, voice, patience)


def delivery_time(order: Order, voice: Voice, patience: Patience) -> Finding:
    """When it arrives."""
    known = state(order, voice, patience)
    if order.status not in MOVING or known.person or _behind(order, voice):
        return known
    if order.parcel.expected_at is None:
        lead = voice.say("arrives_unknown", title=voice.title(order))
    else:
        expected = voice.deadline(order.parcel.expected_at)
        lead = voice.say("arrives", title=voice.title(order), expected=expected)
    lines = Facts(order, voice).status().event(order.parcel).courier(order.parcel).done()
    return Finding(lead, lines)


def not_shipped(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Why it has not left; a presale order is told its day of shipping, not only its balance."""
    presale = order.presale
    if order.status is not OrderStatus.PRESALE_DEPOSIT or presale is None:
        return state(order, voice, patience)
    if presale.ships_by is None or presale.balance_until < voice.at:
        return state(order, voice, patience)
    lead = voice.say(
        "presale_waiting", title=voice.title(order), ships=voice.deadline(presale.ships_by)
    )
    return Finding(lead, Facts(order, voice).presale().done())


def not_received(order: Order, voice: Voice, patience: Patience) -> Finding:
    """The courier says delivered and the customer has nothing."""
    signed = order.parcel.arrived_at
    if signed is None:
        return state(order, voice, patience)
    lead = voice.say("signed_not_received", title=voice.title(order), signed=voice.moment(signed))
    lines = Facts(order, voice).event(order.parcel).courier(order.parcel).done()
    return Finding(lead, lines, Reason.POLICY_RESTRICTION)


def installation(order: Order, voice: Voice, patience: Patience) -> Finding:
    """When the fitter comes."""
    visit, signed, title = (
        order.entitlements.installation,
        order.parcel.arrived_at,
        voice.title(order),
    )
    lines = Facts(order, voice).status().time("signed", signed).done()
    status = voice.status(order)
    if visit is None:
        return Finding(voice.say("fitter_none", title=title, status=status), lines)
    span = voice.span(visit.begins_at, visit.ends_at) if visit.begins_at else ""
    if visit.state == "done":
        return Finding(voice.say("fitter_done", title=title, span=span or status), lines)
    if visit.begins_at is not None:
        if (visit.ends_at or visit.begins_at) < voice.at:
            lead = voice.say("fitter_missed", title=title, span=span)
            return Finding(lead, lines, Reason.ACTION_FAILED)
        return Finding(voice.say("fitter_booked", title=title, span=span), lines)
    if signed is None:
        return Finding(voice.say("fitter_unsigned", title=title, status=status), lines)
    if signed + patience.fitter_calls < voice.at:
        lead = voice.say("fitter_late", title=title, signed=voice.moment(signed))
        return Finding(lead, lines, Reason.ACTION_FAILED)
    return Finding(voice.say("fitter_soon", title=title, signed=voice.moment(signed)), lines)


def _behind(order: Order, voice: Voice) -> bool:
    return order.parcel.expected_at is not None and order.parcel.expected_at < voice.at
