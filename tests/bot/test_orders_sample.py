"""The order book over YAML files."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from bot.errors import OrdersUnavailable
from bot.orders.order import OrderBook, OrderStatus
from bot.orders.sample import BrokenOrderFile, SampleOrders
from tests.bot.orders_of_the_sample import SAMPLE, raw

PRODUCTS = SAMPLE / "products.yaml"


def book(path: Path = SAMPLE / "customers.yaml", products: Path = PRODUCTS) -> SampleOrders:
    return SampleOrders(path, products)


async def test_a_customer_is_known_without_phone_or_address() -> None:
    port: OrderBook = book()
    customer = await port.customer("C1003")
    assert customer is not None
    assert (customer.name, customer.membership) == ("赵一鸣", "gold")
    assert not hasattr(customer, "phone")
    assert await port.customer("C9999") is None


async def test_orders_come_newest_first_and_only_to_their_owner() -> None:
    port = book()
    orders = await port.orders_of("C1003")
    assert [o.id for o in orders] == ["SY20261116001", "SY20261101001", "SY20260618001"]
    assert {o.customer_id for o in orders} == {"C1003"}
    assert await port.orders_of("C9999") == ()


async def test_every_order_of_the_file_has_one_owner_and_every_status_occurs() -> None:
    port = book()
    read = [o for row in raw()["customers"] for o in await port.orders_of(row["id"])]
    assert Counter(o.id for o in read) == Counter(row["id"] for row in raw()["orders"])
    assert {o.status for o in read} == set(OrderStatus)


async def test_money_is_exact_and_times_are_aware() -> None:
    orders = await book().orders_of("C1008")
    refund = next(o.refund for o in orders if o.refund)
    assert refund.amount == Decimal("881.02")
    assert all(o.created_at.tzinfo is not None for o in orders)


async def test_nothing_is_read_before_the_first_question(tmp_path: Path) -> None:
    lazy = book(tmp_path / "later.yaml")
    (tmp_path / "later.yaml").write_text("customers: []\norders: []\n", encoding="utf-8")
    assert await lazy.customer("C1001") is None


_ORDER = """
customers: [{id: C1, name: N}]
orders:
  - {id: SY1, customer: C1, status: paid, items: [], amount: 1,
     created_at: '2026-01-01T00:00:00+08:00'}
"""


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("customers: [", "not valid YAML", "no YAML"),
        ("- 1", "no list of customers", "no mapping"),
        ("customers: []", "no list of orders", "a part is missing"),
        ("customers: [{id: C1}]\norders: []", "customer 1: the key 'name' is missing", "a key"),
        (_ORDER.replace("status: paid", "status: gone"), "'gone' is not a valid", "a status"),
        (_ORDER.replace("+08:00", ""), "has no offset", "a naive time"),
        (_ORDER.replace("amount: 1", "amount: much"), "order 1", "no money"),
        (_ORDER.replace("customer: C1", "customer: C2"), "no customer C2", "a stranger's order"),
    ],
)
async def test_a_broken_file_says_where_and_what(
    tmp_path: Path, text: str, words: str, why: str
) -> None:
    path = tmp_path / "customers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenOrderFile, match=words) as caught:
        await book(path).orders_of("C1")
    assert str(path) in str(caught.value)
    assert isinstance(caught.value, OrdersUnavailable)


async def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenOrderFile, match="cannot be read"):
        await book(tmp_path / "nowhere.yaml").customer("C1")


async def test_a_plain_order_needs_few_keys(tmp_path: Path) -> None:
    path = tmp_path / "customers.yaml"
    path.write_text(_ORDER, encoding="utf-8")
    assert [o.id for o in await book(path).orders_of("C1")] == ["SY1"]
