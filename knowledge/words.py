"""Words of customers and words of a shop: a question is read in the words that articles use.

Two tables ship with the package, for Chinese and for English; a shop adds its own with synonyms,
nicknames of its products and common misspellings. Reading twice changes nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.text import normalise
from knowledge.word_list import WordList, read_word_list

_SHIPPED = Path(__file__).with_name("wording")
# A rewritten word may complete another one; tables that never settle are cut off.
_PASSES = 3

Rule = tuple[re.Pattern[str], str]


@dataclass(frozen=True)
class Words:
    """A table of words that mean the same; immutable, and cheap to apply to a question.

    `standard_of` maps what customers write to what it is read as, `patterns` are rules that look
    at their surroundings, `products_of` maps names and nicknames to product ids. All in normal
    form.
    """

    standard_of: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[Rule, ...] = ()
    products_of: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: Words) -> Words:
        """Both tables; where they disagree the other one counts."""
        return Words(
            {**self.standard_of, **other.standard_of},
            (*self.patterns, *other.patterns),
            {**self.products_of, **other.products_of},
        )

    def standard(self, text: str) -> str:
        """A text in normal form, in standard words; the longest word at each place counts."""
        for _ in range(_PASSES):
            read = text
            if self._written is not None:
                read = self._written.sub(lambda found: self.standard_of[found.group()], read)
            for pattern, instead in self.patterns:
                read = pattern.sub(instead, read)
            if read == text:
                break
            text = read
        return text

    def products(self, text: str) -> frozenset[str]:
        """Ids of the products that a text in normal form names."""
        if self._named is None:
            return frozenset()
        return frozenset(self.products_of[name] for name in self._named.findall(text))

    @functools.cached_property
    def _written(self) -> re.Pattern[str] | None:
        return _any_of(self.standard_of, _protected(self.standard_of))

    @functools.cached_property
    def _named(self) -> re.Pattern[str] | None:
        return _any_of(self.products_of, {})


@functools.cache
def shipped_words() -> Words:
    """The tables that suit any shop."""
    found = Words()
    for path in sorted(_SHIPPED.glob("*.yaml")):
        table = yaml.safe_load(path.read_text("utf-8"))
        standard = {
            normalise(str(word)): normalise(str(meant))
            for meant, words in table["words"].items()
            for word in words
        }
        rules = tuple((re.compile(rule), instead) for rule, instead in table["patterns"].items())
        found |= Words(standard, rules)
    return found


def words_of(lists: Iterable[WordList]) -> Words:
    """The words of a shop's files; where two disagree the later one counts."""
    words = [word for each in lists for word in each.words]
    return Words(
        {each.word: each.standard for each in words if each.word != each.standard},
        (),
        {each.word: each.product for each in words if each.product is not None},
    )


def shop_words(source: str, where: str = "words") -> Words:
    """A shop's own table from YAML, see `read_word_list`."""
    return words_of([read_word_list(source, where)])


def _protected(standard_of: Mapping[str, str]) -> dict[str, set[str]]:
    """For each word the standard words that contain it: 饭煲 in 电饭煲 stays as it is."""
    found: dict[str, set[str]] = {}
    for meant in set(standard_of.values()):
        for length in range(1, len(meant) + 1):
            for start in range(len(meant) - length + 1):
                word = meant[start : start + length]
                if word in standard_of:
                    found.setdefault(word, set()).add(meant)
    return found


def _any_of(words: Mapping[str, Any], protected: Mapping[str, set[str]]) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(
        "|".join(
            _pattern(word, protected.get(word, set()))
            for word in sorted(words, key=lambda word: (-len(word), word))
        )
    )


def _pattern(word: str, within: set[str]) -> str:
    """Latin words stand alone; a word that is part of what it means is not read inside it."""
    pattern = re.escape(word)
    for whole in sorted(within):
        before, _, after = whole.partition(word)
        ahead = f"(?!{re.escape(after)})" if after else ""
        behind = f"(?<!{re.escape(before)})" if before else ""
        pattern = f"{behind}{pattern}{ahead}"
    if word[0].isascii() and word[0].isalnum():
        pattern = r"(?<![a-z0-9])" + pattern
    if word[-1].isascii() and word[-1].isalnum():
        pattern += r"(?![a-z0-9'])"
    return pattern
