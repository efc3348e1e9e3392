"""What the bot works with goes away and comes back: the disk's room, the database, Chroma."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from tests.chroma import Chroma
from tests.faults.acknowledgements import Acknowledgement
from tests.faults.places import Alone, Shared
from tests.faults.trial import Trial
from tests.postgres import Postgres

A_FEW = 8
SEVERAL = 24


@contextmanager
def no_room(process_id: int) -> Iterator[None]:
    """While the block runs, the process can make no file longer, nor write a byte after the first.

    A full disk without the right to mount one: writes fail, also those of the log file.
    """
    before = resource.prlimit(process_id, resource.RLIMIT_FSIZE)
    resource.prlimit(process_id, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process_id, resource.RLIMIT_FSIZE, before)


def begin(url: str) -> int:
    """The status that somebody gets who opens the chat."""
    opened = httpx.post(f"{url}/api/customer/session", json={}, timeout=20, trust_env=False)
    return opened.status_code


def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(alone: Alone, trial: Trial) -> None:
    with trial.under("the disk is full", alone) as customers:
        for _ in trial.rounds(short=2):
            customers.go_on_until(A_FEW)
            with no_room(alone.server.process.pid):
                # Those who wait for a reply write nothing new meanwhile: others try.
                said = {begin(alone.server.url) for _ in range(A_FEW)}
                assert said == {503}, "what cannot be stored is not acknowledged"
        customers.go_on_until(A_FEW)
    assert alone.server.process.poll() is None


def test_a_database_server_that_goes_away_and_comes_back_loses_nothing(
    shared: Shared, postgres: Postgres, trial: Trial
) -> None:
    with trial.under("PostgreSQL stopped at once and started", shared) as customers:
        for _ in trial.rounds(short=1):
            customers.go_on_until(A_FEW)
            postgres.stop()
            trial.kills += 1
            postgres.start()
        customers.go_on_until(A_FEW)


def test_without_chroma_customers_get_a_person_and_with_it_answers_again(
    shared: Shared, chroma: Chroma, trial: Trial
) -> None:
    with trial.under("Chroma killed and back", shared) as customers:
        for _ in trial.rounds(short=1):
            customers.go_on_until(A_FEW)
            before = len(customers.acknowledged)
            chroma.kill()
            trial.kills += 1
            try:
                customers.go_on_until(A_FEW)
            finally:
                chroma.start()
            back = len(customers.acknowledged)
            customers.go_on_until(SEVERAL)
        log = customers.acknowledged.all()
    assert "hand_over" in _outcomes(trial, log[before:back])
    assert "answer" in _outcomes(trial, log[back:])


def _outcomes(trial: Trial, acknowledged: Sequence[Acknowledgement]) -> set[str]:
    said = {(each.conversation, each.seq) for each in acknowledged}
    return {
        str(row["outcome"])
        for row in trial.rows.messages
        if (row["conversation_id"], row["seq"]) in said
    }
