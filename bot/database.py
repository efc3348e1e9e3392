"""The relational store: SQLite (WAL, one writer) or PostgreSQL, and its migrations."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import WrongSchema

if TYPE_CHECKING:
    from alembic.config import Config

_BUSY_TIMEOUT_S = 15.0
# A process that stands still in the middle of a write, frozen or behind a dead network, holds the
# lock of the event ids: without a limit nobody could write anything until its connection is gone.
_SETTINGS = {"idle_in_transaction_session_timeout": "10s"}
_MIGRATING = "kefu migrate"


class Database:
    """Opens units of work on one engine."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sqlite = url.startswith("sqlite")
        if self._sqlite:
            self.engine = create_async_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S})
            sa.event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine.sync_engine, "begin", _begin_immediately)
        else:
            # A server that was restarted left dead connections in the pool.
            self.engine = create_async_engine(
                url,
                pool_pre_ping=True,
                pool_size=10,
                connect_args={"server_settings": _SETTINGS},
            )
        self.reader = self.engine.execution_options(kefu_reads=True)
        # SQLite has one writer: queueing here is fair and cheaper than waiting on its file lock.
        self._one_writer = asyncio.Lock() if self._sqlite else None

    @property
    def has_one_owner(self) -> bool:
        """Whether only one process at a time works on this database."""
        return self._sqlite

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads and takes no write lock."""
        async with self.reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds its write lock from the start and commits at the end."""
        if self._one_writer is None:
            async with self.engine.begin() as connection:
                yield connection
            return
        async with self._one_writer, self.engine.begin() as connection:
            yield connection

    async def aclose(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """Only one process at a time is in a block of that name; no transaction is held open.

        SQLite has one process already, which sees to it by itself.
        """
        if self._sqlite:
            yield
            return
        options = {"isolation_level": "AUTOCOMMIT"}
        async with self.engine.connect() as plain:
            connection = await plain.execution_options(**options)
            await connection.execute(sa.select(sa.func.pg_advisory_lock(_key(name))))
            try:
                yield
            finally:
                await connection.execute(sa.select(sa.func.pg_advisory_unlock(_key(name))))

    async def prepare(self) -> None:
        """Makes the tables in an empty database; any other must be of exactly this schema."""
        if await self.revision() is None:
            await self.migrate()
        await self.check_schema()

    async def migrate(self, to: str = "head", *, may_go_back: bool = False) -> None:
        """Brings the schema to a version; to an older one, which drops data, only if that is meant.

        Raises WrongSchema for a version that is not known here.
        """
        wanted = newest_revision() if to == "head" else to
        there = await self.revision()
        if there == wanted:
            # Alembic takes a third of a second to import, which a single question would feel.
            return
        if there is not None and there > newest_revision():
            raise WrongSchema(_newer(there))
        if wanted not in revisions():
            raise WrongSchema(f"there is no schema {wanted}; there are {', '.join(revisions())}")
        from alembic import command

        async with self.alone(_MIGRATING):
            there = await self.revision()
            back = there is not None and wanted < there
            if back and not may_go_back:
                raise WrongSchema(
                    f"going back from {there} to {wanted} drops what newer tables hold; "
                    "make a backup, then run it with --yes"
                )
            move = command.downgrade if back else command.upgrade
            await self._alembic(lambda config: move(config, wanted))

    async def check_schema(self) -> None:
        """Raises WrongSchema unless the schema is exactly the one this code was written for."""
        wanted, there = newest_revision(), await self.revision()
        if there is not None and there > wanted:
            raise WrongSchema(_newer(there))
        if there != wanted:
            raise WrongSchema(
                f"the database is at schema {there or 'none'}, this kefu needs {wanted}; "
                "make a backup, then run `kefu migrate`"
            )

    async def revision(self) -> str | None:
        """The schema's version, None in an empty database."""
        async with self.read() as connection:
            return await connection.run_sync(_current_revision)

    async def _alembic(self, action: Any) -> None:
        async with self.engine.begin() as connection:
            await connection.run_sync(lambda sync: action(alembic_config(sync)))


_MIGRATIONS = Path(__file__).parent / "migrations"


def newest_revision() -> str:
    """The last step of the one linear history; files are called NUMBER_what_it_does.py."""
    return revisions()[-1]


@cache
def revisions() -> list[str]:
    """Every step, oldest first."""
    steps = (_MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return sorted(step.name.partition("_")[0] for step in steps)


def alembic_config(connection: sa.Connection) -> Config:
    """Alembic configured in code, on an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def open_database(url: str) -> Database:
    """The database behind a SQLAlchemy URL with an async driver."""
    return Database(url)


def _key(name: str) -> int:
    return zlib.crc32(name.encode())


def _newer(there: str) -> str:
    return (
        f"the database is at schema {there}, newer than the {newest_revision()} of this kefu; "
        "use the version of kefu that wrote it, or another database"
    )


def _current_revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin_immediately` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediately(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later fails at once under contention,
    # whatever the timeout; one that takes the lock first waits for it.
    reads = connection.get_execution_options().get("kefu_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
