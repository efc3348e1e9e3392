"""Dissatisfaction as a pure score over a conversation, in both directions."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.mood import MOST, dissatisfaction, rejects, shown
from bot.request import Said
from handoff.reasons import Reason
from handoff.rules import Rules, Signals, reason_to_hand_over
from knowledge.text import normalise
from tests.bot.mood_conversations import CALM, DISSATISFIED


def said(sender: str, text: str) -> Said:
    return Said(sender, [{"type": "text", "text": text}])


def scores(lines: Sequence[str]) -> list[float]:
    """The score at each message of a customer whom the bot answers every time."""
    earlier: list[Said] = []
    found = []
    for line in lines:
        found.append(dissatisfaction([line], earlier))
        earlier += [said("customer", line), said("bot", "满 59 元包邮。")]
    return found


def fires(score: float) -> bool:
    return reason_to_hand_over(Signals(dissatisfaction=score), Rules()) is not None


@pytest.mark.parametrize("lines", DISSATISFIED, ids=lambda lines: lines[-1])
def test_dissatisfaction_that_builds_up_calls_a_person(lines: list[str]) -> None:
    assert fires(scores(lines)[-1]), scores(lines)


@pytest.mark.parametrize("lines", CALM, ids=lambda lines: lines[-1])
def test_a_calm_conversation_never_does(lines: list[str]) -> None:
    assert not any(fires(score) for score in scores(lines)), scores(lines)


def test_both_directions_are_tested_on_enough_conversations() -> None:
    assert len(DISSATISFIED) >= 20
    assert len(CALM) >= 20


def test_no_single_message_is_enough() -> None:
    assert Rules().dissatisfaction_threshold > MOST
    assert not fires(scores(["答非所问！！！快点啊，人呢？？？STOP REPEATING THE SAME THING"])[-1])


def test_a_message_without_any_sign_never_scores_whatever_came_before() -> None:
    assert scores(["答非所问", "没用", "还是不对", "满多少包邮"])[-1] == 0


def test_thanks_wipe_the_slate_clean() -> None:
    assert scores(["答非所问", "没用", "哦 明白了谢谢", "不对"])[-1] < MOST


def test_what_a_person_has_dealt_with_is_past() -> None:
    before = [said("customer", "答非所问"), said("customer", "还是没用"), said("bot", "……")]
    assert fires(dissatisfaction(["不对"], before))
    helped = [*before, said("person", "已经为您处理好了")]
    assert not fires(dissatisfaction(["不对"], helped))


def test_misses_add_to_it() -> None:
    earlier = [said("customer", "书柜能加门吗"), said("bot", "抱歉")]
    assert dissatisfaction(["没用"], earlier, misses=1) > dissatisfaction(["没用"], earlier)


@pytest.mark.parametrize(
    ("text", "before", "shows"),
    [
        ("满多少包邮", ["满多少才包邮呀"], True),
        ("满多少包邮", ["满多少包邮"], True),
        ("那运费呢", ["那运费呢"], False),
        ("1米8的床被套多大", ["1米5的床被套多大"], False),
        ("怎么退货", ["怎么换货"], False),
        ("HOW MUCH IS SHIPPING", [], True),
        ("XL SY-DJ01 OK", [], False),
        ("？？？", [], True),
        ("👍", [], False),
    ],
)
def test_what_counts_as_a_sign(text: str, before: list[str], shows: bool) -> None:
    assert (shown(text, before) > 0) is shows


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("不是这个", True),
        ("答非所问！！", True),
        ("没用", True),
        ("that's not what I asked", True),
        ("不是这个，我问的是专票", False),
        ("你没看懂，我问的是运费", False),
        ("优惠券没用上怎么办", False),
        ("尺码不对能换吗", False),
    ],
)
def test_what_turns_the_last_answer_down_and_asks_nothing_else(text: str, does: bool) -> None:
    assert rejects(normalise(text)) is does


def test_dissatisfaction_has_a_reason_of_its_own_behind_open_anger() -> None:
    verdict = reason_to_hand_over(Signals(dissatisfaction=1.8), Rules())
    assert verdict is not None
    assert (verdict.reason, verdict.rule) == (Reason.DISSATISFACTION, "dissatisfaction>=1.5")
    angry = reason_to_hand_over(Signals(dissatisfaction=1.8, anger=0.9), Rules())
    assert angry is not None
    assert angry.reason is Reason.ANGER


def test_a_shop_may_set_the_threshold_or_turn_it_off() -> None:
    assert (
        reason_to_hand_over(Signals(dissatisfaction=1.8), Rules(dissatisfaction_threshold=3))
        is None
    )
    off = Rules(off=frozenset({Reason.DISSATISFACTION}))
    assert reason_to_hand_over(Signals(dissatisfaction=1.8), off) is None
