"""`kefu ask` and `kefu chat`: talk to the bot in the terminal."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

from bot.commands.running import run
from bot.commands.settings import read_settings
from bot.errors import BadMessage
from bot.incoming import checked_text

if TYPE_CHECKING:
    from bot.brain import Brain
    from bot.remote import Remote
    from bot.settings import Settings

Customer = Annotated[str | None, typer.Option(help="Signed in as this customer of the shop.")]
Product = Annotated[str | None, typer.Option(help="On the page of this product.")]
Data = Annotated[Path | None, typer.Option("--data", help="Data folder.")]


def install(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog='Examples:  kefu ask "满多少包邮"   ·   kefu ask "怎么退货" --json')(ask)
    app.command(epilog="Example:  kefu chat --customer C1001")(chat)


def ask(
    text: Annotated[str, typer.Argument(help="A customer's question.")],
    customer: Customer = None,
    product: Product = None,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole decision.")] = False,
) -> None:
    """Ask one question, as a customer would."""
    text = checked_text(text)

    async def own(brain: Brain) -> dict[str, Any]:
        from bot.brain import system_clock
        from bot.control import asked

        return await asked(brain, text, at=system_clock(), customer=customer, product=product)

    answer = with_brain(
        read_settings(data=data), lambda remote: remote.ask(text, customer, product), own
    )
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _show(answer)


def with_brain(
    settings: Settings,
    remote: Callable[[Remote], dict[str, Any]],
    own: Callable[[Brain], Awaitable[dict[str, Any]]],
) -> dict[str, Any]:
    """Through the running server where there is one, else with a brain of our own."""
    from bot.ownership import running_server

    server = running_server(settings.data)
    if server is not None:
        from bot.remote import Remote

        return remote(Remote(server))

    async def alone() -> dict[str, Any]:
        async with own_brain(settings) as brain:
            await brain.served.refresh()
            return await own(brain)

    return run(alone())


@asynccontextmanager
async def own_brain(settings: Settings) -> AsyncIterator[Brain]:
    """A brain for this command alone; its log goes to standard error, warnings only."""
    import structlog

    from bot.brain import open_brain, open_database
    from bot.logs import set_up
    from bot.ownership import owning

    set_up()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings.data_folder()
    async with (
        owning(settings.data),
        open_database(settings) as database,
        open_brain(settings, database, for_one_question=True) as brain,
    ):
        yield brain


def chat(customer: Customer = None, product: Product = None, data: Data = None) -> None:
    """Talk to the bot; an empty line or Ctrl-D ends it. Needs the data folder for itself."""
    settings = read_settings(data=data)

    async def talk() -> None:
        from bot.brain import system_clock
        from bot.control import described
        from bot.dialogue import Dialogue

        async with own_brain(settings) as brain:
            await brain.served.refresh()
            dialogue = Dialogue(
                brain.turn, brain.served.current, customer=customer, product=product
            )
            while True:
                try:
                    line = await asyncio.to_thread(input, "> ")
                except EOFError:
                    return
                if not line.strip():
                    return
                try:
                    said = [[{"type": "text", "text": checked_text(line)}]]
                except BadMessage as error:
                    typer.echo(str(error) or type(error).__doc__)
                    continue
                decision, request = await dialogue.send(said, at=system_clock())
                _show(described(decision, request))

    run(talk())


def _show(answer: dict[str, Any]) -> None:
    out = Console(soft_wrap=True)
    out.print(Markdown(answer["text"]))
    for source in answer["sources"]:
        out.print(f"[dim]\\[{source['n']}] {source['title']} — {source['source']}[/dim]")
    trail = [answer["kind"], f"confidence {answer['confidence']:.2f}"]
    if answer["reason"]:
        trail.append(f"{answer['reason']} ({answer['rule']})")
    out.print(f"[dim]{' · '.join(trail)}[/dim]")
