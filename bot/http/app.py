"""The HTTP application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import MappingProxyType

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http import control, customer, demo, desk, pages, problems, uploads
from bot.http.limits import Limiter, storage_of
from bot.http.parts import parts_of
from bot.http.view import upload_bytes
from bot.kit import Kit
from bot.settings import Settings

_LARGEST_BODY = 256 * 1024

_DESCRIPTION = """
Two APIs. **customer** is what the chat widget speaks: begin or resume a conversation, send
messages, follow its events. **desk** is what the people of the shop use: see what waits, claim,
answer, give back, close. Errors are `application/problem+json`.
"""


def build_app(
    settings: Settings,
    open_kit: Callable[[], AbstractAsyncContextManager[Kit]],
    *,
    control_token: str,
) -> FastAPI:
    """The application; its parts live from start-up to shutdown."""
    from fastapi_offline import FastAPIOffline

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_kit() as kit:
            app.state.kit = kit
            app.state.parts = parts_of(kit)
            async with kit.working(settings.workers):
                try:
                    yield
                finally:
                    kit.feed.close()

    app: FastAPI = FastAPIOffline(
        title="kefu",
        version="0.1.0",
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url="/api-docs",
        redoc_url=None,
    )
    app.state.limiter = Limiter(storage_of(settings.limits_url), factor=settings.limits_factor)
    app.state.control_token = control_token
    problems.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=1024)
    app.add_middleware(BodyLimit, larger={uploads.PATH: upload_bytes(settings)})
    app.add_middleware(SecurityHeaders)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "x-file-name"],
            expose_headers=["Retry-After"],
        )
    app.include_router(customer.router)
    app.include_router(uploads.router)
    app.include_router(desk.router)
    app.include_router(control.router)
    if settings.demo:
        app.include_router(demo.router)
    pages.install(app, demo=settings.demo)
    return app


class BodyLimit:
    """Refuses a body over the limit while it arrives, whatever its headers claim.

    `larger` are paths that may take more.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int] = MappingProxyType({})) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Counts the bytes of the body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = self._larger.get(scope["path"], _LARGEST_BODY)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > largest:
            answer = problems.problem(413, "body-too-large", *_too_large(largest))
            await answer(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > largest:
                # The client lied about the length or sent chunks.
                raise HTTPException(413, _too_large(largest)[0])
            return message

        await self._app(scope, counted, send)


def _too_large(largest: int) -> tuple[str, str]:
    return f"The request is larger than {largest // 1024} KB.", "Send it in smaller parts."


class SecurityHeaders:
    """Headers every answer carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds them to the start of the answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"strict-origin-when-cross-origin"),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)
