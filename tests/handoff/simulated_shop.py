"""A shop for a day, from a seed: customers, a bot, people who come, go and fall silent.

Only the pure domain decides; this file is the world around it, with a moved clock and no store.
After every event the invariants are looked at, so a breach names the seed and the moment.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handoff.conversation import Conversation, ConversationId, Holder, PersonId
from handoff.distribution import (
    Group,
    Held,
    OnDuty,
    Presence,
    Waiting,
    Way,
    assign,
    route,
    to_reassign,
)
from handoff.priority import HeadStarts, Queued, in_order, waiting_counts_from
from handoff.queue_load import anybody_for, load_of, stranded
from handoff.rulebook import Circumstances, Mode, Topic
from handoff.rules import Signals
from handoff.timeline import Moment, What
from tests.handoff.simulated_world import BOOKS, HOURS, NEEDS, Chat, Colleague, Tickets

ZONE = ZoneInfo("Asia/Shanghai")
SILENT_AFTER = timedelta(minutes=3)
NOBODY_COMES_AFTER = timedelta(minutes=15)


class SimulatedDay:
    """Everything that happens from midnight on, until the last ticket is settled."""

    def __init__(self, seed: int, look: Callable[[SimulatedDay], None]) -> None:
        self.rng = random.Random(seed)
        rng = self.rng
        self.look = look
        self.at = datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(days=rng.randrange(330))
        self.began = self.at
        self.hours = rng.choice(HOURS)
        self.rulebook = rng.choice(BOOKS)
        ways = [*Way]
        self.groups = {
            "pre": Group("pre", frozenset({"pre_sale"}), rng.choice(ways), "after"),
            "after": Group(
                "after", frozenset({"after_sale", "complaints"}), rng.choice(ways), "pre"
            ),
        }
        self.people = {
            name: Colleague(
                PersonId(name),
                frozenset(rng.sample(["pre", "after"], rng.randint(1, 2))),
                frozenset(rng.sample(["lang:en", "complaints"], rng.randint(0, 1))),
                rng.randint(1, 3),
            )
            for name in ("mei", "li", "wen", "an")[: rng.randint(1, 4)]
        }
        self.chats: dict[ConversationId, Chat] = {}
        # Those that are not closed.
        self.live: dict[ConversationId, Chat] = {}
        self.tickets = Tickets(rng, self.hours, self)
        self.holding: Counter[PersonId] = Counter()
        self.overloaded = False
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._count = 0
        self._plan()

    # -- the plan of the day

    def _plan(self) -> None:
        rng = self.rng
        for number in range(rng.randint(10, 30)):
            # A peak in the evening, a few through the night.
            minutes = rng.choice([rng.uniform(0, 1440), rng.gauss(1200, 60)])
            self.later(max(0.0, minutes) * 60, self._arrival(number))
        for colleague in self.people.values():
            for _ in range(rng.randint(2, 6)):
                state = rng.choice([Presence.ONLINE, Presence.ONLINE, *Presence])
                self.later(rng.uniform(0, 1440) * 60, self._turning(colleague, state))
            self.later(rng.uniform(8, 15) * 3600, self._turning(colleague, Presence.ONLINE))
        for minutes in range(0, 48 * 60, 10):
            self.later(minutes * 60, self.check)

    def _arrival(self, number: int) -> Callable[[], None]:
        rng = self.rng
        chat = Chat(
            Conversation(ConversationId(f"c{number:02d}")),
            frozenset(rng.choice(NEEDS)),
            frozenset({"vip"} if rng.random() < 0.1 else ()),
            rng.randint(1, 5),
        )

        def arrive() -> None:
            self.chats[chat.conversation.id] = self.live[chat.conversation.id] = chat
            self.customer_writes(chat)

        return arrive

    def _turning(self, colleague: Colleague, state: Presence) -> Callable[[], None]:
        def turn() -> None:
            colleague.presence = state
            colleague.free_since = self.at
            self.check()

        return turn

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._events, (self.at + timedelta(seconds=seconds), self._count, act))

    def run(self) -> None:
        """To the end of the last event."""
        while self._events:
            self.at, _, act = heapq.heappop(self._events)
            act()
            self.look(self)

    # -- the customer and the bot

    def customer_writes(self, chat: Chat) -> None:
        """A line of the customer, to whoever holds the conversation."""
        chat.lines_left -= 1
        chat.due_since = chat.due_since or self.at
        self._tell(chat, What.CUSTOMER)
        if chat.conversation.holder is Holder.NOBODY:
            chat.conversation = chat.conversation.reopen()
            self.live[chat.conversation.id] = chat
        if chat.conversation.holder is not Holder.BOT:
            return
        rng = self.rng
        signals = Signals(
            anger=rng.random() ** 3,
            asks_for_person=rng.random() < 0.15,
            risk="injury" if rng.random() < 0.03 else None,
            unknown=rng.random() < 0.2,
            misses=rng.randint(0, 1),
            shop_matter=rng.random() < 0.8,
            confidence=rng.random(),
        )
        topic = Topic("a", rng.choice(["warranty", "freight"]))
        circumstances = Circumstances("web", self.at, tags=chat.tags, overloaded=self.overloaded)
        verdict = self.rulebook.verdict(signals, circumstances, topic)
        if verdict is not None:
            self._to_people(chat, verdict.reason.value)
        elif self.rulebook.mode_for("web", self.at) is not Mode.AUTO:
            self._to_people(chat, "customer_request")
        else:
            epoch = chat.conversation.epoch
            self.later(rng.uniform(2, 6), lambda: self._bot_answers(chat, epoch))

    def _bot_answers(self, chat: Chat, epoch: int) -> None:
        if chat.conversation.epoch != epoch or chat.due_since is None:
            return
        self._bot_says(chat)
        if chat.lines_left > 0:
            self.later(self.rng.uniform(5, 300), lambda: self.customer_writes(chat))
        else:
            self.later(1800, lambda: self._close(chat, epoch))

    def _bot_says(self, chat: Chat) -> None:
        self._tell(chat, What.BOT)
        chat.due_since = None

    def _to_people(self, chat: Chat, reason: str) -> None:
        chat.group = route(chat.needs, list(self.groups.values()))
        cap = self.rulebook.overload.queue_cap
        load = load_of(len(self.queue()), cap, was_overloaded=self.overloaded)
        self.overloaded = load.overloaded
        if not (load.may_join and anybody_for(chat.group, self.on_duty(), self.groups, self.at)):
            self._leave_ticket(chat, reason)
            return
        chat.conversation = chat.conversation.hand_over(reason, at=self.at)
        chat.since, chat.counts_from = self.at, waiting_counts_from(self.at, self.hours)
        self._tell(chat, What.HANDED_OVER)
        epoch = chat.conversation.epoch
        self.later(self.rng.uniform(60, 7200), lambda: self._gives_up(chat, epoch))
        self.check()

    def _gives_up(self, chat: Chat, epoch: int) -> None:
        if chat.conversation.epoch == epoch:
            self._back_to_bot(chat)

    def _back_to_bot(self, chat: Chat) -> None:
        reason = chat.conversation.reason or "customer_request"
        chat.conversation = chat.conversation.leave_queue()
        self._tell(chat, What.TO_BOT)
        self._leave_ticket(chat, reason)

    def _leave_ticket(self, chat: Chat, reason: str) -> None:
        """One message, with a number and a time, and the conversation stays with the bot."""
        chat.tickets.append(self.tickets.leave(chat.conversation.id, reason))
        self._bot_says(chat)
        epoch = chat.conversation.epoch
        self.later(1800, lambda: self._close(chat, epoch))

    # -- the desk

    def queue(self) -> list[Chat]:
        """Whoever waits, in the order of the queue."""
        waiting = {
            chat.conversation.id: chat
            for chat in self.live.values()
            if chat.conversation.holder is Holder.QUEUE
        }
        placed = [
            Queued(name, c.conversation.reason, c.since, c.counts_from, c.tags)
            for name, c in waiting.items()
            if c.since and c.counts_from
        ]
        return [waiting[each.conversation] for each in in_order(placed, HeadStarts())]

    def on_duty(self) -> list[OnDuty]:
        """The people as the distribution sees them."""
        return [
            OnDuty(
                each.id,
                each.groups,
                each.presence,
                each.limit,
                self.holding[each.id],
                each.skills,
                each.last_assigned_at,
                each.free_since,
                self.hours,
            )
            for each in self.people.values()
        ]

    def waiting(self) -> list[Waiting]:
        """The queue as the distribution sees it; those who pick by hand do it here, too."""
        return [
            Waiting(
                c.conversation.id,
                c.group,
                c.since or self.at,
                c.conversation.waiting_since,
                c.needs,
                tuple(c.served_by),
                frozenset(c.not_to),
            )
            for c in self.queue()
        ]

    def picking(self) -> dict[str, Group]:
        """Where people pick for themselves, they take the first that waits."""
        return {
            name: Group(name, g.skills, Way.LEAST_BUSY, g.overflow_to, g.overflow_after)
            if g.way is Way.MANUAL
            else g
            for name, g in self.groups.items()
        }

    def check(self) -> None:
        """What a server does every so often and whenever something changed."""
        held = [self._held(c) for c in self.live.values() if c.conversation.agent_id]
        for back in to_reassign(held, self.on_duty(), self.at, silent_after=SILENT_AFTER):
            chat = self.chats[back.conversation]
            chat.not_to.add(back.person)
            self._requeue(chat, back.person)
        queue = self.waiting()
        if not queue:
            return
        people = self.on_duty()
        for made in assign(queue, people, self.picking(), self.at):
            self._given(self.chats[made.conversation], made.person)
        alone = stranded(self.waiting(), people, self.groups, self.at, patience=NOBODY_COMES_AFTER)
        for conversation in alone:
            self._back_to_bot(self.chats[conversation])

    def _held(self, chat: Chat) -> Held:
        person, since = chat.conversation.agent_id, chat.assigned_at
        assert person is not None
        assert since is not None
        return Held(chat.conversation.id, person, since, chat.spoke_at, chat.due_since)

    def _given(self, chat: Chat, person: PersonId) -> None:
        chat.conversation = chat.conversation.assign(person)
        chat.assigned_at, chat.spoke_at = self.at, None
        chat.due_since = chat.due_since or self.at
        self.holding[person] += 1
        self.people[person].last_assigned_at = self.at
        self._tell(chat, What.ASSIGNED)
        if self.rng.random() > 0.12:
            epoch = chat.conversation.epoch
            self.later(self.rng.uniform(5, 240), lambda: self._person_answers(chat, epoch))

    def _person_answers(self, chat: Chat, epoch: int) -> None:
        if chat.conversation.epoch != epoch:
            return
        person, rng = chat.conversation.agent_id, self.rng
        assert person is not None
        if self.people[person].presence in (Presence.LAPSED, Presence.AWAY):
            return
        chat.spoke_at, chat.due_since = self.at, None
        self._tell(chat, What.PERSON)
        if chat.lines_left > 0:
            if rng.random() < 0.2:
                self._tell(chat, What.ASKED)
            self.later(rng.uniform(5, 400), lambda: self._exchange(chat, epoch))
        elif rng.random() < 0.15:
            self._release(person)
            chat.conversation = chat.conversation.return_to_bot(by=person, note="已说明")
            self._tell(chat, What.TO_BOT)
            following = chat.conversation.epoch
            self.later(1800, lambda: self._close(chat, following))
        elif rng.random() < 0.15:
            chat.not_to.add(person)
            chat.group = rng.choice([*self.groups])
            self._requeue(chat, person)
            self.check()
        else:
            self._close(chat, epoch)

    def _exchange(self, chat: Chat, epoch: int) -> None:
        self.customer_writes(chat)
        wait = self.rng.uniform(5, 300)
        self.later(wait, lambda: self._person_answers(chat, epoch))

    def _requeue(self, chat: Chat, person: PersonId) -> None:
        self._release(person)
        chat.served_by = [person, *(p for p in chat.served_by if p != person)]
        chat.conversation = chat.conversation.requeue(at=self.at, by=person)
        chat.due_since = chat.due_since or self.at
        self._tell(chat, What.HANDED_OVER)

    def _release(self, person: PersonId) -> None:
        self.holding[person] -= 1
        self.people[person].free_since = self.at

    def _close(self, chat: Chat, epoch: int) -> None:
        if chat.conversation.epoch != epoch or chat.conversation.holder is Holder.NOBODY:
            return
        person = chat.conversation.agent_id
        if person is not None:
            self._release(person)
        chat.conversation = chat.conversation.close()
        del self.live[chat.conversation.id]
        self._tell(chat, What.CLOSED)

    def _tell(self, chat: Chat, what: What) -> None:
        chat.timeline.append(Moment(self.at, what))
