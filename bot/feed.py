"""Waking listeners inside one process. The event table is the truth; a wake-up may be lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

EVERYTHING = "*"
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

    async def wait(self, seconds: float) -> None:
        """Returns when woken or when `seconds` have passed."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    def take(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What is to be shown, oldest first."""
        shown, self._transient = self._transient, []
        return shown


class Feed:
    """Who listens to which conversation."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._closing = asyncio.Event()

    @property
    def closing(self) -> bool:
        """Whether the process is about to end, so streams should too."""
        return self._closing.is_set()

    def close(self) -> None:
        """Ends every stream."""
        self._closing.set()
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.wake()

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

    def show(self, conversation_id: str, kind: str, payload: Mapping[str, Any]) -> None:
        """Shows something to the listeners of one conversation."""
        for listener in tuple(self._listeners.get(conversation_id, ())):
            listener.show(kind, payload)
