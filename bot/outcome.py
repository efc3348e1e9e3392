"""From a decision to what is stored: who holds the conversation next, and the words about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.decision import Decision, Kind, text_part
from bot.request import Request, Said
from bot.talk import deferred_words, transfer_words
from handoff.messages import Outgoing
from handoff.replies import HandOver, Outcome

_SUMMARY_LENGTH = 500


def outcome_of(
    decision: Decision,
    request: Request,
    *,
    opens: str | None,
    promised_at: datetime | None,
    reply_id: str | None = None,
) -> Outcome:
    """What to store. `opens` says in words when people are back, for customers who must wait."""
    parts = list(decision.parts)
    hand_over = None
    if decision.kind is Kind.HAND_OVER:
        reason = decision.reason or "bot_error"
        locale = request.wording
        if request.on_duty:
            parts.append(text_part(transfer_words(reason, locale)))
        else:
            again = _deferred_before(request.earlier, opens)
            parts.append(text_part(deferred_words(opens, locale, again=again)))
        hand_over = HandOver(
            reason=reason,
            rule=decision.rule or "",
            score=decision.score,
            on_duty=request.on_duty,
            summary=request.text[:_SUMMARY_LENGTH],
            promised_at=None if request.on_duty else promised_at,
        )
    reply = Outgoing(
        parts=parts,
        origin=decision.origin,
        sources=decision.sources,
        ai_generated=decision.ai_generated,
    )
    return Outcome(
        kind=decision.kind.value,
        replies=[reply],
        record=decision.record,
        missed=decision.missed,
        hand_over=hand_over,
        reply_id=reply_id,
    )


def _deferred_before(earlier: Sequence[Said], opens: str | None) -> bool:
    """Whether this customer was already told tonight when people are back."""
    if not opens:
        return False
    return any(said.sender == "bot" and opens in said.text for said in earlier)
