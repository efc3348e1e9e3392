"""`kefu worker` and `kefu migrate`."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.running import run
from bot.commands.settings import check_sharing, read_settings

if TYPE_CHECKING:
    from bot.settings import Settings

Data = Annotated[Path | None, typer.Option("--data", help="Data folder.")]


def install(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Example:  KEFU_DATABASE_URL=postgresql://kefu@db/kefu "
        "KEFU_CHROMA_URL=http://chroma:8000 kefu worker"
    )(worker)
    app.command(
        epilog="Example:  kefu migrate --data /srv/kefu   ·   kefu migrate --to 0002 --yes"
    )(migrate)


def worker(
    data: Data = None,
    turns: Annotated[
        int | None, typer.Option(help="Turns worked on at the same time.", min=1, max=64)
    ] = None,
) -> None:
    """Answer customers without an HTTP server, beside any number of `kefu serve` and others.

    Needs PostgreSQL and a Chroma server; says what is missing.
    """
    settings = read_settings(data=data, workers=turns)
    check_sharing(settings)
    from bot.logs import set_up

    set_up()
    run(_work(settings))


async def _work(settings: Settings) -> None:
    from bot.kit import open_kit

    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with open_kit(settings) as kit, kit.working(max(1, settings.workers)):
        typer.echo(f"kefu works on up to {max(1, settings.workers)} turns; stop with Ctrl-C")
        await stopped.wait()


def migrate(
    data: Data = None,
    to: Annotated[
        str, typer.Option("--to", help="A schema to go to, e.g. 0002; `head` is the newest.")
    ] = "head",
    yes: Annotated[
        bool, typer.Option("--yes", help="Go back to an older schema, which drops what is newer.")
    ] = False,
) -> None:
    """Bring the database to the schema of this version, or of another one."""
    settings = read_settings(data=data)

    async def move() -> str:
        from bot.brain import database_of

        settings.data_folder()
        database = database_of(settings)
        try:
            await database.migrate(to, may_go_back=yes)
            return str(await database.revision())
        finally:
            await database.aclose()

    typer.echo(f"The database is up to date (schema {run(move())}).")
