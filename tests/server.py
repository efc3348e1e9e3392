"""The real server on a free loopback port, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from bot.control import published
from bot.http.app import build_app
from bot.kit import Kit, open_kit
from bot.settings import Settings

SATURDAY_EVENING = datetime.fromisoformat("2026-11-21T20:00:00+08:00")
_PATIENCE_S = 40
CONTROL_TOKEN = "control-token-of-the-tests"
MEI = {"email": "mei@example.com", "password": "correct horse"}
LI = {"email": "li@example.com", "password": "battery staple"}


class Clock:
    """Stands still until moved."""

    def __init__(self, now: datetime = SATURDAY_EVENING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


def settings_for(data: Path, **more: Any) -> Settings:
    """The demo shop without the pause for bursts, and without anything from the environment."""
    return Settings(_env_file=None, data=data, demo=True, pause=0, workers=2, **more)  # type: ignore[call-arg]


def publish_sample(data: Path) -> None:
    """A data folder with the sample shop imported and published, and two people."""
    from bot.commands.kb import import_paths

    async def run() -> None:
        async with open_kit(settings_for(data)) as kit:
            shop = kit.shop
            await import_paths(kit.brain.library, shop.knowledge_paths, zone=shop.zone)
            await published(kit.brain, note="sample shop")
            await kit.people.add(name="小梅", role="lead", **MEI)
            await kit.people.add(name="阿力", role="agent", **LI)

    asyncio.run(run())


@dataclass
class Server:
    """A running server."""

    url: str
    clock: Clock
    data: Path
    kit: Kit | None = None
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self) -> httpx.Client:
        """A new HTTP client, with cookies of its own."""
        client = httpx.Client(base_url=self.url, timeout=20, trust_env=False)
        self.clients.append(client)
        return client

    def customer(self, **session: Any) -> Customer:
        """A new visitor."""
        return Customer(self.client(), **session)

    def person(self, account: dict[str, str] = MEI) -> DeskPerson:
        """Somebody who signed in at the desk."""
        return DeskPerson(self.client(), account)


class Customer:
    """A visitor with a widget: sends messages and reads the events."""

    def __init__(self, client: httpx.Client, **session: Any) -> None:
        self.client = client
        answer = client.post("/api/customer/session", json=session)
        answer.raise_for_status()
        self.opened = answer.json()
        self.seen = self.opened["cursor"]
        self._sent = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.opened['token']}"}

    @property
    def id(self) -> str:
        conversation: str = self.opened["conversation"]["id"]
        return conversation

    def resume(self, **session: Any) -> dict[str, Any]:
        """Opens the page again, perhaps signed in."""
        answer = self.client.post("/api/customer/session", json=session, headers=self.headers)
        answer.raise_for_status()
        self.opened = answer.json()
        return self.opened

    def post(self, *parts: dict[str, Any], message_id: str | None = None) -> httpx.Response:
        self._sent += 1
        body = {"client_message_id": message_id or f"m{self._sent}", "parts": list(parts)}
        return self.client.post("/api/customer/messages", json=body, headers=self.headers)

    def say(self, text: str) -> None:
        self.post({"type": "text", "text": text}).raise_for_status()

    def ask(self, text: str) -> dict[str, Any]:
        """Says something and waits for the bot's reply."""
        self.say(text)
        return self.next_message("bot")

    def choose(self, option: dict[str, Any]) -> dict[str, Any]:
        part = {"type": "choice", "id": option["id"], "text": option["text"]}
        self.post(part).raise_for_status()
        return self.next_message("bot")

    def events(self, after: int | None = None) -> Iterator[tuple[int | None, str, dict[str, Any]]]:
        """(id, type, data) as they come; `seen` follows."""
        after = self.seen if after is None else after
        url = f"/api/customer/events?after={after}"
        with self.client.stream("GET", url, headers=self.headers) as stream:
            stream.raise_for_status()
            yield from _events(stream.iter_lines())

    @contextmanager
    def listening(self) -> Iterator[Iterator[tuple[int | None, str, dict[str, Any]]]]:
        """The events from now on, passing ones such as drafts included."""
        url = f"/api/customer/events?after={self.seen}"
        with self.client.stream("GET", url, headers=self.headers) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith(": listening")
            yield _events(lines)

    def next_event(self, kind: str) -> dict[str, Any]:
        for number, name, data in self.events():
            if number is not None:
                self.seen = number
            if name == kind:
                return data
        raise AssertionError(f"the stream ended before {kind}")

    def next_message(self, sender: str) -> dict[str, Any]:
        while True:
            message: dict[str, Any] = self.next_event("message.created")["message"]
            if message["sender"]["kind"] == sender:
                return message


