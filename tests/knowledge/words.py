"""An embedder for tests of search: texts are near each other when they share characters."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from knowledge.article import Article, ArticleId
from knowledge.ports import Matrix
from knowledge.text import tokens


class WordEmbedder:
    """Throws the tokens of a text into 256 buckets; the same everywhere, and quick."""

    name, dimensions = "words-1", 256

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        vectors = np.full((len(texts), self.dimensions), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for token in tokens(text):
                vectors[row, zlib.crc32(token.encode()) % self.dimensions] += 1
        normed: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normed

    embed_queries = embed_passages


def article(key: str, title: str, answer: str = "", **rest: Any) -> Article:
    """An article in Chinese unless said otherwise."""
    return replace(Article(ArticleId(key), title, answer), **rest)
