"""Runs a command's work: what the store reports becomes an error that says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import Infrastructure, WrongSchema

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.library import Library

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; raises Infrastructure where the database cannot be used."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    try:
        return asyncio.run(work)
    except CommandError as error:
        raise WrongSchema(
            f"the database was written by another version of kefu ({error}); "
            "use that version, or set KEFU_DATA to another folder"
        ) from error
    except DBAPIError as error:
        raise Infrastructure(
            f"the database cannot be used ({error.orig}); "
            "look at KEFU_DATA and KEFU_DATABASE_URL, or restore a backup"
        ) from error


@asynccontextmanager
async def open_library(settings: Settings) -> AsyncIterator[Library]:
    """The shop's knowledge, for commands that need no index; beside a running server as well."""
    from bot.brain import library_of, open_database, system_clock

    async with open_database(settings) as database:
        yield library_of(settings, database, system_clock)
