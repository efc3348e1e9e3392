"""Two hundred random days of a shop: nobody is lost, held by two, or promised in silence."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from handoff.conversation import Holder, PersonId
from handoff.distribution import Way, assign
from handoff.service_clock import ClockStatus, Target, clocks_at, crossings
from handoff.service_share import Service, bot_service_of, service_of
from handoff.ticket import EntryKind, TicketState
from handoff.timeline import bot_turns_of, stays_of
from tests.handoff.simulated_shop import SimulatedDay
from tests.handoff.simulated_world import Chat

SEEDS = range(200)
TARGET = Target(timedelta(minutes=3), timedelta(minutes=5), timedelta(hours=2))


def invariants(day: SimulatedDay) -> None:
    """What holds after every event."""
    held: Counter[PersonId] = Counter()
    waiting = came_back = 0
    for chat in day.live.values():
        conversation = chat.conversation
        if conversation.holder is Holder.AGENT:
            assert conversation.agent_id is not None
            held[conversation.agent_id] += 1
            continue
        assert conversation.agent_id is None
        assert conversation.holder is not Holder.NOBODY
        if conversation.holder is Holder.QUEUE:
            waiting += 1
            came_back += bool(chat.not_to)
            assert chat.group in day.groups, "nobody waits in no queue"
            assert chat.since is not None
            assert conversation.waiting_since is not None
    assert held == +day.holding, "a conversation is held by exactly the person it names"
    assert all(count <= day.people[person].limit for person, count in held.items())
    # Who comes back from a person finds a full queue open; who comes anew does not.
    cap = day.rulebook.overload.queue_cap
    assert cap is None or waiting <= cap + came_back


def outcome(day: SimulatedDay, chat: Chat) -> str | None:
    """What became of a closed conversation, by what is on record."""
    services = [service_of(stay, day.at) for stay in stays_of(chat.timeline)]
    if Service.SERVED in services:
        return "person"
    if chat.tickets:
        return "ticket"
    by_bot = bot_service_of(bot_turns_of(chat.timeline), day.at)
    return "bot" if by_bot is Service.SERVED else None


@pytest.fixture(scope="module")
def lived() -> list[SimulatedDay]:
    days = [SimulatedDay(seed, invariants) for seed in SEEDS]
    for seed, day in zip(SEEDS, days, strict=True):
        try:
            day.run()
        except AssertionError as error:
            raise AssertionError(f"day {seed} at {day.at}: {error}") from error
    return days


def test_two_hundred_days_hold_every_invariant_and_are_busy_enough_to_mean_it(
    lived: list[SimulatedDay],
) -> None:
    chats = [chat for day in lived for chat in day.chats.values()]
    outcomes = Counter(outcome(day, chat) for day in lived for chat in day.chats.values())
    assert len(chats) > 3000
    assert min(outcomes[each] for each in ("bot", "person", "ticket")) > 200
    assert sum(len(chat.not_to) > 0 for chat in chats) > 50, "somebody fell silent now and then"
    assert {way for day in lived for way in {g.way for g in day.groups.values()}} == set(Way)


def test_every_conversation_is_closed_in_the_end_and_has_an_outcome(
    lived: list[SimulatedDay],
) -> None:
    for seed, day in zip(SEEDS, lived, strict=True):
        for chat in day.chats.values():
            where = f"day {seed}, {chat.conversation.id}: {chat.timeline}"
            assert chat.conversation.holder is Holder.NOBODY, where
            assert outcome(day, chat) is not None, where
        assert not +day.holding


def test_every_promised_time_is_kept_or_flagged(lived: list[SimulatedDay]) -> None:
    kept = broken = 0
    for day in lived:
        for ticket in day.tickets.all.values():
            assert ticket.state is TicketState.SOLVED
            first_promise = ticket.due if not ticket.reopened else None
            late = ticket.is_overdue(day.at)
            assert not late or ticket.number in day.tickets.late
            assert ticket.reopened or late == (ticket.number in day.tickets.late)
            kept, broken = kept + (not late), broken + late
            assert first_promise is None or day.hours.is_open(
                first_promise - timedelta(microseconds=1)
            ), "promised for a time when people are there"
    assert kept > 100
    assert broken > 20, "or nothing was tried"


def test_every_breach_of_a_clock_is_told_exactly_once(lived: list[SimulatedDay]) -> None:
    for day in lived:
        for chat in day.chats.values():
            clocks = clocks_at(chat.timeline, TARGET, day.hours, day.at)
            told = crossings(clocks, after=day.began, until=day.at)
            missed = [c.clock for c in told if c.event == "sla.missed"]
            assert Counter(map(id, missed)) == Counter(
                id(clock) for clock in clocks if clock.status is ClockStatus.MISSED
            )


def test_people_were_told_of_a_ticket_once_for_each_and_in_one_message(
    lived: list[SimulatedDay],
) -> None:
    for day in lived:
        for chat in day.chats.values():
            for number in chat.tickets:
                history = day.tickets.all[number].history
                assert [entry.kind for entry in history].count(EntryKind.CREATED) == 1
                said = [m for m in chat.timeline if m.at == history[0].at and m.what == "bot"]
                assert len(said) == 1


def test_the_same_seed_is_the_same_day() -> None:
    first, second = (SimulatedDay(7, lambda day: None) for _ in range(2))
    for day in (first, second):
        day.run()
    assert [c.timeline for c in first.chats.values()] == [c.timeline for c in second.chats.values()]
    assert first.tickets.all == second.tickets.all


def test_after_a_check_nobody_waits_for_somebody_who_is_free() -> None:
    def look(day: SimulatedDay) -> None:
        invariants(day)
        day.check()
        left = assign(day.waiting(), day.on_duty(), day.picking(), day.at)
        assert left == []

    for seed in range(200, 210):
        SimulatedDay(seed, look).run()
