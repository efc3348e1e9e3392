"""Reading the event log: resume by id, never by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff import tables
from handoff.ports import Database

# What customers may see; anything else is for the shop's own people.
_FOR_CUSTOMERS = ("message.created", "conversation.updated", "conversation.rated")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the log. `seq` counts within the conversation, `id` over the whole shop."""

    id: int
    seq: int
    conversation_id: str
    type: str
    payload: dict[str, Any]
    created_at: datetime


class EventLog:
    """The events of one shop."""

    def __init__(self, database: Database, *, shop: str) -> None:
        self._database = database
        self._shop = shop

    async def of_conversation(
        self, conversation_id: str, *, after: int = 0, for_customer: bool = True, limit: int = 200
    ) -> Sequence[Event]:
        """The conversation's events whose own `seq` is greater than `after`, in order."""
        query = sa.select(tables.event).where(
            tables.event.c.conversation_id == conversation_id, tables.event.c.seq > after
        )
        if for_customer:
            query = query.where(tables.event.c.type.in_(_FOR_CUSTOMERS))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(tables.event.c.seq).limit(limit))
            return [_event(row) for row in rows]

    async def latest(self, conversation_id: str, *, limit: int = 1000) -> Sequence[Event]:
        """The conversation's newest events of every type, for the shop's own people, in order."""
        query = (
            sa.select(tables.event)
            .where(tables.event.c.conversation_id == conversation_id)
            .order_by(tables.event.c.seq.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return [_event(row) for row in rows][::-1]

    async def of_shop(self, *, after: int, limit: int = 500) -> Sequence[Event]:
        """The shop's events whose `id` is greater than `after`, in order."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(tables.event)
                .where(tables.event.c.shop == self._shop, tables.event.c.id > after)
                .order_by(tables.event.c.id)
                .limit(limit)
            )
            return [_event(row) for row in rows]


def _event(row: sa.Row[Any]) -> Event:
    return Event(row.id, row.seq, row.conversation_id, row.type, row.payload, row.created_at)
