"""Follow-ups made self-contained and corrections taken at their word; rules only, no model."""

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


_CORRECTION = re.compile(
    r"(?:^|.*[\s,，.。!?？])"
    r"(?:不对|不是(?:这个|那个|的|啦|哦)?|说错了?|打错了?|搞错了|no|sorry|wait|not that|not this)"
    r"[\s,，.。!]*(?:不对|说错了|打错了|是我(?:说|打)错了)?[\s,，.。!]*"
    r"(?:我(?:是)?(?:想)?(?:问|说|指|要问|意思)的?是|我是说|我是问|应该是|而是|是|i meant?|i mean)"
    r"[\s,，:：]*(?P<meant>.+)$"
)
_SHORTEST_MEANT = 2


def corrected(text: str) -> str | None:
    """What is meant instead: 专票 of 不是这个，我问的是专票; None where nothing is corrected."""
    found = _CORRECTION.match(text)
    if not found:
        return None
    meant = found["meant"].strip()
    return meant if len(meant) >= _SHORTEST_MEANT else None


def readings(text: str, asked_before: Sequence[str]) -> list[str]:
    """The questions a text may stand for, most literal first.

    A correction also stands for just what it puts in place of the question before.
    `asked_before` are the customer's earlier questions of this session, oldest first. A follow-up
    such as 那运费呢 also reads as the last full question with the new words behind it.
    """
    meant = corrected(text)
    if meant is not None:
        return [text, meant]
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
