"""What processes tell each other over PostgreSQL, and how a lost connection is survived."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.bus import PostgresBus
from bot.database import Database
from bot.errors import DatabaseShared, Infrastructure
from bot.feed import Feed, Listener
from tests.handoff.shop import Shop
from tests.postgres import Postgres


class Process:
    """What one process has of the bus."""

    def __init__(self, url: str, *, alone: bool = False) -> None:
        self.bus = PostgresBus(url, alone=alone)
        self.feed = Feed(self.bus.show)
        self.woken = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Process]:
        async with self.bus.connected(self.feed, self.woken.set):
            # It wakes everybody as soon as it listens.
            async with asyncio.timeout(10):
                await self.woken.wait()
            self.woken.clear()
            yield self


async def until(listener: Listener, told: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not told():
            await listener.wait(0.05)


async def test_a_commit_in_one_process_wakes_listeners_and_workers_in_another(
    postgres: Postgres,
) -> None:
    url = postgres.database()
    database = Database(url)
    shop = Shop(database)
    conversation = await shop.conversation()
    async with Process(url).running() as other, other.feed.listen(conversation) as listener:
        await shop.customer_says(conversation, "在吗")
        async with asyncio.timeout(10):
            assert await listener.wait(60)
            assert await other.woken.wait()
    await database.aclose()


async def test_what_is_shown_in_one_process_is_shown_once_in_each(postgres: Postgres) -> None:
    url = postgres.database()
    async with (
        Process(url).running() as one,
        Process(url).running() as two,
        one.feed.listen("c") as here,
        two.feed.listen("c") as there,
    ):
        one.feed.show("c", "draft.delta", {"text": "您好，"})
        one.feed.show("c", "draft.delta", {"text": "x" * 9_000})
        one.feed.show("c", "draft.delta", {"text": "在的"})
        shown: list[tuple[str, object]] = []
        await until(there, lambda: shown.extend(there.take()) or len(shown) == 2)
        assert [payload for _, payload in shown] == [{"text": "您好，"}, {"text": "在的"}]
        assert len(here.take()) == 3


async def test_after_a_restart_of_the_database_everybody_looks_again(postgres: Postgres) -> None:
    url = postgres.database()
    async with Process(url).running() as process, process.feed.listen("c") as listener:
        postgres.stop()
        postgres.start()
        async with asyncio.timeout(30):
            assert await process.woken.wait()
            assert await listener.wait(60)
        async with Process(url).running() as other:
            other.feed.show("c", "typing", {"on": True})
            shown: list[tuple[str, object]] = []
            await until(listener, lambda: shown.extend(listener.take()) or shown)
        assert shown == [("typing", {"on": True})]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The one with embedded Chroma must be the only one, whoever comes first.
        (True, False),
        (False, True),
        (True, True),
    ],
)
async def test_a_process_with_embedded_chroma_is_alone(
    postgres: Postgres, first: bool, second: bool
) -> None:
    url = postgres.database()
    async with Process(url, alone=first).running():
        with pytest.raises(DatabaseShared, match="KEFU_CHROMA_URL"):
            async with Process(url, alone=second).running():
                pass
    async with Process(url, alone=second).running():
        pass


async def test_a_database_that_cannot_be_reached_is_said_at_the_start() -> None:
    process = Process("postgresql+asyncpg://kefu@127.0.0.1:1/kefu")
    with pytest.raises(Infrastructure, match="cannot be reached"):
        async with process.running():
            pass
