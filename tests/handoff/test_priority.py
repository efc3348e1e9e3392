"""The order of the queue: urgency gives a head start, waiting makes up for it, nobody starves."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.conversation import ConversationId
from handoff.hours import parse_hours
from handoff.priority import (
    HeadStarts,
    Queued,
    in_order,
    place,
    waiting_counts_from,
    why_here,
)
from handoff.reasons import Reason

NINE = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
SHIPPED = HeadStarts()
OFFICE = parse_hours(
    "Asia/Shanghai",
    [{"days": ["mon", "tue", "wed", "thu", "fri"], "open": "09:00", "close": "18:00"}],
)


def queued(
    name: str,
    reason: str | None = "low_confidence",
    *,
    minutes: float = 0,
    tags: tuple[str, ...] = (),
    promised: float | None = None,
) -> Queued:
    since = NINE + timedelta(minutes=minutes)
    promised_at = None if promised is None else NINE + timedelta(minutes=promised)
    return Queued(ConversationId(name), reason, since, since, frozenset(tags), promised_at)


def order(*queue: Queued) -> list[str]:
    return [each.conversation for each in in_order(queue, SHIPPED)]


def test_among_equals_the_first_to_come_is_the_first_to_be_served() -> None:
    assert order(queued("late", minutes=1), queued("early")) == ["early", "late"]


@pytest.mark.parametrize(
    ("queue", "expected", "why"),
    [
        (
            [queued("calm"), queued("cross", "anger", minutes=19)],
            ["cross", "calm"],
            "anger gets twenty minutes ahead",
        ),
        (
            [queued("calm"), queued("cross", "anger", minutes=21)],
            ["calm", "cross"],
            "and not more: whoever has waited is not overtaken for ever",
        ),
        (
            [queued("cross", "anger"), queued("hurt", "high_risk", minutes=90)],
            ["hurt", "cross"],
            "an injury goes before anger",
        ),
        (
            [queued("calm"), queued("vip", minutes=4, tags=("vip",))],
            ["vip", "calm"],
            "a tag counts",
        ),
        (
            [queued("calm"), queued("promised", minutes=30, promised=9)],
            ["promised", "calm"],
            "a promise of nine past stands where one from before nine would",
        ),
        (
            [queued("calm"), queued("later", minutes=1, promised=60)],
            ["calm", "later"],
            "a promise that is far off puts nobody back, nor forward",
        ),
        ([queued("b", "from_a_newer_version"), queued("a", None)], ["a", "b"], "unknown: ordinary"),
    ],
)
def test_the_order(queue: list[Queued], expected: list[str], why: str) -> None:
    assert order(*queue) == expected, why


def test_in_the_morning_the_night_is_served_by_urgency_and_then_by_arrival() -> None:
    def overnight(name: str, reason: str, clock: str) -> Queued:
        since = datetime.fromisoformat(f"2026-11-20T{clock}:00+08:00")
        return Queued(ConversationId(name), reason, since, waiting_counts_from(since, OFFICE))

    night = [
        overnight("calm, late", "low_confidence", "03:00"),
        overnight("calm, then early", "low_confidence", "00:10"),
        overnight("late cross", "anger", "08:59"),
        overnight("late hurt", "high_risk", "05:00"),
    ]
    assert order(*night) == ["late hurt", "late cross", "calm, then early", "calm, late"]


def test_waiting_counts_at_once_while_people_are_there() -> None:
    assert waiting_counts_from(NINE, OFFICE) == NINE
    nobody = parse_hours("Asia/Shanghai", [])
    assert waiting_counts_from(NINE, nobody) == NINE, "no opening in sight: the clock, then"


REASONS = st.sampled_from([*(reason.value for reason in Reason), None, "newer"])
WAITING = st.builds(
    queued,
    st.uuids().map(str),
    REASONS,
    minutes=st.floats(0, 600),
    tags=st.sampled_from([(), ("vip",), ("new",), ("vip", "new")]),
    promised=st.none() | st.floats(0, 600),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WAITING, max_size=12, unique_by=lambda q: q.conversation), st.integers())
def test_the_order_is_total_and_does_not_depend_on_that_of_the_input(
    queue: list[Queued], seed: int
) -> None:
    shuffled = list(queue)
    random.Random(seed).shuffle(shuffled)
    assert in_order(queue, SHIPPED) == in_order(shuffled, SHIPPED)
    places = [place(each, SHIPPED) for each in queue]
    assert len(set(places)) == len(queue)


@settings(max_examples=80, deadline=None)
@given(WAITING, REASONS, st.floats(0.1, 600), st.booleans())
def test_nobody_is_overtaken_by_who_came_more_than_the_longest_head_start_later(
    first: Queued, reason: str | None, later: float, vip: bool
) -> None:
    arrives = first.counts_from + SHIPPED.longest + timedelta(minutes=later)
    newcomer = Queued(
        ConversationId("new"), reason, arrives, arrives, frozenset({"vip"} if vip else ())
    )
    assert in_order([newcomer, first], SHIPPED)[0] is first


@settings(max_examples=60, deadline=None)
@given(WAITING, WAITING, st.floats(0, 100))
def test_having_come_earlier_never_makes_it_worse(
    one: Queued, other: Queued, minutes: float
) -> None:
    earlier = one.since - timedelta(minutes=minutes)
    aged = replace(one, since=earlier, counts_from=earlier)
    if place(one, SHIPPED) < place(other, SHIPPED):
        assert place(aged, SHIPPED) < place(other, SHIPPED)


@settings(max_examples=60, deadline=None)
@given(WAITING)
def test_the_desk_can_say_why_a_conversation_stands_where_it_does(one: Queued) -> None:
    stands, _, _ = place(one, SHIPPED)
    said = sum(why_here(one, SHIPPED).values(), timedelta())
    assert one.counts_from - said == stands


def test_head_starts_that_would_turn_the_queue_round_are_refused() -> None:
    hour, none = timedelta(hours=1), timedelta()
    with pytest.raises(ValueError, match="do not fall"):
        HeadStarts(by_urgency=(none, hour, none, hour))
    with pytest.raises(ValueError, match="not negative"):
        HeadStarts(by_tag={"nuisance": -hour})
