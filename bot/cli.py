"""The command line `kefu`: mounts the commands and turns errors into exit codes.

0 fine, 1 a gate failed, 2 bad usage or data, 3 infrastructure.
"""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bot.commands import admin, ask, doctor, kb, serve, worker
from bot.commands.settings import read_settings
from bot.errors import BadSettings, BotError, Infrastructure
from handoff.errors import HandoffError
from knowledge.errors import IndexBroken, IndexLocked, KnowledgeError

app = typer.Typer(
    name="kefu",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="A customer-service bot for shops: right answers from the shop's own knowledge, "
    "and a person when it matters.",
    epilog="Start here: [bold]kefu serve --demo[/bold]",
)
serve.install(app)
worker.install(app)
ask.install(app)
doctor.install(app)
app.add_typer(kb.app, name="kb")
app.add_typer(admin.app, name="admin")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"kefu {version('kefu')}")
        raise typer.Exit


@app.callback()
def _kefu(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    # Only carries the options of `kefu` itself.
    pass


def complete_app() -> typer.Typer:
    """The application with the evaluation, which brings numpy and is mounted only when needed."""
    from bot.eval_targets import BotTargets
    from eval.cli import build

    if not any(group.name == "eval" for group in app.registered_groups):
        app.add_typer(build(BotTargets(read_settings)), name="eval")
    return app


def main() -> NoReturn:
    """The entry point."""
    if sys.argv[1:2] in ([], ["eval"], ["--help"]):
        complete_app()
    try:
        app()
    except (BadSettings, KnowledgeError, HandoffError, BotError) as error:
        infrastructure = isinstance(error, Infrastructure | IndexLocked | IndexBroken)
        _fail(error, 3 if infrastructure else 2)
    sys.exit(0)


def _fail(error: Exception, code: int) -> NoReturn:
    words = str(error) or (type(error).__doc__ or type(error).__name__)
    out = Console(stderr=True, highlight=False, soft_wrap=True)
    out.print("error: ", style="bold red", end="")
    # The words may name a file such as [draft].md, which is no markup.
    out.print(words, markup=False)
    sys.exit(code)


if __name__ == "__main__":
    main()