class DeskPerson:
    """Somebody at the desk."""

    def __init__(self, client: httpx.Client, account: dict[str, str]) -> None:
        self.client = client
        answer = client.post("/api/desk/sign-in", json=account)
        answer.raise_for_status()
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]

    def list(self, view: str = "queue") -> list[dict[str, Any]]:
        answer = self.client.get("/api/desk/conversations", params={"view": view})
        answer.raise_for_status()
        rows: list[dict[str, Any]] = answer.json()["conversations"]
        return rows

    def look(self, conversation: str) -> dict[str, Any]:
        answer = self.client.get(f"/api/desk/conversations/{conversation}")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def do(self, conversation: str, what: str, **body: Any) -> httpx.Response:
        return self.client.post(f"/api/desk/conversations/{conversation}/{what}", json=body)

    def claim(self, conversation: str) -> None:
        self.do(conversation, "claim").raise_for_status()

    def reply(self, conversation: str, text: str) -> None:
        self.do(conversation, "reply", client_message_id=text, text=text).raise_for_status()


def text_of(message: dict[str, Any]) -> str:
    """The words of a message."""
    lines = (part.get("text") or part.get("prompt") for part in message["parts"])
    return "\n".join(filter(None, lines))


def first(events: Iterator[tuple[int | None, str, dict[str, Any]]], kind: str) -> dict[str, Any]:
    """The data of the next event of a kind."""
    return next(data for _, name, data in events if name == kind)


def _events(lines: Iterator[str]) -> Iterator[tuple[int | None, str, dict[str, Any]]]:
    number: int | None = None
    kind, data = "message", ""
    deadline = time.monotonic() + _PATIENCE_S
    for line in lines:
        # Pings keep a stream alive for ever: what is waited for must come some time.
        assert time.monotonic() < deadline, "the awaited event did not come"
        if not line:
            if data:
                yield number, kind, json.loads(data)
            number, kind, data = None, "message", ""
        elif line.startswith("id:"):
            number = int(line[3:])
        elif line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()


@contextmanager
def serving(
    data: Path, clock: Clock | None = None, *, port: int = 0, **more: Any
) -> Iterator[Server]:
    """The server in a thread of its own, until the block ends; on a free port if none is given."""
    clock = clock or Clock()
    settings = settings_for(data, **more)
    listening = socket.create_server(("127.0.0.1", port))
    server = Server(f"http://127.0.0.1:{listening.getsockname()[1]}", clock, data)
    ready = threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    @asynccontextmanager
    async def parts():  # type: ignore[no-untyped-def]
        async with open_kit(settings, clock=clock) as kit:
            server.kit = kit
            loops.append(asyncio.get_running_loop())
            ready.set()
            yield kit

    app = build_app(settings, parts, control_token=CONTROL_TOKEN)
    # Its Date header would tell the desk a time that is not the test's.
    config = uvicorn.Config(
        app, log_config=None, access_log=False, date_header=False, timeout_graceful_shutdown=3
    )
    uvicorn_server = uvicorn.Server(config)
    thread = threading.Thread(target=uvicorn_server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        assert ready.wait(60), "the server did not start"
        yield server
    finally:
        for client in server.clients:
            client.close()
        if loops:
            # Open streams end by themselves, as they do when the real server stops.
            loops[0].call_soon_threadsafe(_close_feed, server)
        uvicorn_server.should_exit = True
        thread.join(20)
        listening.close()
    assert not thread.is_alive(), "the server did not stop"


def _close_feed(server: Server) -> None:
    assert server.kit is not None
    server.kit.feed.close()


def copy_of(folder: Path, target: Path) -> Path:
    """A data folder of one's own, already published."""
    shutil.copytree(folder, target)
    return target
