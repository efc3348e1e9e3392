"""What the check finds: which rule, the very words, why, and how much it matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    person who wrote the text.
    """

    rule: str
    words: str
    why: str
    severity: Severity = Severity.STOP
