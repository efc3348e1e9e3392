"""The words of a shop in the store: those imported last, and those of each version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.head import FileReport
from knowledge.importing.source import SourceFile
from knowledge.tables import version_word_list, word_list, word_list_head
from knowledge.upsert import insert_missing, insert_or_replace
from knowledge.versions import VersionId
from knowledge.word_list import WordList


@dataclass(frozen=True, slots=True)
class WordsPlan:
    """What an import will do with tables of words, and its report on their files by name."""

    reports: Mapping[str, FileReport]
    written: Mapping[str, WordList]
    removed: tuple[str, ...]


def plan_words(
    known: Mapping[str, WordList], files: Sequence[SourceFile], *, folder: str | None
) -> WordsPlan:
    """Compares the files with the words imported last; a refused file keeps what it had.

    A word belongs to the file that it was imported from last, and other files lose it. With
    `folder`, the words of files that are no longer in that folder go.
    """
    fresh = {file.name: file for file in files if file.words is not None}
    reports: dict[str, FileReport] = {}
    removed: list[str] = []
    if folder is not None:
        read = {file.name for file in files}
        below = folder.rstrip("/") + "/"
        for name in sorted(name for name in known.keys() - read if name.startswith(below)):
            removed.append(name)
            gone = tuple(_meanings(known[name]))
            shown = name.removeprefix(below)
            reports[name] = FileReport(name, shown, removed=gone, gone=True)
    others = {name: words for name, words in known.items() if name not in {*fresh, *removed}}
    written = {}
    for name, file in fresh.items():
        before, after = known.get(name), file.words or WordList()
        taken = _taken_over(after, others)
        reports[name] = _report(file, before or WordList(), after, taken)
        if before is None or before.revision != after.revision:
            written[name] = after
    claimed = {each.word for file in fresh.values() if file.words for each in file.words.words}
    for name, words in others.items():
        left = tuple(each for each in words.words if each.word not in claimed)
        if not left:
            removed.append(name)
        elif len(left) < len(words.words):
            written[name] = WordList(left)
    return WordsPlan(reports, written, tuple(removed))


def _taken_over(after: WordList, others: Mapping[str, WordList]) -> dict[str, str]:
    """Which of the words belonged to another file until now, and to which."""
    owners = {each.word: name for name, words in others.items() for each in words.words}
    return {each.word: owners[each.word] for each in after.words if each.word in owners}


def _report(
    file: SourceFile, before: WordList, after: WordList, taken: Mapping[str, str]
) -> FileReport:
    old, new = _meanings(before), _meanings(after)
    moved = tuple(f"takes words over from {name}" for name in sorted(set(taken.values())))
    return FileReport(
        file.name,
        file.shown,
        added=tuple(word for word in new if word not in old),
        changed=tuple(word for word in new if word in old and old[word] != new[word]),
        unchanged=tuple(word for word in new if old.get(word) == new[word]),
        removed=tuple(word for word in old if word not in new),
        taken_over=tuple(taken.items()),
        notes=(*file.notes, *moved),
    )


def _meanings(words: WordList) -> dict[str, set[tuple[str, str | None]]]:
    found: dict[str, set[tuple[str, str | None]]] = {}
    for each in words.words:
        found.setdefault(each.word, set()).add((each.standard, each.product))
    return found


async def move_words(
    connection: AsyncConnection, shop: str, plan: WordsPlan, *, at: datetime
) -> None:
    """Carries the plan out."""
    lists = {each.revision: each for each in plan.written.values()}
    contents = [
        {"shop": shop, "id": revision, "content": each.to_json(), "created_at": at}
        for revision, each in lists.items()
    ]
    heads = [
        {"shop": shop, "source_file": name, "list_id": each.revision, "imported_at": at}
        for name, each in plan.written.items()
    ]
    await insert_missing(connection, word_list, contents)
    await insert_or_replace(connection, word_list_head, heads)
    for name in plan.removed:
        await connection.execute(
            delete(word_list_head).where(
                word_list_head.c.shop == shop, word_list_head.c.source_file == name
            )
        )


async def snapshot_words(connection: AsyncConnection, shop: str, version_id: VersionId) -> None:
    """Makes the words imported last those of a new version."""
    head = word_list_head.c
    await connection.execute(
        insert(version_word_list).from_select(
            ["version_id", "source_file", "shop", "list_id"],
            select(literal(int(version_id)), head.source_file, head.shop, head.list_id).where(
                head.shop == shop
            ),
        )
    )


async def imported_words(connection: AsyncConnection, shop: str) -> dict[str, WordList]:
    """The words imported last by file, in the order of the files' names."""
    return await _lists(connection, word_list_head, word_list_head.c.shop == shop)


async def words_of_version(
    connection: AsyncConnection, version_id: VersionId
) -> dict[str, WordList]:
    """The words of a version by file, in the order of the files' names."""
    return await _lists(connection, version_word_list, version_word_list.c.version_id == version_id)


async def words_changed(connection: AsyncConnection, shop: str, version_id: VersionId) -> bool:
    """Whether the words imported last are others than those of a version."""
    head, version = word_list_head.c, version_word_list.c
    now = await connection.execute(select(head.source_file, head.list_id).where(head.shop == shop))
    then = await connection.execute(
        select(version.source_file, version.list_id).where(version.version_id == version_id)
    )
    return {tuple(row) for row in now} != {tuple(row) for row in then}


async def _lists(connection: AsyncConnection, table: Table, which: object) -> dict[str, WordList]:
    rows = await connection.execute(
        select(table.c.source_file, word_list.c.content)
        .join(
            word_list,
            (word_list.c.shop == table.c.shop) & (word_list.c.id == table.c.list_id),
        )
        .where(which)  # type: ignore[arg-type]
    )
    # Sorted here: the databases do not agree on the order of letters.
    found = {str(row[0]): WordList.from_json(row[1]) for row in rows}
    return {name: found[name] for name in sorted(found)}
