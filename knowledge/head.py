"""The head: the newest revision of every article, each belonging to the file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.article import Article, ArticleId, RevisionId
from knowledge.importing.source import Refusal, SourceFile
from knowledge.tables import article_head, article_revision
from knowledge.upsert import chunks, insert_missing, insert_or_replace


class HeadRow(NamedTuple):
    """Which revision of an article is the newest, and the file it was imported from."""

    revision: RevisionId
    source_file: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What an import did with one file of articles, or of words.

    `added`, `changed`, `unchanged` and `removed` are ids of articles or, of a table, its words.
    `withdrawn` are articles of the file that stay withdrawn although they were imported;
    `taken_over` are those that belonged to another file until now, with its name.
    """

    name: str
    shown: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    withdrawn: tuple[ArticleId, ...] = ()
    taken_over: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    skipped: str | None = None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, file by file."""

    files: tuple[FileReport, ...] = ()

    @property
    def changes(self) -> int:
        """How many articles and words were added, changed or removed."""
        return sum(len(f.added) + len(f.changed) + len(f.removed) for f in self.files)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """Everything that was not imported."""
        return tuple(refusal for file in self.files for refusal in file.refused)

    def with_reports(self, others: Mapping[str, FileReport]) -> ImportReport:
        """The same with other reports, by file name, where there are any; new files at the end."""
        known = {file.name for file in self.files}
        return ImportReport(
            (
                *(others.get(file.name, file) for file in self.files),
                *(report for name, report in others.items() if name not in known),
            )
        )


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import will write, decided before anything is written."""

    report: ImportReport
    written: tuple[tuple[Article, str], ...]
    removed: tuple[ArticleId, ...]


def plan_import(
    head: Mapping[ArticleId, HeadRow],
    files: Sequence[SourceFile],
    *,
    withdrawn: frozenset[ArticleId],
    folder: str | None,
) -> ImportPlan:
    """Compares the files with the head.

    An article leaves the head when its file was read completely, no longer holds it, and no
    other file of the import does. With `folder`, the articles of files that are no longer
    in that folder leave as well. A refused row keeps what was imported from it before.
    """
    imported = {article.id for file in files for article in file.articles}
    kept = imported | {r.article for f in files for r in f.refused if r.article is not None}
    belonging: dict[str, list[ArticleId]] = {}
    for article_id, row in head.items():
        if article_id not in kept:
            belonging.setdefault(row.source_file, []).append(article_id)
    written: list[tuple[Article, str]] = []
    reports: list[FileReport] = []
    gone: list[ArticleId] = []
    for file in files:
        removed = tuple(sorted(belonging.get(file.name, ()))) if file.complete else ()
        gone.extend(removed)
        reports.append(_report(file, head, withdrawn, removed))
        written.extend(
            (article, file.name)
            for article in file.articles
            if head.get(article.id) != HeadRow(article.revision, file.name)
        )
    if folder is not None:
        read = {file.name for file in files}
        below = folder.rstrip("/") + "/"
        for source_file in sorted(belonging):
            if source_file.startswith(below) and source_file not in read:
                lost = tuple(sorted(belonging[source_file]))
                gone.extend(lost)
                shown = source_file.removeprefix(below)
                reports.append(FileReport(source_file, shown, removed=lost, gone=True))
    return ImportPlan(ImportReport(tuple(reports)), tuple(written), tuple(gone))


def _report(
    file: SourceFile,
    head: Mapping[ArticleId, HeadRow],
    withdrawn: frozenset[ArticleId],
    removed: tuple[ArticleId, ...],
) -> FileReport:
    def those(*, known: bool, same: bool) -> tuple[ArticleId, ...]:
        return tuple(
            article.id
            for article in file.articles
            if (article.id in head) is known
            and (not known or (head[article.id].revision == article.revision) is same)
        )

    return FileReport(
        file.name,
        file.shown,
        added=those(known=False, same=False),
        changed=those(known=True, same=False),
        unchanged=those(known=True, same=True),
        removed=removed,
        refused=file.refused,
        withdrawn=tuple(a.id for a in file.articles if a.id in withdrawn),
        taken_over=tuple(
            (a.id, head[a.id].source_file)
            for a in file.articles
            if a.id in head and head[a.id].source_file != file.name
        ),
        notes=file.notes,
        skipped=file.skipped,
    )


async def head_of(connection: AsyncConnection, shop: str) -> dict[ArticleId, HeadRow]:
    """The head of a shop, without the texts."""
    columns = article_head.c
    rows = await connection.execute(
        select(columns.article_id, columns.revision_id, columns.source_file).where(
            columns.shop == shop
        )
    )
    return {ArticleId(row[0]): HeadRow(RevisionId(row[1]), row[2]) for row in rows}


async def store_revisions(
    connection: AsyncConnection, shop: str, articles: Iterable[Article], *, at: datetime
) -> None:
    """Keeps the texts; one that is known already stays as it is."""
    rows = [
        {
            "shop": shop,
            "id": article.revision,
            "article_id": article.id,
            "content": article.to_json(),
            "created_at": at,
        }
        for article in articles
    ]
    await insert_missing(connection, article_revision, rows)


async def move_head(
    connection: AsyncConnection, shop: str, plan: ImportPlan, *, at: datetime
) -> None:
    """Carries the plan out."""
    rows = [
        {
            "shop": shop,
            "article_id": article.id,
            "revision_id": article.revision,
            "source_file": source_file,
            "imported_at": at,
        }
        for article, source_file in plan.written
    ]
    await insert_or_replace(connection, article_head, rows)
    for piece in chunks(plan.removed):
        await connection.execute(
            delete(article_head).where(
                article_head.c.shop == shop, article_head.c.article_id.in_(piece)
            )
        )
