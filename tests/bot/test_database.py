"""The relational store: migrations both ways, and what SQLite is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from bot.database import Database, alembic_config
from bot.errors import WrongSchema
from bot.migrations.schema import TARGETS


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database, of each kind."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'kefu.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database(migrated=False)
    database = Database(url)
    yield database
    await database.aclose()


only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


async def alembic(database: Database, action: Callable[[Any], Any]) -> Any:
    async with database.engine.begin() as connection:
        return await connection.run_sync(lambda sync: action(alembic_config(sync)))


async def tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()))


async def test_the_migrations_lead_to_exactly_the_tables_of_the_code(database: Database) -> None:
    await database.migrate()
    # Raises when the metadata has anything that the migrations lack, or the other way round.
    await alembic(database, command.check)
    wanted = {name for metadata in TARGETS for name in metadata.tables}
    assert await tables(database) - {"alembic_version", "sqlite_sequence"} == wanted


async def test_the_migrations_lead_back_to_nothing_and_up_again(database: Database) -> None:
    await database.migrate()
    await alembic(database, lambda config: command.downgrade(config, "base"))
    assert await tables(database) - {"sqlite_sequence"} == {"alembic_version"}
    await database.migrate()
    await alembic(database, command.check)


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    await database.migrate()
    before = await tables(database)
    await database.migrate()
    assert await tables(database) == before


async def set_schema(database: Database, version: str) -> None:
    async with database.write() as connection:
        await connection.execute(
            sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version}
        )


async def test_an_empty_database_gets_its_tables_at_the_start(database: Database) -> None:
    await database.prepare()
    await database.check_schema()


async def test_an_older_schema_is_refused_at_the_start_with_what_to_do(database: Database) -> None:
    await database.migrate("0001")
    with pytest.raises(WrongSchema, match=r"is at schema 0001.*backup, then run `kefu migrate`"):
        await database.prepare()


async def test_a_newer_schema_is_refused_by_everybody(database: Database) -> None:
    await database.migrate()
    await set_schema(database, "9999")
    with pytest.raises(WrongSchema, match=r"newer than the .* use the version of kefu that wrote"):
        await database.prepare()
    with pytest.raises(WrongSchema, match="newer than the"):
        await database.migrate()


async def test_going_back_has_to_be_meant(database: Database) -> None:
    await database.migrate()
    with pytest.raises(WrongSchema, match=r"drops what newer tables hold.*--yes"):
        await database.migrate("0001")
    await database.migrate("0001", may_go_back=True)
    assert await database.revision() == "0001"
    await database.migrate()
    await database.check_schema()


async def test_a_schema_that_never_was_is_refused(database: Database) -> None:
    with pytest.raises(WrongSchema, match="there is no schema 0000; there are 0001"):
        await database.migrate("0000")


async def test_processes_that_migrate_at_once_do_it_once(database: Database) -> None:
    await asyncio.gather(*(database.migrate() for _ in range(4)))
    await database.check_schema()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        # Readers do not wait for the writer.
        ("journal_mode", "wal"),
        # 2 is FULL: what was acknowledged survives a power cut.
        ("synchronous", 2),
        ("foreign_keys", 1),
    ],
)
@only_sqlite
async def test_every_connection_is_safe_before_it_is_fast(
    database: Database, pragma: str, value: object
) -> None:
    async with database.read() as first, database.read() as second:
        for connection in (first, second):
            assert await connection.scalar(sa.text(f"PRAGMA {pragma}")) == value


async def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    await database.migrate()
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
        async with database.write() as connection:
            await connection.execute(
                sa.text(
                    "INSERT INTO reply_due VALUES "
                    "('nobody', 'x', '2026-11-21', '2026-11-21', NULL, NULL, 0)"
                )
            )


async def count_up(database: Database) -> None:
    """Reads first and writes later: what fails at once unless the lock was taken first."""
    async with database.engine.begin() as connection:
        number = await connection.scalar(sa.text("SELECT n FROM counter"))
        # Gives way, so that the other one is between its two statements as well.
        await asyncio.sleep(0)
        await connection.execute(sa.text("UPDATE counter SET n = :n"), {"n": number + 1})


@only_sqlite
async def test_two_processes_that_read_and_then_write_wait_for_each_other(
    database: Database,
) -> None:
    other = Database(database.url)
    async with database.write() as connection:
        await connection.execute(sa.text("CREATE TABLE counter (n INTEGER)"))
        await connection.execute(sa.text("INSERT INTO counter VALUES (0)"))
    await asyncio.gather(*(count_up(store) for store in (database, other) * 5))
    async with other.read() as connection:
        assert await connection.scalar(sa.text("SELECT n FROM counter")) == 10
    await other.aclose()


async def test_a_reader_neither_waits_for_the_writer_nor_sees_half_of_its_work(
    database: Database,
) -> None:
    await database.migrate()
    names = sa.text("SELECT count(*) FROM contact")
    async with database.write() as writer:
        await writer.execute(
            sa.text("INSERT INTO contact VALUES ('c', 'default', 'n', '2026-11-21 12:00:00')")
        )
        async with asyncio.timeout(5), database.read() as reader:
            assert await reader.scalar(names) == 0
    async with database.read() as reader:
        assert await reader.scalar(names) == 1


async def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    await database.migrate()

    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(
                sa.text("INSERT INTO contact VALUES ('c', 'default', 'n', '2026-11-21 12:00:00')")
            )
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with database.read() as connection:
        assert await connection.scalar(sa.text("SELECT count(*) FROM contact")) == 0


def test_the_newest_step_is_found_without_alembic_and_is_alembics_head() -> None:
    from alembic.script import ScriptDirectory

    import bot.migrations
    from bot.database import newest_revision

    folder = Path(bot.migrations.__file__).parent
    assert ScriptDirectory(str(folder)).get_heads() == [newest_revision()]
