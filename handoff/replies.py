"""Replies that are due: leased to a worker, and settled all or nothing.

A reply and the change of holder it brings are one transaction, and it is stored only if nothing
that it was based on has changed since: the epoch, the lease, the customer's last message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import log, tables
from handoff.conversation import Conversation, Holder
from handoff.errors import LeaseLost
from handoff.messages import Message, Outgoing
from handoff.ports import Clock, Database, NewId, Wake


@dataclass(frozen=True, slots=True)
class Work:
    """A leased turn: the customer's messages after `settled_seq` up to `last_customer_seq`."""

    conversation: Conversation
    contact_id: str
    channel: str
    locale: str
    page: Mapping[str, Any]
    token: str
    attempts: int
    settled_seq: int
    last_customer_seq: int
    messages: tuple[Message, ...]

    @property
    def waiting(self) -> tuple[Message, ...]:
        """The customer's messages that this turn has to settle."""
        return tuple(
            m for m in self.messages if m.sender_kind == "customer" and m.seq > self.settled_seq
        )

    @property
    def earlier(self) -> tuple[Message, ...]:
        """What was said before in this session."""
        return tuple(
            m
            for m in self.messages
            if m.session == self.conversation.session
            and not (m.sender_kind == "customer" and m.seq > self.settled_seq)
        )


@dataclass(frozen=True, slots=True)
class HandOver:
    """Part of an outcome: where the conversation goes. `on_duty` False makes a ticket instead."""

    reason: str
    rule: str
    score: float
    on_duty: bool
    summary: str
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn decided; `record` is the bot's own business and stored as it is."""

    kind: str
    replies: Sequence[Outgoing]
    record: Mapping[str, Any] = field(default_factory=dict)
    missed: bool = False
    hand_over: HandOver | None = None
    reply_id: str | None = None


