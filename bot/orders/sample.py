"""An order book over YAML files: the sample shop's, or a small shop's own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from bot.errors import OrdersUnavailable
from bot.orders.catalogue import ProductName
from bot.orders.order import (
    Customer,
    Entitlements,
    Exchange,
    Installation,
    Invoice,
    Item,
    Order,
    OrderStatus,
    Parcel,
    ParcelEvent,
    Presale,
    Refund,
)

# libyaml reads the files ten times faster; not every platform's PyYAML has it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BrokenOrderFile(OrdersUnavailable):
    """An order file cannot be used; correct what the message names and start again."""


@dataclass(frozen=True, slots=True)
class _Contents:
    customers: Mapping[str, Customer]
    orders: Mapping[str, tuple[Order, ...]]
    products: Mapping[str, ProductName]


class SampleOrders:
    """Reads both files once, at the first question, and keeps them."""

    def __init__(self, path: Path, products_path: Path) -> None:
        self._path = path
        self._products_path = products_path
        self._reading = asyncio.Lock()
        self._contents: _Contents | None = None

    async def customer(self, customer_id: str) -> Customer | None:
        """The customer of that id, or None. Raises BrokenOrderFile."""
        return (await self._read()).customers.get(customer_id)

    async def customers(self) -> Sequence[Customer]:
        """Every customer, in the order of their ids. Raises OrdersUnavailable."""
        return sorted((await self._read()).customers.values(), key=lambda c: c.id)

    async def orders_of(self, customer_id: str) -> Sequence[Order]:
        """That customer's orders, newest first. Raises BrokenOrderFile."""
        return (await self._read()).orders.get(customer_id, ())

    async def products(self) -> Mapping[str, ProductName]:
        """The names of the shop's products by id. Raises BrokenOrderFile."""
        return (await self._read()).products

    async def _read(self) -> _Contents:
        async with self._reading:
            if self._contents is None:
                self._contents = await asyncio.to_thread(_contents, self._path, self._products_path)
            return self._contents


def read_products(path: Path) -> dict[str, ProductName]:
    """The product names in a YAML file of `products`, by id. Raises BrokenOrderFile."""
    found: dict[str, ProductName] = {}
    for place, row in enumerate(_rows(path, "products"), 1):
        try:
            name = str(row["name"])
            found[str(row["id"])] = ProductName(name, str(row.get("name_en") or name))
        except (KeyError, TypeError, AttributeError) as error:
            raise BrokenOrderFile(f"{path}: product {place}: {_why(error)}") from error
    return found


def _contents(path: Path, products_path: Path) -> _Contents:
    customers: dict[str, Customer] = {}
    for place, row in enumerate(_rows(path, "customers"), 1):
        try:
            customer = _customer(row)
        except (KeyError, TypeError, AttributeError) as error:
            raise BrokenOrderFile(f"{path}: customer {place}: {_why(error)}") from error
        customers[customer.id] = customer
    orders: dict[str, list[Order]] = {}
    seen: set[str] = set()
    for place, row in enumerate(_rows(path, "orders"), 1):
        try:
            order = _order(row)
        except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation) as error:
            raise BrokenOrderFile(f"{path}: order {place}: {_why(error)}") from error
        if order.customer_id not in customers:
            raise BrokenOrderFile(f"{path}: order {order.id}: no customer {order.customer_id}")
        if order.id in seen:
            raise BrokenOrderFile(f"{path}: order {order.id} stands there twice")
        seen.add(order.id)
        orders.setdefault(order.customer_id, []).append(order)
    newest_first = {
        owner: tuple(sorted(rows, key=lambda o: (o.created_at, o.id), reverse=True))
        for owner, rows in orders.items()
    }
    return _Contents(customers, newest_first, read_products(products_path))


