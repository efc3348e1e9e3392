"""What knowledge needs from the outside: vectors for texts and a place to look vectors up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.progress import Progress as Progress

Matrix = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into unit vectors of float32."""

    @property
    def name(self) -> str:
        """Identity of model and weights, e.g. `use-multilingual-v3`; vectors never mix names."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """(len(texts), dimensions), rows of length 1, for texts that are searched."""

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """(len(texts), dimensions), rows of length 1, for texts that search."""


class VectorIndex(Protocol):
    """Nearest neighbours by cosine among the rows of one knowledge version."""

    def build(self, name: str, vectors: Matrix, progress: Progress | None = None) -> None:
        """Create or replace the collection `name`; row i of `vectors` gets key i."""

    def query(self, name: str, vectors: Matrix, k: int) -> list[list[tuple[int, float]]]:
        """For each row of `vectors` up to k pairs (key, cosine), best first."""

    def exists(self, name: str, rows: int) -> bool:
        """Whether the collection is there and complete with that many rows."""

    def drop(self, name: str) -> None:
        """Forget the collection; nothing happens when it is not there."""
