"""What a simulated shop is made of: its hours, rulebooks, customers, colleagues and tickets."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handoff.conversation import Conversation, ConversationId, PersonId
from handoff.distribution import Presence
from handoff.hours import Hours, parse_hours
from handoff.rulebook import Rulebook, parse_rulebook
from handoff.ticket import BOT, Ticket, TicketNumber, TicketState, open_ticket
from handoff.timeline import Moment

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
PROMISE_SECONDS = 2 * 3600.0
NEEDS = [(), ("after_sale",), ("pre_sale",), ("lang:en", "pre_sale"), ("complaints",)]


def _hours(*rows: tuple[list[str], str, str]) -> Hours:
    return parse_hours("Asia/Shanghai", [{"days": d, "open": o, "close": c} for d, o, c in rows])


HOURS = [
    _hours((EVERY_DAY, "09:00", "12:00"), (EVERY_DAY, "13:00", "22:30")),
    _hours((EVERY_DAY[:5], "09:00", "18:00")),
    _hours((EVERY_DAY, "14:00", "02:00")),
    _hours((EVERY_DAY, "00:00", "24:00")),
]
BOOKS = [
    Rulebook(),
    parse_rulebook("rules: {anger: {threshold: 0.3}}\noverload: {queue_cap: 4}"),
    parse_rulebook("topics: {always: {categories: [warranty]}}\noverload: {queue_cap: 8}"),
    parse_rulebook("modes: {overrides: [{when: {hours: 10:00-11:00}, mode: human}]}"),
]


@dataclass
class Chat:
    """A conversation with what the world knows of it."""

    conversation: Conversation
    needs: frozenset[str]
    tags: frozenset[str]
    lines_left: int
    timeline: list[Moment] = field(default_factory=list)
    group: str = ""
    since: datetime | None = None
    counts_from: datetime | None = None
    not_to: set[PersonId] = field(default_factory=set)
    served_by: list[PersonId] = field(default_factory=list)
    tickets: list[TicketNumber] = field(default_factory=list)
    assigned_at: datetime | None = None
    spoke_at: datetime | None = None
    due_since: datetime | None = None


@dataclass
class Colleague:
    """A person at the desk."""

    id: PersonId
    groups: frozenset[str]
    skills: frozenset[str]
    limit: int
    presence: Presence = Presence.AWAY
    last_assigned_at: datetime | None = None
    free_since: datetime | None = None


class Agenda(Protocol):
    """Where things that will happen are put down."""

    at: datetime

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """In so many seconds."""


class Tickets:
    """The shop's tickets, and what people and customers do with them."""

    def __init__(self, rng: random.Random, hours: Hours, agenda: Agenda) -> None:
        self.rng, self.hours, self.agenda = rng, hours, agenda
        self.all: dict[TicketNumber, Ticket] = {}
        self.late: set[TicketNumber] = set()

    def leave(self, conversation: ConversationId, reason: str) -> TicketNumber:
        """A new one, promised within two service hours."""
        number = TicketNumber(len(self.all) + 1)
        due = self._promised()
        self.all[number] = open_ticket(
            number, reason, by=BOT, at=self.agenda.at, conversation=conversation, due=due
        )
        self._watch(number, due)
        early_or_late = self.rng.uniform(-7000, 1000)
        worked_at = max(1.0, (due - self.agenda.at).total_seconds() + early_or_late)
        self.agenda.later(worked_at, lambda: self._work_on(number))
        return number

    def _promised(self) -> datetime:
        due = self.hours.after_open_seconds(self.agenda.at, PROMISE_SECONDS)
        assert due is not None
        return due

    def _watch(self, number: TicketNumber, due: datetime) -> None:
        def flag() -> None:
            if self.all[number].is_overdue(self.agenda.at):
                self.late.add(number)

        self.agenda.later((due - self.agenda.at).total_seconds() + 0.001, flag)

    def _work_on(self, number: TicketNumber) -> None:
        ticket, rng = self.all[number], self.rng
        if rng.random() < 0.2 and ticket.state is TicketState.OPEN and not ticket.reopened:
            self.all[number] = ticket.ask_customer("单号？", by="mei", at=self.agenda.at)
            self.agenda.later(rng.uniform(60, 3600), lambda: self._customer_replies(number))
            return
        self.all[number] = ticket.solve("已处理", by="mei", at=self.agenda.at)
        if rng.random() < 0.1:
            self.agenda.later(rng.uniform(60, 3600), lambda: self._customer_replies(number))

    def _customer_replies(self, number: TicketNumber) -> None:
        ticket = self.all[number].customer_wrote("还没好", at=self.agenda.at)
        if ticket.due is None:
            due = self._promised()
            ticket = ticket.promise(due, by=BOT, at=self.agenda.at)
            self._watch(number, due)
        self.all[number] = ticket
        self.agenda.later(self.rng.uniform(60, 9000), lambda: self._solve(number))

    def _solve(self, number: TicketNumber) -> None:
        if self.all[number].state not in (TicketState.SOLVED, TicketState.CLOSED):
            self.all[number] = self.all[number].solve("好了", by="li", at=self.agenda.at)
