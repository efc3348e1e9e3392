"""Processes are killed again and again under traffic: nothing is lost, nothing said twice."""

from __future__ import annotations

from tests.faults.places import Place
from tests.faults.rows import SqliteStore
from tests.faults.trial import Trial

# Acknowledgements between a start and the kill: enough for some turns to be under way.
BETWEEN_KILLS = 6


def test_nothing_acknowledged_is_lost_or_answered_twice_when_processes_are_killed(
    place: Place, trial: Trial
) -> None:
    with trial.under("a process killed with -9", place) as customers:
        for _ in trial.rounds(short=4):
            customers.go_on_until(BETWEEN_KILLS)
            trial.kills += 1
            place.kill_one(trial.chance)
    if isinstance(place.store, SqliteStore):
        assert place.store.is_whole()
