"""What the check finds: which rule, the very words, why, and how much it matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.errors import BotError


class Rule(StrEnum):
    """The rules that ship; a shop's own list may name others."""

    SUPERLATIVE = "superlative"
    MEDICAL_CLAIM = "medical_claim"
    OFF_PLATFORM = "off_platform"
    PROMISE = "promise"


class Severity(StrEnum):
    """`stop`: the bot must not send it. `warn`: worth a look by a person, no reason to hold it."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One stretch of a text that may not be said; `words` stand in the text as written there.

    `rule` is a `Rule` or the name that a shop gave its own rule. `why` is a sentence for the
    person who wrote the text. `start` counts characters from the beginning of the text; None
    where the words stand there in another spelling, as a link in wide letters does.
    """

    rule: str
    words: str
    why: str
    severity: Severity = Severity.STOP
    start: int | None = None

    def to_json(self) -> dict[str, Any]:
        """As the desk shows it and the records keep it."""
        end = None if self.start is None else self.start + len(self.words)
        return {
            "rule": self.rule,
            "words": self.words,
            "start": self.start,
            "end": end,
            "why": self.why,
            "severity": self.severity.value,
        }


class OutgoingStopped(BotError):
    """The text says what may not be said; change it, or send it again with an override."""

    def __init__(self, text: str = "", findings: Sequence[Finding] = (), version: str = "") -> None:
        stopped = [finding for finding in findings if finding.severity is Severity.STOP]
        self.rules = list(dict.fromkeys(str(finding.rule) for finding in stopped))
        self.members: dict[str, Any] = {
            "text": text,
            "policy": version,
            "rules": self.rules,
            "findings": [finding.to_json() for finding in findings],
        }
        told = " ".join(f"“{one.words}” ({one.rule}): {one.why}" for one in stopped)
        super().__init__(
            f"{told} Change these words; or send the same client_message_id again with "
            '"override": {"rules": [all the rules named here], "reason": "why it must be said"}, '
            "which is kept with the message for the people of the shop."
        )
