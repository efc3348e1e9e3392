"""Why a conversation goes to a person, and how urgent that is."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """The known reasons. Stores and feeds keep unknown values of newer versions as plain text."""

    CUSTOMER_REQUEST = "customer_request"
    LOW_CONFIDENCE = "low_confidence"
    REPEATED_MISS = "repeated_miss"
    ANGER = "anger"
    DISSATISFACTION = "dissatisfaction"
    HIGH_RISK = "high_risk"
    REVIEW_THREAT = "review_threat"
    SUSPECTED_ABUSE = "suspected_abuse"
    POLICY_RESTRICTION = "policy_restriction"
    UNVERIFIED_IDENTITY = "unverified_identity"
    UNREADABLE_MEDIA = "unreadable_media"
    ACTION_FAILED = "action_failed"
    OVERLOAD = "overload"
    VIP = "vip"
    BOT_ERROR = "bot_error"
    AGENT_TAKEOVER = "agent_takeover"


_URGENCY = {
    Reason.HIGH_RISK: 3,
    Reason.ANGER: 2,
    Reason.REVIEW_THREAT: 2,
    Reason.DISSATISFACTION: 1,
    Reason.POLICY_RESTRICTION: 1,
    Reason.CUSTOMER_REQUEST: 1,
    Reason.VIP: 1,
}


def urgency(reason: str | None) -> int:
    """0 (ordinary) to 3 (at once); an unknown reason is ordinary, never an error."""
    return _URGENCY.get(Reason(reason), 0) if reason in set(Reason) else 0