def _rows(path: Path, key: str) -> list[dict[str, Any]]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise BrokenOrderFile(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BrokenOrderFile(f"{path} is not UTF-8; save it as UTF-8") from error
    except yaml.YAMLError as error:
        raise BrokenOrderFile(f"{path} is not valid YAML: {error}") from error
    rows = raw.get(key) if isinstance(raw, dict) else None
    if not isinstance(rows, list):
        raise BrokenOrderFile(f"{path} has no list of {key}; begin it with `{key}:`")
    return rows


def _why(error: Exception) -> str:
    return f"the key {error} is missing" if isinstance(error, KeyError) else str(error)


def _customer(row: dict[str, Any]) -> Customer:
    return Customer(
        id=str(row["id"]),
        name=str(row["name"]),
        language=str(row.get("language", "zh")),
        membership=str(row.get("membership", "regular")),
    )


def _order(row: dict[str, Any]) -> Order:
    return Order(
        id=str(row["id"]),
        customer_id=str(row["customer"]),
        status=OrderStatus(row["status"]),
        items=tuple(
            Item(str(i["product"]), str(i["variant"]), int(i["quantity"]), _money(i["price"]))
            for i in row["items"]
        ),
        amount=_money(row["amount"]),
        created_at=_time(row["created_at"]),
        pay_before=_time_or_none(row.get("pay_before")),
        paid_at=_time_or_none(row.get("paid_at")),
        promised_ship_by=_time_or_none(row.get("promised_ship_by")),
        parcel=Parcel(
            carrier=row.get("carrier"),
            tracking_no=row.get("tracking_no"),
            sent_at=_time_or_none(row.get("shipped_at")),
            expected_at=_time_or_none(row.get("expected_delivery")),
            arrived_at=_time_or_none(row.get("signed_at")),
            events=_events(row.get("parcel_events")),
        ),
        completed_at=_time_or_none(row.get("completed_at")),
        cancelled_at=_time_or_none(row.get("cancelled_at")),
        presale=_presale(row.get("presale")),
        exchange=_exchange(row.get("exchange")),
        return_parcel=_return_parcel(row.get("return_parcel")),
        refund=_refund(row.get("refund")),
        entitlements=_entitlements(row.get("entitlements") or {}),
        invoice=_invoice(row.get("invoice") or {}),
    )


def _money(value: object) -> Decimal:
    # Through str: Decimal(454.1) would be 454.10000000000002.
    return Decimal(str(value))


def _time(value: object) -> datetime:
    time = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if time.tzinfo is None:
        raise ValueError(f"the time {value} has no offset; write it like 2026-11-21T20:00:00+08:00")
    return time


def _time_or_none(value: object) -> datetime | None:
    return None if value is None else _time(value)


def _events(rows: list[dict[str, Any]] | None) -> tuple[ParcelEvent, ...]:
    events = [
        ParcelEvent(_time(r["at"]), str(r.get("place") or ""), str(r["text"])) for r in rows or ()
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def _presale(row: dict[str, Any] | None) -> Presale | None:
    if row is None:
        return None
    return Presale(
        deposit=_money(row["deposit"]),
        balance=_money(row["balance"]),
        balance_from=_time(row["balance_from"]),
        balance_until=_time(row["balance_until"]),
        ships_by=_time_or_none(row.get("ships_by")),
    )


def _exchange(row: dict[str, Any] | None) -> Exchange | None:
    if row is None:
        return None
    return Exchange(
        from_variant=str(row["from_variant"]),
        to_variant=str(row["to_variant"]),
        state=str(row["state"]),
        requested_at=_time(row["requested_at"]),
        parcel=Parcel(
            carrier=row.get("carrier"),
            tracking_no=row.get("tracking_no"),
            sent_at=_time_or_none(row.get("shipped_at")),
            arrived_at=_time_or_none(row.get("signed_at")),
        ),
    )


def _return_parcel(row: dict[str, Any] | None) -> Parcel | None:
    if row is None:
        return None
    return Parcel(
        carrier=row.get("carrier"),
        tracking_no=row.get("tracking_no"),
        sent_at=_time_or_none(row.get("sent_at")),
        arrived_at=_time_or_none(row.get("received_at")),
        events=_events(row.get("events")),
    )


def _refund(row: dict[str, Any] | None) -> Refund | None:
    if row is None:
        return None
    return Refund(
        amount=_money(row["amount"]),
        state=str(row["state"]),
        requested_at=_time(row["requested_at"]),
        expected_by=_time_or_none(row.get("expected_by")),
        done_at=_time_or_none(row.get("done_at")),
        method=row.get("method"),
    )


def _entitlements(row: dict[str, Any]) -> Entitlements:
    visit = row.get("installation")
    return Entitlements(
        price_protection_until=_time_or_none(row.get("price_protection_until")),
        return_until=_time_or_none(row.get("return_until")),
        warranty_until=_time_or_none(row.get("warranty_until")),
        freight_insurance=bool(row.get("freight_insurance")),
        installation=visit
        and Installation(
            state=str(visit["state"]),
            begins_at=_time_or_none(visit.get("appointment")),
            ends_at=_time_or_none(visit.get("appointment_end")),
        ),
    )


def _invoice(row: dict[str, Any]) -> Invoice:
    return Invoice(
        type=str(row.get("type") or "none"),
        state=str(row.get("state") or "not_requested"),
        issued_at=_time_or_none(row.get("issued_at")),
    )
