"""The people's side: take what waits, answer, give it back, close it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import log, tables
from handoff.conversation import Conversation, Holder, PersonId
from handoff.errors import AlreadyClaimed, MessageIdTaken, NotHolder, UnknownConversation
from handoff.messages import Message, Part
from handoff.people import Person
from handoff.ports import Clock, Database, NewId, Wake
from handoff.reasons import Reason

# A message that was sent although a check of outgoing texts objected.
OVERRIDDEN = "message.overridden"


class Desk:
    """The conversations of one shop as its people see them."""

    def __init__(
        self,
        database: Database,
        *,
        shop: str,
        clock: Clock,
        new_id: NewId,
        wake: Wake = lambda conversation_id: None,
    ) -> None:
        self._database = database
        self._shop = shop
        self._clock = clock
        self._new_id = new_id
        self._wake = wake

    async def claim(self, conversation_id: str, person: Person) -> Conversation:
        """Takes a conversation out of the queue, or steps in where the bot speaks.

        Raises AlreadyClaimed when somebody else was first; claiming twice is no error.
        """
        async with self._database.write() as connection:
            locked = await self._locked(connection, conversation_id)
            state, who = locked.state, PersonId(person.id)
            if state.holder is Holder.AGENT:
                if state.agent_id == who:
                    return state
                raise AlreadyClaimed
            if state.holder is Holder.QUEUE:
                state = state.assign(who)
            else:
                if state.holder is Holder.NOBODY:
                    state = state.reopen()
                state = state.step_in(who, reason=Reason.AGENT_TAKEOVER)
            now = self._clock()
            detail = {"agent_name": person.name}
            await log.move(connection, locked, state, at=now, by=person.id, detail=detail)
            await log.settle_waiting(connection, locked, reply_id=None, outcome="with_person")
            await _solve_ticket(connection, conversation_id)
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)
        return state

    async def must_hold(self, conversation_id: str, person: Person) -> None:
        """Raises NotHolder unless `person` holds the conversation."""
        async with self._database.read() as connection:
            state = self._ours(await log.look(connection, conversation_id)).state
        if state.holder is not Holder.AGENT or state.agent_id != person.id:
            raise NotHolder

    async def said(
        self, conversation_id: str, person: Person, *, client_message_id: str
    ) -> Message | None:
        """What is stored under this `client_message_id`; None while it may still be said.

        Raises NotHolder where `person` may not say anything, MessageIdTaken where somebody else
        used the id.
        """
        async with self._database.read() as connection:
            locked = self._ours(await log.look(connection, conversation_id))
            return await _said(connection, locked, person, client_message_id)

    async def reply(
        self,
        conversation_id: str,
        person: Person,
        *,
        client_message_id: str,
        parts: Sequence[Part],
        override: Mapping[str, Any] | None = None,
    ) -> tuple[Message, bool]:
        """What the holder says; the same `client_message_id` again says nothing twice.

        `override` is why it is said although a check objected. It becomes an event of its own in
        the same transaction, of a type that customers' feeds never carry.
        """
        async with self._database.write() as connection:
            locked = await self._locked(connection, conversation_id)
            known = await _said(connection, locked, person, client_message_id)
            if known is not None:
                return known, False
            now = self._clock()
            message = await log.append_message(
                connection,
                locked,
                message_id=self._new_id(),
                sender_kind="person",
                sender_id=person.id,
                sender_name=person.name,
                origin="typed",
                parts=list(parts),
                client_message_id=client_message_id,
                at=now,
            )
            if override is not None:
                by = {"message_id": message.id, "by": person.id, "by_name": person.name}
                log.append_event(locked, OVERRIDDEN, {**override, **by}, at=now)
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)
        return message, True

    async def return_to_bot(
        self, conversation_id: str, person: Person, *, note: str | None
    ) -> Conversation:
        """Gives the conversation back; a customer's unanswered last word is answered by the bot."""
        async with self._database.write() as connection:
            locked = await self._locked(connection, conversation_id)
            now = self._clock()
            state = locked.state.return_to_bot(by=PersonId(person.id), note=note)
            await log.move(connection, locked, state, at=now, by=person.id)
            await self._owe_reply(connection, locked, now)
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)
        return state

    async def _owe_reply(
        self, connection: AsyncConnection, locked: log.Locked, now: datetime
    ) -> None:
        # Returned and then silent is what customers complain about most: if they spoke last,
        # the bot owes them an answer.
        if locked.last_customer_seq != locked.last_seq or not locked.last_seq:
            return
        locked.settled_seq = locked.last_customer_seq - 1
        await connection.execute(
            tables.message.update()
            .where(
                tables.message.c.conversation_id == locked.state.id,
                tables.message.c.seq == locked.last_customer_seq,
            )
            .values(outcome=None, settled_by=None)
        )
        await connection.execute(
            tables.reply_due.insert().values(
                conversation_id=locked.state.id,
                cause="customer_message",
                due_at=now,
                first_due_at=now,
                attempts=0,
            )
        )

    async def close(self, conversation_id: str, person: Person) -> Conversation:
        """Ends the session. Only its holder may, or anybody while no other person holds it."""
        async with self._database.write() as connection:
            locked = await self._locked(connection, conversation_id)
            if locked.state.holder is Holder.AGENT and locked.state.agent_id != person.id:
                raise NotHolder
            state, now = locked.state.close(), self._clock()
            await log.move(connection, locked, state, at=now, by=person.id)
            await log.settle_waiting(connection, locked, reply_id=None, outcome="closed")
            await _solve_ticket(connection, conversation_id)
            await log.save(connection, locked, at=now)
        self._wake(conversation_id)
        return state

    async def _locked(self, connection: AsyncConnection, conversation_id: str) -> log.Locked:
        return self._ours(await log.lock(connection, conversation_id))

    def _ours(self, locked: log.Locked) -> log.Locked:
        if locked.shop != self._shop:
            raise UnknownConversation
        return locked


async def _said(
    connection: AsyncConnection, locked: log.Locked, person: Person, client_message_id: str
) -> Message | None:
    known = (
        await connection.execute(
            sa.select(tables.message).where(
                tables.message.c.conversation_id == locked.state.id,
                tables.message.c.sender_kind == "person",
                tables.message.c.client_message_id == client_message_id,
            )
        )
    ).one_or_none()
    if known is not None and known.sender_id == person.id:
        return Message.of(known)
    if locked.state.holder is not Holder.AGENT or locked.state.agent_id != person.id:
        raise NotHolder
    if known is not None:
        # Confirming it would tell this person that their own words were sent.
        raise MessageIdTaken
    return None


async def _solve_ticket(connection: AsyncConnection, conversation_id: str) -> None:
    """A person has taken care of it."""
    await connection.execute(
        tables.ticket.update()
        .where(tables.ticket.c.conversation_id == conversation_id, tables.ticket.c.state == "open")
        .values(state="solved")
    )
