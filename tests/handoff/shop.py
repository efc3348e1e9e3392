"""A shop for tests: a real database, a clock that only moves when told, counted ids."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.database import Database
from handoff.desk import Desk
from handoff.feed import EventLog
from handoff.inbox import Inbox
from handoff.listing import Listing
from handoff.messages import Message, Outgoing
from handoff.people import People, Person
from handoff.replies import HandOver, Outcome, Replies, Work

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
PAUSE = timedelta(seconds=2)
LEASE = timedelta(seconds=30)


class Clock:
    """Stands still until told to move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Ids:
    """id-1, id-2, …"""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __call__(self) -> str:
        return f"id-{next(self._numbers)}"


@dataclass
class Shop:
    """All use cases over one database."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)

    def __post_init__(self) -> None:
        common = {"clock": self.clock, "new_id": self.ids}
        self.inbox = Inbox(self.database, shop="default", pause=PAUSE, **common)
        self.replies = Replies(self.database, shop="default", lease=LEASE, **common)
        self.desk = Desk(self.database, shop="default", **common)
        self.listing = Listing(self.database, shop="default")
        self.people = People(self.database, shop="default", **common)
        self.events = EventLog(self.database, shop="default")
        self._sent = itertools.count(1)

    async def conversation(self) -> str:
        return await self.inbox.begin(visitor=self.ids(), channel="web", locale="zh-CN", page={})

    async def customer_says(
        self, conversation: str, text: str, *, once: str | None = None
    ) -> Message:
        message, _ = await self.inbox.receive(
            conversation,
            client_message_id=once or f"c{next(self._sent)}",
            parts=[{"type": "text", "text": text}],
        )
        return message

    async def due(self) -> Work:
        """The leased turn once the pause is over."""
        self.clock.pass_(seconds=PAUSE.total_seconds())
        work = await self.replies.lease()
        assert work is not None
        return work

    async def bot_answers(self, conversation: str, question: str, reply: str) -> None:
        await self.customer_says(conversation, question)
        await self.replies.settle(await self.due(), answer(reply))

    async def waiting(self, reason: str = "anger") -> str:
        """A conversation in the queue."""
        conversation = await self.conversation()
        await self.customer_says(conversation, "气死我了")
        await self.replies.settle(await self.due(), hand_over(reason))
        return conversation

    async def person(self, name: str) -> Person:
        return await self.people.add(
            email=f"{name}@example.com", name=name, password="correct horse"
        )

    async def texts(self, conversation: str) -> list[str]:
        return [f"{m.sender_kind}: {m.text}" for m in await self.inbox.messages(conversation)]


def answer(text: str) -> Outcome:
    return Outcome("answer", [Outgoing([{"type": "text", "text": text}], "curated")])


def hand_over(reason: str = "anger", *, on_duty: bool = True) -> Outcome:
    return Outcome(
        "hand_over",
        [Outgoing([{"type": "text", "text": "已为您转接"}], "curated")],
        record={"kind": "hand_over", "reason": reason},
        hand_over=HandOver(reason, "a rule", 0.9, on_duty, "气死我了"),
    )


@asynccontextmanager
async def open_shop(url: str) -> AsyncIterator[Shop]:
    database = Database(url)
    await database.migrate()
    try:
        yield Shop(database)
    finally:
        await database.aclose()
