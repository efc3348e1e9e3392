"""Who holds a conversation, and the only ways in which that may change.

Every change of holder raises `epoch` by one. A reply is fenced by the epoch it was written
under, so whatever was decided before a takeover can never appear after it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from handoff.errors import AlreadyClaimed, ConversationClosed, NotHolder, NotWaiting

ConversationId = NewType("ConversationId", str)
PersonId = NewType("PersonId", str)


class Holder(StrEnum):
    """Whose turn it is to speak to the customer."""

    BOT = "bot"
    QUEUE = "queue"
    AGENT = "agent"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Conversation:
    """The part of a conversation that decides who may speak.

    `session` counts how often the conversation was begun; `misses` are the turns of this
    session, in a row, that the bot could not answer; `last_decision` is the kind of its last.
    """

    id: ConversationId
    holder: Holder = Holder.BOT
    epoch: int = 0
    session: int = 1
    agent_id: PersonId | None = None
    reason: str | None = None
    waiting_since: datetime | None = None
    misses: int = 0
    last_decision: str | None = None
    note: str | None = None

    def hand_over(self, reason: str, *, at: datetime) -> Conversation:
        """From the bot to the queue: a rule fired, the customer asked, or the bot failed."""
        if self.holder is not Holder.BOT:
            raise self._refusal()
        return self._moved(Holder.QUEUE, reason=reason, waiting_since=at)

    def wait_for_person(self, reason: str, *, at: datetime) -> Conversation:
        """Into the queue without the bot having spoken: the channel is in human mode."""
        if self.holder not in (Holder.BOT, Holder.NOBODY):
            raise self._refusal()
        session = self.session + (self.holder is Holder.NOBODY)
        return self._moved(Holder.QUEUE, reason=reason, waiting_since=at, session=session)

    def step_in(self, person: PersonId, *, reason: str) -> Conversation:
        """From the bot to a person who takes over by themselves."""
        if self.holder is not Holder.BOT:
            raise self._refusal()
        return self._moved(Holder.AGENT, agent_id=person, reason=self.reason or reason)

    def assign(self, person: PersonId) -> Conversation:
        """From the queue to a person; the first one wins."""
        if self.holder is not Holder.QUEUE:
            raise AlreadyClaimed if self.holder is Holder.AGENT else NotWaiting
        return self._moved(Holder.AGENT, agent_id=person, reason=self.reason)

    def leave_queue(self) -> Conversation:
        """From the queue back to the bot: the customer gave up waiting, or nobody is on duty."""
        if self.holder is not Holder.QUEUE:
            raise NotWaiting
        return self._moved(Holder.BOT)

    def transfer(self, person: PersonId, *, by: PersonId) -> Conversation:
        """Directly from one person to another."""
        self._must_be_held_by(by)
        return self._moved(Holder.AGENT, agent_id=person, reason=self.reason)

    def requeue(self, *, at: datetime, by: PersonId) -> Conversation:
        """From a person back into the queue: to a group, or because the person left."""
        self._must_be_held_by(by)
        return self._moved(Holder.QUEUE, reason=self.reason, waiting_since=at)

    def return_to_bot(self, *, by: PersonId, note: str | None = None) -> Conversation:
        """From a person back to the bot, with a note that the bot keeps."""
        self._must_be_held_by(by)
        return self._moved(Holder.BOT, note=note)

    def close(self) -> Conversation:
        """Closed for now, whoever held it."""
        if self.holder is Holder.NOBODY:
            raise ConversationClosed
        return self._moved(Holder.NOBODY)

    def reopen(self) -> Conversation:
        """The customer writes again: a new session; old misses and anger do not count."""
        if self.holder is not Holder.NOBODY:
            raise self._refusal()
        return self._moved(Holder.BOT, session=self.session + 1)

    def _must_be_held_by(self, person: PersonId) -> None:
        if self.holder is not Holder.AGENT or self.agent_id != person:
            raise NotHolder

    def _refusal(self) -> Exception:
        if self.holder is Holder.NOBODY:
            return ConversationClosed()
        return AlreadyClaimed()

    def _moved(
        self,
        holder: Holder,
        *,
        agent_id: PersonId | None = None,
        reason: str | None = None,
        waiting_since: datetime | None = None,
        session: int | None = None,
        note: str | None = None,
    ) -> Conversation:
        return replace(
            self,
            holder=holder,
            epoch=self.epoch + 1,
            session=session or self.session,
            agent_id=agent_id,
            reason=reason,
            waiting_since=waiting_since,
            misses=0,
            last_decision=None,
            note=note,
        )
