"""Articles, files and a library on SQLite for the specifications of knowledge."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from knowledge.importing import SourceFile, read
from knowledge.library import Library
from knowledge.ports import Matrix
from knowledge.tables import metadata

SHANGHAI = ZoneInfo("Asia/Shanghai")


class LetterEmbedder:
    """Counts characters; deterministic, quick, and it remembers what it was asked to embed."""

    dimensions = 16

    def __init__(self, name: str = "letters-1") -> None:
        self.name = name
        self.embedded: list[str] = []
        self.failing_after: int | None = None

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        if self.failing_after is not None and len(self.embedded) >= self.failing_after:
            raise OSError("the power went out")
        self.embedded.extend(texts)
        return self._vectors(texts)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Matrix:
        vectors = np.ones((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for character in text:
                vectors[row, ord(character) % self.dimensions] += 1
        normed: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normed


@pytest.fixture
def embedder() -> LetterEmbedder:
    return LetterEmbedder()


@pytest.fixture
async def engine(store_url: str) -> AsyncIterator[AsyncEngine]:
    """On SQLite and on PostgreSQL: whatever is specified of a library holds on both."""
    engine = create_async_engine(store_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """Every look at it is a minute later."""
    moments: Iterator[datetime] = (
        datetime(2026, 11, 21, tzinfo=UTC) + timedelta(minutes=n) for n in range(10_000)
    )
    return lambda: next(moments)


@pytest.fixture
def library(engine: AsyncEngine, clock: Callable[[], datetime]) -> Library:
    return Library(engine, clock=clock)


@pytest.fixture
def shop_folder(tmp_path: Path) -> Path:
    """An empty folder for the shop's own files."""
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def read_all(path: Path) -> list[SourceFile]:
    """Everything a path gives, dates in Shanghai."""
    return list(read(path, zone=SHANGHAI))


def read_one(path: Path) -> SourceFile:
    """The one file of a path."""
    (file,) = read_all(path)
    return file
