"""A customer's conversation: messages under ids of their own, pages that resume by event id."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.faults.acknowledgements import Acknowledgement, Acknowledgements
from tests.faults.checker import Heard, Page, State

# Between two tries to reach a server that is gone.
PAUSE_S = 0.05
PATIENCE_S = 90.0
# Streams are pinged every 15 s: one that is silent for longer is dead.
_SILENCE_S = 40.0

# What says that the server, or its store, is not there, and nothing was acknowledged.
_AWAY = range(500, 600)


class Silence(AssertionError):
    """A customer was left without an answer and without a person."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How customers behave and how bad their lines are; chances are between 0 and 1.

    Each message is sent by `copies` connections at once; each conversation is open on `pages`.
    """

    longest_burst: int = 3
    messages: int = 12
    cut_while_sending: float = 0.1
    drop_while_listening: float = 0.1
    reload: float = 0.1
    copies: int = 1
    pages: int = 1


class Net:
    """The way to the servers, whose addresses may change at any time."""

    def __init__(self, urls: Callable[[], Sequence[str]], chance: random.Random) -> None:
        self.chance = chance
        self.refused = 0
        # How many conversations come back at the same time at the end.
        self.few = asyncio.Semaphore(20)
        self._urls = urls
        self.client = httpx.AsyncClient(
            timeout=httpx.Timeout(10, read=_SILENCE_S),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
            trust_env=False,
        )

    async def somewhere(self) -> str:
        """A server that is said to be up."""
        while True:
            if urls := self._urls():
                return self.chance.choice(urls)
            await asyncio.sleep(PAUSE_S)

    async def post(self, path: str, body: object, token: str | None = None) -> httpx.Response:
        """The first answer that is not a failure of the server, however long that takes."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        while True:
            url = await self.somewhere()
            try:
                answer = await self.client.post(f"{url}{path}", json=body, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code not in _AWAY:
                return answer
            self.refused += 1
            await asyncio.sleep(PAUSE_S)


class Visitor:
    """A conversation, and the pages on which it is open."""

    def __init__(
        self, net: Net, opened: dict[str, Any], manners: Manners, log: Acknowledgements
    ) -> None:
        self._net = net
        self._manners = manners
        self._log = log
        self._token = str(opened["token"])
        self.id = str(opened["conversation"]["id"])
        self.pages = [Page(self.id) for _ in range(manners.pages)]
        self._changed = asyncio.Event()
        self.longest_wait = 0.0
        self._sent = 0
        self._last_own = 0

    @classmethod
    async def arrive(cls, net: Net, manners: Manners, log: Acknowledgements) -> Visitor:
        """A new conversation."""
        answer = await net.post("/api/customer/session", {})
        assert answer.status_code == 200, answer.text
        return cls(net, answer.json(), manners, log)

    @property
    def left_to_say(self) -> int:
        return self._manners.messages - self._sent

    async def say(self, text: str) -> None:
        """Sends a message until it is acknowledged, always under the same id."""
        self._sent += 1
        sent = f"m{self._sent}"
        body = {"client_message_id": sent, "parts": [{"type": "text", "text": text}]}
        answers = await asyncio.gather(*(self._send(body) for _ in range(self._manners.copies)))
        for answer in answers:
            assert answer.status_code in (200, 201), answer.text
            message = answer.json()["message"]
            self._last_own = int(message["seq"])
            self._log.add(Acknowledgement(self.id, sent, text, str(message["id"]), self._last_own))
        new = [answer for answer in answers if answer.status_code == 201]
        assert len(new) <= 1, f"{sent} was said to be new {len(new)} times"

    async def _send(self, body: object) -> httpx.Response:
        path = "/api/customer/messages"
        if self._net.chance.random() < self._manners.cut_while_sending:
            # The connection is lost before the answer came, which may be after the commit.
            try:
                async with asyncio.timeout(self._net.chance.uniform(0, PAUSE_S)):
                    return await self._net.post(path, body, self._token)
            except TimeoutError:
                pass
        return await self._net.post(path, body, self._token)

    async def read_until_answered(self) -> None:
        """For a page that nobody listens on otherwise."""
        listening = asyncio.create_task(self.listen())
        try:
            await self.answered()
        finally:
            listening.cancel()
            await asyncio.wait([listening])

    async def listen(self) -> None:
        """For ever, on every page."""
        async with asyncio.TaskGroup() as listening:
            for number in range(self._manners.pages):
                listening.create_task(self._follow(number))

    async def _follow(self, number: int) -> None:
        """Drops the stream now and then; resumes after the last event heard, or loads again."""
        while True:
            await self._hear(self.pages[number], drop=self._manners.drop_while_listening)
            if self._net.chance.random() < self._manners.reload:
                self.pages[number] = await self._loaded()

    async def _loaded(self) -> Page:
        answer = await self._net.post("/api/customer/session", {}, self._token)
        assert answer.status_code == 200, answer.text
        opened = answer.json()
        given = State(opened["conversation"]["holder"], opened["conversation"]["epoch"])
        for message in opened["messages"]:
            given.show(message, message["sender"]["kind"])
        self._changed.set()
        return Page(self.id, int(opened["cursor"]), given)

    async def catch_up(self, last: int) -> None:
        """Every page comes back a last time, until the event `last` is heard."""

        async def one(page: Page) -> None:
            while page.last < last:
                await self._hear(page, until=last)

        async with self._net.few, asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*map(one, self.pages))

    async def _hear(self, page: Page, *, drop: float = 0.0, until: int | None = None) -> None:
        url = f"{await self._net.somewhere()}/api/customer/events?after={page.last}"
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._net.client.stream("GET", url, headers=headers) as stream:
                assert stream.status_code in (200, *_AWAY), stream.status_code
                async for event in _events(stream.aiter_lines()):
                    page.heard.append(event)
                    self._changed.set()
                    if event.seq == until or self._net.chance.random() < drop:
                        return
        except httpx.TransportError:
            pass
        await asyncio.sleep(PAUSE_S)

    @property
    def with_a_person(self) -> bool:
        """Whether somebody else than the bot has to answer now."""
        return self.pages[0].state().holder != "bot"

    async def answered(self) -> None:
        """Until the bot has said something to the last words, or a person has to."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not self.with_a_person and not self._has_reply():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise Silence(f"{self.id} heard nothing after message {self._last_own}") from None
        self.longest_wait = max(self.longest_wait, time.monotonic() - began)

    def _has_reply(self) -> bool:
        # The bot never speaks past a message that it has not settled.
        shown = self.pages[0].state().messages
        return any(seq > self._last_own and said[1] == "bot" for seq, said in shown.items())


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[Heard]:
    """The events that count: those of the log, which carry an id."""
    number, kind, data = "", "", ""
    async for line in lines:
        if line.startswith("id:"):
            number = line[3:].strip()
        elif line.startswith("event:"):
            kind = line[6:].strip()
        elif line.startswith("data:"):
            data += line[5:].strip()
        elif not line:
            if number and data:
                yield Heard(int(number), kind, json.loads(data))
            number, kind, data = "", "", ""
