"""What reading one file gave: articles, refusals, and whether the file could be read at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from knowledge.article import Article, ArticleId
from knowledge.word_list import WordList


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that was not imported; `why` is a sentence that says what to do."""

    where: str
    why: str
    article: ArticleId | None = None
    """The article the row is about, where the row got far enough to tell."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of an import.

    `name` identifies the file from one import to the next, `shown` is the short name for people.
    `complete` is False when the file as a whole could not be read: that an article is absent then
    says nothing. `skipped` is the reason why a file of a folder was not looked at. A file holds
    articles or, with `words`, a table of words.
    """

    name: str
    shown: str
    articles: tuple[Article, ...] = ()
    refused: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    complete: bool = True
    skipped: str | None = None
    words: WordList | None = None


@dataclass(slots=True)
class Reading:
    """What has been read from a file so far; the readers of the formats fill it."""

    articles: list[tuple[str, Article]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    complete: bool = True

    def take(self, where: str, row: Article | Refusal) -> None:
        """Keeps an article (found at `where`) or the refusal that stands for it."""
        if isinstance(row, Refusal):
            self.refused.append(row)
        else:
            self.articles.append((where, row))

    def note(self, notes: Iterable[str]) -> None:
        """Keeps remarks that refuse nothing."""
        self.notes.extend(notes)
