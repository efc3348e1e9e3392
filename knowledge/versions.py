"""Versions: immutable snapshots of the head, and the one pointer to the version served."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from sqlalchemy import Select, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.article import Article, ArticleId, RevisionId
from knowledge.errors import UnknownVersion
from knowledge.tables import (
    article_head,
    article_revision,
    knowledge_publication,
    knowledge_published,
    knowledge_version,
    version_article,
)
from knowledge.upsert import insert_or_replace

VersionId = NewType("VersionId", int)


class VersionState(StrEnum):
    """A version that is building has never been served."""

    BUILDING = "building"
    READY = "ready"


class Action(StrEnum):
    """How a version came to be the one served."""

    PUBLISH = "publish"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Version:
    """A snapshot: when it was made, with which embedder, of how many articles."""

    id: VersionId
    shop: str
    created_at: datetime
    note: str
    embedder: str
    state: VersionState
    articles: int
    published: bool = False

    def index_name(self, embedder: str) -> str:
        """The name of the index of this version; another database never has the same."""
        identity = f"{self.shop}\0{embedder}\0{self.created_at.isoformat()}"
        return f"kb-{self.id}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Publication:
    """One turn of the pointer."""

    version: VersionId
    action: Action


def served_before(log: Iterable[Publication]) -> list[VersionId]:
    """What was served, oldest first, the version now served last.

    Going back takes from the end, so that after 1, 2, back to 1 and 3, one goes back to 1 and
    not to 2, which somebody had a reason to leave.
    """
    stack: list[VersionId] = []
    for entry in log:
        if entry.action is Action.ROLLBACK and entry.version in stack:
            del stack[stack.index(entry.version) + 1 :]
        elif stack[-1:] != [entry.version]:
            stack.append(entry.version)
    return stack


async def snapshot(
    connection: AsyncConnection, shop: str, *, articles: int, note: str, embedder: str, at: datetime
) -> VersionId:
    """A new version of everything in the head, not served yet."""
    row = await connection.execute(
        insert(knowledge_version)
        .values(
            shop=shop,
            created_at=at,
            note=note,
            embedder=embedder,
            state=VersionState.BUILDING.value,
            articles=articles,
        )
        .returning(knowledge_version.c.id)
    )
    version_id = VersionId(row.scalar_one())
    head = article_head.c
    await connection.execute(
        insert(version_article).from_select(
            ["version_id", "article_id", "shop", "revision_id"],
            select(literal(int(version_id)), head.article_id, head.shop, head.revision_id).where(
                head.shop == shop
            ),
        )
    )
    return version_id


async def serve(
    connection: AsyncConnection, shop: str, version_id: VersionId, action: Action, *, at: datetime
) -> None:
    """Turns the pointer to a version whose index is built."""
    await connection.execute(
        update(knowledge_version)
        .where(knowledge_version.c.id == version_id)
        .values(state=VersionState.READY.value)
    )
    turned = {"shop": shop, "version_id": version_id, "at": at}
    await insert_or_replace(connection, knowledge_published, [turned])
    await connection.execute(insert(knowledge_publication).values(**turned, action=action.value))


async def ready_versions(connection: AsyncConnection, shop: str) -> list[Version]:
    """Every version that was ever served, newest first."""
    rows = await connection.execute(
        _versions(shop)
        .where(knowledge_version.c.state == VersionState.READY.value)
        .order_by(knowledge_version.c.id.desc())
    )
    return [_version(row) for row in rows.mappings()]


async def version_of(connection: AsyncConnection, shop: str, version_id: VersionId) -> Version:
    """One version, ready or not. Raises UnknownVersion."""
    rows = await connection.execute(_versions(shop).where(knowledge_version.c.id == version_id))
    row = rows.mappings().one_or_none()
    if row is None:
        raise UnknownVersion(
            f"there is no knowledge version {version_id}; `kefu kb versions` lists them"
        )
    return _version(row)


async def published_version(connection: AsyncConnection, shop: str) -> Version | None:
    """The version served now."""
    rows = await connection.execute(
        _versions(shop).where(knowledge_published.c.version_id.is_not(None))
    )
    row = rows.mappings().one_or_none()
    return None if row is None else _version(row)


async def publications(connection: AsyncConnection, shop: str) -> list[Publication]:
    """The log of the pointer, oldest first."""
    log = knowledge_publication.c
    rows = await connection.execute(
        select(log.version_id, log.action).where(log.shop == shop).order_by(log.id)
    )
    return [Publication(VersionId(row[0]), Action(row[1])) for row in rows]


async def revisions_of(
    connection: AsyncConnection, version_id: VersionId
) -> dict[ArticleId, RevisionId]:
    """Which revision of each article a version holds."""
    rows = await connection.execute(
        select(version_article.c.article_id, version_article.c.revision_id).where(
            version_article.c.version_id == version_id
        )
    )
    return {ArticleId(row[0]): RevisionId(row[1]) for row in rows}


async def articles_of(connection: AsyncConnection, version_id: VersionId) -> Sequence[Article]:
    """The articles of a version, in the order of their ids."""
    rows = await connection.execute(
        select(version_article.c.article_id, article_revision.c.content)
        .join(
            article_revision,
            (article_revision.c.shop == version_article.c.shop)
            & (article_revision.c.id == version_article.c.revision_id),
        )
        .where(version_article.c.version_id == version_id)
    )
    # Sorted here: the databases do not agree on the order of letters.
    return [Article.from_json(content) for _, content in sorted(rows.all(), key=_first)]


def _first(row: Any) -> str:
    return str(row[0])


def _versions(shop: str) -> Select[Any]:
    published = knowledge_published.c
    version = knowledge_version.c
    return (
        select(knowledge_version, published.version_id.is_not(None).label("published"))
        .outerjoin(
            knowledge_published,
            (published.version_id == version.id) & (published.shop == version.shop),
        )
        .where(version.shop == shop)
    )


def _version(row: Any) -> Version:
    return Version(
        id=VersionId(row["id"]),
        shop=row["shop"],
        created_at=row["created_at"],
        note=row["note"],
        embedder=row["embedder"],
        state=VersionState(row["state"]),
        articles=row["articles"],
        published=bool(row["published"]),
    )
