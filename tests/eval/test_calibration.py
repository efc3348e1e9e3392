from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.calibration import (
    Answer,
    brier_score,
    equal_mass_bins,
    expected_calibration_error,
    risk_coverage,
    widest_at_2pct_wrong,
)
from eval.retrieval import Ranked, answered_at_2pct_wrong
from eval.rows import QueryRow
from eval.target import Ranking

ANSWERS = st.lists(
    st.builds(Answer, st.sampled_from([0.0, 0.2, 0.5, 0.50001, 0.9, 1.0]), st.booleans()),
    min_size=1,
    max_size=40,
)


def answers(confidence: float, *, right: int, wrong: int) -> list[Answer]:
    return [Answer(confidence, True)] * right + [Answer(confidence, False)] * wrong


def test_a_confidence_that_keeps_its_promise_has_no_error() -> None:
    given = answers(0.8, right=8, wrong=2) + answers(0.4, right=4, wrong=6)
    assert expected_calibration_error(given) == pytest.approx(0)


def test_the_error_is_the_mean_distance_weighted_by_answers() -> None:
    given = answers(1.0, right=5, wrong=5) + answers(0.0, right=0, wrong=10)
    assert expected_calibration_error(given, bins=2) == pytest.approx(0.25)


def test_promising_too_little_and_too_much_do_not_cancel_out() -> None:
    given = answers(0.5, right=10, wrong=0) + answers(0.6, right=0, wrong=10)
    assert expected_calibration_error(given, bins=2) == pytest.approx(0.55)


def test_always_saying_one_half_has_a_brier_score_of_one_quarter() -> None:
    assert brier_score(answers(0.5, right=3, wrong=9)) == pytest.approx(0.25)


def test_the_brier_score_prefers_the_confidence_that_tells_right_from_wrong() -> None:
    blind = answers(0.5, right=5, wrong=5)
    telling = answers(0.9, right=5, wrong=0) + answers(0.1, right=0, wrong=5)
    assert (brier_score(telling) or 1) < (brier_score(blind) or 0)


def test_nothing_has_no_score() -> None:
    assert expected_calibration_error([]) is None
    assert brier_score([]) is None
    assert equal_mass_bins([]) == []
    assert risk_coverage([]) == []
    assert widest_at_2pct_wrong([]) is None


def test_fewer_answers_than_bins_give_a_bin_each() -> None:
    bins = equal_mass_bins([Answer(0.9, True), Answer(0.1, False)])
    assert [(each.answers, each.confidence, each.right) for each in bins] == [
        (1, 0.1, 0.0),
        (1, 0.9, 1.0),
    ]


@given(ANSWERS)
def test_bins_hold_every_answer_and_about_as_many_each(given_answers: list[Answer]) -> None:
    sizes = [each.answers for each in equal_mass_bins(given_answers)]
    assert sum(sizes) == len(given_answers)
    assert max(sizes) - min(sizes) <= 1


@given(ANSWERS, st.randoms())
def test_the_order_in_which_answers_came_changes_nothing(
    given_answers: list[Answer], random: object
) -> None:
    shuffled = list(given_answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert equal_mass_bins(shuffled) == equal_mass_bins(given_answers)
    assert risk_coverage(shuffled) == risk_coverage(given_answers)


@given(ANSWERS)
def test_both_scores_lie_between_0_and_1(given_answers: list[Answer]) -> None:
    for found in (expected_calibration_error(given_answers), brier_score(given_answers)):
        assert found is not None
        assert 0 <= found <= 1


def test_a_lower_threshold_answers_more_and_equal_confidences_go_together() -> None:
    given = [Answer(0.9, True), Answer(0.5, False), Answer(0.5, True), Answer(0.2, False)]
    curve = risk_coverage(given)
    assert [(each.threshold, each.answers, each.wrong) for each in curve] == [
        (0.9, 1, 0),
        (0.5, 3, 1),
        (0.2, 4, 2),
    ]
    assert [each.risk for each in curve] == pytest.approx([0, 1 / 3, 1 / 2])


def test_one_wrong_among_fifty_is_two_percent() -> None:
    curve = risk_coverage(answers(0.9, right=49, wrong=1) + answers(0.8, right=0, wrong=1))
    widest = widest_at_2pct_wrong(curve)
    assert widest is not None
    assert (widest.threshold, widest.right) == (0.9, 49)


@given(ANSWERS)
def test_the_curve_agrees_with_the_measure_of_the_search(given_answers: list[Answer]) -> None:
    ranked = [
        Ranked(
            QueryRow(query="q", gold_ids=("right",), in_scope=True),
            Ranking(("right" if each.right else "wrong",), each.confidence),
            0.0,
        )
        for each in given_answers
    ]
    widest = widest_at_2pct_wrong(risk_coverage(given_answers))
    expected = widest.right / len(given_answers) if widest else 0.0
    assert answered_at_2pct_wrong(ranked) == pytest.approx(expected)


def test_a_bin_says_how_sure_its_share_is() -> None:
    [one] = equal_mass_bins(answers(0.9, right=8, wrong=2), 1)
    assert one.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
