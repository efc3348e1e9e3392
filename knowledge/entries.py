"""The rows an article is found by: its title, each variant, and its answer in pieces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from knowledge.article import Article
from knowledge.text import normalise

_PIECE = 320
_MOST_PIECES = 8
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKUP = re.compile(
    r"^\s{0,3}(?:#{1,6}|>|[-*+]|\d+[.)、])\s+|[*_`~|]+|^[-=:| ]{3,}$", re.MULTILINE
)


class RowKind(IntEnum):
    """Which part of an article a row shows."""

    TITLE = 0
    VARIANT = 1
    ANSWER = 2


class Entry(NamedTuple):
    """One searchable row."""

    owner: int
    kind: RowKind
    text: str


def entries(articles: Sequence[Article]) -> list[Entry]:
    """All rows, those of one article beside each other, in the order of the articles."""
    return [entry for owner, article in enumerate(articles) for entry in _rows(owner, article)]


def texts_of(articles: Sequence[Article]) -> list[str]:
    """The texts that need vectors, each once."""
    return list(dict.fromkeys(entry.text for entry in entries(articles)))


def _rows(owner: int, article: Article) -> list[Entry]:
    title = normalise(article.title)
    rows = [Entry(owner, RowKind.TITLE, title)]
    questions = dict.fromkeys(filter(None, map(normalise, article.variants)))
    questions.pop(title, None)
    rows.extend(Entry(owner, RowKind.VARIANT, question) for question in questions)
    lead = "" if is_headless(article) else f"{title} "
    pieces = _pieces(normalise(_plain(article.answer)))
    rows.extend(Entry(owner, RowKind.ANSWER, lead + piece) for piece in pieces)
    return rows


def is_headless(article: Article) -> bool:
    """Whether the title only repeats how the answer begins, as for texts imported without one."""
    title = normalise(article.title).rstrip("….。")
    return normalise(_plain(article.answer[: 2 * len(article.title) + 40])).startswith(title)


def _plain(markdown: str) -> str:
    return _MARKUP.sub(" ", _LINK.sub(r"\1", markdown))


def _pieces(answer: str) -> list[str]:
    """The answer cut at sentence ends into pieces a sentence encoder can still tell apart."""
    if not answer:
        return []
    # Latin letters say about a third of what a Chinese character says.
    limit = _PIECE if answer.isascii() else _PIECE // 2
    pieces = [""]
    for sentence in re.split(r"(?<=[。！？；])|(?<=[.!?;])\s", answer):
        if pieces[-1] and len(pieces[-1]) + len(sentence) > limit:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {sentence}".strip() if sentence else pieces[-1]
    return [piece[: 2 * limit] for piece in pieces if piece][:_MOST_PIECES]
