"""The customer's side: begin, write, end it, leave.

A message and the reply it makes due are one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import log, tables
from handoff.conversation import Holder
from handoff.errors import UnknownConversation
from handoff.messages import Message, Part
from handoff.ports import Clock, Database, NewId, Wake

# The customer made every token of the conversation void; only the shop's people see it.
LEFT = "conversation.left"

# A customer who never stops typing is answered after this many pauses all the same.
_LONGEST_BURST_IN_PAUSES = 4

# Within it a failed turn starts afresh with a new line; later it is not the half question that
# makes it fail, and somebody who goes on writing must get a person all the same.
_FRESH_STARTS_FOR = timedelta(minutes=5)


class Inbox:
    """Conversations of one shop as their customers use them."""

    def __init__(
        self,
        database: Database,
        *,
        shop: str,
        clock: Clock,
        new_id: NewId,
        wake: Wake = lambda conversation_id: None,
        pause: timedelta = timedelta(seconds=2),
    ) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._new_id = new_id
        self._wake = wake
        self._pause = pause

    async def begin(
        self, *, visitor: str, channel: str, locale: str, page: Mapping[str, Any]
    ) -> str:
        """The id of a new conversation of a new, unverified contact."""
        now, contact_id, conversation_id = self._clock(), self._new_id(), self._new_id()
        async with self._database.write() as connection:
            await connection.execute(
                tables.contact.insert().values(id=contact_id, shop=self._shop, created_at=now)
            )
            await connection.execute(
                tables.identity.insert().values(
                    shop=self._shop,
                    kind="visitor",
                    value=visitor,
                    contact_id=contact_id,
                    verified=False,
                    created_at=now,
                )
            )
            await connection.execute(
                tables.conversation.insert().values(
                    id=conversation_id,
                    shop=self._shop,
                    channel=channel,
                    contact_id=contact_id,
                    locale=locale,
                    page=dict(page),
                    holder=Holder.BOT.value,
                    epoch=0,
                    session=1,
                    misses=0,
                    last_seq=0,
                    last_customer_seq=0,
                    settled_seq=0,
                    event_seq=0,
                    created_at=now,
                    updated_at=now,
                )
            )
        return conversation_id

    async def visit(
        self, conversation_id: str, *, locale: str | None = None, page: Mapping[str, Any] | None
    ) -> None:
        """The customer is on another page, or speaks another language, now."""
        async with self._database.write() as connection:
            locked = await log.lock(connection, conversation_id)
            locked.locale = locale or locked.locale
            locked.page = page if page is not None else locked.page
            await log.save(connection, locked, at=locked.updated_at)

    async def customer_of(self, contact_id: str) -> tuple[str | None, str | None]:
        """(the shop's customer id if verified, display name)."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(tables.contact.c.name, tables.identity.c.value)
                    .outerjoin(
                        tables.identity,
                        sa.and_(
                            tables.identity.c.contact_id == tables.contact.c.id,
                            tables.identity.c.kind == "customer",
                            tables.identity.c.verified,
                        ),
                    )
                    .where(tables.contact.c.id == contact_id)
                )
            ).first()
            return (row.value, row.name) if row else (None, None)

    async def receive(
        self, conversation_id: str, *, client_message_id: str, parts: Sequence[Part]
    ) -> tuple[Message, bool]:
        """Stores a customer's message and makes a reply due, in one transaction.

        Returns the message and whether it is new; the same `client_message_id` again returns the
        stored one and changes nothing.
        """
        now = self._clock()
        async with self._database.write() as connection:
            locked = await log.lock(connection, conversation_id)
            known = await _find(connection, conversation_id, "customer", client_message_id)
            if known is not None:
                return known, False
            if locked.state.holder is Holder.NOBODY:
                await log.move(connection, locked, locked.state.reopen(), at=now, by="customer")
                locked.settled_seq = locked.last_customer_seq
            message = await log.append_message(
                connection,
                locked,
                message_id=self._new_id(),
                sender_kind="customer",
                parts=list(parts),
                client_message_id=client_message_id,
                at=now,
            )
            locked.last_customer_seq = message.seq
            if locked.state.holder is Holder.BOT:
                await self._make_due(connection, conversation_id, now)
            else:
                await log.settle_waiting(connection, locked, reply_id=None, outcome="with_person")
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)
        return message, True

    async def _make_due(
        self, connection: AsyncConnection, conversation_id: str, now: datetime
    ) -> None:
        due = tables.reply_due
        row = (
            await connection.execute(
                sa.select(due.c.first_due_at).where(due.c.conversation_id == conversation_id)
            )
        ).one_or_none()
        if row is None:
            await connection.execute(
                due.insert().values(
                    conversation_id=conversation_id,
                    cause="customer_message",
                    due_at=now + self._pause,
                    first_due_at=now + self._pause,
                    attempts=0,
                )
            )
            return
        fresh = now - row.first_due_at < _FRESH_STARTS_FOR
        latest = row.first_due_at + self._pause * _LONGEST_BURST_IN_PAUSES
        # Dropping the lease makes the turn that is under way stale: it did not see this message.
        await connection.execute(
            due.update()
            .where(due.c.conversation_id == conversation_id)
            .values(
                due_at=min(now + self._pause, latest),
                lease_token=None,
                lease_until=None,
                # What made an earlier turn fail may have been the half question it saw.
                attempts=0 if fresh else due.c.attempts,
            )
        )

    async def back_to_bot(self, conversation_id: str) -> None:
        """The customer does not want to wait for a person any longer."""
        now = self._clock()
        async with self._database.write() as connection:
            locked = await log.lock(connection, conversation_id)
            await log.move(connection, locked, locked.state.leave_queue(), at=now, by="customer")
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)

    async def close(self, conversation_id: str) -> None:
        """The customer is done; nothing happens if the conversation is over already."""
        now = self._clock()
        async with self._database.write() as connection:
            locked = await log.lock(connection, conversation_id)
            if locked.state.holder is Holder.NOBODY:
                return
            await self._end(connection, locked, now)
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)

    async def leave(self, conversation_id: str) -> None:
        """Makes every token of the conversation void, for good.

        Nobody should wait in a queue for somebody who can no longer be answered, so unless a
        person holds the conversation it is over too.
        """
        now = self._clock()
        async with self._database.write() as connection:
            locked = await log.lock(connection, conversation_id)
            await connection.execute(
                tables.conversation.update()
                .where(tables.conversation.c.id == conversation_id)
                .values(token_version=tables.conversation.c.token_version + 1)
            )
            if locked.state.holder in (Holder.BOT, Holder.QUEUE):
                await self._end(connection, locked, now)
            log.append_event(locked, LEFT, {}, at=now)
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)

    async def _end(self, connection: AsyncConnection, locked: log.Locked, now: datetime) -> None:
        await log.move(connection, locked, locked.state.close(), at=now, by="customer")
        await log.settle_waiting(connection, locked, reply_id=None, outcome="closed")

    async def visitor(self, conversation_id: str) -> tuple[int, str]:
        """(version that tokens must have, id of the contact); raises UnknownConversation."""
        table = tables.conversation
        async with self._database.read() as connection:
            row = (
                await connection.execute(
                    sa.select(table.c.token_version, table.c.contact_id).where(
                        table.c.id == conversation_id, table.c.shop == self._shop
                    )
                )
            ).one_or_none()
        if row is None:
            raise UnknownConversation
        return row.token_version, row.contact_id

    async def messages(self, conversation_id: str, *, limit: int = 200) -> list[Message]:
        """The newest `limit` messages, oldest first."""
        async with self._database.read() as connection:
            return await log.messages(connection, conversation_id, limit=limit)

    async def view(self, conversation_id: str) -> tuple[log.Locked, int | None, str | None]:
        """(conversation, position in the queue from 1, name of the person who holds it)."""
        async with self._database.read() as connection:
            locked = await log.look(connection, conversation_id)
            if locked.shop != self._shop:
                raise UnknownConversation
            position = None
            if locked.state.holder is Holder.QUEUE:
                ahead = await connection.scalar(
                    sa.select(sa.func.count())
                    .select_from(tables.conversation)
                    .where(
                        tables.conversation.c.shop == self._shop,
                        tables.conversation.c.holder == Holder.QUEUE.value,
                        # Of two who came in the same instant, one has to be before the other.
                        sa.tuple_(tables.conversation.c.waiting_since, tables.conversation.c.id)
                        < (locked.state.waiting_since, conversation_id),
                    )
                )
                position = int(ahead or 0) + 1
            name = await connection.scalar(
                sa.select(tables.person.c.name).where(tables.person.c.id == locked.state.agent_id)
            )
            return locked, position, name


async def _find(
    connection: AsyncConnection, conversation_id: str, sender_kind: str, client_message_id: str
) -> Message | None:
    row = (
        await connection.execute(
            sa.select(tables.message).where(
                tables.message.c.conversation_id == conversation_id,
                tables.message.c.sender_kind == sender_kind,
                tables.message.c.client_message_id == client_message_id,
            )
        )
    ).one_or_none()
    return Message.of(row) if row else None
