"""Customers who write bursts, hear the answer and write again, whatever happens to the servers."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import httpx

from tests.bot.command_line import until
from tests.faults.acknowledgements import Acknowledgements
from tests.faults.checker import TOLD, Page
from tests.faults.rows import Rows
from tests.faults.visitor import PATIENCE_S, Manners, Net, Visitor

T = TypeVar("T")

# The bot answers each of these by itself.
QUESTIONS = (
    "满多少包邮",
    "下单后多久发货？",
    "支持七天无理由退货吗？",
    "可以包礼盒吗？要多少钱？",
    "怎么开发票？",
    "实物和图片有色差吗？",
    "有运费险吗？",
)


class Traffic:
    """Customers in a thread of their own; the block ends with them gone.

    `urls` says which servers are up at the moment.
    """

    def __init__(
        self,
        urls: Callable[[], Sequence[str]],
        folder: Path,
        *,
        seed: int,
        customers: int = 4,
        manners: Manners | None = None,
        questions: Sequence[str] = QUESTIONS,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.acknowledged = Acknowledgements(folder / "acknowledged.jsonl")
        self.visitors: list[Visitor] = []
        self._urls = urls
        self._chance = random.Random(seed)
        self._customers = customers
        self._manners = manners or Manners()
        self._questions = questions
        self._failures: list[BaseException] = []
        self._enough = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="traffic")
        self._writing: list[Future[None]] = []

    def __enter__(self) -> Traffic:
        self._thread.start()
        self._net = self._there(self._connect()).result(PATIENCE_S)
        self._writing = [self._there(self._customer(n)) for n in range(self._customers)]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._there(self._leave()).result(PATIENCE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()
        self.acknowledged.close()

    def go_on_until(self, more: int) -> None:
        """Returns once so many messages more have been acknowledged."""
        enough = len(self.acknowledged) + more
        until(
            lambda: self._failures or len(self.acknowledged) >= enough,
            f"{more} acknowledgements",
            PATIENCE_S,
        )
        self.raise_failures()

    def stop_writing(self) -> None:
        """Every customer says nothing more once the last words are answered."""
        self._enough.set()
        for writing in self._writing:
            writing.result(2 * PATIENCE_S)
        self.raise_failures()

    def catch_up(self, rows: Rows) -> list[Page]:
        """Every page comes back once more; what each was given and heard in all."""
        last = {row["conversation_id"]: row["seq"] for row in rows.events if row["type"] in TOLD}

        async def all_of_them() -> None:
            await asyncio.gather(*(v.catch_up(last.get(v.id, 0)) for v in self.visitors))

        self.do(all_of_them())
        return [page for visitor in self.visitors for page in visitor.pages]

    def do(self, doing: Coroutine[Any, Any, T]) -> T:
        """What a step of the test's own gives, taken among the customers."""
        return self._there(doing).result(2 * PATIENCE_S)

    @property
    def refused(self) -> int:
        """How often a server said that it cannot store anything now."""
        return self._net.refused

    async def arrive(self) -> Visitor:
        """A customer more, who does only what the test says; pages are silent until they hear."""
        visitor = await Visitor.arrive(self._net, self._manners, self.acknowledged)
        self.visitors.append(visitor)
        return visitor

    def raise_failures(self) -> None:
        for failure in self._failures:
            raise failure

    def _there(self, doing: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(doing, self._loop)

    async def _connect(self) -> Net:
        return Net(self._urls, self._chance)

    async def _leave(self) -> None:
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._net.client.aclose()

    async def _customer(self, number: int) -> None:
        try:
            while not self._enough.is_set():
                await self._conversation()
        except (AssertionError, httpx.HTTPError, OSError, TimeoutError) as error:
            self._failures.append(error)

    async def _conversation(self) -> None:
        visitor = await self.arrive()
        listening = asyncio.create_task(visitor.listen())
        try:
            while visitor.left_to_say > 0 and not visitor.with_a_person:
                if self._enough.is_set():
                    return
                for _ in range(self._chance.randint(1, self._manners.longest_burst)):
                    await visitor.say(self._chance.choice(self._questions))
                await self._answered(visitor, listening)
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _answered(self, visitor: Visitor, listening: asyncio.Task[None]) -> None:
        """Until there is an answer; what went wrong while listening is raised here."""
        answered = asyncio.ensure_future(visitor.answered())
        done, _ = await asyncio.wait({answered, listening}, return_when="FIRST_COMPLETED")
        if answered not in done:
            answered.cancel()
            listening.result()
        await answered
