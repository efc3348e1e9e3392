"""A message whose turn always ends with its process: a person gets it, not the next process."""

from __future__ import annotations

import asyncio
from typing import cast

from bot.brain import open_database
from bot.budget import Spent
from bot.feed import Feed
from bot.served import Served
from bot.settings import SAMPLE, Settings
from bot.shop import load_shop
from bot.turn import Turn
from bot.worker import Worker
from tests.bot.command_line import until
from tests.faults.cluster import Cluster
from tests.faults.model import GOOD, QUESTION, SteadyModel, hanging, variables
from tests.faults.places import Shared, WithModel
from tests.faults.traffic import Traffic
from tests.faults.trial import Trial
from tests.faults.visitor import Visitor
from tests.handoff.shop import Shop
from tests.model_server import Says
from tests.postgres import Postgres

TRIES = 3
AT_ONCE = 3
FAULT = "a message that kills every process that works on it"


async def poisoned(customers: Traffic) -> list[Visitor]:
    """Customers whose question nobody survives."""
    visitors = [await customers.arrive() for _ in range(AT_ONCE)]
    await asyncio.gather(*(visitor.say(QUESTION) for visitor in visitors))
    return visitors


async def handed_over(visitors: list[Visitor]) -> None:
    """Each of them heard something."""
    await asyncio.gather(*(visitor.read_until_answered() for visitor in visitors))


def model_was_asked(model: SteadyModel, *, since: int) -> None:
    """Every poisoned turn is in the hands of the process."""
    until(lambda: len(model.requests) >= since + AT_ONCE, "the poisoned turns")


def outcomes(trial: Trial) -> set[tuple[str, str]]:
    """(sender, outcome) of everything said."""
    return {(row["sender_kind"], str(row["outcome"])) for row in trial.rows.messages}


def test_a_message_that_kills_the_server_is_handed_over_after_three_tries(
    with_model: WithModel, trial: Trial
) -> None:
    place, model = with_model.place, with_model.model
    with trial.under(FAULT, place, customers=0) as customers:
        for _ in trial.rounds(short=1, long=20):
            model.behave(hanging)
            asked = len(model.requests)
            visitors = customers.do(poisoned(customers))
            for _ in range(TRIES):
                model_was_asked(model, since=asked)
                asked = len(model.requests)
                trial.kills += 1
                place.kill()
                place.start()
            customers.do(handed_over(visitors))
            assert len(model.requests) == asked
            model.behave(lambda: Says(GOOD))
    assert outcomes(trial) == {("customer", "hand_over"), ("bot", "None")}


def test_a_message_that_kills_workers_is_handed_over_after_three_tries(
    some_processes: Cluster, trial: Trial
) -> None:
    """One worker at a time; each takes over when the lease of the one before lapses."""
    place = Shared(some_processes)
    some_processes.serve()
    with SteadyModel() as model, trial.under(FAULT, place, customers=0) as customers:
        model.behave(hanging)
        settings = {"KEFU_WORKERS": str(AT_ONCE), "KEFU_LLM_TIMEOUT": "10", **variables(model)}
        worker = some_processes.work(**settings)
        for _ in trial.rounds(short=1, long=10):
            asked = len(model.requests)
            visitors = customers.do(poisoned(customers))
            for _ in range(TRIES):
                model_was_asked(model, since=asked)
                asked = len(model.requests)
                trial.kills += 1
                worker = some_processes.restart_worker(worker)
            customers.do(handed_over(visitors))
            assert len(model.requests) == asked
    assert outcomes(trial) == {("customer", "hand_over"), ("bot", "None")}


async def test_a_turn_that_crashes_before_anything_is_decided_is_handed_over_too(
    postgres: Postgres,
) -> None:
    """And the worker lives on: it would take every conversation with it, one after another."""

    async def broken(conversation: str) -> Spent:
        raise ValueError("a decision record that nobody can read")

    async with open_database(Settings(_env_file=None, database_url=postgres.database())) as store:  # type: ignore[call-arg]
        shop = Shop(store)
        conversation = await shop.conversation()
        worker = Worker(
            inbox=shop.inbox,
            replies=shop.replies,
            people=shop.people,
            turn=cast(Turn, None),
            served=cast(Served, None),
            shop=load_shop(SAMPLE / "shop.yaml"),
            feed=Feed(),
            clock=shop.clock,
            new_id=shop.ids,
            deadline=1,
            spent=broken,
        )
        await shop.customer_says(conversation, "有人吗？")
        for _ in range(TRIES):
            shop.clock.pass_(minutes=1)
            assert await worker.step()
        assert await shop.replies.next_due() is None
        assert [m.outcome for m in await shop.inbox.messages(conversation)] == ["hand_over", None]
