"""Messages as the desk sees them: in their order, with the bot's trail and people's overrides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.http.markup import dressed
from handoff.desk import OVERRIDDEN
from handoff.feed import Event
from handoff.listing import Decision
from handoff.messages import Message
from knowledge.text import normalise


def told(
    messages: Sequence[Message], events: Sequence[Event], decisions: Sequence[Decision]
) -> list[dict[str, Any]]:
    """Every message with `event_seq`, `decision` and `override`, None where there is none."""
    trail = _trail(messages, decisions)
    places = {
        event.payload["message"]["id"]: event.seq
        for event in events
        if event.type == "message.created"
    }
    overrides = {
        event.payload["message_id"]: event.payload for event in events if event.type == OVERRIDDEN
    }
    return [
        {
            **dressed(message.to_json()),
            "event_seq": places.get(message.id),
            "decision": trail.get(message.id) or trail.get(message.seq),
            "override": overrides.get(message.id),
        }
        for message in messages
    ]


def _trail(
    messages: Sequence[Message], decisions: Sequence[Decision]
) -> dict[str | int, Mapping[str, Any]]:
    """Decision records by the reply that carried them and by the customer message they answer."""
    found: dict[str | int, Mapping[str, Any]] = {}
    for decision in decisions:
        typed = "\n".join(
            message.text
            for message in messages
            if message.sender_kind == "customer"
            and decision.first_seq <= message.seq <= decision.last_seq
        )
        record = {
            **decision.record,
            "typed": typed,
            "rewritten": _differs(typed, str(decision.record.get("question") or "")),
        }
        found[decision.reply_id or decision.last_seq] = record
        if decision.kind == "hand_over":
            found[decision.last_seq] = record
    return found


def _differs(typed: str, question: str) -> bool:
    """Whether the bot searched for other words than were typed; marks and spelling aside."""
    return bool(typed and question) and _bare(typed) != _bare(question)


def _bare(text: str) -> str:
    return "".join(char for char in normalise(text) if char.isalnum())
