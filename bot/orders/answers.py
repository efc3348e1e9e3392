"""The reply to a question about the customer's own order, from that order alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal, TypedDict

from bot.orders import aftersales, delivery, rights, state
from bot.orders.catalogue import Products
from bot.orders.finding import Facts, Finding, Patience
from bot.orders.order import Order
from bot.orders.selection import Unknown, orders_meant
from bot.orders.topics import OrderTopic
from bot.orders.voice import Voice
from bot.wording import Locale
from handoff.reasons import Reason
from knowledge.text import normalise

_MOST_CHOICES = 3


class OrderCard(TypedDict):
    """A message part that shows an order."""

    type: Literal["order_card"]
    order_id: str
    title: str
    status: str
    status_text: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the order says, in Markdown."""

    text: str
    card: OrderCard
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhichOrder:
    """Several orders fit: (order id, label), newest first."""

    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """What the order says, and why a person must act on it.

    The text does not say that the conversation was passed on; whoever stores that says so.
    """

    reason: Reason
    text: str
    card: OrderCard
    order_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoSuchOrder:
    """Nothing of that number or product in this account, whether or not it exists elsewhere."""

    text: str


OrderReply = Answer | WhichOrder | NeedsPerson | NoSuchOrder

_FINDINGS: Mapping[OrderTopic, Callable[[Order, Voice, Patience], Finding]] = {
    OrderTopic.PARCEL: delivery.parcel,
    OrderTopic.NOT_RECEIVED: delivery.not_received,
    OrderTopic.NOT_SHIPPED: delivery.not_shipped,
    OrderTopic.DELIVERY_TIME: delivery.delivery_time,
    OrderTopic.REFUND: aftersales.refund,
    OrderTopic.RETURN_PROGRESS: aftersales.return_progress,
    OrderTopic.EXCHANGE_PROGRESS: aftersales.exchange_progress,
    OrderTopic.CAN_RETURN: rights.can_return,
    OrderTopic.PRICE_PROTECTION: rights.price_protection,
    OrderTopic.WARRANTY: rights.warranty,
    OrderTopic.INVOICE: rights.invoice,
    OrderTopic.INSTALLATION: delivery.installation,
    OrderTopic.FREIGHT_INSURANCE: rights.freight_insurance,
    OrderTopic.FREIGHT_PAYOUT: aftersales.freight_payout,
    OrderTopic.PRESALE_BALANCE: state.presale,
    OrderTopic.PAYMENT: state.payment,
    OrderTopic.CANCELLED: state.cancelled,
    OrderTopic.ITEMS: state.items,
    OrderTopic.ORDER_STATUS: state.state,
}


def answer(
    topic: OrderTopic,
    orders: Sequence[Order],
    question: str,
    at: datetime,
    locale: Locale,
    products: Products | None = None,
    *,
    zone: tzinfo,
    about: str | None = None,
    patience: Patience | None = None,
) -> OrderReply:
    """The reply to `question` from `orders`, which must all be the asking customer's own.

    `at` is aware; `zone` is the shop's, in which times are shown. `about` is the id of the order
    that the conversation is about (its page, or a button pressed), if any. Without `products`
    an order shows the ids of its products.
    """
    if not orders:
        return NoSuchOrder(Voice(locale, zone, at).say("no_orders"))
    voice = Voice(locale, zone, at, products or {})
    newest_first = sorted(orders, key=lambda order: (order.created_at, order.id), reverse=True)
    meant = orders_meant(topic, newest_first, normalise(question), voice.products, about)
    if isinstance(meant, Unknown):
        key = "no_such_product" if meant.number is None else "no_such_order"
        return NoSuchOrder(voice.say(key, number=meant.number or ""))
    if len(meant) > 1:
        options = tuple((order.id, voice.label(order)) for order in meant[:_MOST_CHOICES])
        return WhichOrder(voice.say("which"), options)
    order = meant[0]
    found = _FINDINGS[topic](order, voice, patience or Patience())
    text = "\n".join([found.lead, "", *(f"- {line}" for line in found.lines)])
    if found.person is not None:
        return NeedsPerson(found.person, text, order_card(order, voice), (order.id,))
    return Answer(text, order_card(order, voice), (order.id,))


def order_card(order: Order, voice: Voice) -> OrderCard:
    """The order as a card: what was bought, for how much, when."""
    goods = [voice.item(item) for item in order.items[:_MOST_CHOICES]]
    facts = Facts(order, voice).amount().time("ordered", order.created_at).done()
    return OrderCard(
        type="order_card",
        order_id=order.id,
        title=voice.title(order),
        status=order.status.value,
        status_text=voice.status(order),
        # The card shows the number by itself.
        lines=[*goods, *facts[:-1]],
    )
