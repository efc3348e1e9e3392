"""Waking listeners inside one process. The event table is the truth; a wake-up may be lost.

Between processes `bot.bus` carries wake-ups and what is shown.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

EVERYTHING = "*"

Show = Callable[[str, str, Mapping[str, Any]], None]
"""Called with a conversation id, a kind and a payload."""

_MOST_TRANSIENT = 256


class Listener:
    """One listener: woken by commits, and given what is shown but never stored (drafts, typing)."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()
        self._transient: list[tuple[str, Mapping[str, Any]]] = []

    def wake(self) -> None:
        """Something was committed."""
        self._woken.set()

    def show(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Something to show at once; a listener that does not read loses it, not memory."""
        if len(self._transient) < _MOST_TRANSIENT:
            self._transient.append((kind, payload))
        self._woken.set()

    async def wait(self, seconds: float) -> bool:
        """Returns when woken or when `seconds` have passed; whether it was woken."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def take(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What is to be shown, oldest first."""
        shown, self._transient = self._transient, []
        return shown


class Feed:
    """Who listens to which conversation."""

    def __init__(self, show_elsewhere: Show | None = None) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._show_elsewhere = show_elsewhere
        self._closing = asyncio.Event()

    @property
    def closing(self) -> bool:
        """Whether the process is about to end, so streams should too."""
        return self._closing.is_set()

    def close(self) -> None:
        """Ends every stream."""
        self._closing.set()
        self.wake_all()

    @asynccontextmanager
    async def listen(self, key: str) -> AsyncIterator[Listener]:
        """A listener to one conversation, or to EVERYTHING."""
        listener = Listener()
        self._listeners[key].add(listener)
        try:
            yield listener
        finally:
            self._listeners[key].discard(listener)
            if not self._listeners[key]:
                del self._listeners[key]

    def wake(self, conversation_id: str) -> None:
        """Called after a commit that changed a conversation."""
        for key in (conversation_id, EVERYTHING):
            for listener in tuple(self._listeners.get(key, ())):
                listener.wake()

    def wake_all(self) -> None:
        """Called when wake-ups may have been lost."""
        for listeners in tuple(self._listeners.values()):
            for listener in tuple(listeners):
                listener.wake()

    def show(self, conversation_id: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Shows something to the listeners of one conversation, whatever process they are in."""
        self.show_here(conversation_id, kind, payload)
        if self._show_elsewhere is not None:
            self._show_elsewhere(conversation_id, kind, payload)

    def show_here(self, conversation_id: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Shows something to the listeners of one conversation in this process."""
        for listener in tuple(self._listeners.get(conversation_id, ())):
            listener.show(kind, payload)
