"""A text as it is compared, with the way back to the words that were written.

Whoever wants to get past a list writes 最 好, 微/信 or ＶＸ. So characters are folded one by one
(width, case, script), and marks between Chinese characters are left out, except those that end a
clause: what stands in two sentences must not grow together.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import normalise

# Kept although they are neither letters nor digits: ends of clauses, and signs with a meaning.
_KEPT = frozenset(",。!?;:、\n()[]{}「」『』《》<>%+¥$€£@#&=")
_MARKUP = re.compile(r"\*\*|__|~~|`")
_PAUSE = re.compile(r"\.{2,}|-{2,}|—{2,}|…+")
# More than this between two characters is no longer one word in disguise.
_LONGEST_GAP = 4
_SPELT_OUT = re.compile(
    r"(?<![\u3400-\u9fff])[\u3400-\u9fff](?:[,、][\u3400-\u9fff]){2,}(?![\u3400-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """`text` in the compared form; `origin[i]` is where its i-th character came from."""

    written: str
    text: str
    origin: tuple[int, ...]

    def words(self, start: int, end: int) -> str:
        """The written words behind the stretch from `start` to `end` of the compared form."""
        return self.written[self.origin[start] : self.origin[end - 1] + 1]


def level(written: str) -> Spelling:
    """One width, case and script; nothing but markup and invisible characters is left out."""
    skipped = {i for found in _MARKUP.finditer(written) for i in range(*found.span())}
    characters: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(written):
        if i in skipped:
            continue
        for folded in _fold(char):
            if folded == " " and characters and characters[-1] in " \n":
                continue
            characters.append(folded)
            origin.append(i)
    return Spelling(written, "".join(characters), tuple(origin))


def dense(spelling: Spelling) -> Spelling:
    """Without the marks, spaces and pictures that stand beside a Chinese character."""
    text = _PAUSE.sub(lambda found: "," * len(found[0]), spelling.text)
    text = _SPELT_OUT.sub(lambda found: re.sub("[,、]", " ", found[0]), text)
    kept: list[int] = []
    i = 0
    while i < len(text):
        if not _is_noise(text[i]):
            kept.append(i)
            i += 1
            continue
        end = i
        while end < len(text) and _is_noise(text[end]):
            end += 1
        beside = text[i - 1 : i] + text[end : end + 1]
        # A bar with room around it is the border of a table's cell.
        apart = end - i > _LONGEST_GAP or " | " in text[i:end]
        if apart or not any(_is_han(char) for char in beside):
            kept.extend(range(i, end))
        i = end
    return Spelling(
        spelling.written,
        "".join(text[k] for k in kept),
        tuple(spelling.origin[k] for k in kept),
    )


@lru_cache(maxsize=16_384)
def compared(written: str) -> tuple[str, str]:
    """A text that others are held against, level and dense; remembered, since articles recur."""
    straight = level(written)
    return straight.text, dense(straight).text


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """`text` with every match turned into full stops, so that places stay where they are."""
    return pattern.sub(lambda found: "。" * len(found[0]), text)


@lru_cache(maxsize=20_000)
def _fold(char: str) -> str:
    if char in "\n\r\u2028\u2029":
        return "\n"
    if char.isspace():
        return " "
    folded = normalise(char)
    # Strokes and frames put over a character (1⃣, 最̶) are decoration.
    return "".join(c for c in folded if unicodedata.category(c) not in ("Mn", "Me"))


def _is_noise(char: str) -> bool:
    return not (char.isalnum() or char in _KEPT)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
