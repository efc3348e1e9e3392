"""Service clocks to the second: warnings, breaches, pauses, the bot's time, service hours."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.hours import always_open, parse_hours
from handoff.service_clock import (
    Clock,
    ClockKind,
    ClockStatus,
    Target,
    Targets,
    clocks_at,
    crossings,
    next_check,
)
from handoff.timeline import Moment, What

# A Friday.
NINE = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
WORKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OFFICE = parse_hours("Asia/Shanghai", [{"days": WORKDAYS, "open": "09:00", "close": "18:00"}])
FIRST, NEXT, RESOLUTION = ClockKind
TARGET = Target(
    first_response=timedelta(minutes=10),
    next_response=timedelta(minutes=20),
    resolution=timedelta(hours=2),
)


def after(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def story(*events: tuple[float, str]) -> list[Moment]:
    return [Moment(after(minutes), What(what)) for minutes, what in events]


def seen(events: list[Moment], minutes: float, target: Target = TARGET) -> list[Clock]:
    return clocks_at(events, target, OFFICE, after(minutes))


def status(events: list[Moment], minutes: float, kind: ClockKind) -> list[ClockStatus]:
    return [clock.status for clock in seen(events, minutes) if clock.kind is kind]


HANDED = story((0, "customer"), (1, "handed_over"))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (1, ClockStatus.ACTIVE),
        (8.99, ClockStatus.ACTIVE),
        (9, ClockStatus.WARNED),
        (10.99, ClockStatus.WARNED),
        (11, ClockStatus.MISSED),
        (500, ClockStatus.MISSED),
    ],
)
def test_the_first_response_warns_at_four_fifths_and_breaks_at_its_end(
    minutes: float, expected: ClockStatus
) -> None:
    assert status(HANDED, minutes, FIRST) == [expected]
    clock = seen(HANDED, minutes)[0]
    assert (clock.warn_at, clock.due_at) == (after(9), after(11))


@pytest.mark.parametrize(
    ("replied", "expected"),
    [(10.99, ClockStatus.MET), (11, ClockStatus.MISSED), (30, ClockStatus.MISSED)],
)
def test_a_reply_stops_it_in_time_or_not(replied: float, expected: ClockStatus) -> None:
    events = [*HANDED, *story((2, "assigned"), (replied, "person"))]
    assert status(events, 600, FIRST) == [expected]
    assert seen(events, 600)[0].spent == timedelta(minutes=replied - 1)


def test_the_bots_words_and_time_count_for_no_person() -> None:
    events = story((0, "customer"), (1, "bot"), (60, "customer"), (61, "handed_over"), (62, "bot"))
    assert status(events, 65, FIRST) == [ClockStatus.ACTIVE]
    assert seen(events, 65)[0].started_at == after(61)
    assert seen(story((0, "customer"), (1, "bot")), 65) == []


def test_each_turn_with_a_person_has_a_clock_of_its_own() -> None:
    events = [
        *HANDED,
        *story((5, "person"), (10, "customer"), (12, "customer"), (25, "person"), (26, "person")),
        *story((40, "customer")),
    ]
    assert status(events, 45, NEXT) == [ClockStatus.MET, ClockStatus.ACTIVE]
    first_turn = next(clock for clock in seen(events, 45) if clock.kind is NEXT)
    assert first_turn.started_at == after(10), "from the first unanswered word"


def test_a_last_thank_you_that_nobody_answers_breaks_nothing() -> None:
    events = [*HANDED, *story((5, "person"), (10, "customer"), (12, "closed"))]
    assert status(events, 600, NEXT) == [ClockStatus.DROPPED]
    assert status(events, 600, RESOLUTION) == [ClockStatus.MET]


def test_the_resolution_rests_while_the_customer_has_the_word() -> None:
    events = [*HANDED, *story((5, "person"), (21, "asked"), (200, "customer"), (210, "person"))]
    resting = next(clock for clock in seen(events, 100) if clock.kind is RESOLUTION)
    assert (resting.status, resting.spent) == (ClockStatus.PAUSED, timedelta(minutes=20))
    assert resting.due_at is None
    going_on = next(clock for clock in seen(events, 210) if clock.kind is RESOLUTION)
    assert (going_on.status, going_on.spent) == (ClockStatus.ACTIVE, timedelta(minutes=30))
    assert going_on.due_at == after(300), "two hours, less the rest"


def test_given_back_to_the_bot_unanswered_is_neither_kept_nor_broken() -> None:
    events = [*HANDED, *story((5, "to_bot"), (6, "bot"))]
    assert status(events, 600, FIRST) == [ClockStatus.DROPPED]
    assert status(events, 600, RESOLUTION) == [ClockStatus.DROPPED]


def test_answered_and_given_back_to_the_bot_is_done() -> None:
    events = [*HANDED, *story((5, "person"), (6, "to_bot"))]
    assert status(events, 600, RESOLUTION) == [ClockStatus.MET]


def test_a_look_at_the_very_moment_tells_it_and_the_next_does_not() -> None:
    for minutes, event in ((9, "sla.warned"), (11, "sla.missed")):
        clocks = seen(HANDED, minutes)
        now = crossings(clocks, after=after(minutes - 1), until=after(minutes))
        assert [crossing.event for crossing in now] == [event]
        later = seen(HANDED, minutes + 1)
        assert crossings(later, after=after(minutes), until=after(minutes + 1)) == []


def test_coming_back_begins_new_clocks() -> None:
    events = [*HANDED, *story((5, "person"), (6, "closed"), (90, "customer"), (91, "handed_over"))]
    assert status(events, 92, FIRST) == [ClockStatus.MET, ClockStatus.ACTIVE]


def test_a_transfer_does_not_begin_the_first_response_anew() -> None:
    events = [*HANDED, *story((2, "assigned"), (6, "handed_over"), (7, "assigned"))]
    assert status(events, 12, FIRST) == [ClockStatus.MISSED]


def test_only_service_hours_count_unless_around_the_clock() -> None:
    evening = story((9 * 60 - 5, "handed_over"))
    monday = datetime.fromisoformat("2026-11-23T09:05:00+08:00")
    (first, *_) = clocks_at(evening, TARGET, OFFICE, monday - timedelta(seconds=1))
    assert (first.status, first.due_at) == (ClockStatus.WARNED, monday)
    day_and_night = Target(timedelta(minutes=10), None, None, around_the_clock=True)
    (first,) = clocks_at(evening, day_and_night, OFFICE, monday)
    assert (first.status, first.due_at) == (ClockStatus.MISSED, after(9 * 60 + 5))


def test_when_people_never_come_back_nothing_is_due() -> None:
    nobody = parse_hours("Asia/Shanghai", [])
    (first, *_) = clocks_at(HANDED, TARGET, nobody, after(999))
    assert (first.status, first.due_at) == (ClockStatus.ACTIVE, None)


def test_what_is_not_measured_has_no_clock() -> None:
    assert seen(HANDED, 5, Target(None, None, None)) == []


def test_urgent_ones_may_have_times_of_their_own() -> None:
    at_once = Target(first_response=timedelta(minutes=1))
    targets = Targets(TARGET, {3: at_once})
    assert targets.of(3) is at_once
    assert targets.of(0) is TARGET


@pytest.mark.parametrize(
    "wrong", [{"first_response": timedelta()}, {"warn_at": 0}, {"warn_at": 1.1}]
)
def test_a_target_that_means_nothing_is_refused(wrong: dict[str, timedelta | float]) -> None:
    with pytest.raises(ValueError, match=r"longer than nothing|share of the time"):
        Target(**wrong)  # type: ignore[arg-type]


def test_a_breach_after_which_an_answer_came_is_still_told() -> None:
    events = [*HANDED, *story((30, "person"))]
    passed = crossings(seen(events, 40), after=after(0), until=after(40))
    assert [(p.at, p.event) for p in passed if p.clock.kind is FIRST] == [
        (after(9), "sla.warned"),
        (after(11), "sla.missed"),
    ]


STEPS = st.lists(
    st.tuples(
        st.floats(0, 90),
        st.sampled_from(["customer", "bot", "person", "handed_over", "assigned", "asked"]),
    ),
    max_size=10,
)
ENDINGS = st.sampled_from([None, "closed", "to_bot"])


def told(steps: list[tuple[float, str]], ending: str | None) -> list[Moment]:
    minutes, events = 0.0, []
    for gap, what in [*steps, *([(1.0, ending)] if ending else [])]:
        minutes += gap
        events.append((minutes, what))
    return story(*events)


@settings(max_examples=60, deadline=None)
@given(STEPS, ENDINGS, st.lists(st.integers(1, 700), max_size=8))
def test_however_often_one_looks_each_warning_and_breach_comes_once(
    steps: list[tuple[float, str]], ending: str | None, looks: list[int]
) -> None:
    events = told(steps, ending)
    at_once = crossings(seen(events, 2000), after=after(-1), until=after(2000))
    bit_by_bit = []
    since = after(-1)
    for minutes in [*sorted(set(looks)), 2000]:
        bit_by_bit += crossings(seen(events, minutes), after=since, until=after(minutes))
        since = after(minutes)
    assert [(c.at, c.event, c.clock.kind) for c in bit_by_bit] == [
        (c.at, c.event, c.clock.kind) for c in at_once
    ]


@settings(max_examples=60, deadline=None)
@given(STEPS, ENDINGS, st.integers(0, 2000))
def test_a_clock_is_missed_exactly_when_its_time_is_over(
    steps: list[tuple[float, str]], ending: str | None, minutes: int
) -> None:
    at = after(minutes)
    clocks = seen(told(steps, ending), minutes)
    for clock in clocks:
        over = clock.due_at is not None and clock.due_at <= (clock.stopped_at or at)
        assert (clock.status is ClockStatus.MISSED) == over
        assert (clock.spent >= clock.target) == over
    coming = next_check(clocks, at)
    assert coming is None or coming > at


@settings(max_examples=40, deadline=None)
@given(STEPS, ENDINGS, st.integers(1, 300))
def test_time_with_the_bot_before_the_handover_changes_no_clock(
    steps: list[tuple[float, str]], ending: str | None, minutes: int
) -> None:
    # Around the clock, so that what moves the start does not move the hours.
    target = Target(timedelta(minutes=10), None, timedelta(hours=2), around_the_clock=True)
    events = [Moment(NINE, What.HANDED_OVER), *told(steps, ending)]
    earlier = NINE - timedelta(minutes=minutes)
    before = [Moment(earlier, What.CUSTOMER), Moment(earlier, What.BOT)]
    at = after(2000)
    assert clocks_at(events, target, always_open(), at) == clocks_at(
        [*before, *events], target, always_open(), at
    )
