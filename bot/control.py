"""What the command line does with a brain, its own or that of the running server."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.brain import Brain
from bot.decision import Decision
from bot.request import Request
from bot.talk import transfer_words
from handoff.messages import text_of
from knowledge.ports import Progress
from knowledge.text import normalise
from knowledge.versions import VersionId


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
    serving = brain.served.current
    question, found, _ = await serving.find(normalise(text), brain.embedding, at=at)
    found = await serving.reranked(found, question)
    return {
        "version": serving.version,
        "question": question,
        "confidence": round(found.confidence, 4),
        "threshold": brain.turn.tuned_to(serving).thresholds.answer,
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
