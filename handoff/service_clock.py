"""Service clocks: first response, next response and resolution, against a target.

Pure functions over a timeline. A clock runs in service hours or around the clock; the resolution
rests while the customer has the word. Time with the bot counts for none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from handoff.hours import Hours, always_open
from handoff.timeline import Moment, Span, Stay, stays_of


class ClockKind(StrEnum):
    """What is measured."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"


class ClockStatus(StrEnum):
    """Where a clock stands. MISSED from the end of the time on, whether or not it is done since."""

    ACTIVE = "active"
    WARNED = "warned"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    # It ended in time without what was owed, as a last thank-you does: neither kept nor broken.
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Target:
    """The times to keep, None for what is not measured. `warn_at`: this share of the time."""

    first_response: timedelta | None = timedelta(minutes=3)
    next_response: timedelta | None = timedelta(minutes=5)
    resolution: timedelta | None = timedelta(hours=24)
    around_the_clock: bool = False
    warn_at: float = 0.8

    def __post_init__(self) -> None:
        times = (self.first_response, self.next_response, self.resolution)
        if any(time is not None and time <= timedelta() for time in times):
            raise ValueError("a time to keep is longer than nothing; None for what is not measured")
        if not 0 < self.warn_at <= 1:
            raise ValueError("warn_at is a share of the time: write a number above 0, at most 1")

    def of(self, kind: ClockKind) -> timedelta | None:
        """The time to keep for a kind."""
        match kind:
            case ClockKind.FIRST_RESPONSE:
                return self.first_response
            case ClockKind.NEXT_RESPONSE:
                return self.next_response
            case ClockKind.RESOLUTION:
                return self.resolution


@dataclass(frozen=True, slots=True)
class Targets:
    """By urgency (0 to 3, see `handoff.reasons`); what is not listed keeps the usual target."""

    usual: Target = field(default_factory=Target)
    by_urgency: Mapping[int, Target] = field(default_factory=dict, hash=False)

    def of(self, urgency: int) -> Target:
        """The target for an urgency."""
        return self.by_urgency.get(urgency, self.usual)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock, as seen at a moment.

    `spent` counts only what counts (service hours, without pauses). `warn_at` and `due_at`: when it
    will warn and break, or when it did; None when it rests or stopped before, or when people do not
    come back. `stopped_at`: None while it runs.
    """

    kind: ClockKind
    status: ClockStatus
    started_at: datetime
    target: timedelta
    spent: timedelta
    warn_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None = None


def clocks_at(
    timeline: Iterable[Moment], target: Target, hours: Hours, at: datetime
) -> list[Clock]:
    """All clocks of a conversation as seen at `at`, in order of their start, kinds in order."""
    known = [moment for moment in timeline if moment.at <= at]
    clocks = [clock for stay in stays_of(known) for clock in _of_stay(stay, target, hours, at)]
    return sorted(clocks, key=lambda clock: clock.started_at)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A clock passed its warning or its end: an event `sla.warned` or `sla.missed`."""

    at: datetime
    event: str
    clock: Clock


def crossings(clocks: Iterable[Clock], *, after: datetime, until: datetime) -> list[Crossing]:
    """What clocks passed within (after, until]: asked again from `until` on, nothing comes twice.

    `clocks` as seen at `until`. A clock that stopped before passed nothing.
    """
    found = []
    for clock in clocks:
        for at, event in ((clock.warn_at, "sla.warned"), (clock.due_at, "sla.missed")):
            if at is not None and after < at <= until:
                found.append(Crossing(at, event, clock))
    return sorted(found, key=lambda crossing: (crossing.at, crossing.event))


def next_check(clocks: Iterable[Clock], at: datetime) -> datetime | None:
    """When the next clock warns or breaks after `at`, if nothing else happens."""
    times = (
        moment
        for clock in clocks
        if clock.stopped_at is None
        for moment in (clock.warn_at, clock.due_at)
        if moment is not None and moment > at
    )
    return min(times, default=None)


def _of_stay(stay: Stay, target: Target, hours: Hours, at: datetime) -> Iterable[Clock]:
    counted = always_open() if target.around_the_clock else hours
    for place, turn in enumerate(stay.turns):
        kind = ClockKind.NEXT_RESPONSE if place else ClockKind.FIRST_RESPONSE
        limit = target.of(kind)
        if limit is not None:
            running = [Span(turn.asked_at, turn.ended_at)]
            done = turn.answered_at is not None
            yield _clock(kind, limit, running, done, turn.ended_at, target, counted, at)
    limit = target.of(ClockKind.RESOLUTION)
    if limit is not None:
        # Whoever was answered and given back to the bot was served as well as one closed.
        done = stay.closed or stay.first_reply_at is not None
        running = _without(stay)
        yield _clock(ClockKind.RESOLUTION, limit, running, done, stay.ended_at, target, counted, at)


def _without(stay: Stay) -> list[Span]:
    """The stay less the time in which the customer had the word."""
    spans = []
    since: datetime | None = stay.since
    for pause in stay.asked:
        if since is not None:
            spans.append(Span(since, pause.since))
        since = pause.until
    if since is not None:
        spans.append(Span(since, stay.ended_at))
    return spans


def _clock(
    kind: ClockKind,
    limit: timedelta,
    running: Sequence[Span],
    done: bool,
    stopped_at: datetime | None,
    target: Target,
    hours: Hours,
    at: datetime,
) -> Clock:
    spent = timedelta()
    for span in running:
        spent += _spent(hours, span.since, at if span.until is None else span.until)
    warn = limit * target.warn_at
    if spent >= limit:
        status = ClockStatus.MISSED
    elif stopped_at is not None:
        status = ClockStatus.MET if done else ClockStatus.DROPPED
    elif running[-1].until is not None:
        status = ClockStatus.PAUSED
    else:
        status = ClockStatus.WARNED if spent >= warn else ClockStatus.ACTIVE
    warn_at, due_at = (_reached(running, time, hours) for time in (warn, limit))
    return Clock(
        kind,
        status,
        running[0].since,
        limit,
        spent,
        warn_at,
        due_at,
        stopped_at,
    )


def _reached(running: Sequence[Span], left: timedelta, hours: Hours) -> datetime | None:
    """When so much has been spent; None when the clock rests or stops before."""
    for span in running:
        reached = hours.after_open_seconds(span.since, left.total_seconds())
        if reached is not None and (span.until is None or reached <= span.until):
            return reached
        if span.until is None:
            return None
        left -= _spent(hours, span.since, span.until)
    return None


def _spent(hours: Hours, since: datetime, until: datetime) -> timedelta:
    return timedelta(seconds=hours.open_seconds_between(since, until))
