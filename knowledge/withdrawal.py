"""Articles taken out of service at once, whatever version is served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.article import ArticleId
from knowledge.errors import UnknownArticle
from knowledge.tables import article_revision, withdrawal
from knowledge.upsert import insert_or_replace


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Which article is out of service, since when and why."""

    article: ArticleId
    at: datetime
    reason: str


async def withdraw(
    connection: AsyncConnection, shop: str, article_id: ArticleId, reason: str, *, at: datetime
) -> None:
    """Takes an article out of service until it is restored; an import does not restore it."""
    await _must_be_known(connection, shop, article_id)
    row = {"shop": shop, "article_id": article_id, "at": at, "reason": reason}
    await insert_or_replace(connection, withdrawal, [row])


async def restore(connection: AsyncConnection, shop: str, article_id: ArticleId) -> None:
    """Puts an article back into service; nothing happens to one that is in service."""
    await _must_be_known(connection, shop, article_id)
    await connection.execute(
        delete(withdrawal).where(withdrawal.c.shop == shop, withdrawal.c.article_id == article_id)
    )


async def withdrawals(connection: AsyncConnection, shop: str) -> list[Withdrawal]:
    """Everything out of service, oldest first."""
    columns = withdrawal.c
    rows = await connection.execute(
        select(columns.article_id, columns.at, columns.reason)
        .where(columns.shop == shop)
        .order_by(columns.at, columns.article_id)
    )
    return [Withdrawal(ArticleId(row[0]), row[1], row[2]) for row in rows]


async def _must_be_known(connection: AsyncConnection, shop: str, article_id: ArticleId) -> None:
    known = await connection.execute(
        select(article_revision.c.id)
        .where(article_revision.c.shop == shop, article_revision.c.article_id == article_id)
        .limit(1)
    )
    if known.first() is None:
        raise UnknownArticle(f"there is no article {article_id}; `kefu kb list` lists them")
