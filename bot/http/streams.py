"""Server-sent events: first what was missed, then what happens, resumed by id."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import Receive, Scope, Send

from bot.feed import Feed

# The log is looked at this often even if no wake-up came, since wake-ups may be lost.
_LOOK_AGAIN_S = 15.0

# Shorter than the server's own patience at its end.
_GRACE_S = 2

Row = tuple[int, str, Mapping[str, Any]]


async def _always() -> bool:
    return True


class Counted(EventSourceResponse):
    """A stream that takes its place when it begins and frees it however it ends.

    The place is taken here and not in the route: whoever leaves before the first byte would keep a
    place for ever. Where there is none, nothing was sent yet and the refusal is the answer.
    """

    def __init__(self, *args: Any, place: AbstractContextManager[None], **more: Any) -> None:
        super().__init__(*args, **more)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the stream."""
        with self._place:
            await super().__call__(scope, receive, send)


def stream(
    feed: Feed,
    key: str,
    after: int,
    read: Callable[[int], Awaitable[list[Row]]],
    *,
    allowed: Callable[[], Awaitable[bool]] = _always,
    place: AbstractContextManager[None] | None = None,
) -> EventSourceResponse:
    """The events (id, type, data) that `read(after)` gives, for ever; drafts carry no id.

    Before anything is sent `allowed` is asked; where it says no, the stream ends.
    """

    async def events() -> AsyncIterator[ServerSentEvent]:
        seen = after
        async with feed.listen(key) as listener:
            # From here on nothing is missed, and a proxy lets the headers through.
            yield ServerSentEvent(comment="listening")
            while not feed.closing:
                # A listener that leaves must not tear a database read apart.
                rows = await asyncio.shield(asyncio.ensure_future(read(seen)))
                shown = listener.take()
                if (rows or shown) and not await asyncio.shield(asyncio.ensure_future(allowed())):
                    return
                for number, kind, payload in rows:
                    seen = number
                    yield ServerSentEvent(data=_json(payload), event=kind, id=str(number))
                # Stored messages first: they replace the drafts shown before.
                for kind, payload in shown:
                    yield ServerSentEvent(data=_json(payload), event=kind)
                if not rows:
                    await listener.wait(_LOOK_AGAIN_S)

    return Counted(
        events(),
        place=place or nullcontext(),
        ping=15,
        headers={"Cache-Control": "no-store"},
        # Streams end by themselves when the feed closes; without this they may be torn before.
        shutdown_grace_period=_GRACE_S,
    )


def _json(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
