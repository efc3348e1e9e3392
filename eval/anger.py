"""How well a detector tells angry messages from calm ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from eval.errors import TargetMisbehaved
from eval.rows import TextRow
from eval.statistics import Detection, Share, auroc
from eval.target import AngerTarget


@dataclass(frozen=True, slots=True)
class AngerReport:
    """The numbers of one run, named as in the printed form."""

    auroc: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    flagged: float | None
    threshold: float
    texts: int


async def scores_of(
    texts: Sequence[TextRow], target: AngerTarget, *, on_done: Callable[[], None]
) -> list[float]:
    """The score of each text, one at a time."""
    scores = []
    for row in texts:
        score = await target.anger(row.text, row.history)
        if not isfinite(score):
            raise TargetMisbehaved(
                f"the score of {row.text!r} is not a finite number; correct the adapter"
            )
        scores.append(score)
        on_done()
    return scores


def report(texts: Sequence[TextRow], scores: Sequence[float], threshold: float) -> AngerReport:
    """Hold the scores against the labels; a text is flagged when its score reaches `threshold`."""
    flags = [score >= threshold for score in scores]
    pairs = list(zip(texts, scores, strict=True))
    found = Detection.count([row.angry for row in texts], flags)
    return AngerReport(
        auroc=auroc(
            [score for row, score in pairs if row.angry],
            [score for row, score in pairs if not row.angry],
        ),
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
        flagged=Share(sum(flags), len(flags)).value,
        threshold=threshold,
        texts=len(texts),
    )
