"""A shop with its files and its library, as the specifications of knowledge talk about it."""

from __future__ import annotations

from pathlib import Path

from knowledge.dense import ExactIndex
from knowledge.head import ImportReport
from knowledge.importing import read
from knowledge.library import Library
from knowledge.versions import VersionId

from .conftest import SHANGHAI, LetterEmbedder


class Shop:
    """A shop with a folder of files, its library, and one index folder."""

    def __init__(self, library: Library, embedder: LetterEmbedder, files: Path) -> None:
        self.library = library
        self.embedder = embedder
        self.files = files
        self.indexes = files.parent / "indexes"
        self.vectors = ExactIndex()
        self.steps: list[tuple[int, int]] = []

    def writes(self, name: str, **answers: str) -> None:
        rows = "".join(f"## {key}怎么办？ {{#{key}}}\n\n{answers[key]}\n\n" for key in answers)
        (self.files / name).write_text(rows, "utf-8")

    async def imports(self, name: str = "") -> ImportReport:
        path = self.files / name
        folder = None if name else path
        return await self.library.import_articles(read(path, zone=SHANGHAI), folder=folder)

    async def publishes(self, **options: object) -> VersionId:
        return await self.library.publish(
            self.embedder,
            self.vectors,
            self.indexes,
            on_progress=lambda done, total: self.steps.append((done, total)),
            **options,  # type: ignore[arg-type]
        )

    async def goes_back(self, version: VersionId | None = None) -> VersionId:
        return await self.library.rollback(
            version, embedder=self.embedder, vector_index=self.vectors, folder=self.indexes
        )

    async def serves(self) -> VersionId | None:
        version = await self.library.published()
        return version.id if version else None

    async def answers(self) -> dict[str, str]:
        version = await self.serves()
        assert version is not None
        index = await self.library.load(version, self.embedder, self.vectors, self.indexes)
        return {article.id: article.answer for article in index.articles}
