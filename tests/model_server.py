"""A real OpenAI-compatible HTTP server whose answers a test writes beforehand.

It is strict: a request that the script has nothing for is answered 500, and leaving the context
raises ScriptExhausted, so that a test cannot pass on an answer nobody wrote.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

_PATIENCE = 30.0


class ScriptExhausted(AssertionError):
    """A request came for which the script holds no behaviour."""


class ScriptUnused(AssertionError):
    """Behaviours were left over: the code asked less often than the test expected."""


class _Cut(Exception):
    """Ends the connection in the middle of a response."""


@dataclass(frozen=True, slots=True)
class Says:
    """Answers with these pieces of text, in one chunk each when streaming.

    With `until`, the rest after the first piece waits for the test to set the event. `finish` is
    the finish reason (None leaves it out); `cut` ends the connection instead of finishing.
    """

    pieces: Sequence[str]
    finish: str | None = "stop"
    until: threading.Event | None = None
    cut: bool = False
    usage: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Fails:
    """Answers with an HTTP error."""

    status: int
    retry_after: str | None = None
    message: str = "scripted failure"


@dataclass(frozen=True, slots=True)
class Garbage:
    """Answers 200 with bytes that are neither JSON nor an event stream with JSON in it."""

    body: bytes = b"<html>not a model</html>"
    content_type: str = "text/html"


Behaviour = Says | Fails | Garbage


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """All messages' contents, one after another."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])


@dataclass
class ModelServer:
    """The server; `with ModelServer([Says([...])]) as server: ... server.url`."""

    script: Sequence[Behaviour] = ()
    requests: list[Asked] = field(default_factory=list)
    exhausted: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = list(self.script)
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        app = Starlette(routes=[Route("/v1/chat/completions", self._complete, methods=["POST"])])
        self._server = uvicorn.Server(
            uvicorn.Config(
                app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1
            )
        )
        self._closing = threading.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="model-server", daemon=True)

    def then(self, *behaviours: Behaviour) -> None:
        """Adds to the script."""
        self._left.extend(behaviours)

    def __enter__(self) -> ModelServer:
        # Listening before the thread runs: a client that comes early waits in the queue.
        self._socket.listen(64)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        self._socket.close()
        if kind is None and self.exhausted:
            last = self.exhausted[-1].body.get("messages", [])
            raise ScriptExhausted(f"{len(self.exhausted)} requests too many; the last: {last!r}")
        if kind is None and self._left:
            raise ScriptUnused(f"never asked for: {self._left!r}")

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    async def _complete(self, request: Request) -> Response:
        asked = Asked(request.url.path, dict(request.headers), json.loads(await request.body()))
        self.requests.append(asked)
        if not self._left:
            self.exhausted.append(asked)
            return _error(500, "the script of the model server is exhausted")
        behaviour = self._left.pop(0)
        if isinstance(behaviour, Fails):
            headers = {"retry-after": behaviour.retry_after} if behaviour.retry_after else {}
            return _error(behaviour.status, behaviour.message, headers)
        if isinstance(behaviour, Garbage):
            return Response(behaviour.body, media_type=behaviour.content_type)
        if asked.body.get("stream"):
            return StreamingResponse(self._stream(behaviour, asked), media_type="text/event-stream")
        return JSONResponse(_whole(behaviour, asked))

    async def _stream(self, says: Says, asked: Asked) -> AsyncIterator[bytes]:
        for n, piece in enumerate(says.pieces):
            if n == 1 and says.until is not None:
                await self._wait(says.until)
            yield _event(_chunk(asked, {"role": "assistant", "content": piece}))
        if says.cut:
            # An exception here makes uvicorn drop the connection without ending the body.
            raise _Cut
        if says.finish is not None:
            yield _event(_chunk(asked, {}, says.finish))
        if says.usage is not None:
            yield _event({**_chunk(asked, {}), "choices": [], "usage": _usage(says.usage)})
        yield b"data: [DONE]\n\n"

    async def _wait(self, event: threading.Event) -> None:
        """Until the test sets the event or leaves; the loop stays free meanwhile."""
        while not event.is_set() and not self._closing.is_set():
            await asyncio.to_thread(event.wait, 0.02)


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": {"message": message}}, status, headers)


def _event(payload: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(payload, ensure_ascii=False)}\n\n".encode()


def _chunk(asked: Asked, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "scripted",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": asked.body["model"],
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def _whole(says: Says, asked: Asked) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(says.pieces)}
    return {
        "id": "scripted",
        "object": "chat.completion",
        "created": 0,
        "model": asked.body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": says.finish}],
        "usage": _usage(says.usage or (0, 0)),
    }


def _usage(counts: tuple[int, int]) -> dict[str, int]:
    prompt, completion = counts
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
