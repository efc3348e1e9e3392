"""An order as its owner may see it, and the port through which orders are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class OrderStatus(StrEnum):
    """How far an order has come."""

    UNPAID = "unpaid"
    PRESALE_DEPOSIT = "presale_deposit"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    SIGNED = "signed"
    INSTALLING = "installing"
    RETURN_REQUESTED = "return_requested"
    RETURN_IN_TRANSIT = "return_in_transit"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Customer:
    """A signed-in customer, without phone or address: what is not here cannot be told."""

    id: str
    name: str
    language: str
    membership: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order."""

    product_id: str
    variant: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class ParcelEvent:
    """One scan of a parcel, in the courier's words."""

    at: datetime
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel on its way, to the customer or back to the shop; events oldest first."""

    carrier: str | None = None
    tracking_no: str | None = None
    sent_at: datetime | None = None
    expected_at: datetime | None = None
    arrived_at: datetime | None = None
    events: tuple[ParcelEvent, ...] = ()

    def latest(self, at: datetime) -> ParcelEvent | None:
        """The last scan known at a time."""
        return next((event for event in reversed(self.events) if event.at <= at), None)

    def moved_at(self, at: datetime) -> datetime | None:
        """When the parcel was last seen to move; None for one never sent."""
        latest = self.latest(at)
        return latest.at if latest else self.sent_at


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back. `state` is the shop's own word; unknown ones are shown as open."""

    amount: Decimal
    state: str
    requested_at: datetime
    expected_by: datetime | None = None
    done_at: datetime | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """Goods changed for another variant."""

    from_variant: str
    to_variant: str
    state: str
    requested_at: datetime
    parcel: Parcel


@dataclass(frozen=True, slots=True)
class Presale:
    """Deposit now, balance later."""

    deposit: Decimal
    balance: Decimal
    balance_from: datetime
    balance_until: datetime
    ships_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """A fitter's visit: `not_booked`, `booked` or `done`."""

    state: str
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invoice:
    """`type` none, electronic, electronic_special…; `state` not_requested, requested, issued."""

    type: str = "none"
    state: str = "not_requested"
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What the customer may still ask for with this order; None is no such right."""

    price_protection_until: datetime | None = None
    return_until: datetime | None = None
    warranty_until: datetime | None = None
    freight_insurance: bool = False
    installation: Installation | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order of one customer. Times are aware, money is in the shop's currency."""

    id: str
    customer_id: str
    status: OrderStatus
    items: tuple[Item, ...]
    amount: Decimal
    created_at: datetime
    pay_before: datetime | None = None
    paid_at: datetime | None = None
    promised_ship_by: datetime | None = None
    parcel: Parcel = Parcel()
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    presale: Presale | None = None
    exchange: Exchange | None = None
    return_parcel: Parcel | None = None
    refund: Refund | None = None
    entitlements: Entitlements = Entitlements()
    invoice: Invoice = Invoice()


class OrderBook(Protocol):
    """Where orders are read. There is no way to ask for an order without its customer."""

    async def customer(self, customer_id: str) -> Customer | None:
        """The customer of that id, or None. Raises OrdersUnavailable."""

    async def orders_of(self, customer_id: str) -> Sequence[Order]:
        """That customer's orders, newest first; none for a stranger. Raises OrdersUnavailable."""
