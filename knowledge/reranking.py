"""A second look at the first hits by a cross-encoder, which reads question and passage together."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.article import Article
from knowledge.errors import KnowledgeError
from knowledge.search import Found
from knowledge.text import is_function_token, tokens

Scores = npt.NDArray[np.float32]

# A cross-encoder reads every pair anew; behind the tenth hit there is hardly ever an answer.
MOST = 10
_LONGEST_ANSWER = 300
# A search gives chances in single precision.
_ROUNDING = 1e-5


class RerankerMissing(KnowledgeError):
    """The reranking model cannot be used; check KEFU_RERANKER_MODEL and `kefu[models]`."""


class RerankerFailed(KnowledgeError):
    """The reranker gave no usable scores; the finding stays as the search made it."""


class Reranker(Protocol):
    """Scores passages by how well they answer a question."""

    @property
    def name(self) -> str:
        """Identity of the model."""

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """One number a passage, the higher the better: logits, not squeezed between 0 and 1."""


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one output, by its name or its folder."""

    def __init__(self, model: str, *, batch: int = MOST) -> None:
        self._model = model
        self._batch = batch
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """The model's name; a folder counts by its last part."""
        return f"ce-{Path(self._model).name}"

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        """The model's logits. Raises `RerankerMissing` when it cannot be loaded."""
        if not passages:
            return np.empty(0, dtype=np.float32)
        from torch.nn import Identity

        network = self._network()
        logits = network.predict(
            [(question, passage) for passage in passages],
            batch_size=self._batch,
            # Many models end in a sigmoid, between whose values a softmax sees no difference.
            activation_fn=Identity(),
            show_progress_bar=False,
        )
        return np.asarray(logits, dtype=np.float32)

    def _network(self) -> Any:
        if self._loaded is None:
            try:
                from sentence_transformers import CrossEncoder
            except ImportError as error:
                raise RerankerMissing(
                    "KEFU_RERANKER_MODEL needs the extra: pip install 'kefu[models]'"
                ) from error
            try:
                loaded = CrossEncoder(self._model, device="cpu")
            except (OSError, ValueError) as error:
                raise RerankerMissing(
                    f"the reranking model {self._model} cannot be loaded: {error}"
                ) from error
            if loaded.num_labels != 1:
                raise RerankerMissing(
                    f"{self._model} gives {loaded.num_labels} numbers a pair and ranks nothing; "
                    "set KEFU_RERANKER_MODEL to a cross-encoder that gives one"
                )
            self._loaded = loaded
        return self._loaded


def passage(article: Article, question: str) -> str:
    """What is read of an article: its title, the variant nearest to the question, its beginning."""
    asked = _topics(question)
    shared = [(len(asked & _topics(variant)), variant) for variant in article.variants]
    # Ties go to the first: variants are written with the commonest before the others.
    count, variant = max(shared, key=lambda pair: pair[0], default=(0, ""))
    lines = [article.title, variant if count else "", article.answer[:_LONGEST_ANSWER]]
    return "\n".join(line for line in lines if line)


def rerank(found: Found, scores: npt.ArrayLike) -> Found:
    """The finding with its first hits in the order of `scores`, one for each of the first ten.

    Chances: softmax over the scores divides among these hits what the search gave to all of them
    together, so no reranking makes it likelier that any of them answers. Hits behind the tenth
    keep their places and chances.

    Confidence: while the same article stays first, it is that article's new chance, higher or
    lower than before. Where another article comes first, two models disagree, and the confidence
    is at most the calibrated one of the search: a reranker alone never makes an answer out of
    what the search was unsure of. So it is as well where the caller has already lowered the
    confidence below the first hit's chance, for a reason that no reranker knows. All chances are
    then lowered in the same proportion.

    Raises `RerankerFailed` when the scores are not one finite number for each hit.
    """
    first, rest = found.hits[:MOST], found.hits[MOST:]
    values = np.asarray(scores, dtype=np.float64)
    if values.shape != (len(first),) or not np.isfinite(values).all():
        raise RerankerFailed(f"the model gave no finite score for each of {len(first)} passages")
    if not first:
        return found
    order = np.argsort(-values, kind="stable")
    shares = np.exp(values[order] - values.max())
    shares /= shares.sum()
    together = sum(hit.probability for hit in first)
    confidence = float(together * shares[0])
    lowered = found.confidence < first[0].probability - _ROUNDING
    if order[0] != 0 or lowered:
        confidence = min(confidence, found.confidence)
    chances = confidence * (shares / shares[0])
    hits = tuple(
        replace(first[place], probability=float(chance))
        for place, chance in zip(order, chances, strict=True)
    )
    return replace(found, hits=hits + rest, confidence=confidence)


class RerankingThread:
    """The only place that runs a reranker, one finding at a time, off the event loop.

    At most `waiting` findings queue up; one more is refused at once, since its customer is better
    served by the search alone than late.
    """

    def __init__(self, reranker: Reranker, *, waiting: int = 16) -> None:
        self._reranker = reranker
        self._limit = waiting
        self._lock = threading.Lock()
        self._unfinished = 0
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reranking")

    @property
    def name(self) -> str:
        """Identity of the model."""
        return self._reranker.name

    async def warm_up(self) -> None:
        """Loads the model. Raises as `reranked` does."""
        await asyncio.wrap_future(self._submit(".", ["."]))

    async def reranked(self, found: Found, question: str) -> Found:
        """The finding after the second look. Raises `RerankerFailed` or `RerankerMissing`."""
        passages = [passage(hit.article, question) for hit in found.hits[:MOST]]
        scored = self._submit(question, passages)
        try:
            scores = await asyncio.wrap_future(scored)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if scored.cancelled() and not (task and task.cancelling()):
                # Not the turn was cancelled, only what it waits for: the program is stopping.
                raise RerankerFailed("the program is stopping") from None
            raise
        return rerank(found, scores)

    def close(self) -> None:
        """Stop after the running finding; whoever still waits gets `RerankerFailed`."""
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _submit(self, question: str, passages: Sequence[str]) -> Future[Scores]:
        with self._lock:
            if self._unfinished >= self._limit:
                raise RerankerFailed(f"{self._limit} findings already wait to be reranked")
            try:
                scored = self._worker.submit(self._scores, question, passages)
            except RuntimeError as error:
                raise RerankerFailed("the program is stopping") from error
            self._unfinished += 1
        scored.add_done_callback(self._finished)
        return scored

    def _scores(self, question: str, passages: Sequence[str]) -> Scores:
        try:
            return self._reranker.scores(question, passages)
        except KnowledgeError:
            raise
        except Exception as error:
            # Every model's code raises what it likes; the search's own finding stands meanwhile.
            # Its message may hold the customer's words, which no log should.
            raise RerankerFailed(f"the model failed ({type(error).__name__})") from error

    def _finished(self, _: Future[Scores]) -> None:
        with self._lock:
            self._unfinished -= 1


def _topics(text: str) -> set[str]:
    return {token for token in tokens(text) if not is_function_token(token)}
