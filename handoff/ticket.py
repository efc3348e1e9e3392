"""A ticket: what is still to be done for a customer, who does it, until when, and its history.

Open, waiting for the customer, solved, closed. Staff act on a ticket that is open or waiting;
solved waits for the customer's word, closed is put away. The customer's word opens any of them
again, so nothing a customer writes about a ticket falls on deaf ears.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from handoff.conversation import ConversationId, PersonId
from handoff.errors import HandoffError

TicketNumber = NewType("TicketNumber", int)

# Who did it, where it was not one of the shop's people.
BOT = "bot"
CUSTOMER = "customer"
SYSTEM = "system"


class TicketRefusal(HandoffError):
    """The ticket is not in a state that allows this."""


class TicketSettled(TicketRefusal):
    """This ticket is solved or closed; reopen it first."""


class TicketNotSolved(TicketRefusal):
    """This ticket is not solved; solve it, saying how, before closing it."""


class TicketStillOpen(TicketRefusal):
    """This ticket is open already; there is nothing to reopen."""


class NothingSaid(TicketRefusal):
    """The text is empty; write what happened, for the customer and the colleagues who read it."""


class TicketState(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    SOLVED = "solved"
    CLOSED = "closed"


class EntryKind(StrEnum):
    """What an entry of the history tells."""

    CREATED = "created"
    ASSIGNED = "assigned"
    MOVED = "moved"
    DUE = "due"
    ASKED = "asked"
    CUSTOMER_WROTE = "customer_wrote"
    NOTE = "note"
    SOLVED = "solved"
    CLOSED = "closed"
    REOPENED = "reopened"


# What the customer may see; the rest is among colleagues.
_FOR_CUSTOMER = frozenset(EntryKind) - {EntryKind.NOTE, EntryKind.ASSIGNED, EntryKind.MOVED}
_SETTLED = frozenset({TicketState.SOLVED, TicketState.CLOSED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history; `by` is a person's id, or `bot`, `customer`, `system`."""

    at: datetime
    by: str
    kind: EntryKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Every change makes a new value with one entry more; the history only grows.

    `due`: the promised time, to be given anew after reopening. `solved_at`: while it is solved.
    """

    number: TicketNumber
    subject: str
    conversation: ConversationId | None = None
    state: TicketState = TicketState.OPEN
    group: str | None = None
    assignee: PersonId | None = None
    due: datetime | None = None
    reopened: int = 0
    solved_at: datetime | None = None
    history: tuple[Entry, ...] = ()

    def assign(self, person: PersonId | None, *, by: str, at: datetime) -> Ticket:
        """To a person, or to nobody (None), back to the group's list."""
        self._must_be_unsettled()
        return self._with(at, by, EntryKind.ASSIGNED, person or "", assignee=person)

    def move(self, group: str, *, by: str, at: datetime) -> Ticket:
        """To another group; whoever had it has it no longer."""
        self._must_be_unsettled()
        return self._with(at, by, EntryKind.MOVED, group, group=group, assignee=None)

    def promise(self, due: datetime, *, by: str, at: datetime) -> Ticket:
        """A time by which the customer hears; the customer sees it."""
        self._must_be_unsettled()
        return self._with(at, by, EntryKind.DUE, due.isoformat(), due=due)

    def ask_customer(self, question: str, *, by: str, at: datetime) -> Ticket:
        """The customer has the word; asking again while waiting is allowed."""
        self._must_be_unsettled()
        state = TicketState.WAITING_FOR_CUSTOMER
        return self._with(at, by, EntryKind.ASKED, _said(question), state=state)

    def note(self, text: str, *, by: str, at: datetime) -> Ticket:
        """Among colleagues, in any state; changes nothing else."""
        return self._with(at, by, EntryKind.NOTE, _said(text))

    def solve(self, how: str, *, by: str, at: datetime) -> Ticket:
        """Done, as far as the shop is concerned: the customer is told how, and may object."""
        self._must_be_unsettled()
        text = _said(how)
        state = TicketState.SOLVED
        return self._with(at, by, EntryKind.SOLVED, text, state=state, solved_at=at)

    def close(self, *, by: str, at: datetime) -> Ticket:
        """Put away once solved: the customer agreed, or said nothing for long enough."""
        if self.state is TicketState.CLOSED:
            raise TicketSettled
        if self.state is not TicketState.SOLVED:
            raise TicketNotSolved
        return self._with(at, by, EntryKind.CLOSED, state=TicketState.CLOSED)

    def customer_wrote(self, text: str, *, at: datetime) -> Ticket:
        """The customer's word opens it again, whatever its state; it keeps its assignee."""
        opened = self._with(at, CUSTOMER, EntryKind.CUSTOMER_WROTE, text, state=TicketState.OPEN)
        if self.state not in _SETTLED:
            return opened
        return replace(opened, reopened=self.reopened + 1, solved_at=None, due=None)

    def reopen(self, why: str, *, by: str, at: datetime) -> Ticket:
        """By the shop: it turned out not to be solved."""
        if self.state not in _SETTLED:
            raise TicketStillOpen
        return replace(
            self._with(at, by, EntryKind.REOPENED, _said(why), state=TicketState.OPEN),
            reopened=self.reopened + 1,
            solved_at=None,
            due=None,
        )

    def is_overdue(self, at: datetime) -> bool:
        """Whether a promised time passed unkept, also of a ticket that was solved after it.

        Having asked something keeps no promise: the customer was told of a time.
        """
        return self.due is not None and (self.solved_at or at) > self.due

    def closes_itself(self, at: datetime, *, after: timedelta) -> bool:
        """Whether it has been solved for `after` without a word of the customer."""
        waiting = self.state is TicketState.SOLVED and self.solved_at is not None
        return waiting and self.solved_at is not None and at - self.solved_at >= after

    def for_customer(self) -> tuple[Entry, ...]:
        """The history without what is said among colleagues, and without their names."""
        ours = (BOT, CUSTOMER, SYSTEM)
        return tuple(
            entry if entry.by in ours else replace(entry, by="person")
            for entry in self.history
            if entry.kind in _FOR_CUSTOMER
        )

    def _must_be_unsettled(self) -> None:
        if self.state in _SETTLED:
            raise TicketSettled

    def _with(
        self,
        at: datetime,
        by: str,
        kind: EntryKind,
        text: str = "",
        *,
        state: TicketState | None = None,
        **changes: object,
    ) -> Ticket:
        # Two servers' clocks may differ by a little; a history does not run backwards for it.
        at = max(at, self.history[-1].at) if self.history else at
        history = (*self.history, Entry(at, by, kind, text))
        kept: Ticket = replace(self, history=history, state=state or self.state, **changes)  # type: ignore[arg-type]
        return kept


def open_ticket(
    number: TicketNumber,
    subject: str,
    *,
    by: str,
    at: datetime,
    conversation: ConversationId | None = None,
    group: str | None = None,
    due: datetime | None = None,
) -> Ticket:
    """A new ticket, made by the customer, the bot or a person (`by`)."""
    ticket = Ticket(number, _said(subject), conversation, group=group, due=due)
    return replace(ticket, history=(Entry(at, by, EntryKind.CREATED, ticket.subject),))


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise NothingSaid
    return text
