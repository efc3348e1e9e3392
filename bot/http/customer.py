"""The customer's API: begin or resume, send, follow the conversation, end it, rate it, leave."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sse_starlette import EventSourceResponse

from bot.http import limits
from bot.http.limits import address_of
from bot.http.markup import dressed
from bot.http.parts import TheKit, TheLimiter, TheParts
from bot.http.problems import documented
from bot.http.shapes import MessageBody, RatingBody, SessionBody
from bot.http.streams import Row, stream
from bot.http.view import conversation_json, session_json
from bot.http.visitor import Authorization, TheVisitor, still_welcome, visitor_of
from handoff.errors import OtherCustomer

router = APIRouter(
    prefix="/api/customer", tags=["customer"], responses=documented(401, 413, 422, 429)
)

# Told to open streams at once; none of them gets anything after it.
_ENDED = "session.ended"


@router.post("/session", summary="Begin or resume")
async def session(
    body: SessionBody,
    request: Request,
    kit: TheKit,
    parts: TheParts,
    limiter: TheLimiter,
    authorization: Authorization = None,
) -> dict[str, Any]:
    """Begins a conversation, or resumes the one of the visitor token, which it renews.

    With `identity`, a token signed by the shop's server, the visitor is a known customer.
    """
    page = body.page.model_dump()

    async def begin() -> str:
        await limiter.hit(limits.SESSIONS_PER_ADDRESS, address_of(request))
        return await kit.inbox.begin(
            visitor=kit.new_id(), channel=body.channel, locale=body.locale, page=page
        )

    now = kit.clock()
    identity = kit.vault.identity(body.identity, at=now) if body.identity else None
    version = 0
    if authorization:
        visitor = await visitor_of(kit, authorization)
        conversation, version = visitor.conversation, visitor.version
        await limiter.hit(limits.RESUMES_PER_CONVERSATION, conversation)
        await kit.inbox.visit(conversation, locale=body.locale, page=page)
    else:
        conversation = await begin()
    if identity is not None:
        known = {"customer_id": identity.customer_id, "name": identity.name}
        try:
            await parts.identities.sign_in(conversation, **known)
        except OtherCustomer:
            # Somebody else signed in on this device: they begin afresh and see nothing of it.
            conversation, version = await begin(), 0
            await parts.identities.sign_in(conversation, **known)
    token, expires = kit.vault.visitor_token(conversation, at=now, version=version)
    return {
        "token": token,
        "expires_at": expires.isoformat(),
        **await session_json(kit, parts, conversation, body),
    }


@router.post("/messages", status_code=201, summary="Send a message", responses=documented(404))
async def send(
    body: MessageBody,
    visitor: TheVisitor,
    request: Request,
    kit: TheKit,
    parts: TheParts,
    limiter: TheLimiter,
    response: Response,
) -> dict[str, Any]:
    """Stores the message; the answer comes over the events. Only stored messages are confirmed."""
    await limiter.hit(limits.MESSAGES_PER_CONVERSATION, visitor.conversation)
    await limiter.hit(limits.MESSAGES_PER_VISITOR, visitor.contact)
    await limiter.hit(limits.MESSAGES_PER_ADDRESS, address_of(request))
    message, new = await kit.inbox.receive(
        visitor.conversation,
        client_message_id=body.client_message_id,
        parts=await parts.uploads.named(visitor.conversation, body.checked()),
    )
    response.status_code = 201 if new else 200
    return {"message": message.to_json()}


@router.post("/return-to-bot", summary="Stop waiting for a person", responses=documented(409))
async def return_to_bot(
    visitor: TheVisitor, kit: TheKit, parts: TheParts, limiter: TheLimiter
) -> dict[str, Any]:
    """Takes the conversation out of the queue."""
    await limiter.hit(limits.ACTIONS_PER_CONVERSATION, visitor.conversation)
    await kit.inbox.back_to_bot(visitor.conversation)
    return {"conversation": await conversation_json(kit, parts, visitor.conversation)}


@router.post("/close", summary="End the conversation")
async def close(
    visitor: TheVisitor, kit: TheKit, parts: TheParts, limiter: TheLimiter
) -> dict[str, Any]:
    """Whoever holds it; the customer's next message begins a new session. Twice is no error."""
    await limiter.hit(limits.ACTIONS_PER_CONVERSATION, visitor.conversation)
    await kit.inbox.close(visitor.conversation)
    return {"conversation": await conversation_json(kit, parts, visitor.conversation)}


@router.post("/rating", summary="Rate the conversation", responses=documented(409))
async def rate(
    body: RatingBody, visitor: TheVisitor, kit: TheKit, parts: TheParts, limiter: TheLimiter
) -> dict[str, Any]:
    """The session that is over, from 1 to 5; again replaces it. 409 when there is none to rate."""
    await limiter.hit(limits.ACTIONS_PER_CONVERSATION, visitor.conversation)
    await parts.ratings.rate(visitor.conversation, score=body.score, comment=body.checked())
    return {"conversation": await conversation_json(kit, parts, visitor.conversation)}


@router.post("/leave", status_code=204, summary="Leave for good")
async def leave(visitor: TheVisitor, kit: TheKit, limiter: TheLimiter) -> None:
    """Revokes every token of the conversation, in whatever browser it is."""
    await limiter.hit(limits.ACTIONS_PER_CONVERSATION, visitor.conversation)
    await kit.inbox.leave(visitor.conversation)
    kit.feed.show(visitor.conversation, _ENDED, {})


@router.get("/events", summary="Follow the conversation", response_class=EventSourceResponse)
async def events(
    visitor: TheVisitor,
    request: Request,
    kit: TheKit,
    parts: TheParts,
    limiter: TheLimiter,
    after: Annotated[int, Query(ge=0, description="id of the last event seen")] = 0,
) -> EventSourceResponse:
    """Server-sent events: `message.created`, `conversation.updated`, `conversation.rated`, and
    passing drafts.
    """
    conversation = visitor.conversation
    await limiter.hit(limits.READS_PER_CONVERSATION, conversation)

    async def read(seen: int) -> list[Row]:
        rows: list[Row] = []
        state: dict[str, Any] | None = None
        for event in await kit.events.of_conversation(conversation, after=seen):
            payload = event.payload
            if event.type == "message.created":
                payload = {"message": dressed(payload["message"])}
            elif event.type == "conversation.updated":
                state = state or await conversation_json(kit, parts, conversation)
                payload = {"conversation": state}
            rows.append((event.seq, event.type, payload))
        return rows

    return stream(
        kit.feed,
        conversation,
        after,
        read,
        allowed=partial(still_welcome, kit, visitor),
        place=parts.streams.one_more(conversation=conversation, address=address_of(request)),
    )
