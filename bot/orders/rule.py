"""How a text gives away that it is about one matter of an own order."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that can only be said of one's own order, and words that need one to be named.

    `waiting`: only someone who has ordered asks so (怎么还没到). `own`: a general question unless
    the text says whose order it means (什么时候到). `never`: another matter in the same words.
    """

    waiting: re.Pattern[str] | None
    own: re.Pattern[str] | None
    never: re.Pattern[str] | None

    def fits(self, text: str, mine: bool) -> bool:
        """Whether the text is about this matter; `mine` says that it names an own order."""
        if self.never and self.never.search(text):
            return False
        if self.waiting and self.waiting.search(text):
            return True
        return mine and self.own is not None and self.own.search(text) is not None


def rule(*, waiting: str = "", own: str = "", never: str = "") -> Rule:
    """A rule of regular expressions over a folded text in normal form."""
    compiled = (re.compile(part) if part else None for part in (waiting, own, never))
    return Rule(*compiled)


def either(*alternatives: str) -> str:
    """One expression out of several, any of which may match."""
    return "|".join(alternatives)
