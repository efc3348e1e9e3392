"""How far a confidence can be believed, and what answering less would save.

A confidence is calibrated when, of all answers given with 0.8, four in five are right.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from eval.statistics import Share

# At most one wrong among fifty answers given.
_ANSWERS_PER_WRONG = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """A first answer: how sure the bot was of it, from 0 to 1, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence; `right` is a share, not a count."""

    answers: int
    confidence: float
    right: float

    @property
    def gap(self) -> float:
        """How far the confidence is from the truth; above 0 it promises too much."""
        return self.confidence - self.right

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval of the share that was right."""
        return Share(round(self.right * self.answers), self.answers).interval


@dataclass(frozen=True, slots=True)
class Operation:
    """What a threshold gives: every answer whose confidence reaches it."""

    threshold: float
    answers: int
    wrong: int

    @property
    def right(self) -> int:
        """How many of the answers were right."""
        return self.answers - self.wrong

    @property
    def risk(self) -> float:
        """The share of the answers that were wrong."""
        return self.wrong / self.answers


def equal_mass_bins(answers: Iterable[Answer], count: int = 10) -> list[Bin]:
    """The answers by confidence in up to `count` bins that hold about as many answers each.

    Answers of one confidence may fall into two bins; each then counts as right as all of them are
    on average, so that the order in which they came makes no difference.
    """
    pairs = _levelled(answers)
    count = min(count, len(pairs))
    bins = []
    for place in range(count):
        share = pairs[len(pairs) * place // count : len(pairs) * (place + 1) // count]
        confidence = sum(each for each, _ in share) / len(share)
        right = sum(each for _, each in share) / len(share)
        bins.append(Bin(len(share), confidence, right))
    return bins


def expected_calibration_error(answers: Sequence[Answer], bins: int = 10) -> float | None:
    """The mean distance between confidence and share of right answers; None of nothing.

    Over ten bins of the sorted confidences, each weighted by its answers (Naeini et al., 2015,
    "Obtaining Well Calibrated Probabilities Using Bayesian Binning"). Guo et al., 2017, "On
    Calibration of Modern Neural Networks", take bins of equal width instead; of equal mass they
    do not depend on a few answers in a bin that is nearly empty.
    """
    if not answers:
        return None
    found = equal_mass_bins(answers, bins)
    return sum(each.answers * abs(each.gap) for each in found) / len(answers)


def brier_score(answers: Sequence[Answer]) -> float | None:
    """The mean squared distance between confidence and outcome (Brier, 1950); None of nothing.

    0 is perfect; always saying 0.5 gives 0.25. Unlike the calibration error it also sees whether
    the confidence tells right answers from wrong ones.
    """
    if not answers:
        return None
    return sum((each.confidence - each.right) ** 2 for each in answers) / len(answers)


def risk_coverage(answers: Iterable[Answer]) -> list[Operation]:
    """Every threshold that makes a difference, from the strictest to answering everything.

    Coverage is `answers` over whatever was asked (El-Yaniv and Wiener, 2010, "On the Foundations
    of Noise-free Selective Classification"). Equal confidences are answered together.
    """
    given = wrong = 0
    curve = []
    for threshold, group in _by_confidence(answers, falling=True):
        given += len(group)
        wrong += sum(not each.right for each in group)
        curve.append(Operation(threshold, given, wrong))
    return curve


def widest_at_2pct_wrong(curve: Sequence[Operation]) -> Operation | None:
    """The lowest threshold at which at most 2 % of the answers are wrong; None if there is none."""
    within = [each for each in curve if each.wrong * _ANSWERS_PER_WRONG <= each.answers]
    return within[-1] if within else None


def _by_confidence(
    answers: Iterable[Answer], *, falling: bool = False
) -> Iterator[tuple[float, list[Answer]]]:
    ordered = sorted(answers, key=_confidence, reverse=falling)
    return ((confidence, list(group)) for confidence, group in groupby(ordered, key=_confidence))


def _levelled(answers: Iterable[Answer]) -> list[tuple[float, float]]:
    """Confidence and share right of each answer, rising, equal confidences sharing their mean."""
    pairs: list[tuple[float, float]] = []
    for confidence, group in _by_confidence(answers):
        mean = sum(each.right for each in group) / len(group)
        pairs += [(confidence, mean)] * len(group)
    return pairs


def _confidence(answer: Answer) -> float:
    return answer.confidence
