"""The threshold for answering that was fitted to a shop's own cases, and when it may be used.

It is fitted for one knowledge version as one reader reads it: an embedder, perhaps a reranker, and
the weights of the search. Confidences about other articles, or of another reader, are other
numbers, and a threshold says nothing about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.database import Database
from bot.errors import BadThreshold
from knowledge.tables import fitted_threshold
from knowledge.upsert import insert_or_replace
from knowledge.versions import VersionId

# In force where a shop's own threshold does not fit any more: rather silent than wrong.
CONSERVATIVE = 0.8


@dataclass(frozen=True, slots=True)
class Tuned:
    """A threshold with what it was fitted for, and to how many questions."""

    version: VersionId
    reader: str
    """See `bot.finding.reader_name`."""
    answer: float
    wrong_limit: float
    questions: int
    fitted_at: datetime


def tuned_for(tuned: Sequence[Tuned], version: VersionId, reader: str) -> Tuned | None:
    """What was fitted for exactly this."""
    return next((t for t in tuned if (t.version, t.reader) == (version, reader)), None)


def answer_threshold(tuned: Sequence[Tuned], version: VersionId, reader: str) -> float | None:
    """What a shop's own fitting says about this version: the fitted or the conservative one.

    None where the shop has never fitted any; the shipped threshold is in force then.
    """
    if not tuned:
        return None
    found = tuned_for(tuned, version, reader)
    return CONSERVATIVE if found is None else found.answer


class Tunings:
    """The fitted thresholds of one shop in the store."""

    def __init__(self, database: Database, *, shop: str) -> None:
        self._database = database
        self._shop = shop

    async def all(self) -> list[Tuned]:
        """Every fitted threshold, the newest first."""
        columns = fitted_threshold.c
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(fitted_threshold)
                .where(columns.shop == self._shop)
                .order_by(columns.fitted_at.desc())
            )
        return [
            Tuned(
                VersionId(row["version_id"]),
                row["embedder"],
                row["answer"],
                row["wrong_limit"],
                row["questions"],
                row["fitted_at"],
            )
            for row in rows.mappings()
        ]

    async def keep(self, tuned: Tuned) -> None:
        """Stores a threshold instead of the one that was fitted for the same. Or BadThreshold."""
        checked(tuned.answer)
        row = {
            "shop": self._shop,
            "version_id": tuned.version,
            "embedder": tuned.reader,
            "answer": tuned.answer,
            "wrong_limit": tuned.wrong_limit,
            "questions": tuned.questions,
            "fitted_at": tuned.fitted_at,
        }
        async with self._database.write() as connection:
            await insert_or_replace(connection, fitted_threshold, [row])


def checked(answer: float) -> float:
    """The threshold itself. Raises BadThreshold for one that answers everything, or nothing."""
    if not 0 < answer < 1:
        raise BadThreshold(
            f"a threshold of {answer} would answer {'nothing' if answer >= 1 else 'everything'}, "
            "however unsure; choose one above 0 and below 1, such as 0.7"
        )
    return answer
