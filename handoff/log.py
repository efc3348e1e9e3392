"""Row-level steps inside a transaction: lock a conversation, move it, append messages and events.

Whoever holds the conversation's row lock gives out its next message `seq` and event `seq`, so
their order is the same for everybody. Events are written by `save`, last thing before the commit:
their ids over the whole shop are drawn under a lock that is held until then, so that they become
visible in their order and a reader who resumes after an id misses none that commits later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import tables
from handoff.conversation import Conversation, ConversationId, Holder, PersonId
from handoff.errors import UnknownConversation
from handoff.messages import Message, Part

# PostgreSQL's channel that carries the id of every conversation with new events.
WOKEN = "kefu_woken"

# The advisory lock under which PostgreSQL draws event ids; any number that nobody else uses.
_EVENT_IDS = 0x6B656675

_STATE = (
    "holder",
    "epoch",
    "session",
    "agent_id",
    "reason",
    "waiting_since",
    "misses",
    "last_decision",
    "note",
)


@dataclass(slots=True)
class Locked:
    """A conversation whose row this transaction holds, with its counters."""

    shop: str
    state: Conversation
    channel: str
    contact_id: str
    locale: str
    page: Mapping[str, Any]
    last_seq: int
    last_customer_seq: int
    settled_seq: int
    event_seq: int
    updated_at: datetime
    events: list[dict[str, Any]] = field(default_factory=list)
    """What `save` still has to write."""


async def lock(connection: AsyncConnection, conversation_id: str) -> Locked:
    """Takes the row lock (SQLite: the transaction is the only writer already)."""
    query = sa.select(tables.conversation).where(tables.conversation.c.id == conversation_id)
    return locked_of((await connection.execute(query.with_for_update())).one_or_none())


async def look(connection: AsyncConnection, conversation_id: str) -> Locked:
    """The same without a lock, only to be read."""
    query = sa.select(tables.conversation).where(tables.conversation.c.id == conversation_id)
    return locked_of((await connection.execute(query)).one_or_none())


def locked_of(row: sa.Row[Any] | None) -> Locked:
    """The conversation of a row; raises UnknownConversation."""
    if row is None:
        raise UnknownConversation
    return Locked(
        shop=row.shop,
        state=state_of(row),
        channel=row.channel,
        contact_id=row.contact_id,
        locale=row.locale,
        page=row.page,
        last_seq=row.last_seq,
        last_customer_seq=row.last_customer_seq,
        settled_seq=row.settled_seq,
        event_seq=row.event_seq,
        updated_at=row.updated_at,
    )


def state_of(row: sa.Row[Any]) -> Conversation:
    """The state machine's view of a conversation row."""
    return Conversation(
        id=ConversationId(row.id),
        holder=Holder(row.holder),
        epoch=row.epoch,
        session=row.session,
        agent_id=PersonId(row.agent_id) if row.agent_id else None,
        reason=row.reason,
        waiting_since=row.waiting_since,
        misses=row.misses,
        last_decision=row.last_decision,
        note=row.note,
    )


async def save(connection: AsyncConnection, locked: Locked, *, at: datetime) -> None:
    """Writes state, counters and events back; the transaction does nothing after it."""
    values = {name: getattr(locked.state, name) for name in _STATE}
    values["holder"] = locked.state.holder.value
    await connection.execute(
        tables.conversation.update()
        .where(tables.conversation.c.id == locked.state.id)
        .values(
            **values,
            locale=locked.locale,
            page=dict(locked.page),
            last_seq=locked.last_seq,
            last_customer_seq=locked.last_customer_seq,
            settled_seq=locked.settled_seq,
            event_seq=locked.event_seq,
            updated_at=at,
        )
    )
    locked.updated_at = at
    if locked.events:
        await _publish(connection, locked)


async def _publish(connection: AsyncConnection, locked: Locked) -> None:
    on_postgres = connection.dialect.name == "postgresql"
    if on_postgres:
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_EVENT_IDS)))
    await connection.execute(tables.event.insert(), locked.events)
    if on_postgres:
        # Delivered at the commit; the event table is the truth, a wake-up may be lost.
        await connection.execute(sa.select(sa.func.pg_notify(WOKEN, locked.state.id)))
    locked.events = []


async def append_message(
    connection: AsyncConnection,
    locked: Locked,
    *,
    message_id: str,
    sender_kind: str,
    parts: list[Part],
    at: datetime,
    sender_id: str | None = None,
    sender_name: str | None = None,
    origin: str | None = None,
    ai_generated: bool = False,
    sources: list[Mapping[str, Any]] | None = None,
    client_message_id: str | None = None,
) -> Message:
    """Stores the conversation's next message together with its event."""
    locked.last_seq += 1
    row = {
        "id": message_id,
        "conversation_id": locked.state.id,
        "seq": locked.last_seq,
        "session": locked.state.session,
        "sender_kind": sender_kind,
        "sender_id": sender_id,
        "sender_name": sender_name,
        "origin": origin,
        "ai_generated": ai_generated,
        "parts": [dict(part) for part in parts],
        "sources": [dict(source) for source in sources or []],
        "client_message_id": client_message_id,
        "settled_by": None,
        "outcome": None,
        "created_at": at,
    }
    await connection.execute(tables.message.insert().values(row))
    stored = Message(**{k: v for k, v in row.items() if k != "sender_id"})  # type: ignore[arg-type]
    append_event(locked, "message.created", {"message": stored.to_json()}, at=at)
    return stored


def append_event(
    locked: Locked,
    kind: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
) -> None:
    """The conversation's next event; `save` writes it."""
    locked.event_seq += 1
    locked.events.append(
        {
            "shop": locked.shop,
            "conversation_id": locked.state.id,
            "seq": locked.event_seq,
            "type": kind,
            "payload": dict(payload),
            "created_at": at,
        }
    )


async def move(
    connection: AsyncConnection,
    locked: Locked,
    state: Conversation,
    *,
    at: datetime,
    by: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Takes over a new state; the change of holder is an event of its own."""
    locked.state = state
    append_event(
        locked,
        "conversation.updated",
        {
            "holder": state.holder.value,
            "epoch": state.epoch,
            "reason": state.reason,
            "by": by,
            **(detail or {}),
        },
        at=at,
    )
    if state.holder is not Holder.BOT:
        await connection.execute(
            tables.reply_due.delete().where(tables.reply_due.c.conversation_id == state.id)
        )


async def settle_waiting(
    connection: AsyncConnection, locked: Locked, *, reply_id: str | None, outcome: str
) -> None:
    """Marks every customer message not yet settled as settled by this reply."""
    await connection.execute(
        tables.message.update()
        .where(
            tables.message.c.conversation_id == locked.state.id,
            tables.message.c.sender_kind == "customer",
            tables.message.c.seq > locked.settled_seq,
            tables.message.c.outcome.is_(None),
        )
        .values(settled_by=reply_id, outcome=outcome)
    )
    locked.settled_seq = locked.last_customer_seq


async def messages(
    connection: AsyncConnection, conversation_id: str, *, limit: int = 200
) -> list[Message]:
    """The newest `limit` messages, oldest first."""
    rows = await connection.execute(
        sa.select(tables.message)
        .where(tables.message.c.conversation_id == conversation_id)
        .order_by(tables.message.c.seq.desc())
        .limit(limit)
    )
    return [Message.of(row) for row in rows][::-1]
