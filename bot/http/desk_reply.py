"""What a person answers, held against the policy of outgoing texts before it is said."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from bot.errors import OrdersUnavailable
from bot.http.desk_session import Acting
from bot.http.markup import dressed
from bot.http.parts import TheKit
from bot.http.problems import documented
from bot.http.shapes import OverrideBody, ReplyBody
from bot.kit import Kit
from bot.policy import Finding, OutgoingStopped, Rule, Severity, stops
from bot.wording import locale_of
from handoff.messages import Message

router = APIRouter()

# What an article, an order or the customer's own words can make right.
_BY_SOURCE = {str(Rule.PROMISE), str(Rule.OFF_PLATFORM)}


@router.post(
    "/conversations/{conversation_id}/reply",
    status_code=201,
    summary="Answer",
    responses=documented(413),
)
async def reply(
    conversation_id: str, body: ReplyBody, me: Acting, kit: TheKit, response: Response
) -> dict[str, Any]:
    """Only the holder may; 409 otherwise.

    422 `policy-stopped` where the text says what may not be said: `findings` are the words, the
    rules and why. The same request with `override`, naming `rules` and a `reason`, sends it.
    `warnings` are findings that hold nothing back.
    """
    text = body.checked()
    findings = await _findings(kit, conversation_id, text)
    if stops(findings) and not _covers(body.override, findings):
        stored = await kit.desk.said(
            conversation_id, me.person, client_message_id=body.client_message_id
        )
        if stored is None:
            raise OutgoingStopped(text, findings, kit.brain.policy.version)
        return _answer(stored, response, new=False)
    message, new = await kit.desk.reply(
        conversation_id,
        me.person,
        client_message_id=body.client_message_id,
        parts=[{"type": "text", "text": text, "format": "markdown"}],
        override=_override(kit, body.override, findings),
    )
    warnings = [each.to_json() for each in findings if each.severity is Severity.WARN]
    return _answer(message, response, new=new, warnings=warnings)


def _answer(
    message: Message,
    response: Response,
    *,
    new: bool,
    warnings: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    response.status_code = 201 if new else 200
    return {"message": dressed(message.to_json()), "warnings": warnings or []}


def _covers(override: OverrideBody | None, findings: list[Finding]) -> bool:
    """Whether every rule that stops the text is one that the person was told of and overrides."""
    stopping = {str(each.rule) for each in findings if each.severity is Severity.STOP}
    return override is not None and stopping <= set(override.rules)


def _override(
    kit: Kit, override: OverrideBody | None, findings: list[Finding]
) -> Mapping[str, Any] | None:
    """What is kept; nothing where nothing was stopped, whatever the request says."""
    if override is None or not stops(findings):
        return None
    stopped = [each.to_json() for each in findings if each.severity is Severity.STOP]
    return {
        "reason": override.checked(),
        "policy": kit.brain.policy.version,
        "findings": stopped,
    }


async def _findings(kit: Kit, conversation_id: str, text: str) -> list[Finding]:
    """What may not be said, with everything in hand that could make it right.

    A person cites nothing, so any article of the shop that holds now may give a promise.
    """
    policy = kit.brain.policy
    findings = policy.check(text)
    if not any(each.rule in _BY_SOURCE for each in findings):
        return findings
    row = await kit.listing.summary(conversation_id)
    messages = await kit.inbox.messages(conversation_id)
    given = [*_articles(kit, row.channel), *await _orders(kit, row.contact_id, row.locale)]
    mentioned = [each.text for each in messages if each.sender_kind == "customer"]
    # A large shop has thousands of articles; other conversations go on meanwhile.
    return await asyncio.to_thread(policy.check, text, promised_by=given, mentioned=mentioned)


def _articles(kit: Kit, channel: str) -> list[str]:
    served = kit.brain.served
    if served.version is None:
        return []
    now, serving = kit.clock(), served.current
    return [
        article.answer
        for article in serving.index.articles
        if article.id not in serving.hidden
        and article.is_valid(asked_at=now)
        and article.scope.covers(channel=channel, product=None)
    ]


async def _orders(kit: Kit, contact_id: str, locale: str) -> list[str]:
    """What the shop knows of the customer's own orders: days, amounts, the courier's number."""
    customer_id, _ = await kit.inbox.customer_of(contact_id)
    if customer_id is None:
        return []
    try:
        cards = await kit.brain.orders.cards(customer_id, at=kit.clock(), locale=locale_of(locale))
    except OrdersUnavailable:
        # Without them the check is only stricter, and its finding can be overridden.
        return []
    return ["\n".join([str(card["title"]), *map(str, card["lines"])]) for card in cards]
