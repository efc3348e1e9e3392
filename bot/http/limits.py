"""Rate limits per address and per conversation."""

from __future__ import annotations

import time
from math import ceil

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from bot.errors import TooManyRequests

SESSIONS_PER_ADDRESS = RateLimitItemPerMinute(60)
MESSAGES_PER_CONVERSATION = RateLimitItemPerSecond(20, 10)
SIGN_INS_PER_ADDRESS = RateLimitItemPerMinute(10)
SIGN_INS_PER_ACCOUNT = RateLimitItemPerMinute(5)


class Limiter:
    """Counts in this process's memory."""

    def __init__(self) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, limit: RateLimitItemPerMinute | RateLimitItemPerSecond, key: str) -> None:
        """Counts one; raises TooManyRequests, which says when to try again."""
        if not self._window.hit(limit, key):
            reset, _ = self._window.get_window_stats(limit, key)
            raise TooManyRequests(max(1, ceil(reset - time.time())))
