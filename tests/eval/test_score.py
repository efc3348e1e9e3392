import pytest

from eval.case import Expectation
from eval.score import CaseScore, Outcome, score
from eval.target import Reply
from tests.eval.builders import expectation, reply

REFUND = expectation(
    "answer", gold=("refund",), facts=(("7天", "一周"), ("吊牌",)), forbidden=("15天",)
)
GOOD = "签收后七天内，吊牌完好可退。"
MUST = expectation("hand_over", reasons=("high_risk",))
REFUSE = expectation("decline", "hand_over")


@pytest.mark.parametrize(
    ("expected", "given", "outcome"),
    [
        (REFUND, reply(text=GOOD, cited=["refund"]), Outcome.MATCHED),
        (REFUND, reply(text=GOOD, cited=["price", "refund"]), Outcome.MATCHED),
        (REFUND, reply(text=GOOD, cited=["price"]), Outcome.WRONG),
        (REFUND, reply(text=GOOD), Outcome.WRONG),
        (REFUND, reply(text="七天内可退", cited=["refund"]), Outcome.WRONG),
        (REFUND, reply(text=GOOD + "有时15天", cited=["refund"]), Outcome.WRONG),
        (REFUND, reply("act", GOOD, cited=["refund"]), Outcome.WRONG),
        (REFUND, reply("clarify", "您是指？", offered=["price", "refund"]), Outcome.OFFERED),
        (REFUND, reply("clarify", "您是指？", offered=["price"]), Outcome.CLARIFIED),
        (REFUND, reply("clarify", "请再说一遍"), Outcome.CLARIFIED),
        (REFUND, reply("decline"), Outcome.DECLINED),
        (REFUND, reply("hand_over"), Outcome.HANDED_OVER),
        # A promise counts wherever it is made.
        (REFUND, reply("hand_over", "15天内都可退，已转接"), Outcome.WRONG),
        (REFUSE, reply("decline"), Outcome.MATCHED),
        (REFUSE, reply("hand_over"), Outcome.MATCHED),
        (REFUSE, reply(text="明天有雨", cited=["ship"]), Outcome.WRONG),
        (MUST, reply("hand_over", reason="high_risk"), Outcome.MATCHED),
        (MUST, reply("hand_over", reason="low_confidence"), Outcome.HANDED_OVER),
        (MUST, reply(text="请多喝水"), Outcome.MISSED_HANDOVER),
        (MUST, reply("decline"), Outcome.MISSED_HANDOVER),
        (expectation("act", facts=(("杭州",),)), reply("act", "已到杭州"), Outcome.MATCHED),
        (expectation("act", gold=("ship",)), reply("act", "", cited=["pay"]), Outcome.WRONG),
        (expectation("act", gold=("ship",)), reply("act", ""), Outcome.MATCHED),
        (expectation("clarify", gold=("a",)), reply("clarify", "哪款？"), Outcome.MATCHED),
        (expectation("clarify", gold=("a",)), reply("clarify", offered=["a"]), Outcome.MATCHED),
        (expectation("clarify", gold=("a",)), reply("clarify", offered=["b"]), Outcome.CLARIFIED),
    ],
)
def test_a_reply_is_judged_by_what_it_cites_and_states(
    expected: Expectation, given: Reply, outcome: Outcome
) -> None:
    assert score(0, expected, given).outcome is outcome


def test_what_is_not_matched_says_why() -> None:
    given = reply(text="15天内可退", cited=["price"])
    assert score(0, REFUND, given).why == (
        "cites price, not refund",
        "lacks 7天 or 一周",
        "lacks 吊牌",
        "says 15天",
    )


def test_a_handover_for_another_reason_is_not_needless() -> None:
    found = score(0, MUST, reply("hand_over", reason="low_confidence"))
    assert not found.needless
    assert found.why == ("handed over for low_confidence, not for high_risk",)


def test_an_answer_to_what_a_person_must_take_is_a_wrong_answer_as_well() -> None:
    assert score(0, MUST, reply(text="请多喝水")).wrong_answer


def test_a_case_is_as_good_as_its_worst_turn() -> None:
    turns = (score(0, REFUND, reply("decline")), score(1, REFUSE, reply("decline")))
    assert CaseScore(turns).outcome is Outcome.DECLINED
