"""The log of a shop: complete and in one order for whoever follows it while many write."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from bot.database import Database
from handoff import log, tables
from tests.handoff.shop import Shop, answer
from tests.postgres import Postgres

WRITERS = 6
MESSAGES = 8


async def test_a_reader_who_resumes_by_id_misses_nothing_while_many_write(shop: Shop) -> None:
    conversations = [await shop.conversation() for _ in range(WRITERS)]
    writing = asyncio.gather(
        *(
            shop.customer_says(conversation, f"第{number}句")
            for number in range(MESSAGES)
            for conversation in conversations
        )
    )
    followed: list[int] = []
    while len(followed) < WRITERS * MESSAGES:
        after = followed[-1] if followed else 0
        followed += [event.id for event in await shop.events.of_shop(after=after, limit=3)]
        await asyncio.sleep(0)
    await writing
    everything = [event.id for event in await shop.events.of_shop(after=0)]
    assert followed == everything


async def test_every_conversation_counts_its_events_and_messages_without_a_gap(shop: Shop) -> None:
    conversation = await shop.conversation()
    person = await shop.person("mei")

    async def stir() -> None:
        work = await shop.replies.lease()
        if work is not None:
            await shop.replies.settle(work, answer("好的"))

    for number in range(6):
        await shop.customer_says(conversation, f"第{number}句")
        shop.clock.pass_(seconds=5)
        await asyncio.gather(
            stir(), shop.customer_says(conversation, "还有"), return_exceptions=True
        )
    await shop.desk.claim(conversation, person)
    seqs = [event.seq for event in await shop.events.of_conversation(conversation)]
    assert seqs == list(range(1, len(seqs) + 1))
    numbers = [message.seq for message in await shop.inbox.messages(conversation)]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_ids_become_visible_in_their_order_whoever_commits_first(postgres: Postgres) -> None:
    database = Database(postgres.database())
    shop = Shop(database)
    slow, quick = await shop.conversation(), await shop.conversation()
    written = asyncio.Event()
    commit = asyncio.Event()

    async def dawdle() -> None:
        async with database.write() as connection:
            locked = await log.lock(connection, slow)
            log.append_event(locked, "conversation.updated", {}, at=shop.clock())
            await log.save(connection, locked, at=shop.clock())
            written.set()
            await commit.wait()

    slow_writer = asyncio.create_task(dawdle())
    await written.wait()
    quick_writer = asyncio.create_task(shop.customer_says(quick, "快一点"))
    async with database.read() as connection:
        waiting = sa.text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        )
        async with asyncio.timeout(10):
            while not await connection.scalar(waiting):
                pass
    # The quick one drew no id yet, so nobody can have seen a later one than the slow one's.
    assert await shop.events.of_shop(after=0) == []
    commit.set()
    await asyncio.gather(slow_writer, quick_writer)
    seen = [event.conversation_id for event in await shop.events.of_shop(after=0)]
    assert seen == [slow, quick]
    await database.aclose()


async def test_many_workers_lease_every_turn_once(shop: Shop) -> None:
    conversations = {await shop.conversation() for _ in range(12)}
    for conversation in conversations:
        await shop.customer_says(conversation, "在吗")
    shop.clock.pass_(seconds=5)

    async def worker() -> list[str]:
        mine = []
        while len(taken) < len(conversations):
            work = await shop.replies.lease()
            if work is None:
                await asyncio.sleep(0)
                continue
            taken.append(work.conversation.id)
            mine.append(work.conversation.id)
            await shop.replies.settle(work, answer("在的"))
        return mine

    taken: list[str] = []
    async with asyncio.timeout(30):
        await asyncio.gather(*(worker() for _ in range(4)))
    assert sorted(taken) == sorted(conversations)
    replies = [await shop.texts(conversation) for conversation in conversations]
    assert replies == [["customer: 在吗", "bot: 在的"]] * len(conversations)


async def test_a_backlog_is_worked_off_in_the_order_in_which_it_became_due(shop: Shop) -> None:
    conversations = [await shop.conversation() for _ in range(4)]
    for conversation in conversations:
        await shop.customer_says(conversation, "昨晚就问了")
        shop.clock.pass_(minutes=7)
    leased = [await shop.replies.lease() for _ in conversations]
    assert [work and work.conversation.id for work in leased] == conversations


async def test_another_shops_conversations_are_not_ours_to_answer(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "在吗")
    async with shop.database.write() as connection:
        await connection.execute(tables.conversation.update().values(shop="other"))
    shop.clock.pass_(seconds=5)
    assert await shop.replies.next_due() is None
    assert await shop.replies.lease() is None