class Replies:
    """The due replies of one shop."""

    def __init__(
        self,
        database: Database,
        *,
        shop: str,
        clock: Clock,
        new_id: NewId,
        wake: Wake = lambda conversation_id: None,
        lease: timedelta = timedelta(seconds=10),
    ) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._new_id = new_id
        self._wake = wake
        self._lease = lease

    async def lease(self) -> Work | None:
        """The longest due turn that nobody works on, or None."""
        now, due, conversation = self._clock(), tables.reply_due, tables.conversation
        async with self._database.write() as connection:
            # Both rows at once and without waiting: whoever writes a message locks the
            # conversation first, and a lock the other way round would be a deadlock.
            row = (
                await connection.execute(
                    sa.select(due.c.conversation_id, due.c.attempts)
                    .join(conversation, conversation.c.id == due.c.conversation_id)
                    .where(
                        conversation.c.shop == self._shop,
                        due.c.due_at <= now,
                        sa.or_(due.c.lease_until.is_(None), due.c.lease_until <= now),
                    )
                    .order_by(due.c.due_at, due.c.conversation_id)
                    .limit(1)
                    .with_for_update(skip_locked=True)
                )
            ).one_or_none()
            if row is None:
                return None
            token = self._new_id()
            await connection.execute(
                due.update()
                .where(due.c.conversation_id == row.conversation_id)
                .values(lease_token=token, lease_until=now + self._lease, attempts=row.attempts + 1)
            )
            locked = await log.look(connection, row.conversation_id)
            messages = await log.messages(connection, row.conversation_id)
        return Work(
            conversation=locked.state,
            contact_id=locked.contact_id,
            channel=locked.channel,
            locale=locked.locale,
            page=locked.page,
            token=token,
            attempts=row.attempts + 1,
            settled_seq=locked.settled_seq,
            last_customer_seq=locked.last_customer_seq,
            messages=tuple(messages),
        )

    @property
    def lease_length(self) -> timedelta:
        """How long a turn stays its worker's without `renew`."""
        return self._lease

    async def renew(self, work: Work) -> bool:
        """Keeps the turn for another lease. False if it is no longer the caller's."""
        kept = await self._update(work, lease_until=self._clock() + self._lease)
        return kept == 1

    async def abandon_leases(self) -> None:
        """For a store with one owner, at its start: whoever held a lease before is dead."""
        async with self._database.write() as connection:
            await connection.execute(
                tables.reply_due.update().values(lease_token=None, lease_until=None)
            )

    async def release(self, work: Work, *, retry_in: timedelta) -> None:
        """Gives a failed turn back to be tried again; nothing happens if it was taken over."""
        due_at = self._clock() + retry_in
        await self._update(work, due_at=due_at, lease_token=None, lease_until=None)

    async def give_back(self, work: Work) -> None:
        """Gives back a turn that was broken off, not failed: this try does not count."""
        await self._update(work, attempts=work.attempts - 1, lease_token=None, lease_until=None)

    async def _update(self, work: Work, **values: Any) -> int:
        due = tables.reply_due
        async with self._database.write() as connection:
            updated = await connection.execute(
                due.update()
                .where(
                    due.c.conversation_id == work.conversation.id,
                    due.c.lease_token == work.token,
                )
                .values(**values)
            )
            return updated.rowcount

    async def next_due(self) -> datetime | None:
        """When the next turn becomes due or a lapsed lease may be taken over."""
        due, conversation = tables.reply_due, tables.conversation
        # A failed turn that waits for its next try has no lease.
        at = sa.case((due.c.lease_until.is_(None), due.c.due_at), else_=due.c.lease_until)
        earliest = (
            sa.select(sa.func.min(at, type_=tables.UtcDateTime()))
            .join(conversation, conversation.c.id == due.c.conversation_id)
            .where(conversation.c.shop == self._shop)
        )
        async with self._database.read() as connection:
            moment = await connection.scalar(earliest)
            return moment if isinstance(moment, datetime) else None

    async def settle(self, work: Work, outcome: Outcome) -> list[Message]:
        """Stores what the turn decided, all or nothing.

        Raises LeaseLost when the epoch, the lease or the customer's last message changed meanwhile.
        """
        now, state = self._clock(), work.conversation
        async with self._database.write() as connection:
            locked = await log.lock(connection, state.id)
            if (
                locked.state.epoch != state.epoch
                or locked.state.holder is not Holder.BOT
                or locked.last_customer_seq != work.last_customer_seq
            ):
                raise LeaseLost
            taken = await connection.execute(
                tables.reply_due.delete().where(
                    tables.reply_due.c.conversation_id == state.id,
                    tables.reply_due.c.lease_token == work.token,
                )
            )
            if taken.rowcount != 1:
                raise LeaseLost
            sent = []
            for number, reply in enumerate(outcome.replies):
                sent.append(
                    await log.append_message(
                        connection,
                        locked,
                        message_id=(outcome.reply_id if number == 0 else None) or self._new_id(),
                        sender_kind="bot",
                        parts=list(reply.parts),
                        origin=reply.origin,
                        ai_generated=reply.ai_generated,
                        sources=list(reply.sources),
                        at=now,
                    )
                )
            reply_id = sent[0].id if sent else None
            await self._store_decision(connection, work, outcome, reply_id, now)
            await log.settle_waiting(connection, locked, reply_id=reply_id, outcome=outcome.kind)
            locked.state = replace(
                locked.state,
                misses=locked.state.misses + 1 if outcome.missed else 0,
                last_decision=outcome.kind,
            )
            if outcome.hand_over is not None:
                await self._hand_over(connection, locked, outcome.hand_over, now)
            await log.save(connection, locked, at=now)
        self._wake(state.id)
        return sent

    async def _store_decision(
        self,
        connection: AsyncConnection,
        work: Work,
        outcome: Outcome,
        reply_id: str | None,
        now: datetime,
    ) -> None:
        await connection.execute(
            tables.decision.insert().values(
                id=self._new_id(),
                conversation_id=work.conversation.id,
                epoch=work.conversation.epoch,
                first_seq=work.waiting[0].seq if work.waiting else work.last_customer_seq,
                last_seq=work.last_customer_seq,
                reply_id=reply_id,
                kind=outcome.kind,
                record=dict(outcome.record),
                created_at=now,
            )
        )

    async def _hand_over(
        self, connection: AsyncConnection, locked: log.Locked, order: HandOver, now: datetime
    ) -> None:
        detail = {"rule": order.rule, "score": order.score}
        if order.on_duty:
            state = locked.state.hand_over(order.reason, at=now)
            await log.move(connection, locked, state, at=now, by="bot", detail=detail)
            return
        await _open_ticket(connection, locked, order, now)


async def _open_ticket(
    connection: AsyncConnection, locked: log.Locked, order: HandOver, now: datetime
) -> None:
    """One open ticket a conversation: asking twice at night does not make two."""
    ticket = tables.ticket
    number = await connection.scalar(
        sa.select(ticket.c.number).where(
            ticket.c.conversation_id == locked.state.id, ticket.c.state == "open"
        )
    )
    if number is None:
        inserted = await connection.execute(
            ticket.insert()
            .values(
                shop=locked.shop,
                conversation_id=locked.state.id,
                reason=order.reason,
                summary=order.summary,
                state="open",
                promised_at=order.promised_at,
                created_at=now,
            )
            .returning(ticket.c.number)
        )
        number = inserted.scalar_one()
    else:
        await connection.execute(
            ticket.update()
            .where(ticket.c.number == number)
            .values(summary=ticket.c.summary + "\n" + order.summary)
        )
    log.append_event(
        locked,
        "conversation.handover_deferred",
        {
            "ticket": number,
            "reason": order.reason,
            "rule": order.rule,
            "score": order.score,
            "promised_at": order.promised_at.isoformat() if order.promised_at else None,
        },
        at=now,
    )
