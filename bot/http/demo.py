"""The demo shop's own server side: its customers, and signing them in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException

from bot.http.parts import TheKit
from bot.http.shapes import DemoIdentityBody
from bot.vault import Identity

router = APIRouter(prefix="/demo", tags=["demo"])


@router.get("/customers", summary="Customers of the demo shop")
async def customers(kit: TheKit) -> list[dict[str, Any]]:
    """Whom one can sign in as."""
    book = kit.brain.customers
    if book is None:
        return []
    cards = kit.brain.orders.cards
    return [
        {
            "id": customer.id,
            "name": customer.name,
            "note": "、".join(
                dict.fromkeys(
                    card["status_text"]
                    for card in await cards(customer.id, at=kit.clock(), locale="zh-Hans")
                )
            ),
        }
        for customer in await book.customers()
    ]


@router.post("/identity", summary="Sign in as a demo customer")
async def identity(body: DemoIdentityBody, kit: TheKit) -> dict[str, str]:
    """What a shop's own server does for its widget: sign who the visitor is."""
    book = kit.brain.customers
    customer = await book.customer(body.customer_id) if book else None
    if customer is None:
        raise HTTPException(404, "there is no such customer in the demo shop")
    who = Identity(customer.id, customer.name)
    return {"identity": kit.vault.sign_identity(who, at=kit.clock())}
