"""Choosing a threshold: as much answered as may be, at most so much of what is asked wrongly."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.case_files import read_cases
from eval.grading import single_question
from eval.scripted import ScriptedTargets, ScriptedTuning
from eval.target import Attempt, Reply
from eval.tuning import (
    ENOUGH,
    HIGHEST,
    LOWEST,
    Graded,
    Held,
    Verdict,
    choose,
    held_for,
    needed,
    tally,
    would_be_answers,
)
from tests.eval.builders import Shell, reply, write_jsonl

RIGHT, WRONG, OFFERED, SILENT = Verdict

ANSWER = reply(text="七天内可退", cited=["refund"])
LIE = reply(text="不退", cited=["exchange"])
CHOICES = reply("clarify", offered=["refund"])
NOTHING = reply("decline")


def questions(*rows: tuple[float, Verdict]) -> list[Graded]:
    """What each answer would be worth; without it nothing is said."""
    return [Graded(confidence, above, SILENT) for confidence, above in rows]


# --- choosing --------------------------------------------------------------------------------


def test_as_much_is_answered_as_the_limit_allows() -> None:
    graded = questions((0.9, RIGHT), (0.8, WRONG), (0.7, RIGHT), (0.6, WRONG), (0.5, RIGHT))
    for limit, threshold, right, wrong in (
        (0.0, 0.9, 1, 0),
        (0.2, 0.7, 2, 1),
        (0.4, 0.5, 3, 2),
    ):
        best = choose(graded, limit)
        assert best is not None
        assert (best.threshold, best.right, best.wrong) == (threshold, right, wrong)


def test_the_limit_counts_all_questions_and_not_only_the_answered_ones() -> None:
    graded = questions((0.9, WRONG), (0.8, RIGHT), *[(0.1, SILENT)] * 48)
    best = choose(graded, 0.02)
    assert best is not None
    assert (best.answered, best.wrong_share) == (2, 0.02)


def test_among_equals_the_highest_threshold_is_taken_which_is_the_safer() -> None:
    best = choose(questions((0.8123, RIGHT), (0.2, WRONG)), 0.0)
    assert best is not None
    assert best.threshold == 0.812, "not 0.3, which would answer the same"


def test_equal_confidences_are_answered_together() -> None:
    assert choose(questions((0.6, RIGHT), (0.6, WRONG)), 0.0) is None


def test_without_any_answer_that_may_be_given_nothing_is_chosen() -> None:
    assert choose([], 0.02) is None
    assert choose(questions((0.9, SILENT)), 0.02) is None
    assert choose(questions((0.9, WRONG)), 0.02) is None
    # Wrong whatever the threshold: no threshold helps.
    assert choose([Graded(0.9, RIGHT, WRONG), Graded(0.5, WRONG, WRONG)], 0.1) is None


def test_what_is_said_below_the_threshold_counts_as_well() -> None:
    found = tally([Graded(0.6, RIGHT, OFFERED), Graded(0.4, WRONG, OFFERED)], 0.5)
    assert (found.right, found.wrong, found.offered, found.coverage) == (1, 0, 1, 0.5)


def test_a_threshold_is_never_one_that_answers_everything_or_nothing() -> None:
    everything = choose(questions((0.0, RIGHT), (0.0004, RIGHT), (0.5, RIGHT)), 0.0)
    assert everything is not None
    assert everything.threshold == 0.5
    certain = choose(questions((1.0, RIGHT)), 0.0)
    assert certain is not None
    assert certain.threshold == HIGHEST


verdicts = st.sampled_from(Verdict)
graded_questions = st.lists(
    st.builds(Graded, st.floats(0, 1, allow_subnormal=False), verdicts, verdicts), max_size=30
)


@given(graded_questions, st.sampled_from([0.0, 0.02, 0.1, 0.3]), st.sampled_from(Held))
def test_no_threshold_of_three_decimals_is_better(
    graded: list[Graded], limit: float, held: Held
) -> None:
    best = choose(graded, limit, held)
    allowed = [
        found
        for step in range(1, 1000)
        if (found := tally(graded, step / 1000)).answered and found.keeps_to(limit, held)
    ]
    if best is None:
        assert not allowed
        return
    assert LOWEST <= best.threshold <= HIGHEST
    assert best.answered == max(found.answered for found in allowed)
    assert best in allowed


def test_would_be_answers_are_those_that_some_threshold_lets_through() -> None:
    assert would_be_answers(questions((0.9, RIGHT), (0.1, WRONG), (0.5, OFFERED))) == 2


# --- the upper bound -------------------------------------------------------------------------


def test_with_enough_questions_the_upper_bound_is_held_to_the_limit() -> None:
    graded = [*questions((0.9, WRONG), (0.8, WRONG)), *questions((0.95, RIGHT)) * 298]
    share, bound = choose(graded, 0.02, Held.SHARE), choose(graded, 0.02, Held.UPPER_BOUND)
    assert share is not None
    assert bound is not None
    assert (share.wrong, share.wrong_share) == (2, 2 / 300), "a third of the limit, and yet"
    assert share.wrong_share_upper == pytest.approx(0.02395, abs=1e-4)
    assert (bound.wrong, bound.threshold) == (1, 0.9)
    assert bound.wrong_share_upper == pytest.approx(0.01862, abs=1e-4)


@pytest.mark.parametrize(
    ("limit", "least"), [(0.0, None), (1e-12, None), (0.01, 381), (0.02, 189), (0.1, 35), (0.5, 4)]
)
def test_how_many_questions_the_bound_takes_when_none_is_answered_wrong(
    limit: float, least: int | None
) -> None:
    assert needed(limit) == least
    if least is None:
        assert held_for(10**6, limit) is Held.SHARE
        return
    assert (held_for(least - 1, limit), held_for(least, limit)) == (Held.SHARE, Held.UPPER_BOUND)
    allowed = choose(questions((0.9, RIGHT)) * least, limit, Held.UPPER_BOUND)
    assert allowed is not None
    assert choose(questions((0.9, RIGHT)) * (least - 1), limit, Held.UPPER_BOUND) is None


# --- the command -----------------------------------------------------------------------------


def row(number: int, part: str = "fit", **keys: Any) -> dict[str, Any]:
    return {
        "id": f"{part}-{number}",
        "part": part,
        "turns": ["怎么退"],
        "article": "refund",
        **keys,
    }


def attempt(confidence: float, sure: Reply = ANSWER, otherwise: Reply = CHOICES) -> Attempt:
    return Attempt(confidence, sure, otherwise)


def shop(
    folder: Path, rows: Sequence[Mapping[str, Any]], script: Mapping[str, Attempt]
) -> tuple[Shell, ScriptedTuning, Path]:
    bot = ScriptedTuning(script, threshold=0.7)
    return Shell(ScriptedTargets(of_tuning=bot)), bot, write_jsonl(folder / "cases.jsonl", rows)


def many(folder: Path, answers: int = ENOUGH) -> tuple[Shell, ScriptedTuning, Path]:
    """Questions with falling confidence, the last two answered wrongly; one question to report."""
    rows = [row(n) for n in range(answers)] + [row(0, "report")]
    script = {f"fit-{n}": attempt(0.9 - n / 1000) for n in range(answers - 2)}
    script |= {f"fit-{answers - 2}": attempt(0.25, LIE), f"fit-{answers - 1}": attempt(0.2, LIE)}
    return shop(folder, rows, script | {"report-0": attempt(0.5)})


def test_with_many_cases_the_bound_is_held_and_nothing_is_said_to_be_missing(
    tmp_path: Path,
) -> None:
    kefu, _, cases = many(tmp_path, 400)
    found = kefu("tune", cases, "--wrong-limit", "0.02", "--json").json
    assert (found["held"], found["cases_missing"]) == ("upper_bound", 0)
    assert found["parts"]["fit"]["chosen"]["wrong"] == 2
    assert found["parts"]["fit"]["chosen"]["wrong_share_upper"] < 0.02
    said = kefu("tune", cases)
    assert "2 of the 400 questions fitted to are answered wrong, 1.8% by the upper" in said.stdout
    assert "missing" not in said.stderr
    stricter = kefu("tune", cases, "--wrong-limit", "0.0125", "--json").json
    assert stricter["parts"]["fit"]["chosen"]["wrong"] == 0, "1 of 400 may be 1.4%"


def test_with_fewer_cases_the_plain_share_is_held_and_labelled_so(tmp_path: Path) -> None:
    kefu, _, cases = many(tmp_path)
    found = kefu("tune", cases, "--wrong-limit", "0.02", "--json").json
    assert (found["held"], found["cases_missing"]) == ("share", 89)
    said = kefu("tune", cases, "--write")
    assert "only the plain share of wrong answers is held to the limit" in said.stderr
    assert "up to 7.0% of them may be answered wrong" in said.stderr
    assert "89 more cases are missing" in said.stderr


def test_no_number_of_cases_proves_that_nothing_is_ever_wrong(tmp_path: Path) -> None:
    kefu, _, cases = many(tmp_path)
    said = kefu("tune", cases, "--wrong-limit", "0")
    assert "no number of cases proves 0.0%" in said.stderr
    assert kefu("tune", cases, "--wrong-limit", "0", "--json").json["cases_missing"] is None


def test_a_threshold_is_fitted_to_one_part_and_shown_on_the_other(tmp_path: Path) -> None:
    kefu, bot, cases = many(tmp_path)
    found = kefu("tune", cases, "--wrong-limit", "0.01", "--json").json
    assert kefu.exit_code == 0
    assert (found["now"], found["chosen"], found["enough"]) == (0.7, 0.25, True)
    assert found["parts"]["fit"]["chosen"] == {
        "threshold": 0.25,
        "questions": 100,
        "coverage": 0.99,
        "right": 98,
        "wrong": 1,
        "wrong_share": 0.01,
        "wrong_share_upper": 0.054486,
        "offered": 1,
    }
    assert found["parts"]["report"]["now"]["offered"] == 1
    assert found["parts"]["report"]["chosen"]["right"] == 1
    assert (found["written"], bot.kept, bot.closed) == (False, [], True)


def test_a_threshold_is_written_only_when_asked_for(tmp_path: Path) -> None:
    kefu, bot, cases = many(tmp_path)
    assert "add --write" in kefu("tune", cases).stdout
    assert bot.kept == []
    assert "kept by the script" in kefu("tune", cases, "--write", "--wrong-limit", "0").stdout
    assert (kefu.exit_code, bot.kept) == (0, [0.803])


def test_with_too_few_answers_nothing_is_written_unless_forced(tmp_path: Path) -> None:
    kefu, bot, cases = many(tmp_path, ENOUGH - 1)
    kefu("tune", cases)
    assert (kefu.exit_code, "a threshold is a guess" in kefu.stderr) == (0, True)
    kefu("tune", cases, "--write")
    assert (kefu.exit_code, bot.kept, "nothing is written" in kefu.stderr) == (1, [], True)
    kefu("tune", cases, "--write", "--force")
    assert (kefu.exit_code, len(bot.kept)) == (0, 1)


def test_where_no_threshold_is_good_enough_nothing_is_written_even_when_forced(
    tmp_path: Path,
) -> None:
    kefu, bot, cases = shop(tmp_path, [row(0)], {"fit-0": attempt(0.9, LIE)})
    kefu("tune", cases, "--write", "--force")
    assert (kefu.exit_code, bot.kept) == (1, [])
    assert "No threshold answers anything with at most 2.0%" in kefu.stdout


def test_the_bot_does_not_judge_itself(tmp_path: Path) -> None:
    rows = [
        row(0, expect={"dispositions": ["act"]}),
        row(1, expect={"facts": ["30天"]}),
        row(2, article=None, tags=["out_of_scope"]),
        row(3, article=None, tags=["out_of_scope"]),
    ]
    script = {
        "fit-0": attempt(0.9, reply("act", "已办理", cited=["refund"])),
        "fit-1": attempt(0.9),
        "fit-2": attempt(0.9, ANSWER, NOTHING),
        "fit-3": attempt(0.9, NOTHING, NOTHING),
    }
    kefu, _, cases = shop(tmp_path, rows, script)
    counted = kefu("tune", cases, "--json").json["parts"]["fit"]["now"]
    assert (counted["questions"], counted["right"], counted["wrong"]) == (4, 1, 2)


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ({"tags": ["order"], "customer": "C1"}, "answered from the order"),
        ({"tags": ["must_hand_over"], "article": None}, "goes to a person anyway"),
        ({"turns": [["在吗", "怎么退"]]}, "a burst"),
        ({"turns": [["怎么退", {"image": "a.jpg"}]]}, "a picture"),
        ({"turns": ["怎么退", "那换呢"]}, "leans on what was said"),
    ],
)
def test_only_single_questions_in_words_are_played(
    tmp_path: Path, keys: dict[str, Any], why: str
) -> None:
    [located] = read_cases([write_jsonl(tmp_path / "cases.jsonl", [row(0, **keys)])])
    assert single_question(located) is None, why


def test_cases_without_a_single_question_are_bad_data(tmp_path: Path) -> None:
    kefu, _, cases = shop(tmp_path, [row(0, "report")], {})
    kefu("tune", cases)
    assert (kefu.exit_code, "no fit case is a single question" in kefu.stderr) == (2, True)


@pytest.mark.parametrize("confidence", [1.5, -0.1, float("nan")])
def test_a_confidence_that_is_no_probability_is_the_fault_of_the_adapter(
    tmp_path: Path, confidence: float
) -> None:
    kefu, _, cases = shop(tmp_path, [row(0)], {"fit-0": attempt(confidence)})
    kefu("tune", cases)
    assert (kefu.exit_code, "correct the adapter" in kefu.stderr) == (3, True)


def test_a_limit_in_percent_by_mistake_is_refused(tmp_path: Path) -> None:
    kefu, _, cases = shop(tmp_path, [row(0)], {"fit-0": attempt(0.9)})
    assert kefu("tune", cases, "--wrong-limit", "2").exit_code == 2
