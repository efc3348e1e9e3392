"""A full queue, and what the customer is told of their place and wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.conversation import ConversationId
from handoff.distribution import OnDuty, Presence
from handoff.queue_load import PlaceInQueue, anybody_for, load_of, position_and_wait, stranded
from tests.handoff.test_distribution import CHAIN, MEI, NIGHTS, NOON, ago, person, shop, waiting


@pytest.mark.parametrize(
    ("waits", "was", "overloaded", "may_join"),
    [
        (49, False, False, True),
        (50, False, True, False),
        (60, True, True, False),
        (41, True, True, True),
        (40, True, True, True),
        (39, True, False, True),
        (41, False, False, True),
    ],
)
def test_an_overload_begins_at_the_cap_and_ends_at_four_fifths(
    waits: int, was: bool, overloaded: bool, may_join: bool
) -> None:
    load = load_of(waits, 50, was_overloaded=was)
    assert (load.overloaded, load.may_join) == (overloaded, may_join)


def test_without_a_cap_there_is_no_overload() -> None:
    load = load_of(10_000, None, was_overloaded=True)
    assert load.may_join
    assert not load.overloaded


QUEUE = [waiting("a"), waiting("other", group="vip"), waiting("b"), waiting("c")]
FIVE = timedelta(minutes=5)


def told(name: str, *people: object, handling: timedelta | None = FIVE) -> PlaceInQueue | None:
    return position_and_wait(
        ConversationId(name),
        QUEUE,
        people,  # type: ignore[arg-type]
        shop(),
        NOON,
        handling=handling,
    )


def test_the_position_counts_those_who_wait_for_the_same_people() -> None:
    place = told("c", MEI)
    assert place is not None
    assert place.position == 3


def test_whoever_finds_somebody_free_waits_for_nothing() -> None:
    assert told("a", person("mei", limit=2, holding=1)) == PlaceInQueue(1, timedelta())


def test_the_others_wait_for_as_many_to_finish_as_stand_before_them() -> None:
    one = person("mei", limit=1, holding=1)
    assert told("a", one) == PlaceInQueue(1, FIVE)
    assert told("c", one) == PlaceInQueue(3, 3 * FIVE)
    two = [one, person("li", limit=2, holding=2)]
    assert told("c", *two) == PlaceInQueue(3, FIVE)
    assert told("c", person("li", limit=2, holding=1)) == PlaceInQueue(3, FIVE)
    above = person("mei", limit=1, holding=2)
    assert told("b", above) == PlaceInQueue(2, FIVE), "who took more than the limit frees as many"


@pytest.mark.parametrize(
    ("people", "handling", "why"),
    [
        ([], FIVE, "nobody is there"),
        ([person("mei", presence=Presence.AWAY)], FIVE, "nobody is online"),
        ([person("mei", groups=frozenset({"vip"}))], FIVE, "nobody of the group"),
        ([person("mei", hours=NIGHTS)], FIVE, "nobody on shift"),
        ([person("mei", holding=3)], None, "nothing is known of how long it takes"),
    ],
)
def test_no_wait_is_said_where_nobody_can_know(
    people: list[object], handling: timedelta | None, why: str
) -> None:
    assert told("a", *people, handling=handling) == PlaceInQueue(1, None), why


def test_who_is_not_in_the_queue_has_no_place() -> None:
    assert told("served", MEI) is None


AWAY = person("mei", presence=Presence.AWAY)
QUARTER = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("people", "expected", "why"),
    [
        ([MEI], True, "somebody is online"),
        ([person("mei", presence=Presence.BUSY)], True, "busy: they will be free"),
        ([person("mei", holding=3)], True, "full: so will they"),
        ([AWAY], False, "on duty, but not there"),
        ([], False, "the hours are open and nobody came"),
        ([person("mei", hours=NIGHTS)], False, "off shift"),
    ],
)
def test_a_chat_is_offered_only_where_somebody_is_there(
    people: list[OnDuty], expected: bool, why: str
) -> None:
    assert anybody_for("shop", people, shop(), NOON) is expected, why


def test_somebody_of_a_group_that_it_overflows_to_is_somebody() -> None:
    last = [person("all", groups=frozenset({"all"}))]
    assert anybody_for("vip", last, CHAIN, NOON)
    assert not anybody_for("vip", last, shop(hours=NIGHTS), NOON)


def test_whoever_waits_for_nobody_is_told_so_after_a_while() -> None:
    queue = [waiting("new", minutes=14), waiting("old", minutes=15)]
    assert stranded(queue, [AWAY], shop(), NOON, patience=QUARTER) == ["old"]
    busy = person("mei", presence=Presence.BUSY)
    assert stranded(queue, [busy], shop(), NOON, patience=QUARTER) == ["old"]
    full = person("mei", holding=3)
    assert stranded(queue, [full], shop(), NOON, patience=QUARTER) == []
    came_back = [waiting("back", minutes=99, queued_at=ago(14))]
    assert stranded(came_back, [AWAY], shop(), NOON, patience=QUARTER) == []


def test_nobody_waits_for_ever_for_somebody_who_never_picks() -> None:
    queue = [waiting("new", minutes=239), waiting("old", minutes=240)]
    assert stranded(queue, [MEI], shop(), NOON, patience=QUARTER) == ["old"]


def test_when_the_hours_are_over_whoever_waits_is_told_so_at_once() -> None:
    queue = [waiting("new")]
    assert stranded(queue, [MEI], shop(hours=NIGHTS), NOON, patience=QUARTER) == ["new"]
    off = [person("mei", hours=NIGHTS)]
    assert stranded(queue, off, shop(), NOON, patience=QUARTER) == ["new"]
