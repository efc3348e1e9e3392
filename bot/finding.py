"""The second look at what the search found, where a reranker is set; it may only help."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.settings import Settings
from knowledge.errors import KnowledgeError
from knowledge.fingerprint import fingerprint
from knowledge.reranking import CrossEncoderReranker, RerankerMissing, RerankingThread
from knowledge.search import Found

log = structlog.get_logger(__name__)

# Of the time in which a customer hears something.
_SHARE_OF_DEADLINE = 0.2


class SecondLook:
    """Reranks findings within `patience` seconds; on any failure the finding stays as it was."""

    def __init__(self, thread: RerankingThread, *, patience: float) -> None:
        self._thread = thread
        self._patience = patience
        self._missing = False

    @property
    def name(self) -> str:
        """Identity of the model."""
        return self._thread.name

    async def warm_up(self) -> None:
        """Loads the model, so that no customer's patience is spent on it."""
        try:
            await self._thread.warm_up()
        except KnowledgeError as error:
            self._note(error)

    async def at(self, found: Found, question: str) -> Found:
        """The finding in its new order; as it was with fewer than two hits or on a failure."""
        if self._missing or len(found.hits) < 2:
            return found
        try:
            async with asyncio.timeout(self._patience):
                return await self._thread.reranked(found, question)
        except TimeoutError:
            log.warning("reranker.slow", model=self._thread.name, seconds=self._patience)
        except KnowledgeError as error:
            self._note(error)
        return found

    def close(self) -> None:
        """Lets the running finding end; blocks."""
        self._thread.close()

    def _note(self, error: KnowledgeError) -> None:
        if not isinstance(error, RerankerMissing):
            log.warning("reranker.failed", model=self._thread.name, why=str(error))
        elif not self._missing:
            # Said once: loading it anew for every customer would only cost time.
            self._missing = True
            log.error("reranker.missing", model=self._thread.name, why=str(error))


def reader_name(
    embedder: str, reranker: str | None = None, weights: Callable[[], str] = fingerprint
) -> str:
    """Who found: another embedder, reranker or set of search weights has other confidences."""
    names = embedder if reranker is None else f"{embedder}+{reranker}"
    return f"{names}, weights {weights()}"


def reranker_name(settings: Settings) -> str | None:
    """The name of the reranker that is set, without loading it."""
    model = settings.reranker_model
    return None if model is None else CrossEncoderReranker(model).name


def second_look_of(settings: Settings) -> SecondLook | None:
    """What reranks findings, where a model for it is set; the caller closes it."""
    if settings.reranker_model is None:
        return None
    thread = RerankingThread(CrossEncoderReranker(settings.reranker_model))
    return SecondLook(thread, patience=settings.deadline * _SHARE_OF_DEADLINE)
