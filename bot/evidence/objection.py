"""Why a sentence is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong with a sentence."""

    CONTACT = "contact"
    NAME = "name"
    QUANTITY = "quantity"
    DATE = "date"
    CODE = "code"
    BOUND = "bound"
    SUBJECT = "subject"
    PAYER = "payer"
    COST = "cost"
    POLARITY = "polarity"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong, and the words it is wrong about."""

    kind: Kind
    words: str

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.words}"
