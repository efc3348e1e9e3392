"""Holds what customers were told against what the store says. Pure functions over rows.

Every function returns problems instead of raising the first: a run that broke something shows all
of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from tests.faults.acknowledgements import Acknowledgement
from tests.faults.rows import Row, Rows

# Outcomes that no turn decided: a person holds the conversation, or it is over.
_WITHOUT_A_TURN = ("with_person", "closed")
# What a customer's stream carries of the log.
TOLD = ("message.created", "conversation.updated", "conversation.rated")


class Kind(StrEnum):
    """What can be wrong."""

    LOST = "lost"
    ALTERED = "altered"
    DOUBLED = "doubled"
    NO_OUTCOME = "without outcome"
    WRONG_OUTCOME = "wrong outcome"
    UNEXPLAINED_REPLY = "reply without decision"
    GAP = "gap"
    ORDER = "order"
    AFTER_TAKEOVER = "spoke after a takeover"
    LISTENER = "listener saw something else"


class Problem(NamedTuple):
    """One thing that is wrong."""

    kind: Kind
    conversation: str
    detail: str


class Heard(NamedTuple):
    """An event as a listener got it."""

    seq: int
    type: str
    data: Mapping[str, Any]


@dataclass
class State:
    """A conversation as a page shows it; a message that is told again replaces itself."""

    holder: str = "bot"
    epoch: int = 0
    messages: dict[int, tuple[str, str, str]] = field(default_factory=dict)

    def show(self, message: Mapping[str, Any], sender: str) -> None:
        """One message more."""
        self.messages[message["seq"]] = (message["id"], sender, _text(message["parts"]))

    def hear(self, event: Heard) -> None:
        """What an event changes."""
        if event.type == "message.created":
            said = event.data["message"]
            self.show(said, said["sender"]["kind"])
        elif event.type == "conversation.updated":
            self.holder = event.data["conversation"]["holder"]
            self.epoch = event.data["conversation"]["epoch"]


@dataclass
class Page:
    """What a page was given when it was opened, after which event, and what it heard since."""

    conversation: str
    after: int = 0
    given: State = field(default_factory=State)
    heard: list[Heard] = field(default_factory=list)

    def state(self) -> State:
        """What it shows."""
        shown = deepcopy(self.given)
        for event in self.heard:
            shown.hear(event)
        return shown

    @property
    def last(self) -> int:
        """The event to resume after."""
        return self.heard[-1].seq if self.heard else self.after


def problems(
    acknowledged: Iterable[Acknowledgement],
    rows: Rows,
    pages: Iterable[Page] = (),
) -> list[Problem]:
    """Everything that is wrong, once nothing is due any more and every listener has caught up."""
    found = [*_lost(acknowledged, rows)]
    checks: tuple[Callable[[Rows], Iterator[Problem]], ...] = (
        _doubled,
        _outcomes,
        _replies,
        _gaps,
        _order,
        _holders,
    )
    for check in checks:
        found += check(rows)
    return [*found, *_listeners(pages, rows)]


def _by_conversation(rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["conversation_id"]].append(row)
    return grouped


def _text(parts: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join(str(part.get("text", "")) for part in parts)


def _lost(acknowledged: Iterable[Acknowledgement], rows: Rows) -> Iterator[Problem]:
    """Acknowledged means stored: that message, at that place, in those words."""
    stored = {
        (row["conversation_id"], row["client_message_id"]): row
        for row in rows.messages
        if row["sender_kind"] == "customer"
    }
    for each in acknowledged:
        row = stored.get((each.conversation, each.client_message_id))
        if row is None:
            yield Problem(Kind.LOST, each.conversation, each.client_message_id)
        elif (row["id"], row["seq"], _text(row["parts"])) != (
            each.message_id,
            each.seq,
            each.text,
        ):
            yield Problem(Kind.ALTERED, each.conversation, f"{each} is {dict(row)}")


def _doubled(rows: Rows) -> Iterator[Problem]:
    """Stored once, settled by one decision, and no reply given for two."""
    ids = Counter((row["conversation_id"], row["id"]) for row in rows.messages)
    sent = Counter(
        (row["conversation_id"], f"{row['sender_kind']} {row['client_message_id']}")
        for row in rows.messages
        if row["client_message_id"] is not None
    )
    replies = Counter(
        (row["conversation_id"], row["reply_id"])
        for row in rows.decisions
        if row["reply_id"] is not None
    )
    for counted in (ids, sent, replies):
        for (conversation, what), times in counted.items():
            if times > 1:
                yield Problem(Kind.DOUBLED, conversation, f"{what}: {times} times")
    for conversation, decisions in _by_conversation(rows.decisions).items():
        for before, after in pairwise(decisions):
            if after["first_seq"] <= before["last_seq"]:
                yield Problem(Kind.DOUBLED, conversation, f"settled twice: {before}, {after}")


def _outcomes(rows: Rows) -> Iterator[Problem]:
    """Every customer message has exactly one, the one that its decision says."""
    decisions = _by_conversation(rows.decisions)
    for row in rows.messages:
        if row["sender_kind"] != "customer":
            continue
        conversation, seq = row["conversation_id"], row["seq"]
        covering = [
            (decision["kind"], decision["reply_id"])
            for decision in decisions[conversation]
            if decision["first_seq"] <= seq <= decision["last_seq"]
        ]
        settled = (row["outcome"], row["settled_by"])
        if not row["outcome"]:
            yield Problem(Kind.NO_OUTCOME, conversation, f"message {seq}")
        elif covering != ([] if row["outcome"] in _WITHOUT_A_TURN else [settled]):
            yield Problem(Kind.WRONG_OUTCOME, conversation, f"{seq}: {settled} by {covering}")
    for row in rows.due:
        yield Problem(Kind.NO_OUTCOME, row["conversation_id"], "a turn is still due")


def _replies(rows: Rows) -> Iterator[Problem]:
    """The bot says what was decided, and nothing else."""
    said = {(r["conversation_id"], r["id"]) for r in rows.messages if r["sender_kind"] == "bot"}
    decided = {(r["conversation_id"], r["reply_id"]) for r in rows.decisions}
    for conversation, reply in said - decided:
        yield Problem(Kind.UNEXPLAINED_REPLY, conversation, f"no decision led to {reply}")
    for conversation, reply in decided - said:
        yield Problem(Kind.UNEXPLAINED_REPLY, conversation, f"decided but never said: {reply}")


def _gaps(rows: Rows) -> Iterator[Problem]:
    """What listeners resume by: every number once, up to what the conversation says."""
    tables = {
        "last_seq": _by_conversation(rows.messages),
        "event_seq": _by_conversation(rows.events),
    }
    for conversation in rows.conversations:
        for last, table in tables.items():
            numbers = sorted(row["seq"] for row in table[conversation["conversation_id"]])
            if numbers != [*range(1, conversation[last] + 1)]:
                yield Problem(
                    Kind.GAP,
                    conversation["conversation_id"],
                    f"{last} {conversation[last]}: {numbers}",
                )


def _order(rows: Rows) -> Iterator[Problem]:
    """The log tells the messages in their order, within a conversation and over the shop."""
    messages = _by_conversation(rows.messages)
    for conversation, events in _by_conversation(rows.events).items():
        in_log = [
            (event["payload"]["message"]["id"], event["payload"]["message"]["seq"])
            for event in sorted(events, key=lambda event: event["seq"])
            if event["type"] == "message.created"
        ]
        stored = sorted(messages[conversation], key=lambda row: row["seq"])
        if in_log != [(row["id"], row["seq"]) for row in stored]:
            yield Problem(Kind.ORDER, conversation, "the log and the messages differ")
        by_shop = [event["seq"] for event in sorted(events, key=lambda event: event["id"])]
        if by_shop != sorted(by_shop):
            yield Problem(Kind.ORDER, conversation, f"in the shop's order: {by_shop}")


def _holders(rows: Rows) -> Iterator[Problem]:
    """Told again from the log, the bot speaks only where it holds, as of the epoch it read."""
    epochs = {row["reply_id"]: row["epoch"] for row in rows.decisions}
    events = _by_conversation(rows.events)
    for conversation in rows.conversations:
        name, holder, epoch = conversation["conversation_id"], "bot", 0
        for event in sorted(events[name], key=lambda event: event["seq"]):
            payload = event["payload"]
            if event["type"] == "conversation.updated":
                if payload["epoch"] != epoch + 1:
                    yield Problem(Kind.ORDER, name, f"epoch {payload['epoch']} after {epoch}")
                holder, epoch = payload["holder"], payload["epoch"]
            elif event["type"] == "message.created":
                message = payload["message"]
                who = message["sender"]["kind"]
                if who == "bot" and (holder, epochs.get(message["id"], epoch)) != ("bot", epoch):
                    yield Problem(
                        Kind.AFTER_TAKEOVER, name, f"message {message['seq']} while {holder} holds"
                    )
                if who == "person" and holder != "agent":
                    yield Problem(Kind.ORDER, name, f"a person spoke while {holder} holds")
        if (holder, epoch) != (conversation["holder"], conversation["epoch"]):
            yield Problem(Kind.ORDER, name, f"the log ends with {holder}, epoch {epoch}")


def _listeners(pages: Iterable[Page], rows: Rows) -> Iterator[Problem]:
    """Old state and events make the fresh state, with each event of the log heard once."""
    events, messages = _by_conversation(rows.events), _by_conversation(rows.messages)
    conversations = {row["conversation_id"]: row for row in rows.conversations}
    for page in pages:
        name = page.conversation
        expected = [
            (row["seq"], row["type"])
            for row in events[name]
            if row["type"] in TOLD and row["seq"] > page.after
        ]
        if [(event.seq, event.type) for event in page.heard] != expected:
            seqs = [event.seq for event in page.heard]
            yield Problem(Kind.LISTENER, name, f"{seqs} instead of {[s for s, _ in expected]}")
        row = conversations[name]
        fresh = State(row["holder"], row["epoch"])
        for stored in messages[name]:
            fresh.show(stored, stored["sender_kind"])
        if page.state() != fresh:
            yield Problem(Kind.LISTENER, name, f"shows {page.state()} instead of {fresh}")
