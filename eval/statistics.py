"""Shares with intervals, areas under curves, percentiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

# numpy is imported where it is used: the command line loads this module before it knows whether
# anything will be measured.

# Two-sided 95 %.
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`count` out of `of`, with its Wilson interval; all None when there is nothing to share."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The plain share."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval."""
        return wilson(self.count, self.of) if self.of else None


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share; `of` must be positive."""
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"no share: {count} of {of}")
    share = count / of
    spread = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    middle = share + _Z**2 / (2 * of)
    scale = 1 + _Z**2 / of
    # At the ends the formula leaves rounding dust outside the unit interval.
    low = 0.0 if count == 0 else (middle - spread) / scale
    high = 1.0 if count == of else (middle + spread) / scale
    return low, high


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, a tie counting half.

    By ranks (Mann-Whitney), so it costs a sort and not all the pairs. None when a side is empty.
    """
    if not positives or not negatives:
        return None
    import numpy as np

    scores = np.asarray([*positives, *negatives], dtype=np.float64)
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    # Equal scores share the mean of the ranks that they occupy.
    mean_rank = np.cumsum(count) - (count - 1) / 2
    above = mean_rank[place[: len(positives)]].sum() - len(positives) * (len(positives) + 1) / 2
    return float(above / (len(positives) * len(negatives)))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The percentile with linear interpolation; None of nothing."""
    if not values:
        return None
    import numpy as np

    return float(np.percentile(np.asarray(values, dtype=np.float64), percent))


@dataclass(frozen=True, slots=True)
class Detection:
    """The four counts of a yes-or-no detector."""

    hits: int
    false_alarms: int
    misses: int
    calm: int

    @classmethod
    def count(cls, truth: Sequence[bool], flagged: Sequence[bool]) -> "Detection":
        """Count paired truths and flags."""
        pairs = list(zip(truth, flagged, strict=True))
        return cls(
            hits=pairs.count((True, True)),
            false_alarms=pairs.count((False, True)),
            misses=pairs.count((True, False)),
            calm=pairs.count((False, False)),
        )

    @property
    def precision(self) -> float | None:
        """Right flags among all flags."""
        return Share(self.hits, self.hits + self.false_alarms).value

    @property
    def recall(self) -> float | None:
        """Flagged among those that should be."""
        return Share(self.hits, self.hits + self.misses).value

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall, from the counts."""
        return Share(2 * self.hits, 2 * self.hits + self.false_alarms + self.misses).value
