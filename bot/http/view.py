"""A conversation as its customer sees it."""

from __future__ import annotations

from math import ceil
from typing import Any

from bot.http.markup import dressed, render
from bot.http.parts import Parts
from bot.http.shapes import SessionBody
from bot.incoming import LONGEST_MESSAGE
from bot.kit import Kit
from bot.pictures import TYPES
from bot.settings import Settings
from bot.wording import locale_of
from handoff import log

_MESSAGES = 50


async def conversation_json(kit: Kit, parts: Parts, conversation: str) -> dict[str, Any]:
    """Who holds it, how long it may take, and whether it can be rated."""
    return await _conversation(parts, *await kit.inbox.view(conversation))


async def _conversation(
    parts: Parts, locked: log.Locked, position: int | None, agent: str | None
) -> dict[str, Any]:
    state = locked.state
    wait = await parts.waits.expected(position) if position is not None else None
    rating, may_rate = await parts.ratings.of(state)
    return {
        "id": state.id,
        "holder": state.holder.value,
        "epoch": state.epoch,
        "agent_name": agent,
        "queue_position": position,
        "waiting_since": state.waiting_since.isoformat() if state.waiting_since else None,
        "expected_wait_s": ceil(wait.total_seconds()) if wait is not None else None,
        "rating": rating.to_json() if rating else None,
        "may_rate": may_rate,
        "locale": locked.locale,
    }


async def session_json(
    kit: Kit, parts: Parts, conversation: str, body: SessionBody
) -> dict[str, Any]:
    """Everything that a widget shows when it opens."""
    locked, position, agent = await kit.inbox.view(conversation)
    messages = await kit.inbox.messages(conversation, limit=_MESSAGES)
    customer, name = await kit.inbox.customer_of(locked.contact_id)
    locale, now = locale_of(body.locale), kit.clock()
    shop, page = kit.shop, body.page.kind
    welcome = shop.welcome(page, locale, at=now)
    open_now = shop.hours.is_open(now)
    return {
        "conversation": await _conversation(parts, locked, position, agent),
        "messages": [dressed(message.to_json()) for message in messages],
        # Read with the state in hand: an event after it may be shown twice, never missed.
        "cursor": locked.event_seq,
        "welcome": {
            "text": welcome,
            "html": render(welcome),
            "questions": shop.likely_questions(page, locale, at=now),
        },
        "hours": {
            "open": open_now,
            "text": (", " if locale == "en" else "、").join(shop.hours_lines),
            "opens": None if open_now else shop.opening_text(now, locale),
        },
        "shop": {"name": shop.name(locale)},
        "customer": {"signed_in": customer is not None, "name": name},
        "limits": {
            "message": LONGEST_MESSAGE,
            "upload_bytes": upload_bytes(kit.settings),
            "upload_types": list(TYPES),
        },
    }


def upload_bytes(settings: Settings) -> int:
    """The largest upload."""
    return int(settings.upload_mb * 1024 * 1024)
