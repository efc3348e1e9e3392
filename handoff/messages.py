"""Messages as lists of typed parts, and how they look to whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message about to be said by the bot or a person.

    `origin` is curated, generated, assisted or typed; `ai_generated` is the mark the law asks for.
    """

    parts: Sequence[Part]
    origin: str
    sources: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    ai_generated: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message."""

    id: str
    conversation_id: str
    seq: int
    session: int
    sender_kind: str
    sender_name: str | None
    origin: str | None
    ai_generated: bool
    parts: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    client_message_id: str | None
    settled_by: str | None
    outcome: str | None
    created_at: datetime

    @staticmethod
    def of(row: Row[Any]) -> Message:
        """From a row of the message table."""
        return Message(
            id=row.id,
            conversation_id=row.conversation_id,
            seq=row.seq,
            session=row.session,
            sender_kind=row.sender_kind,
            sender_name=row.sender_name,
            origin=row.origin,
            ai_generated=row.ai_generated,
            parts=list(row.parts),
            sources=list(row.sources),
            client_message_id=row.client_message_id,
            settled_by=row.settled_by,
            outcome=row.outcome,
            created_at=row.created_at,
        )

    @property
    def text(self) -> str:
        """The readable words of all parts, one part a line."""
        return text_of(self.parts)

    def to_json(self) -> dict[str, Any]:
        """As customers and people at the desk see it."""
        return {
            "id": self.id,
            "seq": self.seq,
            "sender": {"kind": self.sender_kind, "name": self.sender_name},
            "origin": self.origin,
            "ai_generated": self.ai_generated,
            "parts": self.parts,
            "sources": self.sources,
            "created_at": self.created_at.isoformat(),
            "client_message_id": self.client_message_id,
        }


def text_of(parts: Sequence[Part]) -> str:
    """The readable words of `parts`: texts, chosen options, and what was offered."""
    lines = []
    for part in parts:
        if part["type"] in ("text", "choice"):
            lines.append(str(part["text"]))
        elif part["type"] == "choices":
            lines.append(str(part.get("prompt", "")))
            lines += [f"{n}. {option['text']}" for n, option in enumerate(part["options"], 1)]
        elif part["type"] == "order_card":
            lines += [str(part["title"]), *map(str, part["lines"])]
    return "\n".join(line for line in lines if line)
