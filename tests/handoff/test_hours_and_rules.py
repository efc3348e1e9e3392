"""Hours at their borders, and the rules one by one."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.hours import always_open, parse_hours
from handoff.reasons import Reason, urgency
from handoff.rules import Rules, Signals, reason_to_hand_over

SPLIT = parse_hours(
    "Asia/Shanghai",
    [
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat"], "open": "09:00", "close": "12:00"},
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat"], "open": "13:00", "close": "22:30"},
        {"days": ["fri"], "open": "23:00", "close": "02:00"},
    ],
    [date(2026, 11, 23)],
)


@pytest.mark.parametrize(
    ("moment", "is_open", "why"),
    [
        ("2026-11-21T09:00:00+08:00", True, "the first minute counts"),
        ("2026-11-21T08:59:59+08:00", False, "a second early"),
        ("2026-11-21T12:00:00+08:00", False, "closing time is closed"),
        ("2026-11-21T12:30:00+08:00", False, "lunch"),
        ("2026-11-21T13:00:00+08:00", True, "after lunch"),
        ("2026-11-21T01:59:59+08:00", True, "Friday's night shift runs into Saturday"),
        ("2026-11-21T02:00:00+08:00", False, "and ends there"),
        ("2026-11-22T10:00:00+08:00", False, "no Sunday"),
        ("2026-11-23T10:00:00+08:00", False, "a holiday"),
        ("2026-11-24T01:00:00+00:00", True, "the same moment in another zone"),
    ],
)
def test_open_or_not(moment: str, is_open: bool, why: str) -> None:
    assert SPLIT.is_open(datetime.fromisoformat(moment)) is is_open, why


def test_the_next_opening_skips_holidays_and_names_now_when_open() -> None:
    saturday_night = datetime.fromisoformat("2026-11-21T23:00:00+08:00")
    assert SPLIT.next_opening(saturday_night) == datetime.fromisoformat("2026-11-24T09:00:00+08:00")
    noon = datetime.fromisoformat("2026-11-21T13:30:00+08:00")
    assert SPLIT.next_opening(noon) == noon


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31)))
def test_the_next_opening_is_open_and_nothing_between_is(moment: datetime) -> None:
    at = moment.replace(tzinfo=SPLIT.zone)
    opens = SPLIT.next_opening(at)
    assert opens is not None
    assert SPLIT.is_open(opens)
    middle = at + (opens - at) / 2
    assert opens == at or not SPLIT.is_open(middle)


def test_a_shop_without_hours_is_always_open() -> None:
    assert always_open().is_open(datetime.fromisoformat("2026-11-21T03:00:00+08:00"))


def test_a_misspelt_day_is_refused() -> None:
    with pytest.raises(ValueError, match="days must be"):
        parse_hours("Asia/Shanghai", [{"days": ["monday"], "open": "09:00", "close": "10:00"}], [])


@pytest.mark.parametrize(
    ("signals", "reason", "why"),
    [
        (Signals(), None, "nothing noticed"),
        (Signals(asks_for_person=True), Reason.CUSTOMER_REQUEST, "asked"),
        (Signals(anger=0.5), Reason.ANGER, "at the threshold"),
        (Signals(anger=0.49), None, "below it"),
        (Signals(risk="injury", asks_for_person=True, anger=0.9), Reason.HIGH_RISK, "most urgent"),
        (Signals(review_threat=True), Reason.REVIEW_THREAT, "a threatened review"),
        (Signals(person_only_topic=True), Reason.POLICY_RESTRICTION, "needs authority"),
        (Signals(unreadable=True), Reason.UNREADABLE_MEDIA, "a picture"),
        (Signals(unknown=True), None, "one miss is usually a typo"),
        (Signals(unknown=True, misses=1), Reason.REPEATED_MISS, "the second in a row"),
        (Signals(unknown=True, shop_matter=True), Reason.LOW_CONFIDENCE, "ours, but unsure"),
        (Signals(unknown=True, clarified_before=True), Reason.LOW_CONFIDENCE, "asked back already"),
        (Signals(misses=5), None, "this turn has an answer"),
    ],
)
def test_the_rules(signals: Signals, reason: Reason | None, why: str) -> None:
    verdict = reason_to_hand_over(signals, Rules())
    assert (verdict.reason if verdict else None) == reason, why


def test_a_reason_that_is_switched_off_lets_the_next_one_speak() -> None:
    signals = Signals(anger=0.9, asks_for_person=True)
    rules = Rules(off=frozenset({Reason.CUSTOMER_REQUEST}))
    verdict = reason_to_hand_over(signals, rules)
    assert verdict is not None
    assert verdict.reason is Reason.ANGER


def test_an_unknown_reason_is_ordinary_and_no_error() -> None:
    assert urgency("from_a_newer_version") == 0
    assert urgency("high_risk") > urgency("customer_request") > urgency(None)
