"""What one turn decided, and the record that explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

RECORD_VERSION = 1


class Kind(StrEnum):
    """The five ways a turn can end."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    ACT = "act"
    HAND_OVER = "hand_over"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Decision:
    """The reply and everything that must be stored with it.

    `cited` are the ids of the articles the reply rests on, `offered` those among its choices.
    `missed` says that the customer's question went unanswered.
    """

    kind: Kind
    parts: Sequence[Mapping[str, Any]]
    sources: Sequence[Mapping[str, Any]] = ()
    cited: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    origin: str = "curated"
    ai_generated: bool = False
    reason: str | None = None
    rule: str | None = None
    score: float = 0.0
    missed: bool = False
    confidence: float = 0.0
    record: Mapping[str, Any] = field(default_factory=dict)


def text_part(text: str) -> dict[str, Any]:
    """A part of Markdown text; its safe HTML is made where it leaves the house."""
    return {"type": "text", "text": text, "format": "markdown"}
