"""The published knowledge as this process serves it: one whole version at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.finding import SecondLook, reader_name
from bot.slips import Slips
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

# How much more certain the answer must be before a question counts as mistyped: less is as often
# the doing of another word that happens to sound the same.
_CLEARLY_MORE = 0.1


class Embedding(Protocol):
    """Turns a question in normal form into its vector."""

    async def embed_query(self, text: str) -> Vector:
        """A unit vector."""


class Sought(NamedTuple):
    """What was found, by which words, and whether slips were put right in them."""

    question: str
    found: Found
    put_right: bool = False


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
    slips: Slips | None = None
    """What puts slips of the keyboard right; None leaves them as typed."""

    async def find(
        self,
        text: str,
        embedding: Embedding,
        *,
        at: datetime,
        channel: str | None = None,
        product: str | None = None,
        besides: frozenset[str] = frozenset(),
    ) -> Sought:
        """What is found for a question in normal form, read in the words of the articles.

        A question that seems to have slips is searched with and without them; as it was typed it
        counts unless something clearly more certain is found without them.
        """

        async def found_by(words: str) -> Found:
            vector = await embedding.embed_query(words)
            return self.search(
                words, vector, at=at, channel=channel, product=product, besides=besides
            )

        # Written as the articles write it: 邮费 for 运费, 啥时候 for 什么时候.
        standard = self.words.standard(text)
        typed = Sought(standard, await found_by(standard))
        if self.slips is None or typed.found.confidence > 1 - _CLEARLY_MORE:
            return typed
        meant = await self.slips.corrected(standard)
        if meant == standard:
            return typed
        found = await found_by(meant)
        more = found.confidence - typed.found.confidence
        return Sought(meant, found, put_right=True) if more >= _CLEARLY_MORE else typed

    def search(
        self,
        text: str,
        vector: Vector,
        *,
        at: datetime,
        channel: str | None = None,
        product: str | None = None,
        ordered_at: datetime | None = None,
        besides: frozenset[str] = frozenset(),
    ) -> Found:
        """The articles that may answer `text`, best first, those in `besides` left out."""
        query = Query(
            text=text,
            asked_at=at,
            channel=channel,
            product=product,
            ordered_at=ordered_at,
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
                    str(version.id),
                    index,
                    hidden,
                    words,
                    second_look=self._second_look,
                    slips=Slips(index, words),
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
        reranker = serving.second_look.name if serving.second_look else None
        reader = reader_name(serving.index.embedder, reranker)
        answer = answer_threshold(tuned, version, reader)
        if answer == serving.answer_threshold:
            return serving
        log.info("knowledge.threshold", version=version, answer=answer)
        return replace(serving, answer_threshold=answer)

    async def follow(self, every: float = 1.0) -> None:
        """Refreshes for ever; a version that cannot be loaded leaves the old one in place."""
        while True:
            try:
                await self.refresh()
                if self._serving is not None and self._serving.slips is not None:
                    await self._serving.slips.warm_up()
            except (KnowledgeError, OSError, SQLAlchemyError) as error:
                log.error("knowledge.refresh_failed", error=str(error))
            await asyncio.sleep(every)
