"""Which matter of the customer's own orders a text is about, when those orders may be looked at.

The words alone leave 484 块多久能退 open: with the orders at hand it is plain, for one of them
has a refund of 484 on its way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from bot.orders.catalogue import WEAK, Products, how_well_named, without_names
from bot.orders.delivery import MOVING
from bot.orders.hints import hinted_topic
from bot.orders.order import Order, OrderStatus
from bot.orders.selection import orders_named
from bot.orders.topics import OrderTopic, order_topic, order_topics
from bot.orders.traces import SETTLED, tells_of


def order_topic_for(text: str, orders: Sequence[Order], products: Products) -> OrderTopic | None:
    """The topic of a text in normal form from a customer who has these orders, or None.

    More than `order_topic` it knows texts that name something ordered, the amount of a refund,
    a tracking number, the town where a parcel lies, or the balance that the customer still owes.
    """
    topic = order_topic(text)
    if topic is not None or not orders:
        return topic
    if any(tells_of(OrderTopic.PARCEL, text, order) for order in orders):
        return OrderTopic.PARCEL
    named = orders_named(orders, text, products)
    for topic in order_topics(without_names(products, text), owned=True):
        can_be_asked = _CAN_BE_ASKED.get(topic, _always)
        if any(can_be_asked(order) for order in named):
            return topic
        if any(tells_of(topic, text, order) for order in orders):
            return topic
    waits = bool(named) and all(order.status in MOVING for order in named)
    return OrderTopic.PARCEL if waits and _WAITING.search(text) else None


def likely_topic(text: str, orders: Sequence[Order], products: Products) -> OrderTopic | None:
    """The topic of a text that no rule knows, if it is about an order after all; None if it is not.

    ORDER_STATUS, which fits every order, where no order can be asked about the likeliest topic.
    """
    if not orders:
        return None
    scores = how_well_named(products, text)
    named = orders_named(orders, text, products)
    if not named and max(scores.values(), default=0) > WEAK:
        # Something that this customer has not ordered.
        return None
    topic = hinted_topic(without_names(products, text), owned=bool(named))
    if topic is None:
        return None
    can_be_asked = _CAN_BE_ASKED.get(topic, _always)
    return topic if any(map(can_be_asked, named or orders)) else OrderTopic.ORDER_STATUS


# Said of a thing at home these tell of a fault; nothing can be wrong with one still on its way.
_WAITING = re.compile(
    r"不动|没动|卡住|停住|没反应|(什么|啥)情况|怎么回事|没影|不见|not moving|stuck|what's going on"
)


def _always(order: Order) -> bool:
    return True


def _on_its_way(order: Order) -> bool:
    return order.status not in SETTLED


# 羽绒服几天能到 is about the next one when the last one arrived a month ago.
_CAN_BE_ASKED: Mapping[OrderTopic, Callable[[Order], bool]] = {
    OrderTopic.NOT_SHIPPED: _on_its_way,
    OrderTopic.DELIVERY_TIME: _on_its_way,
    OrderTopic.PARCEL: lambda o: _on_its_way(o) or o.status is OrderStatus.SIGNED,
    OrderTopic.REFUND: lambda o: o.refund is not None,
    OrderTopic.RETURN_PROGRESS: lambda o: o.refund is not None or o.return_parcel is not None,
    OrderTopic.EXCHANGE_PROGRESS: lambda o: o.exchange is not None,
    OrderTopic.FREIGHT_PAYOUT: lambda o: o.return_parcel is not None,
    OrderTopic.INSTALLATION: lambda o: o.entitlements.installation is not None,
    OrderTopic.PRESALE_BALANCE: lambda o: o.status is OrderStatus.PRESALE_DEPOSIT,
}
