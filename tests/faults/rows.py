"""What a store holds after all: rows read past the product, from SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import make_url

Row = Mapping[str, Any]

_QUERIES = {
    "conversations": "SELECT id AS conversation_id, holder, epoch, last_seq, event_seq"
    " FROM conversation ORDER BY id",
    "messages": "SELECT id, conversation_id, seq, sender_kind, parts, client_message_id,"
    " settled_by, outcome FROM message ORDER BY conversation_id, seq",
    "decisions": "SELECT id, conversation_id, epoch, first_seq, last_seq, reply_id, kind"
    " FROM decision ORDER BY conversation_id, first_seq, last_seq",
    "events": "SELECT id, conversation_id, seq, type, payload"
    " FROM event ORDER BY conversation_id, seq",
    "due": "SELECT conversation_id, attempts, lease_token FROM reply_due ORDER BY conversation_id",
}
_JSON = ("parts", "payload")


@dataclass(frozen=True, slots=True)
class Rows:
    """The tables that delivery is about; every row names its conversation."""

    conversations: Sequence[Row] = ()
    messages: Sequence[Row] = ()
    decisions: Sequence[Row] = ()
    events: Sequence[Row] = ()
    due: Sequence[Row] = ()

    def of(self, conversations: Collection[str]) -> Rows:
        """Only what belongs to these."""
        return Rows(
            **{
                each.name: [
                    row
                    for row in getattr(self, each.name)
                    if row["conversation_id"] in conversations
                ]
                for each in fields(self)
            }
        )


class Store(Protocol):
    """A database to look into; not to be used inside an event loop."""

    name: str

    def look(self, *queries: str) -> list[list[Row]]:
        """The rows of each query, in one transaction."""


def rows_of(store: Store) -> Rows:
    """Everything, as of one moment."""
    return Rows(**dict(zip(_QUERIES, store.look(*_QUERIES.values()), strict=True)))


def due_in(store: Store) -> Sequence[Row]:
    """The turns that are due."""
    [due] = store.look(_QUERIES["due"])
    return due


@dataclass(frozen=True, slots=True)
class SqliteStore:
    """A database file, which a server may be using."""

    path: Path
    name: str = "SQLite"

    def look(self, *queries: str) -> list[list[Row]]:
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            connection.isolation_level = None
            connection.execute("BEGIN")
            return [[_read(row) for row in connection.execute(query)] for query in queries]

    def is_whole(self) -> bool:
        """Whether every page of the file is as it should be."""
        with closing(sqlite3.connect(self.path, timeout=30)) as connection:
            [answer] = connection.execute("PRAGMA integrity_check").fetchone()
        return bool(answer == "ok")


@dataclass(frozen=True, slots=True)
class PostgresStore:
    """A database of a running server."""

    url: str
    name: str = "PostgreSQL"

    def look(self, *queries: str) -> list[list[Row]]:
        dsn = make_url(self.url).set(drivername="postgresql")

        async def read() -> list[list[Row]]:
            connection = await asyncpg.connect(dsn.render_as_string(hide_password=False))
            try:
                async with connection.transaction(isolation="repeatable_read", readonly=True):
                    return [[_read(row) for row in await connection.fetch(q)] for q in queries]
            finally:
                await connection.close()

        return asyncio.run(read())


def _read(row: Any) -> Row:
    return {
        name: json.loads(value) if name in _JSON and isinstance(value, str) else value
        for name, value in dict(row).items()
    }
