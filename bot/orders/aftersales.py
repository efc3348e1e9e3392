"""Goods and money on their way back: returns, refunds, exchanges, freight insurance payments."""

from __future__ import annotations

from datetime import datetime

from bot.orders.finding import Facts, Finding, Patience
from bot.orders.order import Order, OrderStatus
from bot.orders.state import state
from bot.orders.voice import Voice
from handoff.reasons import Reason

_PAYING = frozenset({"paying_out", "done"})


def refund(order: Order, voice: Voice, patience: Patience) -> Finding:
    """How far the refund is."""
    money, title = order.refund, voice.title(order)
    if money is None:
        return _instead("refund_none", order, voice, patience)
    amount, method = voice.money(money.amount), voice.method(money.method)
    facts = Facts(order, voice).time("requested", money.requested_at)
    if money.state == "done" and money.done_at is not None:
        done = voice.moment(money.done_at)
        lead = voice.say("refund_done", title=title, amount=amount, done=done, method=method)
        return Finding(lead, facts.done())
    if money.expected_by is not None and money.expected_by < voice.at:
        expected = voice.deadline(money.expected_by)
        lead = voice.say("refund_late", title=title, amount=amount, expected=expected)
        return Finding(lead, facts.done(), Reason.ACTION_FAILED)
    if money.state == "paying_out" and money.expected_by is not None:
        expected = voice.deadline(money.expected_by)
        lead = voice.say(
            "refund_paying_out", title=title, amount=amount, expected=expected, method=method
        )
        return Finding(lead, facts.time("returned", _received(order)).done())
    held_up = _held_up(order, voice, patience)
    if held_up is not None:
        return held_up
    known = money.state in ("awaiting_return", "return_in_transit")
    key = f"refund_{money.state}" if known else "refund_open"
    lines = facts.event(order.return_parcel).courier(order.return_parcel, "return_courier").done()
    return Finding(voice.say(key, title=title, amount=amount), lines)


def return_progress(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether the return has arrived."""
    title, back, received = voice.title(order), order.return_parcel, _received(order)
    held_up = _held_up(order, voice, patience)
    if held_up is not None:
        return held_up
    facts = Facts(order, voice).refund()
    if received is not None:
        lead = voice.say("return_received", title=title, received=voice.moment(received))
        if order.refund and order.refund.state == "paying_out":
            facts.deadline("refund_by", order.refund.expected_by)
        return Finding(lead, facts.courier(back, "return_courier").done())
    if back is not None and back.sent_at is not None:
        lines = facts.event(back).courier(back, "return_courier").done()
        return Finding(voice.say("return_in_transit", title=title), lines)
    if order.status is OrderStatus.RETURN_REQUESTED and order.refund is not None:
        requested = voice.moment(order.refund.requested_at)
        return Finding(
            voice.say("return_requested", title=title, requested=requested), facts.done()
        )
    return _instead("return_none", order, voice, patience)


def exchange_progress(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether the new one has been sent."""
    exchange, title, received = order.exchange, voice.title(order), _received(order)
    if exchange is None:
        return _instead("exchange_none", order, voice, patience)
    variant, new = voice.variant(exchange.to_variant), exchange.parcel
    facts = Facts(order, voice).time("requested", exchange.requested_at)
    lines = facts.time("returned", received).courier(new, "exchange_courier").done()
    if new.arrived_at is not None:
        signed = voice.moment(new.arrived_at)
        lead = voice.say("exchange_done", title=title, variant=variant, signed=signed)
        return Finding(lead, lines)
    if new.sent_at is not None:
        sent = voice.moment(new.sent_at)
        return Finding(
            voice.say("exchange_shipped", title=title, variant=variant, sent=sent), lines
        )
    if received is not None and received + patience.return_checked < voice.at:
        at = voice.moment(received)
        lead = voice.say("exchange_late", title=title, variant=variant, received=at)
        return Finding(lead, lines, Reason.ACTION_FAILED)
    requested = voice.moment(exchange.requested_at)
    lead = voice.say("exchange_open", title=title, variant=variant, requested=requested)
    return Finding(lead, lines)


def freight_payout(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Why freight insurance has not paid; the order does not know payments, so a person may."""
    title, received = voice.title(order), _received(order)
    facts = Facts(order, voice).status().courier(order.return_parcel, "return_courier")
    if not order.entitlements.freight_insurance:
        return Finding(voice.say("freight_no", title=title), facts.done())
    if received is None:
        return Finding(voice.say("payout_not_back", title=title), facts.done())
    at = voice.moment(received)
    if received + patience.freight_paid < voice.at:
        lead = voice.say("payout_late", title=title, received=at)
        return Finding(lead, facts.done(), Reason.ACTION_FAILED)
    return Finding(voice.say("payout_soon", title=title, received=at), facts.done())


def _held_up(order: Order, voice: Voice, patience: Patience) -> Finding | None:
    """The return that stands still: on the road, or unchecked in the warehouse."""
    back, title = order.return_parcel, voice.title(order)
    paid = order.refund is not None and order.refund.state in _PAYING
    if back is None or paid or order.exchange is not None:
        return None
    facts = Facts(order, voice).refund().event(back).courier(back, "return_courier")
    if back.arrived_at is not None:
        if back.arrived_at + patience.return_checked >= voice.at:
            return None
        lead = voice.say("return_late", title=title, received=voice.moment(back.arrived_at))
        return Finding(lead, facts.done(), Reason.ACTION_FAILED)
    moved = back.moved_at(voice.at)
    if moved is None or moved + patience.parcel_still >= voice.at:
        return None
    lead = voice.say("return_still", title=title, since=voice.moment(moved))
    return Finding(lead, facts.done(), Reason.ACTION_FAILED)


def _received(order: Order) -> datetime | None:
    return order.return_parcel.arrived_at if order.return_parcel else None


def _instead(key: str, order: Order, voice: Voice, patience: Patience) -> Finding:
    """There is no such request; how the order stands, and whether that needs a person."""
    known = state(order, voice, patience)
    lead = voice.say(key, title=voice.title(order), status=voice.status(order))
    if known.person is None:
        return Finding(lead, known.lines)
    return Finding(f"{lead}\n\n{known.lead}", known.lines, known.person)
