"""What a run of the fault suite did, as a table for people."""

from __future__ import annotations

import platform
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.checker import Kind, Problem

_COLUMNS = (
    "Fault",
    "Store",
    "Rounds",
    "Kills",
    "Acknowledged",
    "Lost",
    "Doubled",
    "Without outcome",
    "Anything else",
    "Longest wait (s)",
    "Seconds",
)

_INTRODUCTION = """\
# What was broken, and what was lost

Written by `{command}`.

Every line is one test: customers write and listen over real processes while the fault happens, each
acknowledgement goes into a log, and at the end a checker compares the log with the store and with
what every listener was told. *Kills* are processes that were given no time to end. *Anything else*
counts what the checker also looks for: other words or places than acknowledged, outcomes that no
decision explains, gaps, another order, a word of the bot after a takeover, a listener whose page
shows something else. *Longest wait* is the longest that a customer heard nothing after the last
line of a burst, restarts included.

Python {python}, SQLite {sqlite}, {system}; {seconds:.0f} seconds in all.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One test's figures; `longest_wait` is a customer's, for an answer or a person."""

    fault: str
    store: str
    rounds: int
    kills: int
    acknowledged: int
    problems: Counter[Kind]
    longest_wait: float
    seconds: float

    def cells(self) -> list[str]:
        """What stands in the table."""
        named = (Kind.LOST, Kind.DOUBLED, Kind.NO_OUTCOME)
        others = self.problems.total() - sum(self.problems[kind] for kind in named)
        figures = (
            self.rounds,
            self.kills,
            self.acknowledged,
            *(self.problems[kind] for kind in named),
            others,
        )
        seconds = (f"{self.longest_wait:.1f}", f"{self.seconds:.0f}")
        return [self.fault, self.store, *(f"{n:,}" for n in figures), *seconds]


def counted(problems: Iterable[Problem]) -> Counter[Kind]:
    """How many of each kind."""
    return Counter(problem.kind for problem in problems)


def write(path: Path, lines: Iterable[Line], rounds: int | None) -> None:
    """The report of a run, in Markdown."""
    how = "" if rounds is None else f" --fault-rounds {rounds}"
    lines = list(lines)
    right = ["---", "---", *["--:"] * (len(_COLUMNS) - 2)]
    table = [_COLUMNS, right, *(line.cells() for line in lines)]
    words = _INTRODUCTION.format(
        command=f"pytest tests/faults{how} --fault-report {path}",
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        system=platform.system(),
        seconds=sum(line.seconds for line in lines),
    )
    rows = "\n".join(f"| {' | '.join(row)} |" for row in table)
    path.write_text(f"{words}\n{rows}\n", encoding="utf-8")
