"""Server-sent events: first what was missed, then what happens, resumed by id."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent

from bot.feed import Feed

# The log is looked at this often even if no wake-up came, since wake-ups may be lost.
_LOOK_AGAIN_S = 15.0

# Shorter than the server's own patience at its end.
_GRACE_S = 2

Row = tuple[int, str, Mapping[str, Any]]


def stream(
    feed: Feed, key: str, after: int, read: Callable[[int], Awaitable[list[Row]]]
) -> EventSourceResponse:
    """The events (id, type, data) that `read(after)` gives, for ever; drafts carry no id."""

    async def events() -> AsyncIterator[ServerSentEvent]:
        seen = after
        async with feed.listen(key) as listener:
            # From here on nothing is missed, and a proxy lets the headers through.
            yield ServerSentEvent(comment="listening")
            while not feed.closing:
                # A listener that leaves must not tear a database read apart.
                rows = await asyncio.shield(asyncio.ensure_future(read(seen)))
                for number, kind, payload in rows:
                    seen = number
                    yield ServerSentEvent(data=_json(payload), event=kind, id=str(number))
                # Stored messages first: they replace the drafts shown before.
                for kind, payload in listener.take():
                    yield ServerSentEvent(data=_json(payload), event=kind)
                if not rows:
                    await listener.wait(_LOOK_AGAIN_S)

    return EventSourceResponse(
        events(),
        ping=15,
        headers={"Cache-Control": "no-store"},
        # Streams end by themselves when the feed closes; without this they may be torn before.
        shutdown_grace_period=_GRACE_S,
    )


def _json(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
