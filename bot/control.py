"""What the command line does with a brain, its own or that of the running server."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.decision import Decision
from bot.errors import DataFolderInUse
from bot.kit import Brain
from bot.request import Request
from bot.talk import transfer_words
from handoff.messages import text_of
from knowledge.ports import Progress
from knowledge.text import normalise
from knowledge.versions import VersionId

if TYPE_CHECKING:
    from filelock import FileLock

_FILE = "server.json"


@dataclass(frozen=True, slots=True)
class Server:
    """Where the running server of a data folder listens, and the token to control it."""

    url: str
    token: str


def running_server(data: Path) -> Server | None:
    """The server that holds the data folder, or None; what a crashed one left is ignored."""
    try:
        row = json.loads((data / _FILE).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        return None
    if _lock(data).acquired_elsewhere():
        return Server(row["url"], row["token"])
    return None


def announce(data: Path, server: Server) -> None:
    """Writes where the server listens, for commands of the same user only."""
    path = data / _FILE
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"url": server.url, "token": server.token}, file)


class FolderLock:
    """The one process that may build and serve the indexes of a data folder."""

    def __init__(self, data: Path) -> None:
        from filelock import FileLock

        self._data = data
        self._lock: FileLock = FileLock(data / "owner.lock")

    def acquire(self) -> FolderLock:
        """Takes the lock; raises DataFolderInUse."""
        from filelock import Timeout

        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            raise DataFolderInUse(
                f"another kefu process uses the data folder {self._data}; "
                "stop it, or set KEFU_DATA to another folder"
            ) from error
        return self

    def release(self) -> None:
        """Gives it up."""
        self._lock.release()

    def acquired_elsewhere(self) -> bool:
        """Whether another process has it right now."""
        from filelock import Timeout

        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return True
        self._lock.release()
        return False


def _lock(data: Path) -> FolderLock:
    return FolderLock(data)


@asynccontextmanager
async def owning(data: Path) -> AsyncIterator[FolderLock]:
    """Holds the data folder's lock."""
    lock = FolderLock(data).acquire()
    try:
        yield lock
    finally:
        lock.release()


async def asked(
    brain: Brain,
    text: str,
    *,
    at: datetime,
    customer: str | None = None,
    product: str | None = None,
) -> dict[str, Any]:
    """One turn about one question, without a conversation, as plain JSON."""
    request = Request(
        messages=[[{"type": "text", "text": text}]],
        at=at,
        customer=customer,
        product=product,
        on_duty=brain.shop.hours.is_open(at),
    )
    decision = await brain.turn.run(request, brain.served.current)
    return described(decision, request)


def described(decision: Decision, request: Request) -> dict[str, Any]:
    """A decision as plain JSON for people and scripts."""
    text = text_of(list(decision.parts))
    if decision.kind == "hand_over" and not text:
        text = transfer_words(decision.reason or "", request.wording)
    return {
        "kind": decision.kind.value,
        "text": text,
        "parts": [dict(part) for part in decision.parts],
        "sources": [dict(source) for source in decision.sources],
        "confidence": round(decision.confidence, 4),
        "reason": decision.reason,
        "rule": decision.rule,
        "record": dict(decision.record),
    }


async def searched(brain: Brain, text: str, *, limit: int, at: datetime) -> dict[str, Any]:
    """What a search finds, exactly as the bot sees it."""
    question = normalise(text)
    serving = brain.served.current
    vector = await brain.embedding.embed_query(question)
    found = serving.search(question, vector, at=at)
    return {
        "version": serving.version,
        "question": question,
        "confidence": round(found.confidence, 4),
        "threshold": brain.turn.thresholds.answer,
        "hits": [
            {
                "id": hit.article.id,
                "title": hit.article.title,
                "score": round(hit.score, 4),
                "probability": round(hit.probability, 4),
                "source": hit.article.source,
            }
            for hit in found.hits[:limit]
        ],
    }


async def published(
    brain: Brain,
    *,
    note: str = "",
    rollback: bool = False,
    version: VersionId | None = None,
    force: bool = False,
    on_progress: Progress | None = None,
) -> int:
    """Publishes the imported articles, or serves an earlier version again."""
    where: dict[str, Any] = {
        "embedder": brain.embedding,
        "vector_index": brain.vectors,
        "folder": brain.folder,
        "on_progress": on_progress,
    }
    if rollback:
        return int(await brain.library.rollback(version, **where))
    return int(await brain.library.publish(**where, note=note, force=force))
