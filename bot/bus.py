"""What processes tell each other over PostgreSQL: wake-ups and what is shown but never stored.

Nothing depends on it: a notice that is lost costs seconds, for everybody looks at the tables again
by themselves.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.engine import make_url

from bot.errors import DatabaseShared, Infrastructure
from bot.feed import Feed
from handoff.log import WOKEN

if TYPE_CHECKING:
    from asyncpg import Connection

log = structlog.get_logger(__name__)

_SHOWN = "kefu_shown"
# PostgreSQL takes 8,000 bytes; a longer draft is shown when it is stored.
_LONGEST_NOTICE = 7_900
_MOST_WAITING = 1_000
_RETRY_S = 1.0
_QUIET_S = 5.0
# The advisory lock of the processes over one database: one alone, or several that share.
_PROCESSES = 0x6B656670


class PostgresBus:
    """One connection that listens and tells. `alone` when no other process may be beside."""

    def __init__(self, url: str, *, alone: bool) -> None:
        dsn = make_url(url).set(drivername="postgresql")
        self._dsn = dsn.render_as_string(hide_password=False)
        self._alone = alone
        self._waiting: asyncio.Queue[str] = asyncio.Queue(_MOST_WAITING)

    def show(self, conversation_id: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Shows something to listeners in other processes; what is too much is left out."""
        notice = json.dumps([conversation_id, kind, payload], ensure_ascii=False)
        if len(notice.encode()) > _LONGEST_NOTICE or self._waiting.full():
            return
        self._waiting.put_nowait(notice)

    @asynccontextmanager
    async def connected(self, feed: Feed, wake: Callable[[], None]) -> AsyncIterator[None]:
        """Carries notices while the block runs.

        Raises DatabaseShared when another process is there that may not be, Infrastructure when
        the database cannot be reached. `wake` is called when something may have become due.
        """
        try:
            connection = await self._connect()
        except OSError as error:
            raise Infrastructure(f"the database cannot be reached ({error})") from error
        if not await self._registered(connection):
            await connection.close()
            raise DatabaseShared
        carrying = asyncio.create_task(self._carry(connection, feed, wake))
        try:
            yield
        finally:
            carrying.cancel()
            await asyncio.wait([carrying])

    async def _connect(self) -> Connection:
        import asyncpg

        return await asyncpg.connect(self._dsn)

    async def _registered(self, connection: Connection) -> bool:
        way = "" if self._alone else "_shared"
        return bool(await connection.fetchval(f"SELECT pg_try_advisory_lock{way}($1)", _PROCESSES))

    async def _carry(self, first: Connection, feed: Feed, wake: Callable[[], None]) -> None:
        """For ever: listens and tells; a lost connection is made anew."""
        import asyncpg

        connection: Connection | None = first
        while True:
            try:
                if connection is None:
                    connection = await self._connect()
                    if not await self._registered(connection):
                        log.error("bus.not_alone", error=str(DatabaseShared()))
                await self._serve(connection, feed, wake)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.error("bus.lost", error=repr(error))
            finally:
                if connection is not None:
                    connection.terminate()
            connection = None
            await asyncio.sleep(_RETRY_S)

    async def _serve(self, connection: Connection, feed: Feed, wake: Callable[[], None]) -> None:
        me = connection.get_server_pid()

        def woken(_: Any, _pid: int, _channel: str, conversation_id: object) -> None:
            feed.wake(str(conversation_id))
            wake()

        def shown(_: Any, pid: int, _channel: str, notice: object) -> None:
            if pid != me:
                conversation_id, kind, payload = json.loads(str(notice))
                feed.show_here(conversation_id, kind, payload)

        await connection.add_listener(WOKEN, woken)
        await connection.add_listener(_SHOWN, shown)
        # From here on nothing is missed; what was told before has to be looked up.
        feed.wake_all()
        wake()
        while True:
            await self._tell_next(connection)

    async def _tell_next(self, connection: Connection) -> None:
        try:
            async with asyncio.timeout(_QUIET_S):
                notice = await self._waiting.get()
        except TimeoutError:
            # Raises on a connection that is gone, also where nobody said so.
            await connection.execute("SELECT 1", timeout=_QUIET_S)
            return
        await connection.execute("SELECT pg_notify($1, $2)", _SHOWN, notice, timeout=_QUIET_S)
