"""What happened to a conversation, as far as time is measured: who held it and who spoke.

A timeline is the conversation's events in order. From it come stays (a time with people, from the
handover until it goes back to the bot or is closed) and turns (a customer's word and its answer).
Time with the bot is never part of a stay, so it counts as nobody's time but the bot's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """What an event tells."""

    CUSTOMER = "customer"
    BOT = "bot"
    PERSON = "person"
    HANDED_OVER = "handed_over"
    ASSIGNED = "assigned"
    ASKED = "asked"
    TO_BOT = "to_bot"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Moment:
    """One event. ASKED: a person put it to waiting for the customer (their message counts too)."""

    at: datetime
    what: What


class Side(StrEnum):
    """Who has to answer."""

    BOT = "bot"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time; `until` None: it goes on."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Turn:
    """From the customer's first unanswered word to the answer of whoever had to give it.

    A turn that is handed over before the bot answered is none of the bot's, and begins for people
    at the handover: they could not have known before. `answered_at` None: not answered; `ended_at`
    None: it still may be.
    """

    side: Side
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A conversation's time with people.

    `first_assigned_at`, `first_reply_at`, `ended_at`: None as long as it has not happened.
    `asked`: when it waited for the customer.
    """

    since: datetime
    first_assigned_at: datetime | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    closed: bool = False
    asked: tuple[Span, ...] = ()
    turns: tuple[Turn, ...] = ()


def stays_of(timeline: Iterable[Moment]) -> list[Stay]:
    """The stays in order; the last may go on. Each holds people's turns in it."""
    return [_stay(moments) for moments in _with_people(timeline)]


def bot_turns_of(timeline: Iterable[Moment]) -> list[Turn]:
    """The bot's turns in order; the last may still be waiting for its answer.

    One that ends in a handover is not among them: from there on it is people's turn.
    """
    turns: list[Turn] = []
    asked: datetime | None = None
    with_people = False
    for moment in timeline:
        match moment.what:
            case What.HANDED_OVER | What.ASSIGNED:
                with_people, asked = True, None
            case What.TO_BOT:
                with_people = False
            case What.CLOSED:
                if asked is not None:
                    turns.append(Turn(Side.BOT, asked, None, moment.at))
                with_people, asked = False, None
            case What.CUSTOMER if not with_people:
                asked = asked or moment.at
            case What.BOT if asked is not None:
                turns.append(Turn(Side.BOT, asked, moment.at, moment.at))
                asked = None
    if asked is not None:
        turns.append(Turn(Side.BOT, asked, None, None))
    return turns


def _with_people(timeline: Iterable[Moment]) -> Iterable[Sequence[Moment]]:
    stay: list[Moment] = []
    for moment in timeline:
        # Somebody may step in without a handover; a second handover only changes people.
        if stay or moment.what in (What.HANDED_OVER, What.ASSIGNED):
            stay.append(moment)
        if stay and moment.what in (What.TO_BOT, What.CLOSED):
            yield stay
            stay = []
    if stay:
        yield stay


def _stay(moments: Sequence[Moment]) -> Stay:
    turns: list[Turn] = []
    asked: list[Span] = []
    since = moments[0].at
    # The handover itself asks for an answer.
    open_turn: datetime | None = since
    first: dict[What, datetime] = {}
    ended = moments[-1] if moments[-1].what in (What.TO_BOT, What.CLOSED) else None
    for moment in moments:
        first.setdefault(moment.what, moment.at)
        if moment.what is What.PERSON and open_turn is not None:
            turns.append(Turn(Side.PEOPLE, open_turn, moment.at, moment.at))
            open_turn = None
        elif moment.what is What.CUSTOMER:
            open_turn = open_turn or moment.at
            _resume(asked, moment.at)
        elif moment.what is What.ASKED and not (asked and asked[-1].until is None):
            asked.append(Span(moment.at, None))
    if ended is not None:
        _resume(asked, ended.at)
    if open_turn is not None:
        turns.append(Turn(Side.PEOPLE, open_turn, None, ended.at if ended else None))
    return Stay(
        since,
        first.get(What.ASSIGNED),
        first.get(What.PERSON),
        ended.at if ended else None,
        ended is not None and ended.what is What.CLOSED,
        tuple(asked),
        tuple(turns),
    )


def _resume(asked: list[Span], at: datetime) -> None:
    if asked and asked[-1].until is None:
        asked[-1] = Span(asked[-1].since, at)
