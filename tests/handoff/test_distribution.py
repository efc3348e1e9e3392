"""Who gets which conversation: limits, shifts, skills, six ways to choose, overflow."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.conversation import ConversationId, PersonId
from handoff.distribution import (
    Assignment,
    Group,
    OnDuty,
    Presence,
    Waiting,
    Way,
    assign,
    route,
)
from handoff.hours import parse_hours

NOON = datetime.fromisoformat("2026-11-20T12:00:00+08:00")
NIGHTS = parse_hours("Asia/Shanghai", [{"days": ["fri"], "open": "22:00", "close": "02:00"}])


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


def person(name: str, **more: Any) -> OnDuty:
    given: dict[str, Any] = {
        "groups": frozenset({"shop"}),
        "presence": Presence.ONLINE,
        "limit": 3,
        **more,
    }
    return OnDuty(PersonId(name), **given)


def waiting(name: str, *, group: str = "shop", minutes: float = 0, **more: Any) -> Waiting:
    return Waiting(ConversationId(name), group, ago(minutes), **more)


def shop(**more: Any) -> dict[str, Group]:
    return {"shop": Group("shop", **more)}


def given_to(
    people: list[OnDuty], queue: list[Waiting], groups: dict[str, Group] | None = None
) -> dict[str, str]:
    made = assign(queue, people, groups or shop(), NOON)
    return {each.conversation: each.person for each in made}


MEI, LI = person("mei"), person("li")


@pytest.mark.parametrize(
    ("someone", "why"),
    [
        (person("mei", presence=Presence.BUSY), "busy: keeps theirs, gets no more"),
        (person("mei", presence=Presence.AWAY), "away"),
        (person("mei", presence=Presence.LAPSED), "the browser is gone"),
        (person("mei", holding=3), "at the limit"),
        (person("mei", holding=5), "above it, having taken some by themselves"),
        (person("mei", limit=0), "takes none"),
        (person("mei", groups=frozenset({"other"})), "of another group"),
        (person("mei", hours=NIGHTS), "off shift"),
    ],
)
def test_who_gets_nothing(someone: OnDuty, why: str) -> None:
    assert given_to([someone], [waiting("c")]) == {}, why


def test_nobody_gets_anything_while_their_group_is_closed() -> None:
    assert given_to([MEI], [waiting("c")], shop(hours=NIGHTS)) == {}


def test_the_backlog_goes_out_the_moment_somebody_becomes_free() -> None:
    queue = [waiting(f"c{n}", minutes=9 - n) for n in range(5)]
    assert given_to([person("mei", holding=3)], queue) == {}
    assert given_to([person("mei", holding=1)], queue) == {"c0": "mei", "c1": "mei"}


@pytest.mark.parametrize(
    ("way", "people", "expected", "why"),
    [
        (Way.MANUAL, [MEI], None, "people pick for themselves"),
        (
            Way.ROUND_ROBIN,
            [person("mei", last_assigned_at=ago(1)), person("li", last_assigned_at=ago(2))],
            "li",
            "in turn",
        ),
        (
            Way.ROUND_ROBIN,
            [person("mei", last_assigned_at=ago(9)), person("new", holding=2)],
            "new",
            "who never had one comes first, however much they hold",
        ),
        (Way.LEAST_BUSY, [person("mei", holding=1), LI], "li", "fewest open"),
        (
            Way.CAPACITY,
            [person("mei", holding=4, limit=10), person("li", holding=2)],
            "mei",
            "the greatest share of room, 4 of 10 before 2 of 3",
        ),
        (
            Way.LONGEST_WAITING,
            [person("mei", free_since=ago(2)), person("li", free_since=ago(8))],
            "li",
            "free for longest",
        ),
        (
            Way.LONGEST_WAITING,
            [
                person("mei", free_since=ago(2)),
                person("li", free_since=ago(8), last_assigned_at=ago(1)),
            ],
            "mei",
            "an assignment ends being free",
        ),
        (Way.SAME_PERSON, [LI, person("mei", holding=2)], "mei", "who served them last"),
        (
            Way.SAME_PERSON,
            [LI, person("mei", presence=Presence.AWAY)],
            "li",
            "or before that, if there",
        ),
        (Way.SAME_PERSON, [person("wen", holding=1), person("an", holding=1)], "an", "or by load"),
    ],
)
def test_the_ways_to_choose(way: Way, people: list[OnDuty], expected: str | None, why: str) -> None:
    queue = [waiting("c", served_by=(PersonId("mei"), PersonId("li")))]
    assert given_to(people, queue, shop(way=way)).get("c") == expected, why


def test_one_round_of_several_goes_round() -> None:
    queue = [waiting(f"c{n}") for n in range(4)]
    for way in (Way.ROUND_ROBIN, Way.LEAST_BUSY, Way.CAPACITY, Way.LONGEST_WAITING):
        made = given_to([MEI, LI], queue, shop(way=way))
        assert Counter(made.values()) == {"mei": 2, "li": 2}, way


def test_a_conversation_that_is_listed_twice_goes_to_one_person() -> None:
    assert len(assign([waiting("c"), waiting("c")], [MEI, LI], shop(), NOON)) == 1


ENGLISH = frozenset({"lang:en"})


def test_a_needed_skill_binds_while_somebody_there_has_it_and_not_for_ever() -> None:
    speaks = person("mei", skills=ENGLISH, holding=3)
    fresh, old = waiting("c", needs=ENGLISH, minutes=1), waiting("c", needs=ENGLISH, minutes=2)
    assert given_to([speaks, LI], [fresh]) == {}, "she is full, and worth a short wait"
    assert given_to([speaks, LI], [old]) == {"c": "li"}, "but not a long one"
    assert given_to([LI], [fresh]) == {"c": "li"}, "nobody here speaks it: at once"
    free = replace(speaks, holding=2)
    assert given_to([free, LI], [fresh]) == {"c": "mei"}


def test_a_conversation_that_waits_for_a_skill_does_not_hold_up_those_behind_it() -> None:
    speaks = person("mei", skills=ENGLISH, holding=3)
    queue = [waiting("english", needs=ENGLISH), waiting("chinese")]
    assert given_to([speaks, LI], queue) == {"chinese": "li"}


CHAIN = {
    "vip": Group("vip", overflow_to="shop", overflow_after=timedelta(minutes=2)),
    "shop": Group("shop", overflow_to="all", overflow_after=timedelta(minutes=3)),
    "all": Group("all", overflow_to="vip"),
}


@pytest.mark.parametrize(
    ("minutes", "expected", "why"),
    [
        (1.9, None, "its own group first"),
        (2, "mei", "then the next"),
        (4.9, "mei", "not yet the last"),
        (60, "mei", "the nearer group goes before the farther"),
    ],
)
def test_overflow_to_another_group_after_a_time(
    minutes: float, expected: str | None, why: str
) -> None:
    people = [MEI, person("all", groups=frozenset({"all"}))]
    made = assign([waiting("c", group="vip", minutes=minutes)], people, CHAIN, NOON)
    assert [each.person for each in made] == ([expected] if expected else []), why
    assert all(each.overflow for each in made)


def test_overflow_goes_on_along_the_chain_and_ends_where_it_bites_its_tail() -> None:
    last = [person("all", groups=frozenset({"all"}))]
    for minutes, found in ((4.9, 0), (5, 1), (5000, 1)):
        queue = [waiting("c", group="vip", minutes=minutes)]
        assert len(assign(queue, last, CHAIN, NOON)) == found


def test_a_conversation_of_a_group_that_is_gone_is_everybodys() -> None:
    assert given_to([MEI], [waiting("c", group="dissolved")]) == {"c": "mei"}


def test_whoever_was_silent_gets_it_back_only_when_nobody_else_is_there() -> None:
    queue = [waiting("c", not_to=frozenset({PersonId("mei")}))]
    assert given_to([MEI, LI], queue) == {"c": "li"}
    assert given_to([MEI, person("li", holding=3)], queue) == {}, "she will be free in a moment"
    assert given_to([MEI, person("li", presence=Presence.AWAY)], queue) == {"c": "mei"}


@pytest.mark.parametrize(
    ("needs", "group"),
    [
        (frozenset({"after_sale", "lang:en"}), "english"),
        (frozenset({"after_sale"}), "after"),
        (frozenset({"pre_sale"}), "pre"),
        (frozenset({"lang:fr"}), "pre"),
        (frozenset(), "pre"),
    ],
)
def test_every_need_leads_to_some_group(needs: frozenset[str], group: str) -> None:
    groups = [
        Group("pre", frozenset({"pre_sale"})),
        Group("after", frozenset({"after_sale"})),
        Group("english", frozenset({"after_sale", "pre_sale", "lang:en"})),
    ]
    assert route(needs, groups) == group
    with pytest.raises(ValueError, match="at least one group"):
        route(needs, [])


PEOPLE = st.lists(
    st.builds(
        person,
        st.sampled_from(["mei", "li", "wen", "an", "bo"]),
        groups=st.frozensets(st.sampled_from(["shop", "all", "vip"])),
        presence=st.sampled_from(Presence),
        limit=st.integers(0, 4),
        holding=st.integers(0, 5),
        skills=st.frozensets(st.sampled_from(["lang:en", "complaints"])),
        last_assigned_at=st.none() | st.integers(0, 60).map(ago),
        hours=st.sampled_from([None, NIGHTS]),
    ),
    max_size=5,
    unique_by=lambda p: p.id,
)
QUEUE = st.lists(
    st.builds(
        waiting,
        st.integers(0, 12).map(str),
        group=st.sampled_from(["shop", "all", "vip", "gone"]),
        minutes=st.integers(0, 10),
        needs=st.frozensets(st.sampled_from(["lang:en", "complaints"])),
        not_to=st.frozensets(st.sampled_from(["mei", "li"]).map(PersonId)),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(PEOPLE, QUEUE, st.sampled_from(Way))
def test_whatever_waits_and_whoever_is_there(
    people: list[OnDuty], queue: list[Waiting], way: Way
) -> None:
    groups = {name: replace(group, way=way) for name, group in CHAIN.items()}
    made = assign(queue, people, groups, NOON)
    by_id = {each.id: each for each in people}
    assert len({each.conversation for each in made}) == len(made), "nothing twice"
    assert {each.conversation for each in made} <= {each.conversation for each in queue}
    for someone, got in Counter(each.person for each in made).items():
        assert by_id[someone].presence is Presence.ONLINE
        assert by_id[someone].hours is None
        assert by_id[someone].holding + got <= by_id[someone].limit
    for each in made:
        assert each.group in by_id[each.person].groups
    assert made == assign(queue, people[::-1], groups, NOON), "the order of people is no matter"


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.lists(st.integers(3, 60), max_size=8, unique=True))
def test_with_room_and_time_enough_nobody_is_left_waiting(
    people: list[OnDuty], minutes: list[int]
) -> None:
    queue = [waiting(str(each), group="all", minutes=each) for each in minutes]
    made = assign(queue, people, CHAIN, NOON)
    room = sum(
        each.room
        for each in people
        if each.presence is Presence.ONLINE and "all" in each.groups and each.hours is None
    )
    assert len(made) >= min(room, len(queue))


def test_an_assignment_says_where_it_came_from() -> None:
    made = assign([waiting("c")], [MEI], shop(), NOON)
    assert made == [Assignment(ConversationId("c"), PersonId("mei"), "shop")]
