from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.statistics import Detection, Share, auroc, percentile, wilson

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.5, 0.5000001, 1.0]), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),  # nothing wrong in ten says little
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
    ],
)
def test_wilson_intervals_agree_with_published_values(
    count: int, of: int, low: float, high: float
) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=1e-4)


def test_a_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


@pytest.mark.parametrize(("count", "of"), [(2, 1), (-1, 3), (0, 0)])
def test_what_is_no_share_is_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(count, of)


@given(SCORES, SCORES)
def test_auroc_is_the_chance_that_a_positive_scores_higher_ties_counting_half(
    positives: list[float], negatives: list[float]
) -> None:
    pairs = list(product(positives, negatives))
    wins = sum(1.0 if yes > no else 0.5 if yes == no else 0.0 for yes, no in pairs)
    assert auroc(positives, negatives) == pytest.approx(wins / len(pairs))


def test_auroc_needs_both_sides() -> None:
    assert auroc([1.0], []) is None
    assert auroc([], [1.0]) is None


def test_percentiles_interpolate() -> None:
    assert percentile([1, 2, 3, 4], 50) == 2.5
    assert percentile([], 50) is None


def test_a_detector_that_flags_nothing_has_no_precision_and_no_recall() -> None:
    found = Detection.count([True, False], [False, False])
    assert (found.precision, found.recall, found.f1) == (None, 0.0, 0.0)


def test_a_detector_is_counted_both_ways() -> None:
    found = Detection.count([True, True, False, False], [True, False, True, False])
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
