"""`kefu serve`."""

from __future__ import annotations

import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from bot.commands.running import run
from bot.commands.settings import check_sharing, read_settings
from bot.errors import PortTaken

if TYPE_CHECKING:
    import uvicorn

    from bot.kit import Kit
    from bot.settings import Settings

_GONE_AFTER_MS = 60_000

DEMO_EMAIL = "desk@example.com"


def install(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog="Examples:  kefu serve --demo   ·   KEFU_PORT=9000 kefu serve --data /srv/kefu"
    )(serve)


def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Serve the sample shop with a demo page and account.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder.")] = None,
) -> None:
    """Answer customers: the HTTP server with its worker."""
    settings = read_settings(demo=demo or None, host=host, port=port, data=data)
    from bot.logs import set_up

    set_up()
    _allow_many_streams()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    run(_serve(settings))


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    # Uvicorn passes the signal on when it is done; the default would end us before we tidied up.
    sys.exit(0)


def _allow_many_streams() -> None:
    """Every visitor holds a connection: as many files as the system lets us open."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _serve(settings: Settings) -> None:
    import uvicorn

    from bot.http.app import build_app
    from bot.http.limits import storage_of
    from bot.kit import open_kit
    from bot.ownership import Server, announce

    if settings.shared:
        check_sharing(settings)
    # What is missing for it is said before anything is opened.
    storage_of(settings.limits_url)
    async with AsyncExitStack() as held:
        announcing = await _hold(settings, held)
        with _listen(settings.host, settings.port) as listening:
            # Opened here and not by the application, so that what is wrong is said in our words.
            async with open_kit(settings) as kit:
                lines = await _first_run(kit) if settings.demo else []
                host, port = listening.getsockname()[:2]
                server = Server(f"http://{_reachable(host)}:{port}", secrets.token_urlsafe(32))

                @asynccontextmanager
                async def ready() -> AsyncIterator[Kit]:
                    if announcing:
                        announce(settings.data, server)
                    _say_where(server.url, lines, demo=settings.demo)
                    yield kit

                app = build_app(settings, ready, control_token=server.token)
                config = uvicorn.Config(
                    app,
                    log_config=None,
                    access_log=False,
                    timeout_graceful_shutdown=5,
                    # Only a named proxy may say whose request it is.
                    proxy_headers=bool(settings.trusted_proxies),
                    forwarded_allow_ips=settings.trusted_proxies or None,
                )
                await _ending_streams(kit)(config).serve(sockets=[listening])


async def _hold(settings: Settings, held: AsyncExitStack) -> bool:
    """Keeps out who may not work beside us. Whether this is the folder's server for commands."""
    from sqlalchemy.engine import make_url

    from bot.errors import DataFolderInUse
    from bot.ownership import owning, sole_user

    folder = settings.data_folder()
    try:
        await held.enter_async_context(owning(folder))
    except DataFolderInUse:
        if not settings.shared:
            raise
        # Another server of this machine already takes what commands ask for.
        return False
    file = make_url(settings.url).database
    if not settings.on_postgres and file:
        held.enter_context(sole_user(Path(file)))
    return True


def _ending_streams(kit: Kit) -> type[uvicorn.Server]:
    """A server that lets its event streams end by themselves before it waits for them."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            kit.feed.close()
            await super().shutdown(sockets)

    return Server


def _listen(host: str, port: int) -> socket.socket:
    """The listening socket, taken before anything slow; raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        # A phone that vanished without a word would hold its stream for a quarter of an hour.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GONE_AFTER_MS)
    try:
        listening.bind((host, port))
        # At once: two servers could bind the same port, but only one can listen to it.
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"cannot listen on {host}:{port} ({error.strerror}); "
            "stop the program that does, or choose another with --port or KEFU_PORT"
        ) from error
    return listening


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)


async def _first_run(kit: Kit) -> list[str]:
    """Imports and publishes the sample shop, and makes an account, where there is none yet."""
    from bot.commands.kb import import_paths
    from bot.commands.progress import bar
    from bot.control import published

    lines = []
    if kit.brain.served.version is None:
        shop = kit.shop
        await import_paths(kit.brain.library, shop.knowledge_paths, zone=shop.zone)
        with bar("publishing the sample shop") as move:
            await published(kit.brain, note="sample shop", on_progress=move)
        await kit.brain.served.refresh()
    password = kit.settings.data / "desk.password"
    if not await kit.people.all():
        from bot.vault import kept_secret

        await kit.people.add(
            email=DEMO_EMAIL,
            name="小屿",
            password=kept_secret(kit.settings.data, password.name, length=12),
            role="admin",
        )
    if password.exists():
        lines.append(f"  desk account   {DEMO_EMAIL} / {password.read_text().strip()}")
    return lines


def _say_where(url: str, lines: list[str], *, demo: bool) -> None:
    out = Console(highlight=False, soft_wrap=True)
    out.print("[bold]kefu is ready[/bold]")
    if demo:
        out.print(f"  demo shop      {url}/")
    out.print(f"  desk           {url}/desk")
    for line in lines:
        out.print(line, markup=False)
    out.print(f"  API docs       {url}/api-docs")
    out.print("  stop with Ctrl-C")
