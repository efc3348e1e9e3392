"""A learned metric: the bundled embedder's vectors, seen as shops' customers mean them.

A sentence vector is mapped by a matrix, and each word of the text that the metric knows adds a
vector of its own. Both were trained on questions written for this project, such that questions
with the same answer lie beside each other (`knowledge.training`). The words are Chinese only:
there customers of shops have many words for one thing.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.ports import Matrix
from knowledge.text import tokens

_FILE = Path(__file__).with_name("weights") / "metric.npz"


@dataclass(frozen=True)
class Metric:
    """`matrix` has a row for each dimension of the embedder, `words` a row for each known word."""

    embedder: str
    matrix: Matrix
    words: Matrix
    vocabulary: dict[str, int]

    def project(self, vectors: Matrix, texts: Sequence[str]) -> Matrix:
        """Unit vectors for texts in normal form with their unit `vectors`."""
        mapped = _unit(np.asarray(vectors, dtype=np.float32) @ self.matrix)
        for row, text in enumerate(texts):
            known = words_of(text, self.vocabulary)
            if known:
                mapped[row] += self.words[known].sum(axis=0) / np.sqrt(len(known))
        return _unit(mapped)

    @functools.cached_property
    def digest(self) -> str:
        """Changes whenever vectors of old and new do not mix."""
        parts = (self.embedder.encode(), self.matrix.tobytes(), self.words.tobytes())
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]

    def save(self, path: Path) -> None:
        """Words as whole numbers between -127 and 127, one scale for each."""
        scale = np.abs(self.words).max(axis=1, initial=1e-9) / 127
        np.savez_compressed(
            path,
            embedder=np.frombuffer(self.embedder.encode(), dtype=np.uint8),
            matrix=self.matrix.astype(np.float16),
            words=np.rint(self.words / scale[:, None]).astype(np.int8),
            scale=scale.astype(np.float32),
            vocabulary=np.frombuffer("\n".join(self.vocabulary).encode(), dtype=np.uint8),
        )

    @classmethod
    def load(cls, path: Path) -> Metric:
        """What `save` wrote."""
        with np.load(path) as stored:
            names = stored["vocabulary"].tobytes().decode().split("\n")
            words = stored["words"].astype(np.float32) * stored["scale"][:, None]
            return cls(
                embedder=stored["embedder"].tobytes().decode(),
                matrix=stored["matrix"].astype(np.float32),
                words=words,
                vocabulary={word: place for place, word in enumerate(names)},
            )


def words_of(text: str, vocabulary: dict[str, int]) -> list[int]:
    """The places of the distinct known words of a text, in order of appearance."""
    unique = dict.fromkeys(tokens(text))
    return [vocabulary[word] for word in unique if word in vocabulary]


def metric_for(embedder: str) -> Metric | None:
    """The shipped metric if it was trained on vectors of this embedder."""
    metric = _shipped()
    return metric if metric.embedder == embedder else None


@functools.cache
def _shipped() -> Metric:
    return Metric.load(_FILE)


def _unit(vectors: npt.NDArray[np.float32]) -> Matrix:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Matrix = vectors / np.maximum(lengths, 1e-9)
    return unit
