"""The desk's API: sign in, see what waits, take it, answer, give it back, close it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from sse_starlette import EventSourceResponse

from bot.errors import OrdersUnavailable
from bot.feed import EVERYTHING
from bot.http import desk_reply, desk_session
from bot.http.desk_messages import told
from bot.http.desk_session import Acting, Me
from bot.http.event_text import event_text
from bot.http.markup import dressed
from bot.http.parts import TheKit, TheParts
from bot.http.problems import documented
from bot.http.shapes import ReturnBody, TypingBody
from bot.http.streams import Row, stream
from bot.http.uploads import shown
from bot.kit import Kit
from bot.wording import locale_of
from handoff.conversation import Conversation
from handoff.listing import Summary

router = APIRouter(prefix="/api/desk", tags=["desk"], responses=documented(401, 403, 404, 409, 422))
router.include_router(desk_session.router)
router.include_router(desk_reply.router)

View = Literal["queue", "mine", "bot", "tickets", "closed"]


@router.get("/conversations", summary="List conversations")
async def conversations(me: Me, kit: TheKit, view: View = "queue") -> dict[str, Any]:
    """One view of the desk, with the counts of all."""
    cursor = await kit.listing.cursor()
    rows = await kit.listing.view(view, me.person)
    return {
        "conversations": [_summary(row) for row in rows],
        "counts": await kit.listing.counts(me.person),
        "cursor": cursor,
    }


def _summary(row: Summary) -> dict[str, Any]:
    return {
        **_state(row.conversation),
        "last_message": row.last_message,
        "customer": {"name": row.customer_name, "signed_in": row.signed_in},
        "agent_id": row.conversation.agent_id,
        "agent_name": row.agent_name,
        "ticket": row.ticket,
        "rating": row.rating,
        "locale": row.locale,
        "channel": row.channel,
        "updated_at": row.updated_at.isoformat(),
    }


def _state(state: Conversation) -> dict[str, Any]:
    return {
        "id": state.id,
        "holder": state.holder.value,
        "epoch": state.epoch,
        "reason": state.reason,
        "waiting_since": state.waiting_since.isoformat() if state.waiting_since else None,
        "note": state.note,
    }


@router.get("/conversations/{conversation_id}", summary="One conversation")
async def conversation(
    conversation_id: str, me: Me, kit: TheKit, parts: TheParts
) -> dict[str, Any]:
    """Messages with the bot's trail, the customer, and the customer's orders.

    `event_seq` of a message and `seq` of an event give the order in which all of it happened.
    """
    row = await kit.listing.summary(conversation_id)
    messages = await kit.inbox.messages(conversation_id)
    events = await kit.events.latest(conversation_id)
    decisions = await kit.listing.decisions(conversation_id)
    customer_id, name = await kit.inbox.customer_of(row.contact_id)
    panel = await _panel(kit, customer_id, row.locale)
    return {
        "conversation": _summary(row),
        "customer": {
            "name": name,
            "signed_in": customer_id is not None,
            "id": customer_id,
            "membership": panel["membership"],
        },
        "merges": [merge.to_json() for merge in await parts.identities.merges(conversation_id)],
        "orders": panel["orders"],
        "orders_unavailable": panel.get("orders_unavailable"),
        "messages": told(messages, events, decisions),
        "events": [
            {
                "id": event.seq,
                "seq": event.seq,
                "type": event.type,
                "at": event.created_at.isoformat(),
                "text": event_text(event.type, event.payload),
                "payload": event.payload,
            }
            for event in events
            if event.type != "message.created"
        ],
        "cursor": events[-1].id if events else 0,
    }


async def _panel(kit: Kit, customer_id: str | None, locale: str) -> dict[str, Any]:
    """What the shop knows about a customer who signed in."""
    if customer_id is None:
        return {"membership": None, "orders": []}
    try:
        cards = await kit.brain.orders.cards(customer_id, at=kit.clock(), locale=locale_of(locale))
        membership = await kit.brain.orders.membership(customer_id)
    except OrdersUnavailable as error:
        # The desk shows the conversation all the same, and why there are no orders.
        return {"membership": None, "orders": [], "orders_unavailable": str(error)}
    return {"membership": membership, "orders": cards}


@router.post("/conversations/{conversation_id}/claim", summary="Take a conversation")
async def claim(conversation_id: str, me: Acting, kit: TheKit) -> dict[str, Any]:
    """Out of the queue, or from the bot. 409 when somebody else was first."""
    return {"conversation": _state(await kit.desk.claim(conversation_id, me.person))}


@router.post("/conversations/{conversation_id}/typing", status_code=204, summary="Typing")
async def typing(conversation_id: str, body: TypingBody, me: Acting, kit: TheKit) -> None:
    """Shows the customer that the holder is writing; nothing is stored."""
    await kit.desk.must_hold(conversation_id, me.person)
    sender = {"kind": "person", "name": me.person.name}
    kit.feed.show(conversation_id, "typing", {"sender": sender, "on": body.on})


@router.post("/conversations/{conversation_id}/return", summary="Give back to the bot")
async def give_back(
    conversation_id: str, body: ReturnBody, me: Acting, kit: TheKit
) -> dict[str, Any]:
    """The bot goes on, and answers what the customer said last if nobody did."""
    state = await kit.desk.return_to_bot(conversation_id, me.person, note=body.note)
    return {"conversation": _state(state)}


@router.post("/conversations/{conversation_id}/close", summary="Close")
async def close(conversation_id: str, me: Acting, kit: TheKit) -> dict[str, Any]:
    """Ends the session; the customer's next message begins a new one with the bot."""
    return {"conversation": _state(await kit.desk.close(conversation_id, me.person))}


@router.post("/conversations/{conversation_id}/split", summary="Undo a sign-in")
async def split(conversation_id: str, me: Acting, kit: TheKit, parts: TheParts) -> dict[str, Any]:
    """The conversation is no longer the customer's who signed in, and stays so. For a lead."""
    await parts.identities.split(conversation_id, me.person)
    return {"conversation": _summary(await kit.listing.summary(conversation_id))}


@router.get("/uploads/{upload_id}", summary="A customer's picture", response_class=Response)
async def upload(upload_id: str, me: Me, parts: TheParts) -> Response:
    """The bytes, made anew from what the customer sent."""
    return shown(*await parts.uploads.read(upload_id, conversation_id=None))


@router.get("/events", summary="Follow the shop", response_class=EventSourceResponse)
async def events(
    me: Me, kit: TheKit, after: Annotated[int, Query(ge=0)] = 0
) -> EventSourceResponse:
    """Every event of the shop, by id."""

    async def read(seen: int) -> list[Row]:
        rows = await kit.events.of_shop(after=seen)
        return [
            (row.id, row.type, {"conversation_id": row.conversation_id, **_desk_payload(row)})
            for row in rows
        ]

    return stream(kit.feed, EVERYTHING, after, read)


def _desk_payload(row: Any) -> dict[str, Any]:
    if row.type == "message.created":
        return {"message": {**dressed(row.payload["message"]), "event_seq": row.seq}}
    return dict(row.payload)
