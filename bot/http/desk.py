"""The desk's API: sign in, see what waits, take it, answer, give it back, close it."""

from __future__ import annotations

import hmac
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Cookie, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse

from bot.errors import OrdersUnavailable
from bot.feed import EVERYTHING
from bot.http.customer import TheKit, TheLimiter
from bot.http.event_text import event_text
from bot.http.limits import SIGN_INS_PER_ACCOUNT, SIGN_INS_PER_ADDRESS
from bot.http.markup import dressed
from bot.http.problems import documented
from bot.http.shapes import PresenceBody, ReplyBody, ReturnBody, SignInBody
from bot.http.streams import Row, stream
from bot.kit import Kit
from bot.wording import locale_of
from handoff.conversation import Conversation
from handoff.errors import WrongCsrf
from handoff.listing import Decision, Summary
from handoff.people import SESSION_LENGTH, SignedIn

router = APIRouter(prefix="/api/desk", tags=["desk"], responses=documented(401, 403, 404, 409, 422))

COOKIE = "kefu_desk"

View = Literal["queue", "mine", "bot", "tickets", "closed"]


async def signed_in(kit: TheKit, kefu_desk: Annotated[str | None, Cookie()] = None) -> SignedIn:
    """Whose session this is."""
    return await kit.people.session(kefu_desk)


Me = Annotated[SignedIn, Depends(signed_in)]


async def acting(me: Me, x_csrf_token: Annotated[str | None, Header()] = None) -> SignedIn:
    """The same for a request that changes something: the page must know the session's secret."""
    if not hmac.compare_digest((x_csrf_token or "").encode(), me.csrf.encode()):
        raise WrongCsrf
    return me


Acting = Annotated[SignedIn, Depends(acting)]


@router.post("/sign-in", summary="Sign in")
async def sign_in(
    body: SignInBody, request: Request, response: Response, kit: TheKit, limiter: TheLimiter
) -> dict[str, Any]:
    """Sets the session cookie. The answer is the same for an unknown address."""
    limiter.hit(SIGN_INS_PER_ADDRESS, request.client.host if request.client else "")
    limiter.hit(SIGN_INS_PER_ACCOUNT, body.email.strip().lower())
    me = await kit.people.sign_in(email=body.email, password=body.password)
    response.set_cookie(
        COOKIE,
        me.token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return {"person": me.person.to_json(), "csrf": me.csrf}


@router.post("/sign-out", status_code=204, summary="Sign out")
async def sign_out(me: Acting, kit: TheKit, response: Response) -> None:
    """Ends the session."""
    await kit.people.set_presence(me.person.id, "away")
    await kit.people.sign_out(me.token)
    response.delete_cookie(COOKIE)


@router.get("/me", summary="Who is signed in")
async def who(me: Me, kit: TheKit) -> dict[str, Any]:
    """The person, and the token that every change must carry as X-CSRF-Token."""
    return {
        "person": me.person.to_json(),
        "csrf": me.csrf,
        "presence": me.person.presence,
        "shop": {"name": kit.shop.name("zh-Hans"), "name_en": kit.shop.name("en")},
    }


@router.post("/presence", summary="Online or away")
async def presence(body: PresenceBody, me: Acting, kit: TheKit) -> dict[str, str]:
    """Repeated by the page while it is open; online lapses when the repetition stops."""
    await kit.people.set_presence(me.person.id, body.state)
    return {"state": body.state}


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
async def conversation(conversation_id: str, me: Me, kit: TheKit) -> dict[str, Any]:
    """Messages with the bot's trail, the customer, and the customer's orders."""
    row = await kit.listing.summary(conversation_id)
    messages = await kit.inbox.messages(conversation_id)
    events = await kit.events.of_conversation(conversation_id, for_customer=False, limit=1000)
    decisions = await kit.listing.decisions(conversation_id)
    customer_id, name = await kit.inbox.customer_of(row.contact_id)
    panel = await _panel(kit, customer_id, row.locale)
    trail = _trail(decisions)
    return {
        "conversation": _summary(row),
        "customer": {
            "name": name,
            "signed_in": customer_id is not None,
            "id": customer_id,
            "membership": panel["membership"],
        },
        "orders": panel["orders"],
        "orders_unavailable": panel.get("orders_unavailable"),
        "messages": [
            {**dressed(m.to_json()), "decision": trail.get(m.id) or trail.get(m.seq)}
            for m in messages
        ],
        "events": [
            {
                "id": event.seq,
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


def _trail(decisions: list[Decision]) -> dict[str | int, Any]:
    """Decision records by the reply that carried them and by the customer message they answer."""
    found: dict[str | int, Any] = {}
    for decision in decisions:
        found[decision.reply_id or decision.last_seq] = decision.record
        if decision.kind == "hand_over":
            found[decision.last_seq] = decision.record
    return found


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


@router.post("/conversations/{conversation_id}/reply", status_code=201, summary="Answer")
async def reply(
    conversation_id: str, body: ReplyBody, me: Acting, kit: TheKit, response: Response
) -> dict[str, Any]:
    """Only the holder may; 409 otherwise."""
    message, new = await kit.desk.reply(
        conversation_id,
        me.person,
        client_message_id=body.client_message_id,
        parts=[{"type": "text", "text": body.checked(), "format": "markdown"}],
    )
    response.status_code = 201 if new else 200
    return {"message": dressed(message.to_json())}


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
        return {"message": dressed(row.payload["message"])}
    return dict(row.payload)
