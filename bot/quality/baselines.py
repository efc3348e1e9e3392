"""What one gets without us: words alone, or the bundled embedder alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bot.eval_targets import articles_of
from eval.rows import KbRow
from eval.target import Ranking
from knowledge.embedding import EmbeddingThread
from knowledge.text import normalise

_BEST = 10


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]+", normalise(text)):
        if run.isascii():
            pieces.append(run)
        else:
            pieces += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
    return pieces


class WordsAlone:
    """BM25 over whole articles, untuned: character pairs for Chinese, words for English."""

    def __init__(self, kb: Sequence[KbRow]) -> None:
        import bm25s

        self._ids = [row.id for row in kb]
        texts = [" ".join([row.question or "", *row.variants, row.answer or ""]) for row in kb]
        self._index = bm25s.BM25()
        self._index.index([_pieces(text) or ["∅"] for text in texts], show_progress=False)

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """By score; the score is the confidence."""
        scores = self._index.get_scores(_pieces(query) or ["∅"])
        order = np.argsort(-scores, kind="stable")[:_BEST]
        return Ranking(tuple(self._ids[i] for i in order), float(scores[order[0]]))

    async def aclose(self) -> None:
        """Nothing to let go of."""


class VectorsAlone:
    """The nearest question (answer where there is none) by the bundled embedder."""

    def __init__(self, kb: Sequence[KbRow], embedding: EmbeddingThread) -> None:
        rows = [
            (article.id, normalise(text))
            for article in articles_of(kb)
            for text in (article.title, *article.variants)
        ]
        self._owners = [owner for owner, _ in rows]
        self._embedding = embedding
        self._vectors = embedding.embed_passages([text for _, text in rows])

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """By cosine; the cosine is the confidence."""
        cosines = self._vectors @ await self._embedding.embed_query(normalise(query))
        order = np.argsort(-cosines, kind="stable")
        best = list(dict.fromkeys(self._owners[i] for i in order[:500]))[:_BEST]
        return Ranking(tuple(best), float(cosines[order[0]]))

    async def aclose(self) -> None:
        """Nothing to let go of."""
