"""The tables of knowledge. Everything an index holds can be built again from these."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with an offset on both databases; SQLite alone would give it back without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a moment without an offset is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the time {value} has no offset; pass one with a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """As a moment in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _shop(**options: Any) -> Column[str]:
    return Column("shop", String(64), nullable=False, **options)


article_revision = Table(
    "article_revision",
    metadata,
    _shop(primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("article_id", String(200), nullable=False),
    Column("content", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

article_head = Table(
    "article_head",
    metadata,
    _shop(primary_key=True),
    Column("article_id", String(200), primary_key=True),
    Column("revision_id", String(32), nullable=False),
    Column("source_file", Text, nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["shop", "revision_id"], ["article_revision.shop", "article_revision.id"]),
)

knowledge_version = Table(
    "knowledge_version",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _shop(),
    Column("created_at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
    Column("embedder", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("articles", Integer, nullable=False),
    Index(None, "shop", "id"),
    sqlite_autoincrement=True,
)

version_article = Table(
    "version_article",
    metadata,
    Column("version_id", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String(200), primary_key=True),
    _shop(),
    Column("revision_id", String(32), nullable=False),
    ForeignKeyConstraint(["version_id"], ["knowledge_version.id"]),
    ForeignKeyConstraint(["shop", "revision_id"], ["article_revision.shop", "article_revision.id"]),
)

knowledge_published = Table(
    "knowledge_published",
    metadata,
    _shop(primary_key=True),
    Column("version_id", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["version_id"], ["knowledge_version.id"]),
)

knowledge_publication = Table(
    "knowledge_publication",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    _shop(),
    Column("version_id", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("action", String(16), nullable=False),
    ForeignKeyConstraint(["version_id"], ["knowledge_version.id"]),
    Index(None, "shop", "id"),
    sqlite_autoincrement=True,
)

# The words of one file, by content, as an article's text is kept.
word_list = Table(
    "word_list",
    metadata,
    _shop(primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("content", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

word_list_head = Table(
    "word_list_head",
    metadata,
    _shop(primary_key=True),
    Column("source_file", Text, primary_key=True),
    Column("list_id", String(32), nullable=False),
    Column("imported_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["shop", "list_id"], ["word_list.shop", "word_list.id"]),
)

version_word_list = Table(
    "version_word_list",
    metadata,
    Column("version_id", Integer, primary_key=True, autoincrement=False),
    Column("source_file", Text, primary_key=True),
    _shop(),
    Column("list_id", String(32), nullable=False),
    ForeignKeyConstraint(["version_id"], ["knowledge_version.id"]),
    ForeignKeyConstraint(["shop", "list_id"], ["word_list.shop", "word_list.id"]),
)

withdrawal = Table(
    "withdrawal",
    metadata,
    _shop(primary_key=True),
    Column("article_id", String(200), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

# From which confidence on the bot answers, fitted to questions about one version as one embedder
# reads it.
fitted_threshold = Table(
    "fitted_threshold",
    metadata,
    _shop(primary_key=True),
    Column("version_id", Integer, primary_key=True, autoincrement=False),
    Column("embedder", String(200), primary_key=True),
    Column("answer", Float, nullable=False),
    Column("wrong_limit", Float, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("fitted_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(["version_id"], ["knowledge_version.id"]),
)

# Of no shop: the vector of a text is the same for everyone who uses the same embedder.
text_vector = Table(
    "text_vector",
    metadata,
    Column("text_hash", String(64), primary_key=True),
    Column("embedder", String(200), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)
