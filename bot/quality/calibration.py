"""What a search's confidence is worth, as a whole and by kind of question out of scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.quality.sets import Question
from eval.calibration import Answer, brier_score, expected_calibration_error
from eval.retrieval import Ranked, report


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The numbers of one confidence over some questions; None where there is nothing to count."""

    label: str
    in_scope: int
    out_of_scope: int
    answered_at_2pct_wrong: float | None
    calibration_error: float | None
    brier: float | None
    oos_auroc: float | None


def first_answers(ranked: Sequence[Ranked]) -> list[Answer]:
    """The first article of each question that has one; out of scope none is right."""
    return [Answer(each.ranking.confidence, each.right) for each in ranked if each.ranking.ids]


def calibrated(label: str, ranked: Sequence[Ranked]) -> Calibrated:
    """The numbers over these questions."""
    counts = report(0, ranked)
    answers = first_answers(ranked)
    return Calibrated(
        label=label,
        in_scope=counts.in_scope,
        out_of_scope=counts.out_of_scope,
        answered_at_2pct_wrong=counts.answered_at_2pct_wrong,
        calibration_error=expected_calibration_error(answers),
        brier=brier_score(answers),
        oos_auroc=counts.oos_auroc,
    )


def by_kind_outside(label: str, ranked: Sequence[Ranked]) -> list[Calibrated]:
    """All questions, then those in scope with each kind out of scope where a file tells several."""
    kinds = sorted({kind for each in ranked if (kind := _outside(each))})
    whole = [calibrated(label, ranked)]
    if len(kinds) < 2:
        return whole
    parts = [
        calibrated(
            f"{label}, only {kind} ones out of scope",
            [each for each in ranked if each.query.in_scope or _outside(each) == kind],
        )
        for kind in reversed(kinds)
    ]
    return whole + parts


def _outside(ranked: Ranked) -> str | None:
    return ranked.query.outside if isinstance(ranked.query, Question) else None
