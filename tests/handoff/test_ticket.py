"""A ticket's states: which moves exist, what refuses, and that the customer's word always opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from handoff.conversation import PersonId
from handoff.ticket import (
    BOT,
    CUSTOMER,
    EntryKind,
    NothingSaid,
    Ticket,
    TicketNotSolved,
    TicketNumber,
    TicketRefusal,
    TicketSettled,
    TicketState,
    TicketStillOpen,
    open_ticket,
)

NOON = datetime.fromisoformat("2026-11-20T12:00:00+08:00")
MEI = PersonId("mei")
OPEN, ASKED, SOLVED, CLOSED = TicketState

Move = Callable[[Ticket], Ticket]
MOVES: dict[str, Move] = {
    "assign": lambda t: t.assign(MEI, by=MEI, at=NOON),
    "move": lambda t: t.move("after_sale", by=MEI, at=NOON),
    "promise": lambda t: t.promise(NOON, by=MEI, at=NOON),
    "ask": lambda t: t.ask_customer("订单号是多少？", by=MEI, at=NOON),
    "note": lambda t: t.note("查过库存", by=MEI, at=NOON),
    "solve": lambda t: t.solve("已补发", by=MEI, at=NOON),
    "close": lambda t: t.close(by=MEI, at=NOON),
    "write": lambda t: t.customer_wrote("还没收到", at=NOON),
    "reopen": lambda t: t.reopen("退回来了", by=MEI, at=NOON),
}
# For each move: what becomes of a ticket that is open, waiting, solved, closed.
LEGAL: dict[str, list[TicketState | type[TicketRefusal]]] = {
    "assign": [OPEN, ASKED, TicketSettled, TicketSettled],
    "move": [OPEN, ASKED, TicketSettled, TicketSettled],
    "promise": [OPEN, ASKED, TicketSettled, TicketSettled],
    "ask": [ASKED, ASKED, TicketSettled, TicketSettled],
    "note": [OPEN, ASKED, SOLVED, CLOSED],
    "solve": [SOLVED, SOLVED, TicketSettled, TicketSettled],
    "close": [TicketNotSolved, TicketNotSolved, CLOSED, TicketSettled],
    "write": [OPEN, OPEN, OPEN, OPEN],
    "reopen": [TicketStillOpen, TicketStillOpen, OPEN, OPEN],
}


def new() -> Ticket:
    return open_ticket(TicketNumber(7), "补发配件", by=BOT, at=NOON, group="after_sale")


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", list(TicketState))
def test_only_these_moves_exist(state: TicketState, move: str) -> None:
    before = replace(new(), state=state)
    target = LEGAL[move][list(TicketState).index(state)]
    if isinstance(target, TicketState):
        after = MOVES[move](before)
        assert after.state is target
        assert after.history[:-1] == before.history
    else:
        with pytest.raises(target):
            MOVES[move](before)


def test_a_ticket_begins_with_who_made_it() -> None:
    ticket = new()
    assert ticket.state is OPEN
    assert [(e.kind, e.by, e.text) for e in ticket.history] == [
        (EntryKind.CREATED, BOT, "补发配件")
    ]


def test_reopening_by_the_customers_word_keeps_the_person_and_counts() -> None:
    ticket = new().assign(MEI, by=MEI, at=NOON).solve("已补发", by=MEI, at=NOON)
    again = ticket.close(by="system", at=NOON).customer_wrote("又坏了", at=NOON)
    assert (again.state, again.assignee, again.reopened) == (OPEN, MEI, 1)
    assert again.customer_wrote("在吗", at=NOON).reopened == 1, "it was open already"


def test_a_picture_without_words_is_a_word_too() -> None:
    assert MOVES["solve"](new()).customer_wrote("", at=NOON).state is OPEN


@pytest.mark.parametrize(
    "move",
    [
        lambda t: t.solve("  ", by=MEI, at=NOON),
        lambda t: t.ask_customer("", by=MEI, at=NOON),
        lambda t: t.note("\n", by=MEI, at=NOON),
        lambda t: open_ticket(TicketNumber(1), " ", by=BOT, at=NOON),
    ],
)
def test_nothing_is_solved_asked_or_noted_without_saying_what(move: Move) -> None:
    with pytest.raises(NothingSaid):
        move(new())


def test_a_promise_is_broken_after_its_time_and_not_by_asking_back() -> None:
    due = NOON + timedelta(hours=1)
    ticket = new().promise(due, by=MEI, at=NOON)
    assert not ticket.is_overdue(due)
    assert ticket.is_overdue(due + timedelta(seconds=1))
    assert MOVES["ask"](ticket).is_overdue(due + timedelta(seconds=1))
    kept = MOVES["solve"](ticket)
    assert not kept.is_overdue(due + timedelta(days=1)), "solved in time stays in time"
    late = ticket.solve("已补发", by=MEI, at=due + timedelta(minutes=1))
    assert late.is_overdue(due + timedelta(days=1)), "and late stays late"
    assert MOVES["write"](late).due is None, "what is open again is promised anew"


def test_a_solved_ticket_closes_itself_when_the_customer_says_nothing() -> None:
    week = timedelta(days=7)
    solved = MOVES["solve"](new())
    assert not solved.closes_itself(NOON + week - timedelta(seconds=1), after=week)
    assert solved.closes_itself(NOON + week, after=week)
    assert not new().closes_itself(NOON + week, after=week)
    assert not MOVES["write"](solved).closes_itself(NOON + 2 * week, after=week)


def test_the_customer_sees_neither_notes_nor_names() -> None:
    ticket = new()
    for move in ("assign", "move", "note", "ask", "write", "solve"):
        ticket = MOVES[move](ticket)
    seen = ticket.for_customer()
    assert [entry.kind for entry in seen] == [
        EntryKind.CREATED,
        EntryKind.ASKED,
        EntryKind.CUSTOMER_WROTE,
        EntryKind.SOLVED,
    ]
    assert {entry.by for entry in seen} == {BOT, CUSTOMER, "person"}


def test_a_clock_that_is_a_little_behind_does_not_turn_the_history_round() -> None:
    ticket = new().note("先到", by=MEI, at=NOON + timedelta(seconds=2))
    behind = ticket.note("后到", by=MEI, at=NOON)
    assert [entry.text for entry in behind.history][-1] == "后到"
    assert behind.history[-1].at == ticket.history[-1].at


class AnyLife(RuleBasedStateMachine):
    """Whatever is tried with a ticket, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.ticket = new()
        self.at = NOON

    @rule(name=st.sampled_from(sorted(MOVES)), later=st.integers(-2, 60))
    def try_to(self, name: str, later: int) -> None:
        before = self.ticket
        self.at += timedelta(minutes=later)
        try:
            self.ticket = MOVES[name](before)
        except TicketRefusal:
            assert self.ticket is before
        else:
            assert self.ticket.history[: len(before.history)] == before.history
            assert len(self.ticket.history) == len(before.history) + 1

    @invariant()
    def nothing_is_lost(self) -> None:
        ticket = self.ticket
        kinds = [entry.kind for entry in ticket.history]
        assert ticket.number == 7
        assert [e.at for e in ticket.history] == sorted(e.at for e in ticket.history)
        assert (ticket.state in (SOLVED, CLOSED)) == (ticket.solved_at is not None)
        assert ticket.reopened <= kinds.count(EntryKind.SOLVED)
        if ticket.state is CLOSED:
            assert kinds.index(EntryKind.SOLVED) < len(kinds) - 1 - kinds[::-1].index(
                EntryKind.CLOSED
            )
        # From anywhere, the customer's word leads to somebody who has to act.
        assert ticket.customer_wrote("?", at=self.at).state is OPEN


AnyLife.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAnyLife = AnyLife.TestCase
