"""What may be taken as a message, whoever sends it and however it comes in."""

from __future__ import annotations

import re

from bot.errors import MessageEmpty, MessageTooLong, MessageUnreadable

LONGEST_MESSAGE = 4000
# Line ends and tabs are text; other control characters are not something a person types.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\ufffd]")


def clean_text(text: str) -> str:
    """The text without blank edges; raises MessageUnreadable for binary data."""
    if _CONTROL.search(text):
        raise MessageUnreadable
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def checked_text(text: str) -> str:
    """The text as it may be stored; raises MessageEmpty, MessageTooLong or MessageUnreadable."""
    text = clean_text(text)
    if not text:
        raise MessageEmpty
    if len(text) > LONGEST_MESSAGE:
        raise MessageTooLong
    return text
