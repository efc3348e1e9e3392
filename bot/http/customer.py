"""The customer's API: begin or resume, send, and follow the conversation."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from sse_starlette import EventSourceResponse

from bot.errors import InvalidToken
from bot.http.limits import MESSAGES_PER_CONVERSATION, SESSIONS_PER_ADDRESS, Limiter
from bot.http.markup import dressed, render
from bot.http.problems import documented
from bot.http.shapes import MessageBody, SessionBody
from bot.http.streams import Row, stream
from bot.kit import Kit
from bot.wording import locale_of
from handoff.errors import OtherCustomer, UnknownConversation

router = APIRouter(
    prefix="/api/customer", tags=["customer"], responses=documented(401, 413, 422, 429)
)


def kit_of(request: Request) -> Kit:
    """The server's parts."""
    kit: Kit = request.app.state.kit
    return kit


def limiter_of(request: Request) -> Limiter:
    """The rate limits."""
    limiter: Limiter = request.app.state.limiter
    return limiter


TheKit = Annotated[Kit, Depends(kit_of)]
TheLimiter = Annotated[Limiter, Depends(limiter_of)]
Authorization = Annotated[str | None, Header(description="Bearer <visitor token>")]


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise InvalidToken("send the visitor token as `Authorization: Bearer …`")
    return token


async def conversation_id(kit: TheKit, authorization: Authorization = None) -> str:
    """The conversation that the visitor's token is for."""
    return kit.vault.conversation_of(_bearer(authorization), at=kit.clock())


ConversationId = Annotated[str, Depends(conversation_id)]


@router.post("/session", summary="Begin or resume")
async def session(
    body: SessionBody,
    request: Request,
    kit: TheKit,
    limiter: TheLimiter,
    authorization: Authorization = None,
) -> dict[str, Any]:
    """Begins a conversation, or resumes the one of the visitor token.

    With `identity`, a token signed by the shop's server, the visitor is a known customer.
    """
    now = kit.clock()
    conversation = None
    if authorization:
        conversation = kit.vault.conversation_of(_bearer(authorization), at=now)
    else:
        limiter.hit(SESSIONS_PER_ADDRESS, request.client.host if request.client else "")
    identity = kit.vault.identity(body.identity, at=now) if body.identity else None
    page = body.page.model_dump()
    if conversation is not None:
        try:
            await kit.inbox.visit(conversation, locale=body.locale, page=page)
        except UnknownConversation as error:
            raise InvalidToken from error

    async def begin() -> str:
        return await kit.inbox.begin(
            visitor=kit.new_id(), channel=body.channel, locale=body.locale, page=page
        )

    if conversation is None:
        conversation = await begin()
    if identity is not None:
        known = {"customer_id": identity.customer_id, "name": identity.name}
        try:
            await kit.inbox.verify(conversation, **known)
        except OtherCustomer:
            # Somebody else signed in on this device: they begin afresh and see nothing of it.
            conversation = await begin()
            await kit.inbox.verify(conversation, **known)
    token, expires = kit.vault.visitor_token(conversation, at=now)
    return {
        "token": token,
        "expires_at": expires.isoformat(),
        **await _state(kit, conversation, body),
    }


async def _state(kit: Kit, conversation: str, body: SessionBody) -> dict[str, Any]:
    locked, position, agent = await kit.inbox.view(conversation)
    messages = await kit.inbox.messages(conversation, limit=50)
    customer, name = await kit.inbox.customer_of(locked.contact_id)
    locale, now = locale_of(body.locale), kit.clock()
    welcome = kit.shop.welcome(body.page.kind, locale)
    open_now = kit.shop.hours.is_open(now)
    return {
        "conversation": _conversation(locked, position, agent),
        "messages": [dressed(message.to_json()) for message in messages],
        # Read with the state in hand: an event after it may be shown twice, never missed.
        "cursor": locked.event_seq,
        "welcome": {
            "text": welcome,
            "html": render(welcome),
            "questions": kit.shop.likely_questions(body.page.kind, locale),
        },
        "hours": {
            "open": open_now,
            "text": "、".join(kit.shop.hours_lines)
            if locale != "en"
            else ", ".join(kit.shop.hours_lines),
            "opens": None if open_now else kit.shop.opening_text(now, locale),
        },
        "shop": {"name": kit.shop.name(locale)},
        "customer": {"signed_in": customer is not None, "name": name},
    }


def _conversation(locked: Any, position: int | None, agent: str | None) -> dict[str, Any]:
    state = locked.state
    return {
        "id": state.id,
        "holder": state.holder.value,
        "epoch": state.epoch,
        "agent_name": agent,
        "queue_position": position,
        "waiting_since": state.waiting_since.isoformat() if state.waiting_since else None,
        "locale": locked.locale,
    }


@router.post("/messages", status_code=201, summary="Send a message")
async def send(
    body: MessageBody,
    conversation: ConversationId,
    kit: TheKit,
    limiter: TheLimiter,
    response: Response,
) -> dict[str, Any]:
    """Stores the message; the answer comes over the events. Only stored messages are confirmed."""
    limiter.hit(MESSAGES_PER_CONVERSATION, conversation)
    message, new = await kit.inbox.receive(
        conversation, client_message_id=body.client_message_id, parts=body.checked()
    )
    response.status_code = 201 if new else 200
    return {"message": message.to_json()}


@router.post("/return-to-bot", summary="Stop waiting for a person")
async def return_to_bot(conversation: ConversationId, kit: TheKit) -> dict[str, Any]:
    """Takes the conversation out of the queue."""
    await kit.inbox.back_to_bot(conversation)
    return {"conversation": _conversation(*await kit.inbox.view(conversation))}


@router.get("/events", summary="Follow the conversation", response_class=EventSourceResponse)
async def events(
    conversation: ConversationId,
    kit: TheKit,
    after: Annotated[int, Query(ge=0, description="id of the last event seen")] = 0,
) -> EventSourceResponse:
    """Server-sent events: `message.created`, `conversation.updated`, and passing drafts."""

    async def read(seen: int) -> list[Row]:
        rows: list[Row] = []
        for event in await kit.events.of_conversation(conversation, after=seen):
            payload = event.payload
            if event.type == "message.created":
                payload = {"message": dressed(payload["message"])}
            elif event.type == "conversation.updated":
                payload = {"conversation": _conversation(*await kit.inbox.view(conversation))}
            rows.append((event.seq, event.type, payload))
        return rows

    return stream(kit.feed, conversation, after, read)
