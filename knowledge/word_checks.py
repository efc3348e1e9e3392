"""Looks for words that files disagree about, and for words that lead a question nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.article import Article
from knowledge.text import normalise
from knowledge.word_list import WordList


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A word that means several things; `meanings` are (standard word or product, file)."""

    word: str
    meanings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """A word of `file` is read as `standard`, which another file reads as `further`."""

    word: str
    standard: str
    further: str
    file: str


@dataclass(frozen=True, slots=True)
class Unheard:
    """Words of `file` that are read as one which stands in no article."""

    standard: str
    words: tuple[str, ...]
    file: str


def ambiguities(lists: Mapping[str, WordList]) -> list[Ambiguity]:
    """Words that two files, by name, read differently; inside one file an import refuses them."""
    read: dict[str, dict[str, str]] = defaultdict(dict)
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for file, words in lists.items():
        for each in words.words:
            if each.word != each.standard:
                read[each.word].setdefault(each.standard, file)
            if each.product is not None:
                named[each.word].setdefault(each.product, file)
    return [
        Ambiguity(word, tuple(meanings.items()))
        for table in (read, named)
        for word, meanings in sorted(table.items())
        if len(meanings) > 1
    ]


def chains(lists: Mapping[str, WordList]) -> list[Chain]:
    """Words that are read as a word which is itself read as another, across files."""
    further = {
        each.word: each.standard
        for words in lists.values()
        for each in words.words
        if each.word != each.standard
    }
    return [
        Chain(each.word, each.standard, further[each.standard], file)
        for file, words in lists.items()
        for each in words.words
        if each.word != each.standard and each.standard in further
    ]


def unheard(lists: Mapping[str, WordList], articles: Iterable[Article]) -> list[Unheard]:
    """Standard words without an article: questions are turned away from what could be found."""
    texts = [
        normalise("\n".join((article.title, *article.variants, article.answer)))
        for article in articles
    ]
    found: list[Unheard] = []
    for file, words in lists.items():
        groups: dict[str, list[str]] = defaultdict(list)
        for each in words.words:
            if each.word != each.standard:
                groups[each.standard].append(each.word)
        found.extend(
            Unheard(standard, tuple(written), file)
            for standard, written in groups.items()
            if not any(standard in text for text in texts)
        )
    return found
