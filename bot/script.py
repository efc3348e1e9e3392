"""The customer's own script: Simplified or Traditional, and not another language."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bot.wording import Locale

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
_LINK = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+")
_LATIN = re.compile("[A-Za-z]")
_FEW_LETTERS = 12
_CONVERSIONS = {"zh-Hans": "t2s", "zh-Hant": "s2tw"}


def is_in_language(text: str, locale: Locale) -> bool:
    """Whether a text may be shown to a customer who reads `locale`; names may be in any script."""
    text = _LINK.sub("", text)
    if _KANA_HANGUL.search(text):
        return False
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    if locale == "en":
        # A Chinese character carries about as much as three letters.
        return han * 3 <= latin or han + latin == 0
    return latin <= max(_FEW_LETTERS, han * 6)


def in_script(text: str, locale: Locale) -> str:
    """The same words in the customer's script; English is left alone."""
    conversion = _CONVERSIONS.get(locale)
    if conversion is None or text.isascii():
        return text
    converted: str = _converter(conversion).convert(text)
    return converted


@cache
def _converter(conversion: str) -> Any:
    from opencc import OpenCC

    return OpenCC(conversion)
