"""What the desk shows: lists of conversations with counts, and the bot's trail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import log, tables
from handoff.conversation import Conversation, Holder
from handoff.errors import UnknownConversation
from handoff.messages import text_of
from handoff.people import Person
from handoff.ports import Database
from handoff.reasons import urgency

VIEWS = ("queue", "mine", "bot", "tickets", "closed")


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the desk's list."""

    conversation: Conversation
    locale: str
    channel: str
    contact_id: str
    customer_name: str | None
    signed_in: bool
    agent_name: str | None
    last_message: Mapping[str, Any] | None
    ticket: Mapping[str, Any] | None
    rating: Mapping[str, Any] | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What the bot decided about the customer's messages first_seq..last_seq, and why."""

    first_seq: int
    last_seq: int
    reply_id: str | None
    kind: str
    record: Mapping[str, Any]


class Listing:
    """The conversations of one shop, to look at."""

    def __init__(self, database: Database, *, shop: str) -> None:
        self._database = database
        self._shop = shop

    async def view(self, view: str, person: Person, *, limit: int = 200) -> Sequence[Summary]:
        """The conversations of a view; the queue most urgent first, then longest waiting."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_listing(self._shop, view, person, limit))).all()
            summaries = await _summaries(connection, rows)
        if view == "queue":
            return sorted(
                summaries,
                key=lambda s: (
                    -urgency(s.conversation.reason),
                    s.conversation.waiting_since or s.updated_at,
                ),
            )
        return summaries

    async def counts(self, person: Person) -> dict[str, int]:
        """How many conversations each view has."""
        table = tables.conversation
        async with self._database.read() as connection:
            counted = {}
            for view in VIEWS:
                query = sa.select(sa.func.count()).select_from(table)
                counted[view] = int(
                    await connection.scalar(query.where(*_conditions(self._shop, view, person)))
                    or 0
                )
            return counted

    async def cursor(self) -> int:
        """The id of the newest event of the shop."""
        async with self._database.read() as connection:
            newest = await connection.scalar(
                sa.select(sa.func.max(tables.event.c.id)).where(tables.event.c.shop == self._shop)
            )
            return int(newest or 0)

    async def summary(self, conversation_id: str) -> Summary:
        """One conversation; raises UnknownConversation."""
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    _columns().where(
                        tables.conversation.c.id == conversation_id,
                        tables.conversation.c.shop == self._shop,
                    )
                )
            ).all()
            found = await _summaries(connection, rows)
        if not found:
            raise UnknownConversation
        return found[0]

    async def decisions(self, conversation_id: str) -> list[Decision]:
        """The bot's trail, oldest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                sa.select(tables.decision)
                .where(tables.decision.c.conversation_id == conversation_id)
                .order_by(tables.decision.c.last_seq, tables.decision.c.created_at)
            )
            return [
                Decision(row.first_seq, row.last_seq, row.reply_id, row.kind, row.record)
                for row in rows
            ]


def _conditions(shop: str, view: str, person: Person) -> list[sa.ColumnElement[bool]]:
    table = tables.conversation
    conditions = [table.c.shop == shop]
    open_ticket = (
        sa.select(tables.ticket.c.number)
        .where(tables.ticket.c.conversation_id == table.c.id, tables.ticket.c.state == "open")
        .exists()
    )
    if view == "queue":
        conditions.append(table.c.holder == Holder.QUEUE.value)
    elif view == "mine":
        conditions += [table.c.holder == Holder.AGENT.value, table.c.agent_id == person.id]
    elif view == "bot":
        # A conversation in which the customer never wrote is nobody's work.
        conditions += [table.c.holder == Holder.BOT.value, table.c.last_customer_seq > 0]
    elif view == "tickets":
        conditions.append(open_ticket)
    else:
        conditions.append(table.c.holder == Holder.NOBODY.value)
    return conditions


def _columns() -> sa.Select[Any]:
    customer = tables.identity
    return (
        sa.select(
            tables.conversation,
            tables.contact.c.name.label("customer_name"),
            customer.c.value.label("customer_id"),
            tables.person.c.name.label("agent_name"),
        )
        .join(tables.contact, tables.contact.c.id == tables.conversation.c.contact_id)
        .outerjoin(
            customer,
            sa.and_(
                customer.c.contact_id == tables.contact.c.id,
                customer.c.kind == "customer",
                customer.c.verified,
            ),
        )
        .outerjoin(tables.person, tables.person.c.id == tables.conversation.c.agent_id)
    )


def _listing(shop: str, view: str, person: Person, limit: int) -> sa.Select[Any]:
    table = tables.conversation
    order = table.c.waiting_since if view == "queue" else table.c.updated_at.desc()
    return _columns().where(*_conditions(shop, view, person)).order_by(order).limit(limit)


async def _summaries(connection: AsyncConnection, rows: Sequence[sa.Row[Any]]) -> list[Summary]:
    """Everything a list needs in four queries, however long it is."""
    ids = [row.id for row in rows]
    last = await connection.execute(
        sa.select(tables.message)
        .join(
            tables.conversation,
            sa.and_(
                tables.conversation.c.id == tables.message.c.conversation_id,
                tables.conversation.c.last_seq == tables.message.c.seq,
            ),
        )
        .where(tables.conversation.c.id.in_(ids))
    )
    lasts = {
        row.conversation_id: {
            "sender_kind": row.sender_kind,
            "text": text_of(row.parts)[:120],
            "created_at": row.created_at.isoformat(),
        }
        for row in last
    }
    tickets = await connection.execute(
        sa.select(tables.ticket).where(
            tables.ticket.c.conversation_id.in_(ids), tables.ticket.c.state == "open"
        )
    )
    open_tickets = {
        row.conversation_id: {
            "number": row.number,
            "reason": row.reason,
            "created_at": row.created_at.isoformat(),
            "summary": row.summary,
        }
        for row in tickets
    }
    rated = await connection.execute(
        sa.select(tables.rating).where(tables.rating.c.conversation_id.in_(ids))
    )
    ratings = {
        (row.conversation_id, row.session): {"score": row.score, "comment": row.comment}
        for row in rated
    }
    return [
        Summary(
            conversation=log.state_of(row),
            locale=row.locale,
            channel=row.channel,
            contact_id=row.contact_id,
            customer_name=row.customer_name,
            signed_in=row.customer_id is not None,
            agent_name=row.agent_name,
            last_message=lasts.get(row.id),
            ticket=open_tickets.get(row.id),
            rating=ratings.get((row.id, row.session)),
            updated_at=row.updated_at,
        )
        for row in rows
    ]
