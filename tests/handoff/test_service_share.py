"""The share of replies within three minutes and 'no service', bot and people apart."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.service_share import (
    PATIENCE,
    Service,
    Share,
    reply_share,
    scores,
    service_of,
)
from handoff.timeline import Moment, Side, Turn, What, bot_turns_of, stays_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime.fromisoformat("2026-11-20T12:00:00+08:00")


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def story(*events: tuple[float, str]) -> list[Moment]:
    return [Moment(after(seconds), What(what)) for seconds, what in events]


def share(*events: tuple[float, str], at: float = 9000) -> Share:
    turns = [turn for stay in stays_of(story(*events)) for turn in stay.turns]
    return reply_share(turns, SHANGHAI, after(at))


@pytest.mark.parametrize(
    ("events", "expected", "why"),
    [
        ([(0, "handed_over"), (180, "person")], Share(1, 1), "the last second counts"),
        ([(0, "handed_over"), (181, "person")], Share(0, 1), "a second late"),
        ([(0, "handed_over"), (5, "bot"), (200, "person")], Share(0, 1), "the bot is no person"),
        (
            [(0, "handed_over"), (9, "person"), (60, "customer"), (300, "person")],
            Share(1, 2),
            "each turn by itself",
        ),
        (
            [
                (0, "handed_over"),
                (9, "person"),
                (60, "customer"),
                (200, "customer"),
                (250, "person"),
            ],
            Share(1, 2),
            "from the first of several lines",
        ),
        (
            [(0, "handed_over"), (9, "person"), (60, "customer"), (90, "closed")],
            Share(1, 1),
            "a thank-you that ends it is no turn",
        ),
        (
            [(0, "handed_over"), (9, "person"), (60, "customer"), (900, "closed")],
            Share(1, 2),
            "closed after ten minutes of silence is",
        ),
        ([(0, "handed_over")], Share(0, 1), "not answered to this day"),
        ([(0, "customer"), (900, "handed_over"), (910, "person")], Share(1, 1), "bot time is not"),
    ],
)
def test_the_share_of_replies_within_three_minutes(
    events: list[tuple[float, str]], expected: Share, why: str
) -> None:
    assert share(*events) == expected, why


def test_a_turn_that_still_has_time_is_not_counted_yet() -> None:
    assert share((0, "handed_over"), at=180) == Share(0, 0)
    assert share((0, "handed_over"), at=180).ratio is None
    assert share((0, "handed_over"), at=181) == Share(0, 1)


@pytest.mark.parametrize(
    ("asked", "counted"),
    [
        ("2026-11-20T07:59:59+08:00", 0),
        ("2026-11-20T08:00:00+08:00", 1),
        ("2026-11-20T22:59:59+08:00", 1),
        ("2026-11-20T23:00:00+08:00", 0),
        ("2026-11-20T12:00:00+00:00", 1),
    ],
)
def test_only_turns_from_eight_to_eleven_at_night_are_scored(asked: str, counted: int) -> None:
    at = datetime.fromisoformat(asked)
    turn = Turn(Side.PEOPLE, at, at, at)
    assert reply_share([turn], SHANGHAI, at).of == counted


@pytest.mark.parametrize(
    ("events", "at", "expected"),
    [
        ([(0, "handed_over"), (5, "assigned"), (60, "person")], 99, Service.SERVED),
        ([(0, "handed_over"), (60, "to_bot")], 99, Service.NOBODY_FREE),
        ([(0, "handed_over"), (60, "closed")], 99, Service.NOBODY_FREE),
        ([(0, "handed_over"), (5, "assigned"), (600, "closed")], 999, Service.SILENT),
        ([(0, "handed_over")], 99, Service.PENDING),
        ([(0, "handed_over")], PATIENCE.total_seconds(), Service.NOBODY_FREE),
        ([(0, "handed_over"), (5, "assigned")], PATIENCE.total_seconds(), Service.SILENT),
        (
            [(0, "handed_over"), (5, "assigned"), (185, "handed_over"), (190, "assigned")],
            200,
            Service.PENDING,
        ),
    ],
)
def test_what_became_of_whoever_was_handed_over(
    events: list[tuple[float, str]], at: float, expected: Service
) -> None:
    (stay,) = stays_of(story(*events))
    assert service_of(stay, after(at)) is expected


def test_the_bot_and_people_are_scored_apart() -> None:
    told = scores(
        [
            story((0, "customer"), (2, "bot"), (60, "customer"), (62, "bot"), (90, "closed")),
            story((0, "customer"), (1, "handed_over"), (5, "assigned"), (400, "person")),
            story((0, "customer"), (1, "handed_over"), (900, "closed")),
            story((0, "customer")),
        ],
        SHANGHAI,
        after(9000),
    )
    bot, people = told[Side.BOT], told[Side.PEOPLE]
    assert bot.replies == Share(2, 3)
    assert bot.no_service == Share(1, 2), "the last was never answered"
    assert people.replies == Share(0, 2)
    assert (people.nobody_free, people.silent, people.no_service) == (1, 0, Share(1, 2))


EVENTS = st.lists(st.tuples(st.integers(1, 400), st.sampled_from(What)), max_size=14)


@settings(max_examples=80, deadline=None)
@given(EVENTS)
def test_no_second_is_both_the_bots_and_peoples(steps: list[tuple[int, What]]) -> None:
    seconds, timeline = 0, []
    for gap, what in steps:
        seconds += gap
        timeline.append(Moment(after(seconds), what))
    stays = stays_of(timeline)
    assert [s.since for s in stays] == sorted(s.since for s in stays)
    for stay, following in pairwise(stays):
        assert stay.ended_at is not None
        assert stay.ended_at <= following.since
    for turn in bot_turns_of(timeline):
        until = turn.ended_at or after(seconds + 1)
        for stay in stays:
            assert until <= stay.since or turn.asked_at >= (stay.ended_at or until)
    for stay in stays:
        assert all(turn.asked_at >= stay.since for turn in stay.turns)
        answers = sum(turn.answered_at is not None for turn in stay.turns)
        assert (answers > 0) == (stay.first_reply_at is not None)
