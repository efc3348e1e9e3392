"""`kefu admin …`: accounts of the shop's people."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.commands.running import run
from bot.commands.settings import read_settings

if TYPE_CHECKING:
    from handoff.people import People

T = TypeVar("T")

app = typer.Typer(no_args_is_help=True, help="Accounts of the people at the desk.")

Data = Annotated[Path | None, typer.Option("--data", help="Data folder.")]
Password = Annotated[
    str,
    typer.Option(
        prompt=True, confirmation_prompt=True, hide_input=True, help="Asked for if left out."
    ),
]
_SHORTEST_PASSWORD = 8


@app.command(epilog="Example:  kefu admin add mei@example.com --name 小梅")
def add(
    email: Annotated[str, typer.Argument(help="E-mail address, for signing in.")],
    name: Annotated[str, typer.Option(help="Name that customers see.")],
    password: Password,
    role: Annotated[str, typer.Option(help="agent, lead, admin or auditor.")] = "agent",
    data: Data = None,
) -> None:
    """Make an account."""
    if role not in ("agent", "lead", "admin", "auditor"):
        raise typer.BadParameter("role is agent, lead, admin or auditor")
    _checked(password)
    _with_people(
        data, lambda people: people.add(email=email, name=name, password=password, role=role)
    )
    typer.echo(f"{email} may sign in at the desk.")


@app.command(epilog="Example:  kefu admin password mei@example.com")
def password(
    email: Annotated[str, typer.Argument(help="Whose.")], password: Password, data: Data = None
) -> None:
    """Set a new password and end every session of the account."""
    _checked(password)
    _with_people(data, lambda people: people.set_password(email, password))
    typer.echo(f"{email} has a new password.")


@app.command("list", epilog="Example:  kefu admin list")
def list_(data: Data = None) -> None:
    """List the accounts."""
    for person in _with_people(data, lambda people: people.all()):
        typer.echo(f"{person.email}\t{person.name}\t{person.role}")


def _checked(password: str) -> None:
    if len(password) < _SHORTEST_PASSWORD:
        raise typer.BadParameter(f"a password has at least {_SHORTEST_PASSWORD} characters")


def _with_people(data: Path | None, work: Callable[[People], Awaitable[T]]) -> T:
    settings = read_settings(data=data)

    async def with_people() -> T:
        from bot.brain import open_database, random_id, system_clock
        from handoff.people import People

        async with open_database(settings) as database:
            people = People(database, shop=settings.shop, clock=system_clock, new_id=random_id)
            return await work(people)

    return run(with_people())
