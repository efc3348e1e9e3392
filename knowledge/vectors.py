"""Vectors of texts, kept in the database so that nothing is embedded twice."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from knowledge.ports import Matrix, Progress
from knowledge.tables import text_vector
from knowledge.upsert import chunks, insert_missing

_BATCH = 256
_LITTLE_ENDIAN = np.dtype("<f4")


class PassageEmbedder(Protocol):
    """The part of an embedder that publishing needs."""

    @property
    def name(self) -> str:
        """Identity of model and weights; vectors never mix names."""

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """(len(texts), dimensions), rows of length 1."""


class TextVectors:
    """The vectors of known texts. Call it like a function with some of the texts."""

    def __init__(self, vectors: dict[str, bytes]) -> None:
        self._vectors = vectors

    def __call__(self, texts: Sequence[str]) -> Matrix:
        """(len(texts), dimensions) in the order of `texts`."""
        packed = b"".join(self._vectors[text] for text in texts)
        flat = np.frombuffer(packed, dtype=_LITTLE_ENDIAN).astype(np.float32)
        return flat.reshape(len(texts), -1)


async def vectors_for(
    engine: AsyncEngine,
    reader: AsyncEngine,
    embedder: PassageEmbedder,
    texts: Sequence[str],
    on_progress: Progress | None = None,
) -> TextVectors:
    """The vectors of `texts`; those that the database lacks are embedded and stored, in batches.

    A crash loses at most the batch under way. No transaction is open while texts are embedded.
    """
    hashes = {text_hash(text): text for text in texts}
    found: dict[str, bytes] = {}
    for piece in chunks(list(hashes)):
        async with reader.connect() as connection:
            rows = await connection.execute(
                select(text_vector.c.text_hash, text_vector.c.vector).where(
                    text_vector.c.embedder == embedder.name, text_vector.c.text_hash.in_(piece)
                )
            )
            found.update({hashes[row[0]]: bytes(row[1]) for row in rows})
    missing = [text for text in hashes.values() if text not in found]
    report = on_progress or _silent
    report(len(hashes) - len(missing), len(hashes))
    for batch in chunks(missing, _BATCH):
        fresh = await asyncio.to_thread(_embedded, embedder, batch)
        async with engine.begin() as connection:
            await insert_missing(
                connection,
                text_vector,
                [
                    {"text_hash": text_hash(text), "embedder": embedder.name, "vector": vector}
                    for text, vector in fresh.items()
                ],
            )
        found.update(fresh)
        report(len(found), len(hashes))
    return TextVectors(found)


def text_hash(text: str) -> str:
    """The key of a text: 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _embedded(embedder: PassageEmbedder, texts: Sequence[str]) -> dict[str, bytes]:
    rows = np.asarray(embedder.embed_passages(texts), dtype=_LITTLE_ENDIAN)
    return {text: row.tobytes() for text, row in zip(texts, rows, strict=True)}


def _silent(done: int, total: int) -> None:
    """Where nobody wants to know how far the work is."""


def halves(on_progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """Two callbacks for two phases of one work: the first counts to half, the second goes on."""
    if on_progress is None:
        return None, None
    report: Callable[[int, int], None] = on_progress

    def first(done: int, total: int) -> None:
        report(done, 2 * total)

    def second(done: int, total: int) -> None:
        report(total + done, 2 * total)

    return first, second
