"""Hides personal numbers from the model: it never needs them to word an answer."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
_CARD = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){12,18}(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d){8}(?![0-9A-Za-z])")
_TAIWAN_MOBILE = re.compile(r"(?<![0-9A-Za-z])09\d\d-?\d{3}-?\d{3}(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """The text with e-mail addresses, identity, card and mobile numbers left out."""
    text = _EMAIL.sub("(e-mail)", text)
    text = _IDENTITY.sub("(id number)", text)
    text = _CARD.sub(lambda m: "(card number)" if _checks(m[0]) else m[0], text)
    return _TAIWAN_MOBILE.sub("(phone)", _MOBILE.sub("(phone)", text))


def _checks(number: str) -> bool:
    """Luhn's checksum, which tells a card from an order number nine times out of ten."""
    digits = [int(char) for char in reversed(number) if char.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
