"""The composition root of a server: a brain, and everything that conversations need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.brain import (
    Brain,
    Clock,
    NewId,
    open_brain,
    open_database,
    random_id,
    system_clock,
)
from bot.budget import Spent, budget_of, spent_of
from bot.database import Database
from bot.feed import Feed
from bot.settings import Settings
from bot.shop import Shop
from bot.vault import Vault, kept_secret
from bot.worker import Worker
from handoff.desk import Desk
from handoff.feed import EventLog
from handoff.inbox import Inbox
from handoff.listing import Listing
from handoff.people import People
from handoff.replies import Replies

if TYPE_CHECKING:
    from bot.bus import PostgresBus


log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Kit:
    """Everything a running server is made of."""

    settings: Settings
    clock: Clock
    new_id: NewId
    database: Database
    brain: Brain
    vault: Vault
    feed: Feed
    inbox: Inbox
    replies: Replies
    desk: Desk
    listing: Listing
    people: People
    events: EventLog
    worker: Worker
    woken: asyncio.Event

    @property
    def shop(self) -> Shop:
        """The shop that is served."""
        return self.brain.shop

    @asynccontextmanager
    async def working(self, turns: int) -> AsyncIterator[None]:
        """While the block runs, works on that many turns at a time and follows the knowledge."""
        running = [self.brain.served.follow()]
        if turns:
            running.append(self.worker.run(self.woken, turns=turns))
        tasks = [asyncio.create_task(each) for each in running]
        for task in tasks:
            task.add_done_callback(_must_not_end)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            # A turn that is broken off goes back to whoever works next.
            await asyncio.gather(*tasks, return_exceptions=True)


def _must_not_end(task: asyncio.Task[None]) -> None:
    """What runs for ever and ends all the same is said at once: customers wait for it."""
    if not task.cancelled() and task.exception() is not None:
        log.critical("server.part_ended", exc_info=task.exception())


@asynccontextmanager
async def open_kit(
    settings: Settings, *, clock: Clock = system_clock, new_id: NewId = random_id
) -> AsyncIterator[Kit]:
    """A whole server's parts, without its HTTP side."""
    bus = _bus(settings)
    async with (
        open_database(settings) as database,
        open_brain(settings, database, clock) as brain,
        AsyncExitStack() as carried,
    ):
        await brain.served.refresh()
        feed, woken = Feed(bus.show if bus else None), asyncio.Event()
        if bus is not None:
            await carried.enter_async_context(bus.connected(feed, woken.set))

        def wake(conversation_id: str) -> None:
            feed.wake(conversation_id)
            woken.set()

        inbox = Inbox(
            database,
            shop=settings.shop,
            wake=wake,
            pause=timedelta(seconds=settings.pause),
            clock=clock,
            new_id=new_id,
        )
        replies = Replies(
            database,
            shop=settings.shop,
            wake=wake,
            clock=clock,
            new_id=new_id,
        )
        if database.has_one_owner:
            await replies.abandon_leases()
        people = People(database, shop=settings.shop, clock=clock, new_id=new_id)
        listing = Listing(database, shop=settings.shop)

        async def spent(conversation_id: str) -> Spent:
            return spent_of(each.record for each in await listing.decisions(conversation_id))

        yield Kit(
            settings=settings,
            clock=clock,
            new_id=new_id,
            database=database,
            brain=brain,
            vault=_vault(settings),
            feed=feed,
            inbox=inbox,
            replies=replies,
            desk=Desk(database, shop=settings.shop, wake=wake, clock=clock, new_id=new_id),
            listing=listing,
            people=people,
            events=EventLog(database, shop=settings.shop),
            worker=Worker(
                inbox=inbox,
                replies=replies,
                people=people,
                turn=brain.turn,
                served=brain.served,
                shop=brain.shop,
                feed=feed,
                deadline=settings.deadline,
                spent=None if budget_of(settings) is None else spent,
                clock=clock,
                new_id=new_id,
            ),
            woken=woken,
        )


def _bus(settings: Settings) -> PostgresBus | None:
    """What carries notices between processes, where there can be several."""
    if not settings.on_postgres:
        return None
    from bot.bus import PostgresBus

    return PostgresBus(settings.url, alone=not settings.shared)


def _vault(settings: Settings) -> Vault:
    secret = settings.secret.get_secret_value() if settings.secret else None
    identity = settings.identity_secret.get_secret_value() if settings.identity_secret else None
    if identity is None and settings.demo:
        # The demo shop plays the shop's server as well, so both may share a made-up secret.
        identity = kept_secret(settings.data, "identity.secret")
    return Vault(secret or kept_secret(settings.data, "visitor.secret"), identity)
