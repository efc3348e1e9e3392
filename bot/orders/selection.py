"""Which of a customer's orders a question is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.orders.catalogue import WEAK, Products, how_well_named
from bot.orders.delivery import MOVING, WAITING
from bot.orders.order import Order, OrderStatus
from bot.orders.rights import COMING_BACK
from bot.orders.topics import OrderTopic, mentioned_orders
from bot.orders.traces import has_tracking_number, tells_of
from knowledge.text import normalise

Test = Callable[[Order], bool]


@dataclass(frozen=True, slots=True)
class Unknown:
    """The question names an order number or (number None) a product that is not the customer's."""

    number: str | None


def orders_meant(
    topic: OrderTopic,
    orders: Sequence[Order],
    question: str,
    products: Products,
    about: str | None = None,
) -> Sequence[Order] | Unknown:
    """The orders that a question in normal form may mean, newest first; one when it is clear.

    A number in the question counts most, then a product in it, then `about`, the order that the
    conversation is about, then an amount or a town in it, then the status that fits the topic.
    `orders` is not empty.
    """
    named = _by_number(orders, question)
    if isinstance(named, Unknown) or named:
        return named
    products_named = _by_product(orders, question, products)
    if isinstance(products_named, Unknown):
        return products_named
    if about is not None:
        chosen = [order for order in products_named or orders if order.id == about]
        if chosen or not products_named:
            return chosen or Unknown(about)
    candidates = products_named or orders
    told = [order for order in candidates if tells_of(topic, question, order)]
    return _fitting(topic, told or candidates)


def _by_number(orders: Sequence[Order], question: str) -> Sequence[Order] | Unknown:
    own = {order.id for order in orders}
    strange = next((number for number in mentioned_orders(question) if number not in own), None)
    if strange is not None:
        return Unknown(strange)
    named = {*mentioned_orders(question), *(o.id for o in orders if _stands_in(o, question))}
    return [order for order in orders if order.id in named]


def orders_named(orders: Sequence[Order], question: str, products: Products) -> Sequence[Order]:
    """The orders that hold the product which a question in normal form names, if they do."""
    found = _by_product(orders, question, products) if orders else []
    return [] if isinstance(found, Unknown) else found


def _stands_in(order: Order, question: str) -> bool:
    """For shops that number their orders in another way, and for tracking numbers."""
    word = rf"(?<![a-z0-9]){re.escape(normalise(order.id))}(?![a-z0-9])"
    return re.search(word, question) is not None or has_tracking_number(question, order)


def _by_product(
    orders: Sequence[Order], question: str, products: Products
) -> Sequence[Order] | Unknown:
    """The orders holding the product that the question names best."""
    scores = how_well_named(products, question)
    score = {o.id: max((scores.get(i.product_id, 0) for i in o.items), default=0) for o in orders}
    best = max(score.values())
    if best == 0:
        return Unknown(None) if max(scores.values(), default=0) > WEAK else []
    return [order for order in orders if score[order.id] == best]


def _status(*statuses: OrderStatus) -> Test:
    return lambda order: order.status in statuses


_ON_THE_ROAD = frozenset({*MOVING, OrderStatus.DELIVERED, OrderStatus.LOST})
_KEPT = frozenset({OrderStatus.SIGNED, OrderStatus.INSTALLING})
_OVER = frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED, OrderStatus.REFUNDED})
_CLOSED = frozenset({*_OVER, OrderStatus.EXCHANGED})
_UNBOUGHT = frozenset({OrderStatus.UNPAID, OrderStatus.CANCELLED, OrderStatus.REFUNDED})

# The first test that any order passes decides; more than one passing means asking back.
_TESTS: dict[OrderTopic, tuple[Test, ...]] = {
    OrderTopic.NOT_SHIPPED: (_status(*WAITING),),
    OrderTopic.PARCEL: (_status(*_ON_THE_ROAD),),
    OrderTopic.DELIVERY_TIME: (_status(*_ON_THE_ROAD, *WAITING),),
    OrderTopic.NOT_RECEIVED: (_status(OrderStatus.DELIVERED, *_KEPT), _status(*_ON_THE_ROAD)),
    OrderTopic.REFUND: (
        lambda o: o.refund is not None and o.refund.state != "done",
        lambda o: o.refund is not None,
    ),
    OrderTopic.RETURN_PROGRESS: (
        lambda o: o.status in COMING_BACK and o.status is not OrderStatus.REFUNDED,
        lambda o: o.return_parcel is not None and o.exchange is None,
    ),
    OrderTopic.EXCHANGE_PROGRESS: (
        lambda o: o.exchange is not None and o.exchange.state != "done",
        lambda o: o.exchange is not None,
    ),
    OrderTopic.CAN_RETURN: (
        _status(*_KEPT, OrderStatus.DELIVERED),
        _status(*_ON_THE_ROAD, *WAITING),
        _status(OrderStatus.COMPLETED),
    ),
    OrderTopic.PRICE_PROTECTION: (
        lambda o: o.entitlements.price_protection_until is not None and o.status not in _CLOSED,
        lambda o: o.entitlements.price_protection_until is not None,
    ),
    OrderTopic.WARRANTY: (lambda o: o.entitlements.warranty_until is not None,),
    OrderTopic.INVOICE: (
        lambda o: o.invoice.state == "requested",
        lambda o: o.invoice.state == "issued",
        lambda o: o.status not in _UNBOUGHT,
    ),
    OrderTopic.INSTALLATION: (
        lambda o: (
            o.entitlements.installation is not None and o.entitlements.installation.state != "done"
        ),
        lambda o: o.entitlements.installation is not None,
    ),
    OrderTopic.FREIGHT_INSURANCE: (
        lambda o: o.status not in _CLOSED and o.status is not OrderStatus.UNPAID,
        lambda o: o.status not in _UNBOUGHT,
    ),
    OrderTopic.FREIGHT_PAYOUT: (lambda o: o.return_parcel is not None and o.exchange is None,),
    OrderTopic.PRESALE_BALANCE: (_status(OrderStatus.PRESALE_DEPOSIT),),
    OrderTopic.PAYMENT: (_status(OrderStatus.UNPAID), _status(OrderStatus.PRESALE_DEPOSIT)),
    OrderTopic.CANCELLED: (_status(OrderStatus.CANCELLED),),
    OrderTopic.ITEMS: (lambda o: o.status not in _CLOSED,),
    OrderTopic.ORDER_STATUS: (lambda o: o.status not in _CLOSED,),
}


def _fitting(topic: OrderTopic, orders: Sequence[Order]) -> Sequence[Order]:
    """The orders that fit the topic; the newest alone when none does."""
    for test in _TESTS[topic]:
        fitting = [order for order in orders if test(order)]
        if fitting:
            return fitting
    return orders[:1]
