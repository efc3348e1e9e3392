"""How much is too much: rates and open streams, counted right whatever goes wrong."""

from __future__ import annotations

import asyncio
import importlib.util
from typing import Any, ClassVar

import pytest
from fastapi import Request
from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.errors import StorageError
from structlog.testing import capture_logs

from bot.errors import BadSettings, TooManyRequests
from bot.http import limits
from bot.http.limits import Limit, Limiter, OpenStreams, address_of, storage_of

THREE = Limit("three", RateLimitItemPerSecond(3, 3600))


async def taken(limiter: Limiter, key: str, *, limit: Limit = THREE, tries: int = 10) -> int:
    """How many of the tries got through."""
    through = 0
    for _ in range(tries):
        try:
            await limiter.hit(limit, key)
            through += 1
        except TooManyRequests:
            pass
    return through


async def test_a_limit_counts_each_key_by_itself_and_says_when_to_come_back() -> None:
    limiter = Limiter()
    assert await taken(limiter, "10.0.0.1") == 3
    with pytest.raises(TooManyRequests) as refused:
        await limiter.hit(THREE, "10.0.0.1")
    assert 1 <= refused.value.retry_after <= 3600
    assert await taken(limiter, "10.0.0.2") == 3


async def test_limits_of_the_same_rate_do_not_count_into_each_other() -> None:
    limiter = Limiter()
    assert await taken(limiter, "10.0.0.1") == 3
    assert await taken(limiter, "10.0.0.1", limit=Limit("other", THREE.rate)) == 3


def test_every_limit_has_a_name_of_its_own() -> None:
    names = [value.name for value in vars(limits).values() if isinstance(value, Limit)]
    assert len(names) == len(set(names)) > 10


async def test_requests_at_the_same_time_do_not_slip_through() -> None:
    limiter = Limiter()
    results = await asyncio.gather(
        *(limiter.hit(THREE, "a") for _ in range(50)), return_exceptions=True
    )
    assert sum(result is None for result in results) == 3


async def test_every_limit_can_be_multiplied_for_a_load_test() -> None:
    assert await taken(Limiter(factor=2), "a") == 6
    assert await taken(Limiter(factor=0.1), "a") == 1, "a limit of nothing would be an outage"


async def test_a_shared_store_is_told_no_address() -> None:
    storage = MemoryStorage()
    await Limiter(storage).hit(THREE, "mei@example.com")
    assert storage.storage
    assert not any("mei" in key for key in storage.storage)


class GoesAway(MemoryStorage):
    """A shared store that can be away."""

    STORAGE_SCHEME: ClassVar = ["async+goesaway"]

    def __init__(self) -> None:
        super().__init__(wrap_exceptions=True)
        self.away = False
        self.asked = 0

    async def acquire_sliding_window_entry(self, *of: Any, **more: Any) -> bool:
        self.asked += 1
        if self.away:
            raise StorageError(ConnectionError("connection refused"))
        return await super().acquire_sliding_window_entry(*of, **more)


async def test_while_the_shared_store_is_away_each_process_counts_and_it_is_said_once() -> None:
    now = 0.0
    storage = GoesAway()
    limiter = Limiter(storage, now=lambda: now)
    storage.away = True
    with capture_logs() as said:
        assert await taken(limiter, "a") == 3
        assert storage.asked == 1, "nobody waits for it again at once"
        now = 10.0
        assert await taken(limiter, "b") == 3
        assert storage.asked == 2
        storage.away = False
        now = 20.0
        assert await taken(limiter, "a") == 3
    assert [line["event"] for line in said] == ["limits.redis_lost", "limits.redis_back"]


def test_without_a_url_rates_are_counted_in_memory() -> None:
    for url in ("", "memory://", "async+memory://"):
        assert isinstance(storage_of(url), MemoryStorage)


@pytest.mark.parametrize("url", ["postgresql://db", "memcached://cache", "redis", "memory"])
def test_another_store_is_refused_with_what_to_set(url: str) -> None:
    with pytest.raises(BadSettings, match="memory:// or redis://host:port/0"):
        storage_of(url)


@pytest.mark.skipif(importlib.util.find_spec("redis") is not None, reason="redis is installed")
@pytest.mark.parametrize("url", ["redis://cache:6379/0", "async+rediss://cache:6379/0"])
def test_without_the_package_for_redis_it_is_said_how_to_get_it(url: str) -> None:
    with pytest.raises(BadSettings, match="pip install"):
        storage_of(url)


# Open streams


def full(streams: OpenStreams, *, conversation: str = "c", address: str = "a") -> bool:
    try:
        with streams.one_more(conversation=conversation, address=address):
            return False
    except TooManyRequests:
        return True


async def listen(streams: OpenStreams, conversation: str, address: str) -> None:
    with streams.one_more(conversation=conversation, address=address):
        await asyncio.Event().wait()


async def test_a_conversation_has_8_streams_and_a_cancelled_one_frees_its_place() -> None:
    streams = OpenStreams()
    open_ = [asyncio.create_task(listen(streams, "c", f"a{n}")) for n in range(8)]
    await asyncio.sleep(0)
    assert full(streams)
    with pytest.raises(TooManyRequests) as refused, streams.one_more(conversation="c", address="b"):
        pass
    assert refused.value.retry_after >= 1
    assert not full(streams, conversation="another")
    open_[0].cancel()
    await asyncio.wait([open_[0]])
    assert not full(streams)
    for task in open_:
        task.cancel()
    await asyncio.wait(open_)
    assert len(streams) == 0, "nothing is remembered of who left"


async def test_an_address_has_200_streams() -> None:
    streams = OpenStreams()
    open_ = [asyncio.create_task(listen(streams, f"c{n}", "a")) for n in range(200)]
    await asyncio.sleep(0)
    assert full(streams, conversation="one more")
    assert not full(streams, conversation="one more", address="b")
    for task in open_:
        task.cancel()
    await asyncio.wait(open_)
    assert len(streams) == 0


def test_a_refused_stream_takes_no_place() -> None:
    streams = OpenStreams(factor=0.01)
    with streams.one_more(conversation="c", address="a"):
        for _ in range(5):
            assert full(streams, address="b")
    assert len(streams) == 0


# Addresses


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        pytest.param("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="a home has a whole network"),
        pytest.param("2001:db8:1:2::9", "2001:db8:1:2::/64", id="and moves in it"),
        pytest.param("::ffff:203.0.113.7", "203.0.113.7", id="the same by another name"),
        pytest.param("fe80::1%eth0", "fe80::/64", id="with its interface"),
        pytest.param("testclient", "testclient", id="no address at all"),
    ],
)
def test_whom_a_limit_per_address_counts(host: str, counted: str) -> None:
    request = Request({"type": "http", "client": (host, 1), "headers": []})
    assert address_of(request) == counted


def test_without_an_address_everybody_is_one() -> None:
    assert address_of(Request({"type": "http", "client": None, "headers": []})) == ""
