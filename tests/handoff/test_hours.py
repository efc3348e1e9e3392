"""Hours to the second: borders, service time, and nights when the clock jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.hours import Hours, always_open, parse_hours

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WORKDAYS = EVERY_DAY[:5]


def hours(zone: str, *rows: tuple[list[str], str, str], **more: Any) -> Hours:
    return parse_hours(zone, [{"days": d, "open": o, "close": c} for d, o, c in rows], **more)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


OFFICE = hours("Asia/Shanghai", (WORKDAYS, "09:00", "12:00"), (WORKDAYS, "13:00", "18:00"))
# 2026: 1 May is a holiday until the 5th, and Saturday 9 May is worked for it.
MAINLAND = hours("Asia/Shanghai", (WORKDAYS, "09:00", "18:00"), public_holidays={"region": "CN"})
NIGHT_IN_BERLIN = hours("Europe/Berlin", (EVERY_DAY, "22:00", "06:00"))
AT_TWO = hours("America/New_York", (EVERY_DAY, "02:30", "03:15"))


@pytest.mark.parametrize(
    ("at", "closes", "why"),
    [
        ("2026-11-20T09:00:00+08:00", "2026-11-20T12:00:00+08:00", "the lunch break is next"),
        ("2026-11-20T12:00:00+08:00", "2026-11-20T18:00:00+08:00", "closed: after the next shift"),
        ("2026-11-20T17:59:59+08:00", "2026-11-20T18:00:00+08:00", "the last second"),
        ("2026-11-20T18:00:00+08:00", "2026-11-23T12:00:00+08:00", "Friday evening: Monday noon"),
    ],
)
def test_the_next_closing(at: str, closes: str, why: str) -> None:
    assert OFFICE.next_closing(moment(at)) == moment(closes), why


def test_who_is_always_open_never_closes_and_who_has_no_hours_never_opens() -> None:
    at = moment("2026-11-20T12:00:00+08:00")
    assert always_open().next_closing(at) is None
    nobody = parse_hours("Asia/Shanghai", [])
    assert nobody.next_opening(at) is None
    assert nobody.next_closing(at) is None
    assert nobody.after_open_seconds(at, 1) is None


def test_two_shifts_that_touch_are_one_stretch() -> None:
    two = hours("Asia/Shanghai", (EVERY_DAY, "09:00", "13:00"), (EVERY_DAY, "13:00", "18:00"))
    noon = moment("2026-11-20T12:00:00+08:00")
    assert two.is_open(moment("2026-11-20T13:00:00+08:00"))
    assert two.next_closing(noon) == moment("2026-11-20T18:00:00+08:00")


def test_shifts_that_overlap_count_once() -> None:
    two = hours("Asia/Shanghai", (["fri"], "09:00", "13:00"), (["fri"], "12:00", "14:00"))
    day = moment("2026-11-20T00:00:00+08:00")
    assert two.open_seconds_between(day, day + timedelta(days=1)) == 5 * 3600


def test_a_shift_within_another_changes_nothing() -> None:
    rows = [(["fri"], "09:00", "18:00"), (["fri"], "10:00", "11:00"), (["fri"], "12:00", "19:00")]
    day = moment("2026-11-20T00:00:00+08:00")
    for several in (hours("Asia/Shanghai", *rows), hours("Asia/Shanghai", *rows[::-1])):
        assert several.next_closing(day) == moment("2026-11-20T19:00:00+08:00")
        assert several.open_seconds_between(day, day + timedelta(days=1)) == 10 * 3600


def test_midnight_may_be_written_as_24_00_and_a_day_as_all_day() -> None:
    late = hours("Asia/Shanghai", (["fri"], "20:00", "24:00"))
    assert late.is_open(moment("2026-11-20T23:59:59+08:00"))
    assert not late.is_open(moment("2026-11-21T00:00:00+08:00"))
    whole = parse_hours("Asia/Shanghai", [{"days": ["fri"], "all_day": True}])
    assert whole.is_open(moment("2026-11-20T00:00:00+08:00"))
    assert not whole.is_open(moment("2026-11-21T00:00:00+08:00"))


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.is_open(datetime(2026, 11, 20, 12))


@pytest.mark.parametrize(
    ("since", "until", "seconds", "why"),
    [
        ("2026-11-20T11:59:00+08:00", "2026-11-20T13:01:00+08:00", 120, "lunch does not count"),
        ("2026-11-20T18:00:00+08:00", "2026-11-23T09:00:00+08:00", 0, "nor does the weekend"),
        ("2026-11-20T17:00:00+08:00", "2026-11-23T10:00:00+08:00", 7200, "around the weekend"),
        ("2026-11-20T10:00:00+08:00", "2026-11-20T10:00:00+08:00", 0, "no time at all"),
        ("2026-11-20T11:00:00+08:00", "2026-11-20T10:00:00+08:00", 0, "never negative"),
        ("2026-11-20T01:00:00+00:00", "2026-11-20T10:00:00+08:00", 3600, "two zones, one clock"),
    ],
)
def test_service_time_between(since: str, until: str, seconds: float, why: str) -> None:
    assert OFFICE.open_seconds_between(moment(since), moment(until)) == seconds, why


def test_an_hour_of_service_time_that_begins_at_five_past_five_ends_on_monday() -> None:
    friday = moment("2026-11-20T17:05:00+08:00")
    assert OFFICE.after_open_seconds(friday, 3600) == moment("2026-11-23T09:05:00+08:00")
    assert OFFICE.after_open_seconds(friday, 55 * 60) == moment("2026-11-20T18:00:00+08:00")
    assert OFFICE.after_open_seconds(friday, 0) == friday


MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)
KINDS = st.sampled_from([OFFICE, MAINLAND, NIGHT_IN_BERLIN, AT_TWO, always_open()])


@settings(max_examples=60, deadline=None)
@given(KINDS, MOMENTS, st.integers(0, 200_000))
def test_after_so_much_service_time_exactly_that_much_has_passed(
    kept: Hours, at: datetime, seconds: int
) -> None:
    then = kept.after_open_seconds(at, seconds)
    assert then is not None
    assert kept.open_seconds_between(at, then) == pytest.approx(seconds)
    if seconds:
        assert kept.open_seconds_between(at, then - timedelta(seconds=1)) < seconds


@settings(max_examples=60, deadline=None)
@given(KINDS, MOMENTS, MOMENTS, MOMENTS)
def test_service_time_adds_up_and_never_exceeds_the_clock(
    kept: Hours, first: datetime, second: datetime, third: datetime
) -> None:
    a, b, c = sorted((first, second, third))
    whole = kept.open_seconds_between(a, c)
    parts = kept.open_seconds_between(a, b) + kept.open_seconds_between(b, c)
    assert whole == pytest.approx(parts)
    assert 0 <= whole <= (c - a).total_seconds()


@settings(max_examples=60, deadline=None)
@given(KINDS, MOMENTS)
def test_one_is_open_from_the_opening_to_the_closing_and_not_a_second_longer(
    kept: Hours, at: datetime
) -> None:
    opens, closes = kept.next_opening(at), kept.next_closing(at)
    assert opens is not None
    assert kept.is_open(opens)
    if closes is None:
        assert kept == always_open()
        return
    assert not kept.is_open(closes)
    assert kept.is_open(closes - timedelta(microseconds=1))
    assert kept.open_seconds_between(opens, closes) == pytest.approx(
        (closes.astimezone(UTC) - opens.astimezone(UTC)).total_seconds()
    )


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    spring = moment("2026-03-28T22:00:00+01:00")
    autumn = moment("2026-10-24T22:00:00+02:00")
    assert NIGHT_IN_BERLIN.next_closing(spring) == moment("2026-03-29T06:00:00+02:00")
    assert NIGHT_IN_BERLIN.next_closing(autumn) == moment("2026-10-25T06:00:00+01:00")
    for since, worked in ((spring, 7), (autumn, 9)):
        until = since + timedelta(hours=12)
        assert NIGHT_IN_BERLIN.open_seconds_between(since, until) == worked * 3600


@pytest.mark.parametrize(
    ("at", "is_open", "why"),
    [
        ("2026-03-08T01:59:59-05:00", False, "the last second before the jump reads 01:59"),
        ("2026-03-08T03:00:00-04:00", True, "02:30 was skipped: open from the jump"),
        ("2026-03-08T03:14:59-04:00", True, "as the clock on the wall says"),
        ("2026-03-08T03:15:00-04:00", False, "and closed at 03:15"),
    ],
)
def test_an_opening_in_the_skipped_hour_is_at_the_jump(at: str, is_open: bool, why: str) -> None:
    assert AT_TWO.is_open(moment(at)) is is_open, why


def test_an_interval_that_lies_wholly_in_the_skipped_hour_does_not_happen() -> None:
    skipped = hours("America/New_York", (EVERY_DAY, "02:10", "02:50"))
    midnight = moment("2026-03-08T00:00:00-05:00")
    assert skipped.next_opening(midnight) == moment("2026-03-09T02:10:00-04:00")


def test_a_time_that_comes_twice_counts_the_first_time() -> None:
    ends = hours("America/New_York", (EVERY_DAY, "00:00", "01:30"))
    assert ends.is_open(moment("2026-11-01T01:29:59-04:00"))
    assert not ends.is_open(moment("2026-11-01T01:30:00-04:00"))
    assert not ends.is_open(moment("2026-11-01T01:29:59-05:00"))


def test_asking_in_the_shops_own_zone_gives_the_same_answer_in_the_hour_that_comes_twice() -> None:
    zone = ZoneInfo("America/New_York")
    ends = hours("America/New_York", (EVERY_DAY, "00:00", "01:30"))
    first = datetime(2026, 11, 1, 1, 10, tzinfo=zone)
    assert ends.is_open(first)
    assert not ends.is_open(first.replace(fold=1))
