"""Who owns a data folder: one process at a time, found by the others through a small file."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import DataFolderInUse

if TYPE_CHECKING:
    from filelock import FileLock

_FILE = "server.json"
# Another command that looks whether a server runs holds the lock for a moment.
_LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Server:
    """Where the running server of a data folder listens, and the token to control it."""

    url: str
    token: str


def running_server(data: Path) -> Server | None:
    """The server that holds the data folder, or None; what a crashed one left is ignored."""
    try:
        row = json.loads((data / _FILE).read_text(encoding="utf-8"))
        server = Server(row["url"], row["token"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return server if FolderLock(data).taken() else None


def announce(data: Path, server: Server) -> None:
    """Writes where the server listens, for commands of the same user only."""
    path = data / _FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"url": server.url, "token": server.token}, file)


class FolderLock:
    """The one process that may build and serve the indexes of a data folder."""

    def __init__(self, data: Path, file: str = "owner.lock") -> None:
        from filelock import FileLock

        self._data = data
        self._lock: FileLock = FileLock(data / file)

    def acquire(self) -> FolderLock:
        """Takes the lock; raises DataFolderInUse."""
        from filelock import Timeout

        try:
            self._lock.acquire(timeout=_LOOK_S)
        except Timeout as error:
            raise DataFolderInUse(
                f"another kefu process uses the data folder {self._data}; "
                "stop it, or set KEFU_DATA to another folder"
            ) from error
        return self

    def release(self) -> None:
        """Gives it up."""
        self._lock.release()

    def taken(self) -> bool:
        """Whether another process has it right now."""
        from filelock import Timeout

        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return True
        self._lock.release()
        return False


@contextmanager
def sole_user(database: Path) -> Iterator[None]:
    """Keeps a second server off a SQLite file, whatever its data folder; raises DataFolderInUse."""
    lock = FolderLock(database.parent, f"{database.name}.lock").acquire()
    try:
        yield
    finally:
        lock.release()


@asynccontextmanager
async def owning(data: Path) -> AsyncIterator[FolderLock]:
    """Holds the data folder's lock."""
    lock = FolderLock(data).acquire()
    # What a crashed server left would send other commands to an address where nobody is.
    (data / _FILE).unlink(missing_ok=True)
    try:
        yield lock
    finally:
        (data / _FILE).unlink(missing_ok=True)
        lock.release()
