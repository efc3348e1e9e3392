"""Who gets which waiting conversation: groups, skills, limits, and six ways to choose.

All of it is a pure function of who waits and who is there. Whoever stores an assignment does so by
a conditional update, so that of two servers that decide at once only one succeeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from handoff.conversation import ConversationId, PersonId
from handoff.hours import Hours

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Presence(StrEnum):
    """Only who is online is given anything; who is busy keeps what they have and gets no more."""

    ONLINE = "online"
    BUSY = "busy"
    AWAY = "away"
    LAPSED = "lapsed"


def presence_at(
    said: Presence, seen_at: datetime | None, *, at: datetime, lapses_after: timedelta
) -> Presence:
    """What somebody said of themselves, or lapsed once their browser has not been heard of."""
    if said is Presence.AWAY:
        return said
    if seen_at is None or at - seen_at > lapses_after:
        return Presence.LAPSED
    return said


class Way(StrEnum):
    """How a group chooses among its people. MANUAL leaves it to them."""

    MANUAL = "manual"
    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"
    CAPACITY = "capacity"
    LONGEST_WAITING = "longest_waiting"
    SAME_PERSON = "same_person"


@dataclass(frozen=True, slots=True)
class Group:
    """People with the same work. `skills` hold for all of them (pre_sale, complaints, lang:en …).

    `overflow_after`: how long a conversation waits here before `overflow_to` may take it as well,
    and before a needed skill no longer binds: somebody without it is better than nobody.
    """

    id: str
    skills: frozenset[str] = frozenset()
    way: Way = Way.LEAST_BUSY
    overflow_to: str | None = None
    overflow_after: timedelta = timedelta(minutes=2)
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A person as the distribution sees them now.

    `holding` counts their open conversations, at most `limit`. `free_since`: when they last
    finished one or came on. `hours` None: whenever one of their groups works.
    """

    id: PersonId
    groups: frozenset[str]
    presence: Presence
    limit: int
    holding: int = 0
    skills: frozenset[str] = frozenset()
    last_assigned_at: datetime | None = None
    free_since: datetime | None = None
    hours: Hours | None = None

    @property
    def room(self) -> int:
        """How many more they may be given; somebody may have taken more by themselves."""
        return max(0, self.limit - self.holding)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in a group's queue.

    `since`: when it first came into the queue; `queued_at`: when it did this time, if a person had
    it in between. `served_by`: who served this customer before, the latest first. `not_to`: who had
    it and was silent or gave it away; they get it again only when nobody else is there.
    """

    conversation: ConversationId
    group: str
    since: datetime
    queued_at: datetime | None = None
    needs: frozenset[str] = frozenset()
    served_by: tuple[PersonId, ...] = ()
    not_to: frozenset[PersonId] = frozenset()


@dataclass(frozen=True, slots=True)
class Assignment:
    """This conversation goes to this person; `overflow` when they are of another group."""

    conversation: ConversationId
    person: PersonId
    group: str
    overflow: bool = False


def route(needs: frozenset[str], groups: Sequence[Group]) -> str:
    """The group that has most of the needed skills, the fewest others; the first among equals.

    There is always one, so that nobody waits in no queue; ValueError without any group.
    """
    if not groups:
        raise ValueError("a shop needs at least one group; make one for everybody")
    return max(groups, key=lambda g: (len(needs & g.skills), -len(g.skills - needs))).id


def assign(
    waiting: Sequence[Waiting],
    people: Sequence[OnDuty],
    groups: Mapping[str, Group],
    at: datetime,
) -> list[Assignment]:
    """Conversations to people, first come first; `waiting` in the order of the queue.

    Never above a limit, never to somebody busy, away, lapsed or off shift, never one twice. A
    conversation that nobody may take yet does not hold up those behind it.
    """
    if not waiting:
        return []
    there = {p.id: p for p in people if p.presence is Presence.ONLINE}
    working = {g.id for g in groups.values() if g.hours is None or g.hours.is_open(at)}
    on_shift = {
        p.id: frozenset(p.groups & working)
        for p in there.values()
        if p.hours is None or p.hours.is_open(at)
    }
    there = {person: there[person] for person, theirs in on_shift.items() if theirs}
    room = sum(person.room for person in there.values())
    given: list[Assignment] = []
    seen: set[ConversationId] = set()
    for each in waiting:
        if not room:
            break
        if each.conversation in seen:
            continue
        seen.add(each.conversation)
        chosen = _chosen(each, there, on_shift, groups, at)
        if chosen is None:
            continue
        person, group = chosen
        given.append(Assignment(each.conversation, person.id, group, overflow=group != each.group))
        # A hair apart, so that a round of several still goes round.
        turn = at + timedelta(microseconds=len(given))
        there[person.id] = replace(person, holding=person.holding + 1, last_assigned_at=turn)
        room -= 1
    return given


def _chosen(
    each: Waiting,
    there: Mapping[PersonId, OnDuty],
    on_shift: Mapping[PersonId, frozenset[str]],
    groups: Mapping[str, Group],
    at: datetime,
) -> tuple[OnDuty, str] | None:
    waited = at - each.since
    for group in groups_open_to(each.group, groups, waited):
        if group.way is Way.MANUAL:
            continue
        members = [p for p in there.values() if group.id in on_shift[p.id]]
        for binding in ("not_to", "skills"):
            fit = [p for p in members if _binds(binding, each, p, group)]
            # Neither binds when nobody fits, nor, for skills, for ever.
            if fit and not (binding == "skills" and waited >= group.overflow_after):
                members = fit
        free = [person for person in members if person.room]
        if free:
            return _by(group.way, free, each), group.id
    return None


def _binds(binding: str, each: Waiting, person: OnDuty, group: Group) -> bool:
    if binding == "not_to":
        return person.id not in each.not_to
    return each.needs <= person.skills | group.skills


def groups_open_to(
    first: str, groups: Mapping[str, Group], waited: timedelta = timedelta.max
) -> list[Group]:
    """The group, and those it has overflowed to by now; a group that is gone is everybody's."""
    if first not in groups:
        return list(groups.values())
    found = [groups[first]]
    passed = found[0].overflow_after
    while waited >= passed:
        following = groups.get(found[-1].overflow_to or "")
        if following is None or following in found:
            break
        found.append(following)
        passed += following.overflow_after
    return found


