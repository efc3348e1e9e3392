"""What customers think of a session once it is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import log, tables
from handoff.conversation import Conversation, Holder
from handoff.errors import NothingToRate, UnknownConversation
from handoff.ports import Clock, Database, Wake

RATED = "conversation.rated"


@dataclass(frozen=True, slots=True)
class Rating:
    """One to five, and perhaps why."""

    score: int
    comment: str | None

    def to_json(self) -> dict[str, Any]:
        """As customers and people at the desk see it."""
        return {"score": self.score, "comment": self.comment}


class Ratings:
    """The ratings of one shop's sessions."""

    def __init__(
        self,
        database: Database,
        *,
        shop: str,
        clock: Clock,
        wake: Wake = lambda conversation_id: None,
    ) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._wake = wake

    async def rate(self, conversation_id: str, *, score: int, comment: str | None = None) -> Rating:
        """Rates the session that is over; again replaces it. Raises NothingToRate."""
        if not 1 <= score <= 5:
            raise ValueError(f"a score is 1 to 5, not {score}")
        given, now = Rating(score, comment), self._clock()
        async with self._database.write() as connection:
            locked = await log.lock(connection, conversation_id)
            if locked.shop != self._shop:
                raise UnknownConversation
            if not await _is_over(connection, locked.state):
                raise NothingToRate
            of_the_session = {
                "conversation_id": conversation_id,
                "session": locked.state.session,
            }
            known = await _find(connection, locked.state)
            if known == given:
                return given
            if known is None:
                statement: sa.Insert | sa.Update = tables.rating.insert()
            else:
                statement = tables.rating.update().where(*_of(locked.state))
            await connection.execute(
                statement.values(**of_the_session, score=score, comment=comment, created_at=now)
            )
            payload = {"rating": given.to_json(), "session": locked.state.session}
            log.append_event(locked, RATED, payload, at=now)
            await log.save(connection, locked, at=locked.updated_at)
        self._wake(conversation_id)
        return given

    async def of(self, state: Conversation) -> tuple[Rating | None, bool]:
        """(rating of the conversation's current session, whether the customer may give one)."""
        async with self._database.read() as connection:
            known = await _find(connection, state)
            return known, known is None and await _is_over(connection, state)


async def _is_over(connection: AsyncConnection, state: Conversation) -> bool:
    """Whether the session has ended and somebody but the bot said something in it."""
    if state.holder is not Holder.NOBODY:
        return False
    found = await connection.scalar(
        sa.select(tables.message.c.seq)
        .where(
            tables.message.c.conversation_id == state.id,
            tables.message.c.session == state.session,
            tables.message.c.sender_kind.in_(("customer", "person")),
        )
        .limit(1)
    )
    return found is not None


async def _find(connection: AsyncConnection, state: Conversation) -> Rating | None:
    row = (
        await connection.execute(
            sa.select(tables.rating.c.score, tables.rating.c.comment).where(*_of(state))
        )
    ).one_or_none()
    return Rating(row.score, row.comment) if row else None


def _of(state: Conversation) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        tables.rating.c.conversation_id == state.id,
        tables.rating.c.session == state.session,
    )
