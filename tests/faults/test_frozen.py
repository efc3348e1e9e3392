"""A process stops without ending, as a machine does that swaps or lost its network, and comes back.

Over PostgreSQL only: SQLite has one process.
"""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from bot.database import Database
from handoff import log
from tests.bot.command_line import until
from tests.faults.places import Shared
from tests.faults.rows import due_in
from tests.faults.traffic import Traffic
from tests.faults.trial import Trial
from tests.handoff.shop import NOON, Shop
from tests.postgres import Postgres

A_FEW = 3
# Longer than a transaction may stand still, and much shorter than a customer's patience.
SOON = timedelta(seconds=20)


def test_a_worker_that_wakes_up_after_its_lease_lapsed_says_nothing_twice(
    shared: Shared, trial: Trial
) -> None:
    def leases() -> set[object]:
        return {row["lease_token"] for row in due_in(shared.store)} - {None}

    def frozen_in_a_turn(customers: Traffic) -> set[object]:
        """The leases that it holds; thawed again where it holds none."""
        process.send_signal(signal.SIGSTOP)
        held = leases()
        # The other worker's turns end meanwhile.
        customers.go_on_until(A_FEW)
        held &= leases()
        if not held:
            process.send_signal(signal.SIGCONT)
        return held

    with trial.under("a worker frozen for longer than its lease", shared) as customers:
        for _ in trial.rounds(short=1):
            process = trial.chance.choice(shared.cluster.workers).process
            try:
                held = until(lambda: frozen_in_a_turn(customers), "a turn to freeze")
                until(lambda held=held: not held & leases(), "the lapse of the leases")
            finally:
                process.send_signal(signal.SIGCONT)
        customers.go_on_until(A_FEW)


async def test_a_process_that_stops_in_the_middle_of_a_write_does_not_stop_the_shop(
    postgres: Postgres,
) -> None:
    """It holds the lock under which every event of the shop gets its number."""
    url = postgres.database()
    stopped, other = Database(url), Database(url)
    shop = Shop(other)
    first, second = await shop.conversation(), await shop.conversation()

    async def stop_in_the_middle() -> None:
        async with stopped.write() as connection:
            locked = await log.lock(connection, first)
            log.append_event(locked, "conversation.updated", {}, at=NOON)
            await log.save(connection, locked, at=NOON)
            async with asyncio.timeout(SOON.total_seconds()):
                await shop.customer_says(second, "有人吗？")

    try:
        with pytest.raises(DBAPIError):
            await stop_in_the_middle()
        assert len(await shop.events.of_conversation(first)) == 0
        assert len(await shop.events.of_conversation(second)) == 1
    finally:
        await stopped.aclose()
        await other.aclose()
