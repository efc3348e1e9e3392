"""Who a visitor is: signing in gives the conversation to the customer, and can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff import log, tables
from handoff.errors import LeadOnly, NothingToSplit, OtherCustomer, UnknownConversation
from handoff.people import Person
from handoff.ports import Clock, Database, NewId, Wake

MERGED = "conversation.merged"
SPLIT = "conversation.split"

_LEADS = frozenset({"lead", "admin"})


@dataclass(frozen=True, slots=True)
class Merge:
    """A sign-in that moved a conversation from its visitor to a customer, perhaps undone since."""

    customer_id: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None

    def to_json(self) -> dict[str, Any]:
        """As the desk shows it."""
        return {
            "customer_id": self.customer_id,
            "at": self.at.isoformat(),
            "undone_at": self.undone_at.isoformat() if self.undone_at else None,
            "undone_by": self.undone_by,
        }


class Identities:
    """The contacts of one shop and what joins them."""

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

    async def sign_in(self, conversation_id: str, *, customer_id: str, name: str) -> None:
        """The shop's server vouches for who the visitor of this conversation is.

        The conversation goes to the customer's one contact; the visitor's stays behind as it was,
        so that the step can be undone. Raises OtherCustomer for a conversation that is another
        customer's, so that nobody reads somebody else's, and for one that a lead took away from
        this customer.
        """
        try:
            moved = await self._sign_in(conversation_id, customer_id, name)
        except IntegrityError:
            # Another device signed the same customer in for the first time, just before us.
            moved = await self._sign_in(conversation_id, customer_id, name)
        if moved:
            self._wake(conversation_id)

    async def _sign_in(self, conversation_id: str, customer_id: str, name: str) -> bool:
        now = self._clock()
        async with self._database.write() as connection:
            locked = await self._locked(connection, conversation_id)
            mine = await self._customer(connection, tables.identity.c.contact_id, locked.contact_id)
            if mine is not None:
                if mine.value != customer_id:
                    raise OtherCustomer
                await _rename(connection, mine.contact_id, name)
                return False
            known = await self._customer(connection, tables.identity.c.value, customer_id)
            if known is None:
                contact_id = await self._new_customer(connection, customer_id, name, now)
            else:
                contact_id = known.contact_id
                await _rename(connection, contact_id, name)
                if await _was_split(connection, conversation_id, contact_id):
                    raise OtherCustomer
            await connection.execute(
                tables.contact_merge.insert().values(
                    id=self._new_id(),
                    shop=self._shop,
                    conversation_id=conversation_id,
                    from_contact=locked.contact_id,
                    to_contact=contact_id,
                    created_at=now,
                )
            )
            await _belong(connection, conversation_id, contact_id)
            log.append_event(locked, MERGED, {"customer_id": customer_id}, at=now)
            await log.save(connection, locked, at=locked.updated_at)
        return True

    async def split(self, conversation_id: str, person: Person) -> None:
        """Undoes the sign-in: the conversation is its visitor's again, and stays so.

        Raises LeadOnly, or NothingToSplit.
        """
        if person.role not in _LEADS:
            raise LeadOnly
        now, merge = self._clock(), tables.contact_merge
        async with self._database.write() as connection:
            locked = await self._locked(connection, conversation_id)
            row = (
                await connection.execute(
                    sa.select(merge.c.id, merge.c.from_contact).where(
                        merge.c.conversation_id == conversation_id,
                        merge.c.to_contact == locked.contact_id,
                        merge.c.undone_at.is_(None),
                    )
                )
            ).one_or_none()
            if row is None:
                raise NothingToSplit
            await connection.execute(
                merge.update()
                .where(merge.c.id == row.id)
                .values(undone_at=now, undone_by=person.id)
            )
            await _belong(connection, conversation_id, row.from_contact)
            log.append_event(locked, SPLIT, {"by": person.id, "by_name": person.name}, at=now)
            await log.save(connection, locked, at=locked.updated_at)
        self._wake(conversation_id)

    async def merges(self, conversation_id: str) -> list[Merge]:
        """Who signed in to this conversation, oldest first."""
        merge, identity = tables.contact_merge, tables.identity
        query = (
            sa.select(
                identity.c.value,
                merge.c.created_at,
                merge.c.undone_at,
                tables.person.c.name.label("undone_by"),
            )
            .join(
                identity,
                sa.and_(identity.c.contact_id == merge.c.to_contact, identity.c.kind == "customer"),
            )
            .outerjoin(tables.person, tables.person.c.id == merge.c.undone_by)
            .where(merge.c.conversation_id == conversation_id, merge.c.shop == self._shop)
            .order_by(merge.c.created_at)
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query)
            return [Merge(row.value, row.created_at, row.undone_at, row.undone_by) for row in rows]

    async def _locked(self, connection: AsyncConnection, conversation_id: str) -> log.Locked:
        locked = await log.lock(connection, conversation_id)
        if locked.shop != self._shop:
            raise UnknownConversation
        return locked

    async def _customer(
        self, connection: AsyncConnection, column: sa.Column[Any], value: str
    ) -> sa.Row[Any] | None:
        return (
            await connection.execute(
                sa.select(tables.identity).where(
                    tables.identity.c.shop == self._shop,
                    tables.identity.c.kind == "customer",
                    column == value,
                )
            )
        ).one_or_none()

    async def _new_customer(
        self, connection: AsyncConnection, customer_id: str, name: str, now: datetime
    ) -> str:
        contact_id = self._new_id()
        of_the_shop: Mapping[str, Any] = {"shop": self._shop, "created_at": now}
        await connection.execute(
            tables.contact.insert().values(id=contact_id, name=name or None, **of_the_shop)
        )
        await connection.execute(
            tables.identity.insert().values(
                kind="customer",
                value=customer_id,
                contact_id=contact_id,
                verified=True,
                **of_the_shop,
            )
        )
        return contact_id


async def _rename(connection: AsyncConnection, contact_id: str, name: str) -> None:
    """The shop's server knows the name best, and the newest."""
    if name:
        await connection.execute(
            tables.contact.update().where(tables.contact.c.id == contact_id).values(name=name)
        )


async def _was_split(connection: AsyncConnection, conversation_id: str, contact_id: str) -> bool:
    merge = tables.contact_merge
    found = await connection.scalar(
        sa.select(merge.c.id)
        .where(
            merge.c.conversation_id == conversation_id,
            merge.c.to_contact == contact_id,
            merge.c.undone_at.is_not(None),
        )
        .limit(1)
    )
    return found is not None


async def _belong(connection: AsyncConnection, conversation_id: str, contact_id: str) -> None:
    await connection.execute(
        tables.conversation.update()
        .where(tables.conversation.c.id == conversation_id)
        .values(contact_id=contact_id)
    )
    # A turn under way has looked at the orders of whoever it was before: it has to begin again.
    await connection.execute(
        tables.reply_due.update()
        .where(tables.reply_due.c.conversation_id == conversation_id)
        .values(lease_token=None, lease_until=None, attempts=0)
    )
