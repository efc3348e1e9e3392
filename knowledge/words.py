"""Words of customers and words of a shop: a question is read in the words that articles use.

Two tables ship with the package, for Chinese and for English; a shop adds its own with synonyms,
nicknames of its products and common misspellings. Reading twice changes nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import ImportRefused
from knowledge.text import normalise

_SHIPPED = Path(__file__).with_name("wording")
_SECTIONS = ("synonyms", "misspellings", "products")
_KEYS = {"name", "nicknames"}
_LONGEST_WORD = 40
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


def shop_words(source: str, where: str = "words") -> Words:
    """A shop's own table from YAML. Raises `ImportRefused`, which names the line and the remedy.

    `source` holds any of three sections. `synonyms` is a list of groups whose members are all
    read as the first; `misspellings` maps a wrong word to the right one; `products` maps a
    product id to its `name` in the articles and its `nicknames`.
    """
    return _Reader(where).read(source)


class _Reader:
    """Reads one shop's table and knows the line of everything in it."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._standard: dict[str, tuple[str, int]] = {}
        self._products: dict[str, str] = {}

    def read(self, source: str) -> Words:
        try:
            root = yaml.compose(source, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ImportRefused(
                f"{self._where}, line {line}: this is not YAML ({error.problem}); "
                "check indentation, colons and brackets"
            ) from error
        if root is None:
            return Words()
        for name, section in self._pairs(root, "the table"):
            if name not in _SECTIONS:
                self._refuse(section, f"unknown section {name!r}; use {', '.join(_SECTIONS)}")
            getattr(self, f"_read_{name}")(section)
        self._check_chains()
        standard = {word: meant for word, (meant, _) in self._standard.items()}
        return Words(standard, (), self._products)

    def _read_synonyms(self, node: yaml.Node) -> None:
        for group in self._items(node, "synonyms"):
            first, *others = self._items(group, "a group of synonyms") or [None]
            if first is None or not others:
                self._refuse(group, "a group needs two words or more; complete or delete it")
                continue
            meant = self._word(first)
            for other in others:
                self._add_word(self._word(other), meant, other)

    def _read_misspellings(self, node: yaml.Node) -> None:
        for wrong, right in self._pairs(node, "misspellings"):
            self._add_word(wrong, self._word(right), right)

    def _read_products(self, node: yaml.Node) -> None:
        for product, entry in self._pairs(node, "products"):
            parts = dict(self._pairs(entry, f"product {product}"))
            if set(parts) - _KEYS or "name" not in parts:
                self._refuse(entry, f"product {product} needs a name and may have nicknames")
            name = self._word(parts["name"])
            self._name_product(name, product, parts["name"])
            nicknames = self._items(parts["nicknames"], "nicknames") if len(parts) > 1 else []
            for nickname in nicknames:
                word = self._word(nickname)
                self._name_product(word, product, nickname)
                if word != name:
                    self._add_word(word, name, nickname)

    def _name_product(self, word: str, product: str, node: yaml.Node) -> None:
        known = self._products.setdefault(word, product)
        if known != product:
            self._refuse(node, f"{word!r} already names {known}; keep it for one of the two")

    def _add_word(self, written: str, meant: str, node: yaml.Node) -> None:
        word = self._checked(normalise(written), node)
        if word == meant:
            self._refuse(node, f"{word!r} stands for itself; delete one of the two")
        before = self._standard.get(word)
        if before is not None and before[0] != meant:
            self._refuse(
                node,
                f"{word!r} already means {before[0]!r} (line {before[1]}); keep one of the two",
            )
        self._standard[word] = (meant, node.start_mark.line + 1)

    def _check_chains(self) -> None:
        for word, (meant, line) in self._standard.items():
            if meant in self._standard:
                further = self._standard[meant][0]
                raise ImportRefused(
                    f"{self._where}, line {line}: {word!r} means {meant!r}, which itself means "
                    f"{further!r}; write {further!r} here"
                )

    def _pairs(self, node: yaml.Node, what: str) -> list[tuple[str, Any]]:
        if not isinstance(node, yaml.MappingNode):
            self._refuse(node, f"{what} must be lines of `word: …`")
            return []
        return [(self._text(key), value) for key, value in node.value]

    def _items(self, node: yaml.Node, what: str) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode):
            self._refuse(node, f"{what} must be a list such as [word, other word]")
            return []
        return list(node.value)

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._refuse(node, "a single word is expected here; write it on one line")
        return str(node.value)

    def _word(self, node: yaml.Node) -> str:
        return self._checked(normalise(self._text(node)), node)

    def _checked(self, word: str, node: yaml.Node) -> str:
        if not word or len(word) > _LONGEST_WORD:
            self._refuse(node, f"a word has 1 to {_LONGEST_WORD} characters; correct {word!r}")
        return word

    def _refuse(self, node: yaml.Node, why: str) -> None:
        raise ImportRefused(f"{self._where}, line {node.start_mark.line + 1}: {why}")


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
