from pathlib import Path

import pytest

from eval.errors import BadData, UnknownMetric
from eval.gate import check, read_gate
from eval.metrics import METRIC_NAMES, Judged, measure, slices
from eval.score import Outcome
from tests.eval.builders import judged, reply

RIGHT = judged(reply(cited=["a"]), id="right")
WRONG = judged(reply(cited=["b"]), id="wrong")
OFFERED = judged(reply("clarify", offered=["a"]), id="offered")
NEEDLESS = judged(reply("hand_over"), id="needless")
OWN = judged(reply("act"), id="own", tags=["order"], expect={"dispositions": ["act"]})
REFUSED = judged(reply("decline"), id="no", article=None, tags=["out_of_scope"])
CHATTED = judged(reply(text="晴"), id="rain", article=None, tags=["out_of_scope"])
TAKEN = judged(reply("hand_over"), id="burn", tags=["must_hand_over"], language="en")
MISSED = judged(reply(text="不要紧"), id="hurt", tags=["must_hand_over"])
ALL = [RIGHT, WRONG, OFFERED, NEEDLESS, OWN, REFUSED, CHATTED, TAKEN, MISSED]


@pytest.mark.parametrize(
    ("name", "count", "of"),
    [
        ("right", 4, 9),
        ("in_scope_right", 2, 5),
        ("in_scope_right_or_offered", 3, 5),
        ("in_scope_direct_right", 1, 4),
        ("own_order_right", 1, 1),
        ("burst_picture_right", 0, 0),
        ("out_of_scope_refused", 1, 2),
        ("must_hand_over_recall", 1, 2),
        ("needless_handover_rate", 1, 5),
        # An answer to what a person had to take is a wrong answer too.
        ("wrong_rate", 3, 9),
        ("wrong_among_answers", 3, 5),
    ],
)
def test_a_metric_counts(name: str, count: int, of: int) -> None:
    share = measure(ALL)[name].share
    assert share is not None
    assert (share.count, share.of) == (count, of)


def test_a_refusal_with_a_forbidden_claim_is_not_a_refusal() -> None:
    promised = judged(
        reply("decline", "不过可以赔三倍"),
        article=None,
        tags=["out_of_scope"],
        expect={"forbidden": ["赔三倍"]},
    )
    assert measure([promised])["out_of_scope_refused"].value == 0
    assert measure([promised])["wrong_rate"].value == 1


def test_a_handover_for_another_reason_still_reached_a_person() -> None:
    keys = {"tags": ["must_hand_over"], "expect": {"reason": ["high_risk"]}}
    found = measure([judged(reply("hand_over", reason="anger"), **keys)])
    assert found["must_hand_over_recall"].value == 1
    assert found["right"].value == 0
    # No case could have been handed over needlessly.
    assert found["needless_handover_rate"].value is None


def test_the_upper_end_and_the_times_are_metrics_of_their_own() -> None:
    found = measure(ALL)
    assert list(found) == list(METRIC_NAMES)
    assert found["wrong_among_answers_upper"].value == pytest.approx(0.8824, abs=1e-4)
    assert found["reply_ms_p50"].value == 12.0


def test_kinds_do_not_overlap_and_outcomes_add_up() -> None:
    by_name = {each.name: each for each in slices(ALL)}
    kinds = ("in_scope_direct", "own_order", "burst_picture", "out_of_scope", "must_hand_over")
    assert sum(by_name[kind].cases for kind in kinds) == by_name["overall"].cases == len(ALL)
    assert by_name["language:en"].cases == 1
    assert by_name["tag:must_hand_over"].outcomes[Outcome.MISSED_HANDOVER] == 1


@pytest.fixture
def gate_file(tmp_path: Path) -> Path:
    return tmp_path / "gate.yaml"


@pytest.mark.parametrize(
    ("bound", "cases", "passed"),
    [
        ("right: {min: 0.4}", ALL, True),
        ("right: {min: 0.5}", ALL, False),
        ("wrong_rate: {max: 0.3}", ALL, False),
        ("right: {min: 0.4, max: 0.45}", ALL, True),
        ("right: {min: 1}", [RIGHT], True),
        # Nobody measured it, so nobody may rely on it.
        ("own_order_right: {min: 0}", [RIGHT], False),
    ],
)
def test_a_gate_holds_metrics_against_bounds(
    gate_file: Path, bound: str, cases: list[Judged], passed: bool
) -> None:
    gate_file.write_text(bound, "utf-8")
    [found] = check(read_gate(gate_file), measure(cases))
    assert found.passed is passed


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("rihgt: {min: 0.5}", "no metric is called rihgt; use one of right, in_scope_right"),
        ("right: 0.5", "write lines such as"),
        ("right: {}", "give min, max or both"),
        ("right: {minimum: 1}", "Extra inputs"),
        ("right: {min: .nan}", "finite"),
        ("", "write lines such as"),
        ("{}", "the gate is empty"),
        ("right: {min", "not YAML"),
    ],
)
def test_a_gate_that_cannot_be_meant_is_refused(gate_file: Path, text: str, complaint: str) -> None:
    gate_file.write_text(text, "utf-8")
    with pytest.raises(BadData, match=complaint):
        read_gate(gate_file)


def test_an_unknown_metric_has_its_own_error(gate_file: Path) -> None:
    gate_file.write_text("accuracy: {min: 1}", "utf-8")
    with pytest.raises(UnknownMetric):
        read_gate(gate_file)
