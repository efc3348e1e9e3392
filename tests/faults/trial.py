"""A fault under traffic, from the first word to the verdict."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bot.command_line import until
from tests.faults.checker import Problem, problems
from tests.faults.places import Place
from tests.faults.report import Line, counted
from tests.faults.rows import Rows, due_in, rows_of
from tests.faults.traffic import Traffic

SEED = 20261122
# A turn whose process was killed waits for its lease to lapse, twice if that happens again.
_SETTLED_WITHIN_S = 120.0


class Trial:
    """One test's rounds and figures; every trial of a run draws the same chances."""

    def __init__(self, folder: Path, rounds: int | None, report: list[Line]) -> None:
        self.chance = random.Random(SEED)
        self.kills = 0
        self.rows = Rows()
        self._folder = folder
        self._asked = rounds
        self._report = report
        self._done = 0

    def rounds(self, short: int, long: int | None = None) -> Iterator[int]:
        """Counts the rounds: `short` unless the run was told how many, then at most `long`."""
        wanted = short if self._asked is None else min(self._asked, long or self._asked)
        for number in range(wanted):
            yield number
            self._done += 1

    @contextmanager
    def under(self, fault: str, place: Place, **traffic: Any) -> Iterator[Traffic]:
        """Traffic while the block breaks things; afterwards nothing may be wrong."""
        began = time.monotonic()
        with Traffic(place.urls, self._folder / "traffic", seed=SEED, **traffic) as customers:
            yield customers
            found = self._verdict(place, customers)
            self._report.append(
                Line(
                    fault,
                    place.store.name,
                    self._done,
                    self.kills,
                    len({(a.conversation, a.seq) for a in customers.acknowledged.all()}),
                    counted(found),
                    max((visitor.longest_wait for visitor in customers.visitors), default=0.0),
                    time.monotonic() - began,
                )
            )
        assert found == [], "\n".join(map(str, found))

    def _verdict(self, place: Place, customers: Traffic) -> list[Problem]:
        customers.stop_writing()
        mine = {visitor.id for visitor in customers.visitors}
        until(
            lambda: not [row for row in due_in(place.store) if row["conversation_id"] in mine],
            "an outcome of every message",
            _SETTLED_WITHIN_S,
        )
        self.rows = rows_of(place.store).of(mine)
        pages = customers.catch_up(self.rows)
        return problems(customers.acknowledged.all(), self.rows, pages)
