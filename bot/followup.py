"""A follow-up made self-contained with what was asked before; rules only, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FOLLOW_UP = re.compile(
    r"^(那|那么|那个|这个|它|还有|另外|然后|所以)"
    r"|^.{1,8}呢[??!。]?$"
    r"|^(and|so|then|what about|how about|what if|is it|does it|can it|it|that|this)\b"
)
_LONGEST_FOLLOW_UP = 14
_LONGEST_ENGLISH_FOLLOW_UP = 8
_OPENING = re.compile(r"^(那么|那|还有|另外|然后|所以|and|so|then|what about|how about)\s*")
_CLOSING = re.compile(r"呢[??!。]?$|[??!。]+$")


def is_follow_up(text: str) -> bool:
    """Whether a text in normal form leans on what was said before it."""
    if not _FOLLOW_UP.search(text):
        return False
    if re.search(r"[\u4e00-\u9fff]", text):
        return len(text) <= _LONGEST_FOLLOW_UP
    return len(text.split()) <= _LONGEST_ENGLISH_FOLLOW_UP


def readings(text: str, asked_before: Sequence[str]) -> list[str]:
    """The questions a text may stand for, most literal first.

    `asked_before` are the customer's earlier questions of this session, oldest first. A follow-up
    such as 那运费呢 also reads as the last full question with the new words behind it.
    """
    if not asked_before or not is_follow_up(text):
        return [text]
    full = next((q for q in reversed(asked_before) if not is_follow_up(q)), asked_before[-1])
    new = _CLOSING.sub("", _OPENING.sub("", text)).strip() or text
    return [text, f"{_CLOSING.sub('', full)} {new}"]


_ORDINALS = {"一": 0, "二": 1, "两": 1, "三": 2, "first": 0, "second": 1, "third": 2}
_PICK = re.compile(
    r"^(?:选|要|就|我选|我要|option|number|no\.?|the)?\s*第?\s*([1-3一二两三]|first|second|third)\s*"
    r"(?:个|项|条|种|one|option)?[.。!)]?$"
)


def picked(text: str, options: int) -> int | None:
    """Which of `options` choices a short answer such as 2, 第三个 or "the second one" means."""
    found = _PICK.match(text.strip())
    if not found:
        return None
    word = found.group(1)
    index = int(word) - 1 if word.isdigit() else _ORDINALS[word]
    return index if index < options else None
