"""The indexes of versions on disk: opened, built from stored vectors, and forgotten."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from knowledge.article import Article
from knowledge.errors import IndexBroken
from knowledge.index import VersionIndex, texts_of
from knowledge.ports import Progress, VectorIndex
from knowledge.vectors import PassageEmbedder, halves, vectors_for
from knowledge.versions import Version


@dataclass(frozen=True, slots=True)
class Indexes:
    """Where the indexes of one embedder lie, and what they are built with."""

    engine: AsyncEngine
    reader: AsyncEngine
    embedder: PassageEmbedder
    vector_index: VectorIndex
    folder: Path

    async def open(self, version: Version, articles: Sequence[Article]) -> VersionIndex:
        """The index on disk. Raises IndexBroken when it is missing or not whole."""
        return await asyncio.to_thread(
            VersionIndex.load,
            self.folder,
            version.index_name(self.embedder.name),
            articles,
            self.vector_index,
            embedder=self.embedder.name,
        )

    async def build(
        self, version: Version, articles: Sequence[Article], on_progress: Progress | None
    ) -> VersionIndex:
        """Embeds what was never embedded and builds the index, outside any transaction."""
        embedding, building = halves(on_progress)
        texts = await asyncio.to_thread(texts_of, articles)
        vectors = await vectors_for(self.engine, self.reader, self.embedder, texts, embedding)
        return await asyncio.to_thread(
            VersionIndex.build,
            self.folder,
            version.index_name(self.embedder.name),
            articles,
            vectors,
            self.vector_index,
            building,
            embedder=self.embedder.name,
        )

    async def open_or_build(
        self, version: Version, articles: Sequence[Article], on_progress: Progress | None
    ) -> VersionIndex:
        """The index on disk, or a new one; somebody else may have built it meanwhile."""
        try:
            return await self.open(version, articles)
        except IndexBroken:
            return await self.build(version, articles, on_progress)

    async def drop(self, versions: Iterable[Version]) -> None:
        """Forgets indexes, except of the version served; nothing is lost but time."""
        for version in versions:
            place = self.folder / version.index_name(self.embedder.name)
            if place.exists() and not version.published:
                await asyncio.to_thread(self.vector_index.drop, place.name)
                await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
