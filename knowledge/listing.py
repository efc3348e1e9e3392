"""The newest revisions of the articles, as the shop's people look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.article import Article, ArticleId
from knowledge.tables import article_head, article_revision
from knowledge.withdrawal import withdrawals


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest revision of an article, with what the shop's people want to know about it."""

    article: Article
    source_file: str
    imported_at: datetime
    withdrawn: bool

    def mentions(self, text: str) -> bool:
        """Whether `text` stands anywhere in the article, in whatever case."""
        article = self.article
        texts = (article.id, article.title, article.answer, *article.variants, *article.tags)
        return any(text.casefold() in part.casefold() for part in texts)


async def listed(
    connection: AsyncConnection, shop: str, article_id: ArticleId | None = None
) -> list[Listed]:
    """All articles, or one, in the order of their ids."""
    columns = article_head.c
    wanted = (
        select(
            columns.article_id, article_revision.c.content, columns.source_file, columns.imported_at
        )
        .join(
            article_revision,
            (article_revision.c.shop == columns.shop)
            & (article_revision.c.id == columns.revision_id),
        )
        .where(columns.shop == shop)
    )
    if article_id is not None:
        wanted = wanted.where(columns.article_id == article_id)
    rows = (await connection.execute(wanted)).all()
    out = {item.article for item in await withdrawals(connection, shop)}
    return [
        Listed(Article.from_json(content), source_file, imported_at, key in out)
        for key, content, source_file, imported_at in sorted(rows, key=lambda row: row[0])
    ]
