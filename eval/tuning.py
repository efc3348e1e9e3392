"""Choosing the threshold from which a bot answers, by how its answers would have been judged.

Whoever answers from a lower threshold answers more and is wrong more often. What may be chosen is
only how much of what is asked is answered wrongly at most; the rest is counting.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.statistics import Share

# Three decimals: what is shown is what is in force. 0 would answer everything, and 1 nothing.
_STEPS = 1_000
LOWEST, HIGHEST = 1 / _STEPS, (_STEPS - 1) / _STEPS
# With fewer, one answer more or less is a percent, and the bound says next to nothing.
ENOUGH = 100
# Nobody writes as many cases; limits that would need more count as never proven.
_MOST_CASES = 10**9


class Held(StrEnum):
    """What of the share of wrong answers is held to the limit."""

    UPPER_BOUND = "upper_bound"
    """The upper end of its 95 % interval: other questions will most likely keep to it too."""
    SHARE = "share"
    """The share itself: true of these questions, and of others about as often as not."""


class Verdict(StrEnum):
    """What a reply was worth to the customer."""

    RIGHT = "right"
    WRONG = "wrong"
    OFFERED = "offered"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Graded:
    """A question: what the bot's reply is worth when the threshold lets it answer, and when not.

    It does when `confidence`, between 0 and 1, reaches the threshold. Both are the same where the
    threshold plays no part.
    """

    confidence: float
    above: Verdict
    below: Verdict

    def at(self, threshold: float) -> Verdict:
        """What the reply is worth at a threshold."""
        return self.above if self.confidence >= threshold else self.below


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions end how at a threshold."""

    threshold: float
    questions: int
    right: int
    wrong: int
    offered: int

    @property
    def answered(self) -> int:
        """Questions that got an answer, right or wrong."""
        return self.right + self.wrong

    @property
    def coverage(self) -> float | None:
        """The share of the questions that got an answer."""
        return self.answered / self.questions if self.questions else None

    @property
    def wrong_share(self) -> float | None:
        """The share of all questions that got a wrong answer."""
        return self.wrong / self.questions if self.questions else None

    @property
    def wrong_share_upper(self) -> float | None:
        """The upper end of its 95 % Wilson interval."""
        interval = Share(self.wrong, self.questions).interval
        return interval[1] if interval else None

    def keeps_to(self, wrong_limit: float, held: Held) -> bool:
        """Whether the share of wrong answers, or its upper bound, is within the limit."""
        upper = self.wrong_share_upper
        if held is Held.UPPER_BOUND:
            return upper is not None and upper <= wrong_limit
        return self.wrong <= wrong_limit * self.questions


def tally(graded: Sequence[Graded], threshold: float) -> Tally:
    """The count at one threshold."""
    verdicts = [each.at(threshold) for each in graded]
    return Tally(
        threshold,
        len(verdicts),
        verdicts.count(Verdict.RIGHT),
        verdicts.count(Verdict.WRONG),
        verdicts.count(Verdict.OFFERED),
    )


def would_be_answers(graded: Iterable[Graded]) -> int:
    """How many of the questions the bot would answer if every confidence were enough."""
    return sum(each.above in (Verdict.RIGHT, Verdict.WRONG) for each in graded)


def needed(wrong_limit: float) -> int | None:
    """From how many questions on the upper bound can be within the limit: with none wrong, then.

    None where no number of them is enough.
    """
    counts, bound = range(1, _MOST_CASES), Held.UPPER_BOUND
    place = bisect_left(counts, True, key=lambda of: _all_right(of).keeps_to(wrong_limit, bound))
    return counts[place] if place < len(counts) else None


def _all_right(questions: int) -> Tally:
    return Tally(HIGHEST, questions, right=questions, wrong=0, offered=0)


def held_for(questions: int, wrong_limit: float) -> Held:
    """The upper bound where there are enough questions for it, else the share alone."""
    least = needed(wrong_limit)
    return Held.SHARE if least is None or questions < least else Held.UPPER_BOUND


def choose(graded: Sequence[Graded], wrong_limit: float, held: Held = Held.SHARE) -> Tally | None:
    """The threshold that answers most and of all questions at most `wrong_limit` wrongly.

    What of the share of wrong answers must keep to the limit is said by `held`.
    Of thresholds that answer as many, the one with fewer wrong answers and then the highest: the
    safer. None when every threshold is wrong too often, or when none answers anything.
    """
    allowed = [
        found
        for threshold in _steps_that_matter(graded)
        if (found := tally(graded, threshold)).answered and found.keeps_to(wrong_limit, held)
    ]
    return max(allowed, key=lambda each: (each.answered, -each.wrong, each.threshold), default=None)


def _steps_that_matter(graded: Iterable[Graded]) -> list[float]:
    """Between two neighbouring confidences all thresholds are alike; the highest one will do."""
    steps = {1, _STEPS - 1}
    for each in graded:
        step = int(each.confidence * _STEPS)
        # The one above as well: 0.29 * 1000 is a little less than 290.
        steps |= {step, step + 1}
    return [step / _STEPS for step in sorted(steps) if 0 < step < _STEPS]
