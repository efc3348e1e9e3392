"""What the widget says first: a welcome and likely questions, by page, hour and who is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

_OPEN, _CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True)
class Likely:
    """A question to offer, perhaps only while people are there, or at some hours of the day."""

    question: str
    when: str | None = None
    start: time | None = None
    end: time | None = None

    def fits(self, clock: time, *, is_open: bool) -> bool:
        """Whether to offer it at this time of the shop's day."""
        if self.when is not None and (self.when == _OPEN) is not is_open:
            return False
        start, end = self.start or time.min, self.end or time.max
        if self.end is not None and end <= start:
            # From the evening until after midnight.
            return clock >= start or clock < end
        return start <= clock and (self.end is None or clock < end)


@dataclass(frozen=True, slots=True)
class Welcome:
    """The first words of one kind of page, by language."""

    texts: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, tuple[Likely, ...]]

    def text(self, language: str, *, is_open: bool) -> str:
        """The welcome; in Chinese where there is none in the language."""
        by_state = self.texts.get(language) or self.texts.get("zh") or {}
        return by_state.get(_OPEN if is_open else _CLOSED, "")

    def likely_questions(self, language: str, clock: time, *, is_open: bool) -> list[str]:
        """The questions to offer, in the shop's order."""
        rows = self.questions.get(language, ())
        return [row.question for row in rows if row.fits(clock, is_open=is_open)]


def welcomes_of(pages: Mapping[str, Any]) -> dict[str, Welcome]:
    """The shop file's `pages`, by kind of page; raises ValueError that names what is wrong."""
    return {
        kind: Welcome(
            texts={
                language: _texts(text) for language, text in (page.get("welcome") or {}).items()
            },
            questions={
                language: tuple(_likely(row) for row in rows)
                for language, rows in (page.get("likely_questions") or {}).items()
            },
        )
        for kind, page in pages.items()
    }


def _texts(text: object) -> dict[str, str]:
    """One text for always, or {open: …, closed: …}."""
    if isinstance(text, str):
        return {_OPEN: text, _CLOSED: text}
    if not isinstance(text, Mapping) or set(text) != {_OPEN, _CLOSED}:
        raise ValueError(f"welcome is a text, or one for `open` and one for `closed`, not {text!r}")
    return {state: str(words) for state, words in text.items()}


def _likely(row: Mapping[str, Any]) -> Likely:
    when = row.get("when")
    if when not in (None, _OPEN, _CLOSED):
        raise ValueError(f"`when` of a likely question is open or closed, not {when!r}")
    return Likely(str(row["question"]), when, _clock(row, "from"), _clock(row, "until"))


def _clock(row: Mapping[str, Any], key: str) -> time | None:
    value = row.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        # YAML reads 18:00 without quotes as a number to the base of sixty.
        raise ValueError(f"`{key}` of a likely question is a time in quotes, like '18:00'")
    return time.fromisoformat(value)
