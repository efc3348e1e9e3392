"""The published knowledge as this process serves it: one whole version at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.finding import SecondLook, reader_name
from bot.tuned import Tunings, answer_threshold
from knowledge.article import ArticleId
from knowledge.errors import KnowledgeError, NothingPublished
from knowledge.index import VersionIndex
from knowledge.library import Library
from knowledge.search import Found, Query, search
from knowledge.versions import VersionId
from knowledge.words import Words, shipped_words, words_of

log = structlog.get_logger(__name__)

Vector = npt.NDArray[np.float32]


class Embedding(Protocol):
    """Turns a question in normal form into its vector."""

    async def embed_query(self, text: str) -> Vector:
        """A unit vector."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A version and what is withdrawn from it; a question in flight keeps the one it began with."""

    version: str
    index: VersionIndex
    hidden: frozenset[ArticleId] = frozenset()
    words: Words = field(default_factory=shipped_words)
    answer_threshold: float | None = None
    """From which confidence on this version is answered from; None where nobody fitted it."""
    second_look: SecondLook | None = None

    def search(
        self,
        text: str,
        vector: Vector,
        *,
        at: datetime,
        channel: str | None = None,
        product: str | None = None,
        ordered_at: datetime | None = None,
        language: str | None = None,
        besides: frozenset[str] = frozenset(),
    ) -> Found:
        """The articles that may answer `text`, best first, those in `besides` left out."""
        query = Query(
            text=text,
            asked_at=at,
            channel=channel,
            product=product,
            ordered_at=ordered_at,
            language=language,
            named=self.words.products(text),
            hidden=self.hidden | {ArticleId(each) for each in besides},
        )
        return search(self.index, query, vector)

    async def reranked(self, found: Found, question: str) -> Found:
        """What was found, after a second look where a reranker is set."""
        return found if self.second_look is None else await self.second_look.at(found, question)


class Served:
    """Follows the published version, the withdrawals and the threshold that was fitted for it."""

    def __init__(
        self,
        library: Library,
        load: Callable[[VersionId], Awaitable[VersionIndex]],
        tunings: Tunings | None = None,
        second_look: SecondLook | None = None,
    ) -> None:
        self._library = library
        self._load = load
        self._tunings = tunings
        self._second_look = second_look
        self._serving: Serving | None = None
        self._refreshing = asyncio.Lock()

    @property
    def current(self) -> Serving:
        """What is served right now; raises NothingPublished."""
        if self._serving is None:
            raise NothingPublished
        return self._serving

    @property
    def version(self) -> str | None:
        """The id of the version served, if any."""
        return self._serving.version if self._serving else None

    async def refresh(self) -> None:
        """Takes over what has been published or withdrawn since; swaps whole versions only."""
        async with self._refreshing:
            version = await self._library.published()
            hidden = await self._library.withdrawn()
            if version is None:
                self._serving = None
                return
            serving = self._serving
            if serving is None or serving.version != str(version.id):
                index = await self._load(version.id)
                lists = await self._library.words(version.id)
                # The shop's own words count before those that come with us.
                words = shipped_words() | words_of(lists.values())
                serving = Serving(
                    str(version.id), index, hidden, words, second_look=self._second_look
                )
                log.info("knowledge.served", version=version.id, articles=len(index.articles))
            elif serving.hidden != hidden:
                serving = replace(serving, hidden=hidden)
                log.info("knowledge.withdrawn", articles=sorted(hidden))
            self._serving = await self._tuned(serving, version.id)

    async def _tuned(self, serving: Serving, version: VersionId) -> Serving:
        if self._tunings is None:
            return serving
        tuned = await self._tunings.all()
        answer = answer_threshold(
            tuned, version, reader_name(serving.index.embedder, serving.second_look)
        )
        if answer == serving.answer_threshold:
            return serving
        log.info("knowledge.threshold", version=version, answer=answer)
        return replace(serving, answer_threshold=answer)

    async def follow(self, every: float = 1.0) -> None:
        """Refreshes for ever; a version that cannot be loaded leaves the old one in place."""
        while True:
            try:
                await self.refresh()
            except (KnowledgeError, OSError, SQLAlchemyError) as error:
                log.error("knowledge.refresh_failed", error=str(error))
            await asyncio.sleep(every)
