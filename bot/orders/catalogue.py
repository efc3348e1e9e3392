"""What the shop's products are called, and which of them a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.text import is_function_token, normalise, tokens

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_BRACKETED = re.compile(r"[(（].*?[)）]")
# 裤子 and 枕头 for 直筒裤 and 乳胶枕: the noun is one character, so its suffix must be there too.
_SHORT_NOUN = re.compile(r"([裤袜枕被柜锅壶灯椅桌鞋杯])(?:子|头)|(茶)叶")
_VAGUE_ENGLISH = frozenset(
    [
        "short",
        "smart",
        "speed",
        "high",
        "free",
        "light",
        "pair",
        "pack",
        "piece",
        "place",
        "count",
        "window",
        "set",
        "tin",
        "day",
        "daily",
        "new",
        "long",
        "built",
        "base",
        "layer",
        "side",
        "down",
        "staple",
        "stretch",
        "straight",
        "hand",
        "made",
        "hour",
    ]
)
_VAGUE_CHINESE = frozenset(["智能", "手工", "每日", "每天", "空气", "电热", "短款", "可视", "无线"])


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product's name in both languages."""

    zh: str
    en: str


Products = Mapping[str, ProductName]


def how_well_named(name: ProductName, question: str) -> int:
    """How many characters (English: words) of the name a question in normal form repeats.

    0 when it does not name the product at all.
    """
    chinese = _named_in_chinese(_BRACKETED.sub("", name.zh), question)
    return chinese or len(_english_words(name.en) & _english_words(question))


def _named_in_chinese(name: str, question: str) -> int:
    best = 0
    for run in _HAN.findall(normalise(name)):
        for start in range(len(run)):
            for end in range(start + max(2, best + 1), len(run) + 1):
                piece = run[start:end]
                if piece not in _VAGUE_CHINESE and piece in question:
                    best = end - start
    if best:
        return best
    nouns = {a or b for a, b in _SHORT_NOUN.findall(question)}
    return int(any(noun in name for noun in nouns))


def _english_words(text: str) -> frozenset[str]:
    return frozenset(
        token
        for token in tokens(text)
        if token.isascii()
        and token.isalpha()
        and len(token) > 2
        and token not in _VAGUE_ENGLISH
        and not is_function_token(token)
    )
