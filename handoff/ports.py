"""What handoff needs from whoever runs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

Clock = Callable[[], datetime]
NewId = Callable[[], str]
Wake = Callable[[str], None]
"""Called with a conversation id after a commit that changed it."""


class Database(Protocol):
    """Short transactions; nothing slow happens inside one."""

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A snapshot to read from."""

    def write(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A transaction that takes its write lock at once and commits at the end."""
