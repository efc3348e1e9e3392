"""What a text says of an order without its number: an amount, a tracking number, a town."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.orders.order import Order, OrderStatus
from bot.orders.topics import OrderTopic
from knowledge.text import normalise

SETTLED = frozenset(
    {
        OrderStatus.SIGNED,
        OrderStatus.INSTALLING,
        OrderStatus.COMPLETED,
        OrderStatus.REFUNDED,
        OrderStatus.EXCHANGED,
    }
)
"""Statuses of goods that the customer has had in hand."""


def tells_of(topic: OrderTopic, text: str, order: Order) -> bool:
    """Whether a text in normal form that names no product can only mean this order."""
    match topic:
        case OrderTopic.PARCEL:
            return has_tracking_number(text, order) or lies_in(text, order)
        case OrderTopic.PRESALE_BALANCE:
            # Who owes a balance and asks about one means that one.
            return order.status is OrderStatus.PRESALE_DEPOSIT
        case OrderTopic.NOT_SHIPPED:
            return order.status is OrderStatus.PRESALE_DEPOSIT and "预售" in text
        case OrderTopic.REFUND | OrderTopic.RETURN_PROGRESS:
            return order.refund is not None and _says(text, order.refund.amount)
        case OrderTopic.PAYMENT:
            return order.status is OrderStatus.UNPAID and _says(text, order.amount)
        case _:
            return False


_TRACKING_NUMBER = re.compile(r"[a-z]{0,4}\d{8,20}")


def has_tracking_number(text: str, order: Order) -> bool:
    """Whether the text gives the number of the order's parcel."""
    number = order.parcel.tracking_no
    return number is not None and normalise(number) in _TRACKING_NUMBER.findall(text)


_STUCK = re.compile(
    r"卡|停|滞留|不动|没动|没走|没挪|还在|一直在|老在|赖|\b(stuck|still|sitting|stranded|held)\b"
)
_TOWN = 2


def lies_in(text: str, order: Order) -> bool:
    """Whether the text complains of a town that the order's parcel has reached.

    甘肃兰州 is told as 兰州. The town alone is not enough: 寄兰州要几天 is a general question.
    """
    if order.status in SETTLED or not _STUCK.search(text):
        return False
    places = (normalise(event.place) for event in order.parcel.events)
    return any(place[-_TOWN:] in text for place in places if len(place) >= _TOWN)


_NUMBER = re.compile(r"(?<![\d.a-z-])\d{1,6}(?:\.\d{1,2})?(?![\d.]*\d|[a-z%]|[码天号月年点折])")


def _says(text: str, amount: Decimal) -> bool:
    """881 stands for 881.02: people leave the fen out."""
    numbers = {Decimal(number) for number in _NUMBER.findall(text)}
    return amount in numbers or (amount >= 1 and Decimal(int(amount)) in numbers)
