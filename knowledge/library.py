"""What a shop can do with its knowledge: import, publish, go back, withdraw, look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from knowledge import head, versions, withdrawal, word_lists
from knowledge.article import Article, ArticleId, Stage
from knowledge.errors import IndexBroken, KnowledgeError, UnknownArticle, UnknownVersion
from knowledge.head import ImportReport
from knowledge.importing.source import SourceFile
from knowledge.index import VersionIndex
from knowledge.indexes import Indexes
from knowledge.listing import Listed, listed
from knowledge.ports import Progress, VectorIndex
from knowledge.upsert import chunks, one_at_a_time
from knowledge.vectors import PassageEmbedder
from knowledge.versions import Action, Version, VersionId, VersionState
from knowledge.withdrawal import Withdrawal
from knowledge.word_list import WordList

# Of how many versions the indexes stay on disk, so that going back is quick.
_KEPT_INDEXES = 3


class Library:
    """The knowledge of one shop. Only `publish`, `rollback` and `load` touch an index.

    The caller of those three holds the lock of the data folder. `reader` is the engine for
    reading only, where that is another one. `alone` keeps other processes out of a block of that
    name, where several share an index. A callback for progress is called from worker threads as
    well.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        shop: str = "default",
        clock: Callable[[], datetime],
        reader: AsyncEngine | None = None,
        alone: Callable[[str], AbstractAsyncContextManager[None]] | None = None,
    ) -> None:
        self._engine = engine
        self._reader = reader or engine
        self._shop = shop
        self._clock = clock
        self._in_process = asyncio.Lock()
        self._alone = alone

    async def import_articles(
        self,
        files: Iterable[SourceFile],
        *,
        folder: Path | None = None,
        on_file: Callable[[SourceFile], None] | None = None,
    ) -> ImportReport:
        """Brings the head up to date with the files, all of them or, after a crash, none.

        With `folder`, articles of files that are no longer in it are removed too. `on_file` is
        called as each file has been read.
        """
        waiting = iter(files)
        read: list[SourceFile] = []
        while (file := await asyncio.to_thread(next, waiting, None)) is not None:
            read.append(file)
            if on_file is not None:
                on_file(file)
        await self._store_revisions(read)
        below = await asyncio.to_thread(_name, folder) if folder is not None else None
        async with self._engine.begin() as connection:
            await one_at_a_time(connection, f"import {self._shop}")
            known = await head.head_of(connection, self._shop)
            out = await withdrawal.withdrawals(connection, self._shop)
            plan = head.plan_import(
                known, read, withdrawn=frozenset(item.article for item in out), folder=below
            )
            words = word_lists.plan_words(
                await word_lists.imported_words(connection, self._shop), read, folder=below
            )
            at = self._clock()
            await head.move_head(connection, self._shop, plan, at=at)
            await word_lists.move_words(connection, self._shop, words, at=at)
        return plan.report.with_reports(words.reports)

    async def _store_revisions(self, files: Sequence[SourceFile]) -> None:
        """Ahead of the import's own transaction, which stays short: a text alone does nothing."""
        async with self._reader.connect() as connection:
            known = await head.head_of(connection, self._shop)
        revisions = {row.revision for row in known.values()}
        fresh = [a for file in files for a in file.articles if a.revision not in revisions]
        for piece in chunks(fresh):
            async with self._engine.begin() as connection:
                await head.store_revisions(connection, self._shop, piece, at=self._clock())

    async def publish(
        self,
        embedder: PassageEmbedder,
        vector_index: VectorIndex,
        folder: Path,
        *,
        note: str = "",
        force: bool = False,
        on_progress: Progress | None = None,
    ) -> VersionId:
        """Serves the head: snapshot, index, and only then the pointer.

        When nothing changed since the version now served, that one is returned unless `force`.
        Raises KnowledgeError when there is nothing to publish.
        """
        indexes = Indexes(self._engine, self._reader, embedder, vector_index, folder)
        async with self._building():
            version, fresh = await self._snapshot(embedder.name, note, force=force)
            if fresh:
                await indexes.build(version, await self.articles(version.id), on_progress)
                await self._serve(version, Action.PUBLISH)
                await indexes.drop((await self.versions())[_KEPT_INDEXES:])
        return version.id

    async def rollback(
        self,
        version_id: VersionId | None = None,
        *,
        embedder: PassageEmbedder,
        vector_index: VectorIndex,
        folder: Path,
        on_progress: Progress | None = None,
    ) -> VersionId:
        """Serves an earlier version again, or, without a number, the one served before.

        Its index is built anew from stored vectors if it is no longer on disk.
        """
        if version_id is None:
            version_id = await self._previous()
        version = await self._ready(version_id)
        if not version.published:
            await self.load(version_id, embedder, vector_index, folder, on_progress=on_progress)
            await self._serve(version, Action.ROLLBACK)
        return version_id

    async def load(
        self,
        version_id: VersionId,
        embedder: PassageEmbedder,
        vector_index: VectorIndex,
        folder: Path,
        *,
        on_progress: Progress | None = None,
    ) -> VersionIndex:
        """The index of a version, built anew when it is missing, broken or of another embedder."""
        version = await self._ready(version_id)
        articles = await self.articles(version_id)
        indexes = Indexes(self._engine, self._reader, embedder, vector_index, folder)
        try:
            return await indexes.open(version, articles)
        except IndexBroken:
            async with self._building():
                return await indexes.open_or_build(version, articles, on_progress)

    @asynccontextmanager
    async def _building(self) -> AsyncIterator[None]:
        """One index at a time: two publications at once would build the same thing twice."""
        async with self._in_process:
            if self._alone is None:
                yield
                return
            async with self._alone(f"index {self._shop}"):
                yield

    async def versions(self) -> list[Version]:
        """Every version that was ever served, newest first."""
        async with self._reader.connect() as connection:
            return await versions.ready_versions(connection, self._shop)

    async def published(self) -> Version | None:
        """The version served now."""
        async with self._reader.connect() as connection:
            return await versions.published_version(connection, self._shop)

    async def articles(self, version_id: VersionId) -> Sequence[Article]:
        """The articles of a version, withdrawn ones included, in the order of their ids."""
        async with self._reader.connect() as connection:
            await versions.version_of(connection, self._shop, version_id)
            return await versions.articles_of(connection, version_id)

    async def words(self, version_id: VersionId | None = None) -> dict[str, WordList]:
        """The words of a version by file, or those imported last, published or not."""
        async with self._reader.connect() as connection:
            if version_id is None:
                return await word_lists.imported_words(connection, self._shop)
            await versions.version_of(connection, self._shop, version_id)
            return await word_lists.words_of_version(connection, version_id)

    async def list_articles(
        self,
        *,
        text: str = "",
        category: str | None = None,
        stage: Stage | None = None,
        language: str | None = None,
        withdrawn: bool | None = None,
    ) -> list[Listed]:
        """The newest articles in the order of their ids; `text` may stand anywhere in them."""
        async with self._reader.connect() as connection:
            found = await listed(connection, self._shop)
        return [
            item
            for item in found
            if (category is None or item.article.category == category)
            and (stage is None or item.article.stage is stage)
            and (language is None or item.article.language == language)
            and (withdrawn is None or item.withdrawn is withdrawn)
            and item.mentions(text)
        ]

    async def article(self, article_id: ArticleId) -> Listed:
        """The newest revision of one article. Raises UnknownArticle."""
        async with self._reader.connect() as connection:
            found = await listed(connection, self._shop, article_id)
        if not found:
            raise UnknownArticle(f"there is no article {article_id}; `kefu kb list` lists them")
        return found[0]

    async def withdraw(self, article_id: ArticleId, reason: str) -> None:
        """Takes an article out of service, in every version, until it is restored."""
        async with self._engine.begin() as connection:
            await withdrawal.withdraw(connection, self._shop, article_id, reason, at=self._clock())

    async def restore(self, article_id: ArticleId) -> None:
        """Puts an article back into service."""
        async with self._engine.begin() as connection:
            await withdrawal.restore(connection, self._shop, article_id)

    async def withdrawn(self) -> frozenset[ArticleId]:
        """The articles that must not be found."""
        return frozenset(item.article for item in await self.withdrawals())

    async def withdrawals(self) -> list[Withdrawal]:
        """The articles out of service with since when and why, oldest first."""
        async with self._reader.connect() as connection:
            return await withdrawal.withdrawals(connection, self._shop)

    async def _snapshot(self, embedder: str, note: str, *, force: bool) -> tuple[Version, bool]:
        """The version to build; or the one now served, with False, when nothing changed."""
        async with self._engine.begin() as connection:
            known = await head.head_of(connection, self._shop)
            if not known:
                raise KnowledgeError("there is nothing to publish; run `kefu kb import PATH` first")
            served = await versions.published_version(connection, self._shop)
            if served is not None and served.embedder == embedder and not force:
                revisions = {article: row.revision for article, row in known.items()}
                same = revisions == await versions.revisions_of(connection, served.id)
                if same and not await word_lists.words_changed(connection, self._shop, served.id):
                    return served, False
            version_id = await versions.snapshot(
                connection,
                self._shop,
                articles=len(known),
                note=note,
                embedder=embedder,
                at=self._clock(),
            )
            await word_lists.snapshot_words(connection, self._shop, version_id)
            return await versions.version_of(connection, self._shop, version_id), True

    async def _serve(self, version: Version, action: Action) -> None:
        async with self._engine.begin() as connection:
            await versions.serve(connection, self._shop, version.id, action, at=self._clock())

    async def _ready(self, version_id: VersionId) -> Version:
        async with self._reader.connect() as connection:
            version = await versions.version_of(connection, self._shop, version_id)
        if version.state is not VersionState.READY:
            raise UnknownVersion(
                f"knowledge version {version_id} was never finished; publish again"
            )
        return version

    async def _previous(self) -> VersionId:
        async with self._reader.connect() as connection:
            served = versions.served_before(await versions.publications(connection, self._shop))
        if len(served) < 2:
            raise UnknownVersion(
                "no version was served before this one; `kefu kb versions` lists them"
            )
        return served[-2]


def _name(folder: Path) -> str:
    return folder.resolve().as_posix()
