"""Inserts that meet rows which are already there, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Mapping[str, Any]
T = TypeVar("T")

# PostgreSQL takes 65,535 parameters in a statement, SQLite 32,766.
CHUNK = 1_000


def chunks(rows: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """The rows in pieces that fit into one statement."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


async def insert_missing(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts the rows whose primary key is not there yet."""
    insert = _insert(connection)
    for piece in chunks(rows):
        await connection.execute(insert(table).on_conflict_do_nothing(), list(piece))


async def insert_or_replace(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Inserts the rows; where the primary key is there, the other columns take the new values."""
    insert = _insert(connection)
    keys = [column.name for column in table.primary_key]
    for piece in chunks(rows):
        statement = insert(table)
        others = {
            column.name: statement.excluded[column.name]
            for column in table.columns
            if column.name not in keys
        }
        await connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=others), list(piece)
        )


async def one_at_a_time(connection: AsyncConnection, what: str) -> None:
    """Others who change the same wait until this transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))


def _insert(connection: AsyncConnection) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
