"""How many are served, as 飞鸽 scores a shop: the 3-minute reply share and 'no service'.

Both apart for the bot and for people. The share counts turns that begin from 08:00 to 23:00 of the
platform's clock; 'no service' is a customer to whom nobody was free, or somebody was assigned and
said nothing. Where the platform's definition is silent, the choice made here stands at the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handoff.timeline import Moment, Side, Stay, Turn, bot_turns_of, stays_of

THREE_MINUTES = timedelta(minutes=3)
_SCORED_FROM, _SCORED_UNTIL = time(8, 0), time(23, 0)


@dataclass(frozen=True, slots=True)
class Share:
    """So many out of so many; `ratio` is None out of none, which is not nought."""

    hits: int = 0
    of: int = 0

    @property
    def ratio(self) -> float | None:
        """From 0 to 1."""
        return self.hits / self.of if self.of else None

    def plus(self, other: Share) -> Share:
        """Both together: shares of several days add up by their counts."""
        return Share(self.hits + other.hits, self.of + other.of)


def reply_share(
    turns: Iterable[Turn], zone: ZoneInfo, at: datetime, *, within: timedelta = THREE_MINUTES
) -> Share:
    """Turns answered within the time (the last moment counts), of those begun in scored hours.

    Not counted: a turn that is open and still has time, and one that ended without an answer while
    it still had time, such as a last thank-you.
    """
    hits = of = 0
    for turn in turns:
        clock = turn.asked_at.astimezone(zone).time()
        if not _SCORED_FROM <= clock < _SCORED_UNTIL:
            continue
        if turn.answered_at is not None:
            hits += turn.answered_at - turn.asked_at <= within
            of += 1
        else:
            of += (turn.ended_at or at) - turn.asked_at > within
    return Share(hits, of)


class Service(StrEnum):
    """What became of a customer who was to be served."""

    SERVED = "served"
    NOBODY_FREE = "nobody_free"
    SILENT = "silent"
    PENDING = "pending"


# An open conversation counts as not served after this long; a closed one at once.
PATIENCE = timedelta(hours=1)


def service_of(stay: Stay, at: datetime, *, patience: timedelta = PATIENCE) -> Service:
    """What became of one stay with people."""
    if stay.first_reply_at is not None:
        return Service.SERVED
    if stay.ended_at is None and at - stay.since < patience:
        return Service.PENDING
    return Service.NOBODY_FREE if stay.first_assigned_at is None else Service.SILENT


def bot_service_of(
    turns: Sequence[Turn], at: datetime, *, patience: timedelta = PATIENCE
) -> Service | None:
    """The same for a conversation's turns with the bot, which is always free; None without any."""
    if not turns:
        return None
    if any(turn.answered_at is not None for turn in turns):
        return Service.SERVED
    if turns[-1].ended_at is None and at - turns[0].asked_at < patience:
        return Service.PENDING
    return Service.SILENT


@dataclass(frozen=True, slots=True)
class SideScore:
    """One side's figures over many conversations."""

    replies: Share = Share()
    nobody_free: int = 0
    silent: int = 0
    judged: int = 0

    @property
    def no_service(self) -> Share:
        """Customers who were not served, of those of whom it is known."""
        return Share(self.nobody_free + self.silent, self.judged)


def scores(
    timelines: Iterable[Sequence[Moment]],
    zone: ZoneInfo,
    at: datetime,
    *,
    within: timedelta = THREE_MINUTES,
    patience: timedelta = PATIENCE,
) -> dict[Side, SideScore]:
    """Bot and people apart, over the timelines of conversations as known at `at`."""
    replies = {Side.BOT: Share(), Side.PEOPLE: Share()}
    services: dict[Side, list[Service]] = {Side.BOT: [], Side.PEOPLE: []}
    for timeline in timelines:
        known = [moment for moment in timeline if moment.at <= at]
        stays, bot_turns = stays_of(known), bot_turns_of(known)
        turns = {Side.BOT: bot_turns, Side.PEOPLE: [turn for s in stays for turn in s.turns]}
        for side, theirs in turns.items():
            replies[side] = replies[side].plus(reply_share(theirs, zone, at, within=within))
        services[Side.PEOPLE] += [service_of(stay, at, patience=patience) for stay in stays]
        by_bot = bot_service_of(bot_turns, at, patience=patience)
        services[Side.BOT] += [] if by_bot is None else [by_bot]
    return {
        side: SideScore(
            replies[side],
            found.count(Service.NOBODY_FREE),
            found.count(Service.SILENT),
            len(found) - found.count(Service.PENDING),
        )
        for side, found in services.items()
    }
