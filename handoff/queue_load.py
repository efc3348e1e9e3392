"""How full the queue is, and what whoever waits in it is told of their place and wait."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff.conversation import ConversationId
from handoff.distribution import Group, OnDuty, Presence, Waiting, groups_open_to

# Below this share of the cap an overload is over; in between nothing changes, so it cannot flap.
_OVER_BELOW = 0.8


@dataclass(frozen=True, slots=True)
class Load:
    """The queue against its cap."""

    waiting: int
    cap: int | None
    overloaded: bool

    @property
    def may_join(self) -> bool:
        """Whether one more is still put in the queue; else they are offered a ticket."""
        return self.cap is None or self.waiting < self.cap


def load_of(waiting: int, cap: int | None, *, was_overloaded: bool = False) -> Load:
    """Overloaded from the cap on, until fewer than four fifths of it wait. No cap: never."""
    if cap is None:
        return Load(waiting, None, False)
    begins = waiting >= cap
    goes_on = was_overloaded and waiting >= cap * _OVER_BELOW
    return Load(waiting, cap, begins or goes_on)


@dataclass(frozen=True, slots=True)
class PlaceInQueue:
    """`position` from 1, among those who wait for the same people; `wait` None: nobody can say."""

    position: int
    wait: timedelta | None


def position_and_wait(
    conversation: ConversationId,
    waiting: Sequence[Waiting],
    people: Sequence[OnDuty],
    groups: Mapping[str, Group],
    at: datetime,
    *,
    handling: timedelta | None,
) -> PlaceInQueue | None:
    """Place and expected wait, `waiting` in the order of the queue; None if it is not in it.

    `handling`: how long a conversation usually keeps a person (a median of late). With s places of
    work, one becomes free every handling/s; whoever finds one free waits for nothing. The wait is
    None while nobody of the group is online or nothing is known: a guess would be a false promise.
    """
    own = next((each for each in waiting if each.conversation == conversation), None)
    if own is None:
        return None
    ahead = 0
    for each in waiting:
        if each.conversation == conversation:
            break
        ahead += each.group == own.group
    group = groups.get(own.group)
    working = group is None or group.hours is None or group.hours.is_open(at)
    online = [
        person
        for person in people
        if working
        and person.presence is Presence.ONLINE
        and (group is None or group.id in person.groups)
        and (person.hours is None or person.hours.is_open(at))
    ]
    places = sum(max(person.limit, person.holding) for person in online)
    free = sum(person.room for person in online)
    if not places:
        return PlaceInQueue(ahead + 1, None)
    if ahead < free:
        return PlaceInQueue(ahead + 1, timedelta())
    if handling is None:
        return PlaceInQueue(ahead + 1, None)
    turns = ahead + 1 - free
    return PlaceInQueue(ahead + 1, _whole_seconds(handling * turns / places))


def anybody_for(
    group: str, people: Sequence[OnDuty], groups: Mapping[str, Group], at: datetime
) -> bool:
    """Whether somebody of a group, or of those it overflows to, is there: a chat may be offered.

    Somebody busy or full counts: they will be free.
    """
    there = _there(group, people, groups, at)
    return there is not None and not there.isdisjoint((Presence.ONLINE, Presence.BUSY))


def stranded(
    waiting: Sequence[Waiting],
    people: Sequence[OnDuty],
    groups: Mapping[str, Group],
    at: datetime,
    *,
    patience: timedelta,
    at_most: timedelta = timedelta(hours=4),
) -> list[ConversationId]:
    """Whoever waits for nobody: back to the bot with a ticket, so that they know where they stand.

    At once when the hours are over; after `patience` in the queue while they are open and nobody is
    online, since a browser that is gone often comes back and somebody busy often ends it soon; and
    after `at_most` in any case, so that nobody waits for ever for somebody who never picks.
    """
    there = {group: _there(group, people, groups, at) for group in {w.group for w in waiting}}
    return [
        each.conversation
        for each in waiting
        if _alone(at - (each.queued_at or each.since), there[each.group], patience, at_most)
    ]


def _alone(
    waited: timedelta,
    there: frozenset[Presence] | None,
    patience: timedelta,
    at_most: timedelta,
) -> bool:
    if there is None or waited >= at_most:
        return True
    return Presence.ONLINE not in there and waited >= patience


def _there(
    group: str, people: Sequence[OnDuty], groups: Mapping[str, Group], at: datetime
) -> frozenset[Presence] | None:
    """How those on shift are present who may serve a group; None when its hours are over."""
    reach = {g.id for g in groups_open_to(group, groups) if g.hours is None or g.hours.is_open(at)}
    shift = [p for p in people if p.groups & reach and (p.hours is None or p.hours.is_open(at))]
    if not reach or (people and not shift):
        return None
    return frozenset(person.presence for person in shift)


def _whole_seconds(wait: timedelta) -> timedelta:
    return timedelta(seconds=math.ceil(wait.total_seconds()))
