"""Links, e-mail addresses and telephone numbers: whatever takes a customer somewhere else."""

from __future__ import annotations

import re
import unicodedata

_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"'，。；、！？（）「」《》\u3400-\u9fff]+"
    r"|(?<![a-z0-9@.-])(?:[a-z0-9-]+\.)+(?:com|cn|net|org|shop|store|top|io|co|hk|tw|xyz|vip|info|me|cc)"
    r"(?:/[^\s<>()\[\]\"'，。；、！？（）「」《》\u3400-\u9fff]*)?(?![a-z0-9])"
)
_PHONE = re.compile(r"(?<![a-z0-9_.])\+?\d(?:[\s()-]{0,2}\d){6,}(?![\w.]*\d)")
_DATE_LIKE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}|^\d{1,2}-\d{1,2}$")
_RANGE = re.compile(r"\d{1,4}\s?-\s?\d{1,4}")


def contacts(text: str) -> set[str]:
    """Every link, address and number of seven digits or more, in one spelling."""
    text = unicodedata.normalize("NFKC", text).lower()
    found = {match[0] for match in _EMAIL.finditer(text)}
    text = _EMAIL.sub(" ", text)
    found |= {_bare(match[0]) for match in _LINK.finditer(text)}
    text = _LINK.sub(" ", text)
    for match in _PHONE.finditer(re.sub(r"(?<=\d),(?=\d{3})", "", text)):
        if not (_DATE_LIKE.match(match[0]) or _RANGE.fullmatch(match[0])):
            digits = re.sub(r"\D", "", match[0])
            found.add(digits.removeprefix("86") if len(digits) == 13 else digits)
    return found


def _bare(link: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link).rstrip("/.,;:!?。")
