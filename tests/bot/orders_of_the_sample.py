"""The sample shop's orders as they stand on 21 November 2026, 20:00, for the tests about orders."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.orders.answers import OrderReply, answer
from bot.orders.order import Order
from bot.orders.sample import SampleOrders
from bot.orders.topics import OrderTopic
from bot.wording import Locale

SAMPLE = Path(__file__).parents[2] / "bot" / "sample"
AT = datetime.fromisoformat("2026-11-21T20:00:00+08:00")
ZONE = ZoneInfo("Asia/Shanghai")
PRODUCTS = asyncio.run(SampleOrders(SAMPLE / "customers.yaml", SAMPLE / "products.yaml").products())


@cache
def raw() -> dict[str, Any]:
    """The file as it is, with everything that must never be shown."""
    read: dict[str, Any] = yaml.safe_load((SAMPLE / "customers.yaml").read_text("utf-8"))
    return read


@cache
def all_orders() -> dict[str, Sequence[Order]]:
    """Every customer's orders."""
    book = SampleOrders(SAMPLE / "customers.yaml", SAMPLE / "products.yaml")

    async def read() -> dict[str, Sequence[Order]]:
        return {row["id"]: await book.orders_of(row["id"]) for row in raw()["customers"]}

    return asyncio.run(read())


def order(order_id: str) -> Order:
    """One order by its number."""
    return next(o for orders in all_orders().values() for o in orders if o.id == order_id)


def ask(
    customer: str,
    topic: str,
    question: str = "",
    *,
    locale: Locale = "zh-Hans",
    at: datetime = AT,
    about: str | None = None,
) -> OrderReply:
    """The reply to a customer's question."""
    return answer(
        OrderTopic(topic),
        all_orders()[customer],
        question,
        at,
        locale,
        PRODUCTS,
        zone=ZONE,
        about=about,
    )


def ask_about(one: Order, topic: OrderTopic, locale: Locale = "zh-Hans") -> OrderReply:
    """The reply when a customer has only this order."""
    return answer(topic, [one], "", AT, locale, PRODUCTS, zone=ZONE)