def _by(way: Way, free: Sequence[OnDuty], each: Waiting) -> OnDuty:
    def last(person: OnDuty) -> datetime:
        return person.last_assigned_at or _LONG_AGO

    # The id comes last in each key: the same input gives the same choice.
    match way:
        case Way.ROUND_ROBIN:
            return min(free, key=lambda p: (last(p), p.id))
        case Way.CAPACITY:
            return min(free, key=lambda p: (p.holding / p.limit, last(p), p.id))
        case Way.LONGEST_WAITING:
            # Somebody who got one a moment ago has not been free since before that.
            return min(free, key=lambda p: (max(p.free_since or _LONG_AGO, last(p)), p.id))
        case Way.SAME_PERSON:
            known = [p for person in each.served_by for p in free if p.id == person]
            if known:
                return known[0]
    return min(free, key=lambda p: (p.holding, last(p), p.id))


class WhyBack(StrEnum):
    """Why a conversation goes back into the queue without its holder's doing."""

    SILENT = "silent"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation that a person holds; `answer_due_since`: since when the customer waits."""

    conversation: ConversationId
    person: PersonId
    assigned_at: datetime
    spoke_at: datetime | None = None
    answer_due_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reassignment:
    """Back into the queue, with the holder in `not_to` and the first `since` kept."""

    conversation: ConversationId
    person: PersonId
    why: WhyBack


def to_reassign(
    held: Iterable[Held],
    people: Iterable[OnDuty],
    at: datetime,
    *,
    silent_after: timedelta,
) -> list[Reassignment]:
    """Held by somebody who is gone while the customer waits, or who never said a word in time.

    Whoever has spoken keeps the conversation while they are there: a later silence is theirs to
    end, and a warning's (the service clock), not a reason to take it away.
    """
    presence = {person.id: person.presence for person in people}
    found = []
    for each in held:
        gone = presence.get(each.person, Presence.LAPSED) in (Presence.LAPSED, Presence.AWAY)
        never_spoke = each.spoke_at is None or each.spoke_at < each.assigned_at
        waits = each.answer_due_since is not None
        if never_spoke and at - each.assigned_at >= silent_after:
            found.append(Reassignment(each.conversation, each.person, WhyBack.SILENT))
        elif gone and (waits or never_spoke):
            found.append(Reassignment(each.conversation, each.person, WhyBack.LAPSED))
    return found
