"""What the shop's products are called, and which of them a question names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import is_function_token, normalise, tokens

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_BRACKETED = re.compile(r"[(（].*?[)）]")
# 裤子 and 枕头 for 直筒裤 and 乳胶枕: the noun is one character, so its suffix must be there too.
_SHORT_NOUN = re.compile(r"([裤袜枕被柜锅壶灯椅桌鞋杯])(?:子|头)|(茶)叶")
# 龙井 is 茶叶 though neither word stands in the other; its English name says what it is.
_SAME_NOUN = {"茶": "tea"}
# Words of product names that people also use for other things.
_VAGUE_ENGLISH = frozenset(
    tokens(
        "one two three short smart speed high free light pair pack piece place count window set "
        "tin day daily new long built base layer side down staple stretch straight hand made "
        "hour solid range bag air electric seat pre"
    )
)
_VAGUE_CHINESE = re.compile("智能|手工|每日|空气|电热|短款|可视|无线|三人")


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product's name in both languages."""

    zh: str
    en: str


Products = Mapping[str, ProductName]


WEAK = 1
"""The score of a hint (茶叶) that may mean another product as well."""


def how_well_named(products: Products, question: str) -> dict[str, int]:
    """For every product id, how plainly a question in normal form names it; 0 is not at all.

    The number of Chinese characters of the name that the question repeats in one piece, or twice
    the number of English words.
    """
    words = _english_words(question)
    nouns = {a or b for a, b in _SHORT_NOUN.findall(question)}
    return {
        key: len(_repeated(_chinese_runs(name.zh), question))
        or 2 * len(_english_words(name.en) & words)
        or WEAK * any(noun in name.zh or _is_a(noun, name) for noun in nouns)
        for key, name in products.items()
    }


def without_names(products: Products, question: str) -> str:
    """The question with 某某 for each product: 洗碗机 says nothing about washing."""
    pieces = {_repeated(_chinese_runs(name.zh), question) for name in products.values()} - {""}
    for piece in sorted(pieces, key=len, reverse=True):
        question = question.replace(piece, "某某")
    return question


def _is_a(noun: str, name: ProductName) -> bool:
    return _SAME_NOUN.get(noun) in _english_words(name.en)


def _repeated(runs: tuple[str, ...], question: str) -> str:
    """The longest piece of two characters or more that stands in the question, or nothing."""
    best = ""
    for run in runs:
        for start in range(len(run)):
            for end in range(start + max(2, len(best) + 1), len(run) + 1):
                piece = run[start:end]
                if piece in question and not _VAGUE_CHINESE.fullmatch(piece):
                    best = piece
    return best


@lru_cache(maxsize=4096)
def _chinese_runs(name: str) -> tuple[str, ...]:
    return tuple(_HAN.findall(normalise(_BRACKETED.sub("", name))))


@lru_cache(maxsize=4096)
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
