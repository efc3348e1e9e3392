"""The table of words that a shop keeps in one file: read, checked, and stored word by word."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

from knowledge.errors import WordsRefused
from knowledge.text import normalise

SECTIONS = ("synonyms", "misspellings", "products")
_KEYS = {"name", "nicknames"}
_LONGEST_WORD = 40
# Every question is read with all of them, so that many more would be felt by customers.
_MOST_WORDS = 5_000


class WordKind(StrEnum):
    """Why a word is read as another one."""

    SYNONYM = "synonym"
    MISSPELLING = "misspelling"
    PRODUCT = "product"
    NICKNAME = "nickname"


@dataclass(frozen=True, slots=True)
class Word:
    """`word` is read as `standard`; `product` is the id of the product that the word names."""

    kind: WordKind
    word: str
    standard: str
    product: str | None = None


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of one file, in normal form and in the order of the file."""

    words: tuple[Word, ...] = ()

    def to_json(self) -> list[list[str | None]]:
        """A row for each word: kind, word, standard, product."""
        return [[each.kind.value, each.word, each.standard, each.product] for each in self.words]

    @staticmethod
    def from_json(rows: Sequence[Sequence[Any]]) -> WordList:
        """The inverse of `to_json`."""
        return WordList(tuple(Word(WordKind(kind), *rest) for kind, *rest in rows))

    @property
    def revision(self) -> str:
        """Content hash: the same words always have the same one (hex, 32 digits)."""
        rows = sorted(json.dumps(row, ensure_ascii=False) for row in self.to_json())
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]


def read_word_list(source: str, where: str = "words") -> WordList:
    """The table in a YAML text. Raises `WordsRefused`, which names the line and the remedy.

    `source` holds any of three sections. `synonyms` is a list of groups whose members are all
    read as the first; `misspellings` maps a wrong word to the right one; `products` maps a
    product id to its `name` in the articles and its `nicknames`.
    """
    return _Reader(where).read(source)


class _Reader:
    """Reads one shop's table and knows the line of everything in it."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._words: dict[Word, None] = {}
        # What a word means, and the line that says so.
        self._standard: dict[str, tuple[str, int]] = {}
        self._products: dict[str, str] = {}

    def read(self, source: str) -> WordList:
        root = self._composed(source)
        if root is None:
            return WordList()
        for name, section in self._pairs(root, "the table"):
            if name not in SECTIONS:
                self._refuse(section, f"unknown section {name!r}; use {', '.join(SECTIONS)}")
            getattr(self, f"_read_{name}")(section)
        self._check_chains()
        if len(self._words) > _MOST_WORDS:
            why = f"the table has more than {_MOST_WORDS:,} words; keep those that customers use"
            raise WordsRefused(self._where, why)
        return WordList(tuple(self._words))

    def _composed(self, source: str) -> yaml.Node | None:
        try:
            root: yaml.Node | None = yaml.compose(source, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            why = f"this is not YAML ({error.problem}); check indentation, colons and brackets"
            raise WordsRefused(f"{self._where}, line {line}", why) from error
        except (yaml.YAMLError, RecursionError) as error:
            why = "this is not YAML that can be read; export the file again as plain text"
            raise WordsRefused(self._where, why) from error
        return root

    def _read_synonyms(self, node: yaml.Node) -> None:
        for group in self._items(node, "synonyms"):
            first, *others = self._items(group, "a group of synonyms") or [None]
            if first is None or not others:
                self._refuse(group, "a group needs two words or more; complete or delete it")
                continue
            meant = self._word(first)
            for other in others:
                self._add_word(WordKind.SYNONYM, self._word(other), meant, other)

    def _read_misspellings(self, node: yaml.Node) -> None:
        for wrong, right in self._pairs(node, "misspellings"):
            written = self._checked(normalise(wrong), right)
            self._add_word(WordKind.MISSPELLING, written, self._word(right), right)

    def _read_products(self, node: yaml.Node) -> None:
        for product, entry in self._pairs(node, "products"):
            parts = dict(self._pairs(entry, f"product {product}"))
            if set(parts) - _KEYS or "name" not in parts:
                self._refuse(entry, f"product {product} needs a name and may have nicknames")
            name = self._word(parts["name"])
            self._name_product(name, product, parts["name"])
            self._words[Word(WordKind.PRODUCT, name, name, product)] = None
            nicknames = self._items(parts["nicknames"], "nicknames") if len(parts) > 1 else []
            for nickname in nicknames:
                word = self._word(nickname)
                self._name_product(word, product, nickname)
                if word != name:
                    self._add_word(WordKind.NICKNAME, word, name, nickname, product)

    def _name_product(self, word: str, product: str, node: yaml.Node) -> None:
        known = self._products.setdefault(word, product)
        if known != product:
            self._refuse(node, f"{word!r} already names {known}; keep it for one of the two")

    def _add_word(
        self, kind: WordKind, word: str, meant: str, node: yaml.Node, product: str | None = None
    ) -> None:
        if word == meant:
            self._refuse(node, f"{word!r} stands for itself; delete one of the two")
        before = self._standard.get(word)
        if before is not None and before[0] != meant:
            self._refuse(
                node,
                f"{word!r} already means {before[0]!r} (line {before[1]}); keep one of the two",
            )
        self._standard[word] = (meant, node.start_mark.line + 1)
        self._words[Word(kind, word, meant, product)] = None

    def _check_chains(self) -> None:
        for word, (meant, line) in self._standard.items():
            if meant in self._standard:
                further = self._standard[meant][0]
                raise WordsRefused(
                    f"{self._where}, line {line}",
                    f"{word!r} means {meant!r}, which itself means {further!r}; "
                    f"write {further!r} here",
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
        raise WordsRefused(f"{self._where}, line {node.start_mark.line + 1}", why)
