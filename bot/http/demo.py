"""The demo shop's own server side: its customers, and signing them in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from bot.http.customer import TheKit
from bot.http.shapes import DemoIdentityBody
from bot.orders.sample import SampleOrders
from bot.vault import Identity

router = APIRouter(prefix="/demo", tags=["demo"])


@router.get("/customers", summary="Customers of the demo shop")
async def customers(kit: TheKit) -> list[dict[str, Any]]:
    """Whom one can sign in as."""
    book = kit.brain.orders
    if not isinstance(book, SampleOrders):
        return []
    return [
        {"id": c.id, "name": c.name, "note": await _note(book, c.id)}
        for c in await book.customers()
    ]


async def _note(book: SampleOrders, customer_id: str) -> str:
    return "、".join(order.status_text for order in await book.orders_of(customer_id))


@router.post("/identity", summary="Sign in as a demo customer")
async def identity(body: DemoIdentityBody, kit: TheKit) -> dict[str, str]:
    """What a shop's own server does for its widget: sign who the visitor is."""
    book = kit.brain.orders
    customer = await book.customer(body.customer_id) if book else None
    if customer is None:
        raise HTTPException(404, "there is no such customer in the demo shop")
    who = Identity(customer.id, customer.name)
    return {"identity": kit.vault.sign_identity(who, at=kit.clock())}
