"""How much is too much: rates per address, visitor and conversation, and open streams."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

import structlog
from fastapi import Request
from limits import (
    RateLimitItem,
    RateLimitItemPerDay,
    RateLimitItemPerMinute,
    RateLimitItemPerSecond,
)
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string

from bot.errors import BadSettings, TooManyRequests

log = structlog.get_logger(__name__)

# Slower than this, Redis would be felt by every customer.
_REDIS_PATIENCE_S = 0.5
# So often is a Redis that went away tried again.
_TRY_AGAIN_S = 10.0
# A stream that is gone without a word is noticed when its next ping cannot be sent.
_STREAM_ENDS_WITHIN_S = 15


@dataclass(frozen=True, slots=True)
class Limit:
    """A rate that has a name, so that no two limits count into each other."""

    name: str
    rate: RateLimitItem


# An address can be a whole office, or half a province behind its provider's gateway.
SESSIONS_PER_ADDRESS = Limit("sessions-address", RateLimitItemPerMinute(60))
MESSAGES_PER_ADDRESS = Limit("messages-address", RateLimitItemPerMinute(600))
UPLOADS_PER_ADDRESS = Limit("uploads-address", RateLimitItemPerMinute(30))
# A visitor is one contact: the same in every conversation of a customer who signed in.
MESSAGES_PER_VISITOR = Limit("messages-visitor", RateLimitItemPerMinute(120))
RESUMES_PER_CONVERSATION = Limit("resumes", RateLimitItemPerMinute(120))
MESSAGES_PER_CONVERSATION = Limit("messages", RateLimitItemPerSecond(20, 10))
UPLOADS_PER_CONVERSATION = Limit("uploads", RateLimitItemPerMinute(10))
UPLOADS_A_DAY = Limit("uploads-day", RateLimitItemPerDay(100))
# Closing, rating, leaving, back to the bot.
ACTIONS_PER_CONVERSATION = Limit("actions", RateLimitItemPerMinute(30))
# Opening the stream of events, looking at a picture.
READS_PER_CONVERSATION = Limit("reads", RateLimitItemPerMinute(300))
SIGN_INS_PER_ADDRESS = Limit("sign-ins-address", RateLimitItemPerMinute(10))
SIGN_INS_PER_ACCOUNT = Limit("sign-ins-account", RateLimitItemPerMinute(5))

STREAMS_PER_CONVERSATION = 8
STREAMS_PER_ADDRESS = 200


def address_of(request: Request) -> str:
    """Whom a limit per address counts: of IPv6 the network, since a home has 2^64 addresses.

    The address is the socket's unless the server was told which proxies to believe.
    """
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def storage_of(url: str) -> Storage:
    """Where rates are counted: memory://, or redis://… (rediss, redis+unix).

    Raises BadSettings for another URL, and where the package that speaks to Redis is missing.
    """
    scheme, separator, _ = url.partition("://")
    scheme = scheme.removeprefix("async+")
    if not url or (separator and scheme == "memory"):
        return MemoryStorage()
    if not separator or scheme not in ("redis", "rediss", "redis+unix"):
        # A URL may hold a password, so only its beginning is repeated.
        raise BadSettings(f"KEFU_LIMITS_URL is memory:// or redis://host:port/0, not {scheme}…")
    try:
        storage = storage_from_string(
            f"async+{url.removeprefix('async+')}",
            wrap_exceptions=True,
            implementation="redispy",
            socket_timeout=_REDIS_PATIENCE_S,
            socket_connect_timeout=_REDIS_PATIENCE_S,
        )
    except ConfigurationError as error:
        raise BadSettings(
            "KEFU_LIMITS_URL names Redis, which needs one more package: pip install 'redis>=5.2'; "
            "or leave it out to count in this process's memory"
        ) from error
    except ValueError as error:
        raise BadSettings(f"KEFU_LIMITS_URL cannot be read ({error})") from error
    assert isinstance(storage, Storage)
    return storage


class Limiter:
    """Counts requests. A Redis that is away costs the limits their common count, not the chat."""

    def __init__(
        self,
        storage: Storage | None = None,
        *,
        factor: float = 1.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        # Not the moving window: in memory it goes through every visitor's requests all the time.
        self._shared = SlidingWindowCounterRateLimiter(storage) if storage else None
        self._factor = factor
        self._now = now
        self._away_until: float | None = None

    async def hit(self, limit: Limit, key: str) -> None:
        """Counts one; raises TooManyRequests, which says when to try again."""
        rate = self._scaled(limit.rate)
        # Addresses and e-mail addresses are nobody's business in a Redis.
        hashed = hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
        retry_after = await self._counted(rate, limit.name, hashed)
        if retry_after is not None:
            raise TooManyRequests(retry_after)

    def _scaled(self, rate: RateLimitItem) -> RateLimitItem:
        if self._factor == 1.0:
            return rate
        return type(rate)(max(1, ceil(rate.amount * self._factor)), rate.multiples)

    async def _counted(self, rate: RateLimitItem, *key: str) -> int | None:
        shared = self._shared
        if shared is None or (self._away_until is not None and self._now() < self._away_until):
            return await _count(self._memory, rate, *key)
        try:
            retry_after = await _count(shared, rate, *key)
        except StorageError as error:
            if self._away_until is None:
                log.error("limits.redis_lost", error=str(error), now="counting in memory")
            self._away_until = self._now() + _TRY_AGAIN_S
            return await _count(self._memory, rate, *key)
        if self._away_until is not None:
            log.info("limits.redis_back")
            self._away_until = None
        return retry_after


async def _count(
    window: SlidingWindowCounterRateLimiter, rate: RateLimitItem, *key: str
) -> int | None:
    """None, or the seconds until there is room again."""
    if await window.hit(rate, *key):
        return None
    reset, _ = await window.get_window_stats(rate, *key)
    return max(1, ceil(reset - time.time()))


class OpenStreams:
    """Counts the streams that are open in this process."""

    def __init__(self, *, factor: float = 1.0) -> None:
        self._open: Counter[tuple[str, str]] = Counter()
        self._most = {
            "conversation": max(1, ceil(STREAMS_PER_CONVERSATION * factor)),
            "address": max(1, ceil(STREAMS_PER_ADDRESS * factor)),
        }

    @contextmanager
    def one_more(self, *, conversation: str, address: str) -> Iterator[None]:
        """Counts a stream while the block runs; raises TooManyRequests instead of entering it."""
        keys = (("conversation", conversation), ("address", address))
        if any(self._open[key] >= self._most[key[0]] for key in keys):
            raise TooManyRequests(_STREAM_ENDS_WITHIN_S)
        self._open.update(keys)
        try:
            yield
        finally:
            self._open.subtract(keys)
            for key in keys:
                if not self._open[key]:
                    del self._open[key]

    def __len__(self) -> int:
        """How many keys are counted: none when nobody listens."""
        return len(self._open)
