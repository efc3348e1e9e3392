"""One thread that embeds: customers' questions in small batches first, imports in between."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.errors import KnowledgeError
from knowledge.ports import Embedder, Matrix, Progress

Vector = npt.NDArray[np.float32]


class Overloaded(KnowledgeError):
    """Too many questions wait to be embedded; answer later or hand over to a person."""


class EmbeddingClosed(KnowledgeError):
    """The program is stopping and embeds nothing any more; ask again after the restart."""


class EmbeddingThread:
    """The only place that runs an embedder, so that questions never compete for the processor.

    At most `waiting` questions queue up; one more is refused at once with `Overloaded` rather
    than answered too late. Passages of an import run in slices of `batch`, and a question that
    arrives meanwhile is embedded before the next slice. The vectors of the last `remembered`
    questions are kept: many customers ask in the same words, above all by pressing a button.
    """

    def __init__(
        self, embedder: Embedder, *, waiting: int = 256, batch: int = 16, remembered: int = 2048
    ) -> None:
        self._embedder = embedder
        self._limit = waiting
        self._batch = batch
        self._lock = threading.Lock()
        self._remembered = remembered
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._closed = False
        self._questions: deque[tuple[str, Future[Vector]]] = deque()
        # One import at a time: each keeps at most one slice in line, so a question never
        # waits for more than the slice that is already running.
        self._import = threading.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding")

    @property
    def embedder(self) -> Embedder:
        """The embedder that runs here."""
        return self._embedder

    @property
    def name(self) -> str:
        """Identity of the embedder's model and weights."""
        return self._embedder.name

    @property
    def waiting(self) -> int:
        """How many questions are in line, without those being embedded now."""
        return len(self._questions)

    async def embed_query(self, text: str) -> Vector:
        """The unit vector of a question. Raises `Overloaded` when too many are waiting."""
        answer: Future[Vector] = Future()
        with self._lock:
            if self._closed:
                raise EmbeddingClosed("the program is stopping; ask again after the restart")
            known = self._known.get(text)
            if known is not None:
                self._known.move_to_end(text)
                return known
            if len(self._questions) >= self._limit:
                raise Overloaded(
                    f"{self._limit} questions already wait to be embedded; try again shortly"
                )
            self._questions.append((text, answer))
            self._worker.submit(self._embed_waiting)
        vector = await asyncio.wrap_future(answer)
        # Whoever gets it shares it.
        vector.setflags(write=False)
        with self._lock:
            self._known[text] = vector
            if len(self._known) > self._remembered:
                self._known.popitem(last=False)
        return vector

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Matrix:
        """Vectors for an import, row by row; blocks, so call it from a worker thread."""
        vectors = np.empty((len(texts), self._embedder.dimensions), dtype=np.float32)
        with self._import:
            for start in range(0, len(texts), self._batch):
                piece = texts[start : start + self._batch]
                vectors[start : start + len(piece)] = self._slice(piece)
                if progress is not None:
                    progress(start + len(piece), len(texts))
        return vectors

    def close(self) -> None:
        """Stop after the running batch; whoever still waits gets `EmbeddingClosed`."""
        with self._lock:
            self._closed = True
            left = list(self._questions)
            self._questions.clear()
        for _, answer in left:
            if answer.set_running_or_notify_cancel():
                answer.set_exception(EmbeddingClosed("the program is stopping; ask again later"))
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _slice(self, piece: Sequence[str]) -> Matrix:
        with self._lock:
            if self._closed:
                raise EmbeddingClosed("the program is stopping; import again after the restart")
            ready = self._worker.submit(self._embed_slice, piece)
        try:
            return ready.result()
        except CancelledError as error:
            raise EmbeddingClosed("the program stopped; import again") from error

    def _embed_slice(self, piece: Sequence[str]) -> Matrix:
        self._embed_waiting()
        return self._embedder.embed_passages(piece)

    def _embed_waiting(self) -> None:
        """Embed what waits, one batch; a later call finds nothing left and returns."""
        taken = self._take()
        if not taken:
            return
        try:
            vectors = self._embedder.embed_queries([text for text, _ in taken])
        except Exception as error:  # noqa: BLE001 - belongs to the askers, who get it raised
            _settle(taken, error)
            return
        _settle(taken, vectors)

    def _take(self) -> list[tuple[str, Future[Vector]]]:
        taken: list[tuple[str, Future[Vector]]] = []
        with self._lock:
            while self._questions and len(taken) < self._batch:
                text, answer = self._questions.popleft()
                if answer.set_running_or_notify_cancel():
                    taken.append((text, answer))
        return taken


def _settle(taken: list[tuple[str, Future[Vector]]], outcome: Any) -> None:
    for position, (_, answer) in enumerate(taken):
        if isinstance(outcome, Exception):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome[position])
