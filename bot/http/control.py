"""For the command line on the same machine: ask, search and publish through the running server."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from pydantic import Field

from bot.control import asked, published, searched
from bot.errors import WrongControlToken
from bot.http.parts import TheKit
from bot.http.shapes import Strict
from knowledge.errors import KnowledgeError
from knowledge.versions import VersionId


async def may_control(
    request: Request, authorization: Annotated[str | None, Header()] = None
) -> None:
    """Only who can read the data folder knows the token."""
    token: str = request.app.state.control_token
    if not hmac.compare_digest((authorization or "").encode(), f"Bearer {token}".encode()):
        raise WrongControlToken


router = APIRouter(
    prefix="/api/control", dependencies=[Depends(may_control)], include_in_schema=False
)


class AskBody(Strict):
    """A question as `kefu ask` sends it."""

    text: Annotated[str, Field(max_length=20_000)]
    customer: str | None = None
    product: str | None = None


class SearchBody(Strict):
    """A search as `kefu kb search` sends it."""

    text: Annotated[str, Field(max_length=20_000)]
    limit: Annotated[int, Field(ge=1, le=50)] = 5


class PublishBody(Strict):
    """Publish the imported articles, or serve an earlier version again."""

    note: str = ""
    rollback: bool = False
    version: int | None = None
    force: bool = False


@router.post("/ask")
async def ask(body: AskBody, kit: TheKit) -> dict[str, Any]:
    """One turn without a conversation."""
    return await asked(
        kit.brain, body.text, at=kit.clock(), customer=body.customer, product=body.product
    )


@router.post("/search")
async def search(body: SearchBody, kit: TheKit) -> dict[str, Any]:
    """What the bot would find."""
    return await searched(kit.brain, body.text, limit=body.limit, at=kit.clock())


@router.post("/refresh")
async def refresh(kit: TheKit) -> dict[str, Any]:
    """Take over what was published or withdrawn just now."""
    await kit.brain.served.refresh()
    return {"version": kit.brain.served.version}


@router.post("/publish")
async def publish(body: PublishBody, kit: TheKit) -> StreamingResponse:
    """Lines of JSON: {"done", "total"} while it works, then {"version"} or {"error"}."""
    lines: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def progress(done: int, total: int) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, {"done": done, "total": total})

    async def work() -> None:
        try:
            version = await published(
                kit.brain,
                note=body.note,
                rollback=body.rollback,
                version=VersionId(body.version) if body.version is not None else None,
                force=body.force,
                on_progress=progress,
            )
            await kit.brain.served.refresh()
            lines.put_nowait({"version": version})
        except KnowledgeError as error:
            lines.put_nowait({"error": str(error) or type(error).__doc__})
        finally:
            lines.put_nowait(None)

    async def body_lines() -> AsyncIterator[bytes]:
        task = asyncio.create_task(work())
        try:
            while (line := await lines.get()) is not None:
                yield json.dumps(line).encode() + b"\n"
        finally:
            # A client that went away does not stop a publication half way.
            await task

    return StreamingResponse(body_lines(), media_type="application/x-ndjson")
