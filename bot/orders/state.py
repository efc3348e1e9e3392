"""How an order stands, whatever was asked: one sentence and the facts, for every status."""

from __future__ import annotations

from bot.orders.finding import Facts, Finding, Patience
from bot.orders.order import Order, OrderStatus
from bot.orders.voice import Voice
from handoff.reasons import Reason


def state(order: Order, voice: Voice, patience: Patience) -> Finding:
    """The order's state; says itself when something is overdue."""
    match order.status:
        case OrderStatus.UNPAID:
            return _unpaid(order, voice)
        case OrderStatus.PRESALE_DEPOSIT:
            return presale(order, voice, patience)
        case OrderStatus.PAID | OrderStatus.PACKED:
            return _waiting(order, voice)
        case OrderStatus.SHIPPED | OrderStatus.IN_TRANSIT | OrderStatus.OUT_FOR_DELIVERY:
            return _on_the_road(order, voice, patience)
        case OrderStatus.DELIVERED | OrderStatus.LOST:
            lead = voice.say(f"parcel_{order.status.value}", title=voice.title(order))
            lines = Facts(order, voice).event(order.parcel).courier(order.parcel).done()
            lost = order.status is OrderStatus.LOST
            return Finding(lead, lines, Reason.POLICY_RESTRICTION if lost else None)
        case OrderStatus.CANCELLED:
            return cancelled(order, voice, patience)
        case OrderStatus.SIGNED | OrderStatus.INSTALLING | OrderStatus.COMPLETED:
            return _signed(order, voice)
        case _:
            lead = voice.say("state", title=voice.title(order), status=voice.status(order))
            facts = Facts(order, voice).refund().time("signed", order.parcel.arrived_at)
            return Finding(lead, facts.courier(order.return_parcel, "return_courier").done())


def payment(order: Order, voice: Voice, patience: Patience) -> Finding:
    """What is still to be paid and until when."""
    if order.status is OrderStatus.PRESALE_DEPOSIT:
        return presale(order, voice, patience)
    if order.status is OrderStatus.UNPAID:
        return _unpaid(order, voice)
    lines = Facts(order, voice).amount().status().done()
    if order.paid_at is None or order.status is OrderStatus.CANCELLED:
        status = voice.status(order)
        return Finding(voice.say("payment_none", title=voice.title(order), status=status), lines)
    paid = voice.moment(order.paid_at)
    return Finding(voice.say("payment_done", title=voice.title(order), paid=paid), lines)


def presale(order: Order, voice: Voice, patience: Patience) -> Finding:
    """When the balance is due."""
    title, sale = voice.title(order), order.presale
    if sale is None or order.status is not OrderStatus.PRESALE_DEPOSIT:
        lead = voice.say("presale_none", title=title, status=voice.status(order))
        return Finding(lead, Facts(order, voice).amount().time("paid", order.paid_at).done())
    until, balance = voice.deadline(sale.balance_until), voice.money(sale.balance)
    facts = Facts(order, voice).presale()
    lines = facts.deadline("ship_by", sale.ships_by).done()
    if voice.at < sale.balance_from:
        span = voice.span(sale.balance_from, sale.balance_until)
        return Finding(voice.say("presale_before", title=title, balance=balance, span=span), lines)
    if voice.at <= sale.balance_until:
        return Finding(voice.say("presale_now", title=title, balance=balance, until=until), lines)
    return Finding(voice.say("presale_late", title=title, until=until), lines)


def cancelled(order: Order, voice: Voice, patience: Patience) -> Finding:
    """Whether and when it was cancelled."""
    title, status = voice.title(order), voice.status(order)
    lines = Facts(order, voice).refund().time("ordered", order.created_at).done()
    if order.status is not OrderStatus.CANCELLED:
        return Finding(voice.say("not_cancelled", title=title, status=status), lines)
    if order.cancelled_at is None:
        return Finding(voice.say("state", title=title, status=status), lines)
    at = voice.moment(order.cancelled_at)
    return Finding(voice.say("cancelled", title=title, cancelled=at), lines)


def items(order: Order, voice: Voice, patience: Patience) -> Finding:
    """What was ordered, in which variant."""
    joint = ", " if voice.locale == "en" else "、"
    lead = voice.say("items", items=joint.join(voice.item(item) for item in order.items))
    return Finding(lead, Facts(order, voice).amount().status().done())


def _unpaid(order: Order, voice: Voice) -> Finding:
    title = voice.title(order)
    lines = Facts(order, voice).amount().time("ordered", order.created_at).done()
    if order.pay_before is None:
        return Finding(voice.say("unpaid_open", title=title), lines)
    until = voice.deadline(order.pay_before)
    if order.pay_before < voice.at:
        return Finding(voice.say("unpaid_late", title=title, until=until), lines)
    amount = voice.money(order.amount)
    return Finding(voice.say("unpaid", title=title, until=until, amount=amount), lines)


def _waiting(order: Order, voice: Voice) -> Finding:
    title, promised = voice.title(order), order.promised_ship_by
    lines = Facts(order, voice).status().time("paid", order.paid_at).done()
    if promised is None:
        return Finding(voice.say("waiting_open", title=title), lines)
    until = voice.deadline(promised)
    if promised < voice.at:
        lead = voice.say("waiting_late", title=title, until=until)
        return Finding(lead, lines, Reason.ACTION_FAILED)
    key = "waiting_packed" if order.status is OrderStatus.PACKED else "waiting"
    return Finding(voice.say(key, title=title, until=until), lines)


def _on_the_road(order: Order, voice: Voice, patience: Patience) -> Finding:
    parcel, title = order.parcel, voice.title(order)
    behind = parcel.expected_at is not None and parcel.expected_at < voice.at
    facts = Facts(order, voice).event(parcel)
    # An expectation that has passed helps nobody.
    facts = (
        facts.time("sent", parcel.sent_at)
        if behind
        else facts.deadline("expected", parcel.expected_at)
    )
    lines = facts.courier(parcel).done()
    moved = parcel.moved_at(voice.at)
    if moved is not None and moved + patience.parcel_still < voice.at:
        lead = voice.say("parcel_still", title=title, since=voice.moment(moved))
        return Finding(lead, lines, Reason.ACTION_FAILED)
    place = voice.place(parcel.latest(voice.at))
    if behind and parcel.expected_at is not None:
        expected = voice.deadline(parcel.expected_at)
        return Finding(
            voice.say("parcel_behind", title=title, expected=expected, place=place), lines
        )
    key = f"parcel_{order.status.value}"
    lead = voice.say(key, title=title, place=place, carrier=voice.carrier(parcel))
    return Finding(lead, lines)


def _signed(order: Order, voice: Voice) -> Finding:
    title, signed = voice.title(order), order.parcel.arrived_at
    lines = Facts(order, voice).status().courier(order.parcel).done()
    if signed is None:
        return Finding(voice.say("state", title=title, status=voice.status(order)), lines)
    return Finding(voice.say("signed", title=title, signed=voice.moment(signed)), lines)
