"""Cuts a text that is still being written into whole sentences."""

from __future__ import annotations

import re

# A marker or a closing quote behind the full stop still belongs to the sentence.
_AFTER = r"(?:[”’」』）)\"]|\s?[\[［【]\d[\d,，、\s]*[\]］】])*"
_END = re.compile(
    rf"[。！？；…]+{_AFTER}"
    # An ASCII mark ends a sentence before a space only: not in 1.5, example.com/?a=1 or 2.4 GHz.
    rf"|(?<!\be\.g)(?<!\bi\.e)(?<!\bNo)(?<!\bapprox)(?<!\b[A-Z])(?<!^\d)(?<!^\d\d)(?<!\n\d)[.!?;]+"
    rf"{_AFTER}(?=\s|$)"
    r"|\n+",
)
_MAY_GO_ON = re.compile(r"[\s。！？；….!?;”’」』）)\"\[［【\]］】\d,，、]*$")


class Sentences:
    """Takes pieces of text and gives back the sentences that are complete.

    What is given back, joined, is the text that was fed. A sentence counts as complete only when
    something else follows it, since a marker may come behind its full stop.
    """

    def __init__(self) -> None:
        self._text = ""

    def feed(self, piece: str) -> list[str]:
        """The sentences that the new piece completed."""
        self._text += piece
        # Everything from here on may still belong to the sentence before.
        certain = _MAY_GO_ON.search(self._text)
        limit = certain.start() if certain else len(self._text)
        found: list[str] = []
        while True:
            end = next(
                (m.end() for m in _END.finditer(self._text) if self._text[: m.end()].strip()), None
            )
            if end is None or end > limit:
                return found
            found.append(self._text[:end])
            self._text = self._text[end:]
            limit -= end

    def rest(self) -> tuple[list[str], str]:
        """What is left: the complete sentences, and the unfinished one (empty if none)."""
        found: list[str] = []
        while True:
            end = next(
                (m.end() for m in _END.finditer(self._text) if self._text[: m.end()].strip()), None
            )
            if end is None:
                unfinished, self._text = self._text, ""
                return found, unfinished
            found.append(self._text[:end])
            self._text = self._text[end:]
