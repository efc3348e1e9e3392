"""Reads a question: what it stands for in the conversation, and the best finding among that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.followup import (
    asks_alike,
    corrected,
    covered,
    named,
    readings,
    speaks_of,
    without_opening,
)
from bot.request import Request
from bot.served import Embedding, Serving, Sought
from knowledge.article import Article
from knowledge.search import Found
from knowledge.text import normalise

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """The reading that found most, and what it found."""

    question: str
    found: Found
    most: float = 1.0
    """What the confidence may reach, whatever a second look says, which knows no conversation."""
    put_right: bool = False
    """Whether slips were put right in the question, so that it may have been meant otherwise."""


class Reader:
    """Searches with every reading of a text; the reading with the highest confidence counts."""

    def __init__(self, embedding: Embedding) -> None:
        self._embedding = embedding

    async def read(
        self,
        request: Request,
        serving: Serving,
        text: str,
        before: Sequence[str],
        *,
        leans: bool = False,
    ) -> Read:
        """`text` in normal form; `before` are the customer's earlier questions, oldest first.

        `leans` says that the text is known to lean on the last of them.
        """
        literal, *others = readings(
            without_opening(text), [normalise(said) for said in before], leans=leans
        )
        meant = corrected(literal)
        read, found, put_right = await self._search(request, serving, literal, frozenset())
        most = _as_meant(meant, found)
        best = Read(read, _at_most(most, found), most, put_right)
        # 那换货呢 after the answer about returns does not want that answer again.
        besides = request.answered_last
        if others and besides and self._stays(serving, besides, literal, best.found):
            besides = frozenset()
        for reading in others:
            read, found, put_right = await self._search(request, serving, reading, besides)
            most = _as_meant(meant, found)
            if besides and found.hits and covered(literal, _words(found.hits[0].article)) < _HALF:
                # With the last answer left out, the next best looks better than it is.
                most = _HALF
            found = _at_most(most, found)
            if found.confidence > best.found.confidence:
                best = Read(read, found, most, put_right)
        looked = await serving.reranked(best.found, best.question)
        return replace(best, found=_at_most(best.most, looked))

    def _stays(self, serving: Serving, given: frozenset[str], text: str, found: Found) -> bool:
        """Whether a follow-up is still about the article just given: 那到账要几天, 一般撑多久."""
        if found.hits and found.hits[0].article.id in given:
            return True
        if found.confidence >= _HALF:
            return False
        last = [article for article in serving.index.articles if article.id in given]
        return any(_still_about(article, text) for article in last)

    async def _search(
        self, request: Request, serving: Serving, reading: str, besides: frozenset[str]
    ) -> Sought:
        """The reading, its slips put right where that helps, and what it finds."""
        sought = await serving.find(
            reading,
            self._embedding,
            at=request.at,
            channel=request.channel,
            product=request.product,
            besides=besides,
        )
        return sought if sought.put_right else sought._replace(question=reading)


def _as_meant(meant: str | None, found: Found) -> float:
    """After 打错了 是加湿器, what does not speak of the humidifier is asked about at most."""
    strange = meant and found.hits and not speaks_of(_words(found.hits[0].article), meant)
    return _HALF if strange else 1.0


def _at_most(most: float, found: Found) -> Found:
    return replace(found, confidence=most) if found.confidence > most else found


def _still_about(article: Article, text: str) -> bool:
    share = covered(text, _words(article))
    asked = any(asks_alike(text, title) for title in (article.title, *article.variants))
    return share > _HALF or (asked and (share >= _HALF or len(named(text)) <= 1))


def _words(article: Article) -> str:
    return " ".join([article.title, *article.variants, article.answer])
