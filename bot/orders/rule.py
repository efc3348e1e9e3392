"""How a text gives away that it is about one matter of an own order."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that can only be said of one's own order, and words that need one to be named.

    `waiting`: only someone who has ordered asks so (怎么还没到). `own`: a general question unless
    the text says whose order it means or names something ordered (加湿器什么时候到). `told`: one
    that stays general for whoever owns the thing (油烟机保修几年), so the text must say that it
    means the writer's own (我买的油烟机). `never`: another matter in the same words.
    """

    waiting: re.Pattern[str] | None
    own: re.Pattern[str] | None
    told: re.Pattern[str] | None
    never: re.Pattern[str] | None

    def fits(self, text: str, *, mine: bool, owned: bool) -> bool:
        """Whether the text is about this matter.

        `mine` says that it speaks of the writer's own order, `owned` that it names something
        the writer has ordered.
        """
        if _in(self.never, text):
            return False
        return (
            _in(self.waiting, text)
            or ((mine or owned) and _in(self.own, text))
            or (mine and _in(self.told, text))
        )


def rule(*, waiting: str = "", own: str = "", told: str = "", never: str = "") -> Rule:
    """A rule of regular expressions over a folded text in normal form."""
    compiled = (re.compile(part) if part else None for part in (waiting, own, told, never))
    return Rule(*compiled)


def either(*alternatives: str) -> str:
    """One expression out of several, any of which may match."""
    return "|".join(alternatives)


def _in(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
