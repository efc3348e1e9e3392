"""How long a customer in the queue has to expect to wait, from how long others did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import tables
from handoff.conversation import Holder
from handoff.people import PRESENCE_LAPSES_AFTER
from handoff.ports import Clock, Database

_MOST_WAITS = 50
# Not the whole log is read: what is further back says little about now.
_EVENTS_LOOKED_AT = 5_000
_KEPT = timedelta(seconds=30)


def expected_wait(recent: Sequence[timedelta], *, position: int, online: int) -> timedelta | None:
    """The median of the recent waits, for everybody ahead and oneself, shared by who is online.

    None while nobody was taken lately or nobody is there: a guess would be a false promise.
    """
    if not recent or online < 1:
        return None
    usual = median(wait.total_seconds() for wait in recent)
    return timedelta(seconds=usual) * position / online


def waits_of(changes: Iterable[tuple[str, str, datetime]]) -> list[timedelta]:
    """Waits of those who were taken from the queue, from (conversation, holder, time) in order."""
    since: dict[str, datetime] = {}
    waits = []
    for conversation_id, holder, at in changes:
        began = since.pop(conversation_id, None)
        if holder == Holder.QUEUE.value:
            since[conversation_id] = at
        elif holder == Holder.AGENT.value and began is not None:
            waits.append(at - began)
    return waits


class Waits:
    """The waits in one shop. What it knows of the shop is up to half a minute old."""

    def __init__(self, database: Database, *, shop: str, clock: Clock) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._known: tuple[datetime, Sequence[timedelta], int] | None = None

    async def expected(self, position: int) -> timedelta | None:
        """How long whoever is at this position of the queue, from 1, has to wait from now on."""
        now = self._clock()
        if self._known is None or now - self._known[0] >= _KEPT:
            async with self._database.read() as connection:
                recent = await self._recent(connection)
                self._known = (now, recent, await self._online(connection, now))
        _, recent, online = self._known
        return expected_wait(recent, position=position, online=online)

    async def _recent(self, connection: AsyncConnection) -> Sequence[timedelta]:
        event = tables.event
        newest = await connection.scalar(sa.select(sa.func.max(event.c.id)))
        rows: Iterable[sa.Row[Any]] = await connection.execute(
            sa.select(event.c.conversation_id, event.c.payload, event.c.created_at)
            .where(
                event.c.id > (newest or 0) - _EVENTS_LOOKED_AT,
                event.c.shop == self._shop,
                event.c.type == "conversation.updated",
            )
            .order_by(event.c.id)
        )
        changes = ((r.conversation_id, str(r.payload["holder"]), r.created_at) for r in rows)
        return waits_of(changes)[-_MOST_WAITS:]

    async def _online(self, connection: AsyncConnection, now: datetime) -> int:
        counted = await connection.scalar(
            sa.select(sa.func.count())
            .select_from(tables.person)
            .where(
                tables.person.c.shop == self._shop,
                tables.person.c.presence == "online",
                tables.person.c.seen_at >= now - PRESENCE_LAPSES_AFTER,
            )
        )
        return int(counted or 0)
