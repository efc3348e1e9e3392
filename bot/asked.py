"""Questions that calm customers ask, out of the corpus beside the search weights.

They were written for this project to train the search. The anger model learns from a part of them
what customers say without anger. Every third file is held out: it measures the model and does not
train it. Development only; nothing that serves a customer reads this.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "knowledge" / "weights" / "questions"
HELD_OUT = 3
SEED = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """One wording of one thing that customers want to know."""

    text: str
    language: str
    intent: str


@cache
def asks(*, held_out: bool) -> tuple[Ask, ...]:
    """The wordings to train on, or those held out, in order of file and place."""
    import yaml

    found = []
    for place, path in enumerate(sorted(FOLDER.glob("*.yaml"))):
        # Whole files, not single wordings: wordings of one intent give each other away.
        if (place % HELD_OUT == HELD_OUT - 1) != held_out:
            continue
        for row in yaml.safe_load(path.read_text("utf-8")):
            for key, language in (("asks", "zh"), ("asks_en", "en")):
                found += [Ask(str(text), language, row["id"]) for text in row.get(key) or ()]
    return tuple(found)


def sample(rows: Sequence[Ask], count: int) -> list[Ask]:
    """The same `count` of the rows each time."""
    return random.Random(SEED).sample(rows, min(count, len(rows)))
