"""When the bot must hand over: a pure, ordered list of rules over what was noticed in a turn."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.reasons import Reason


@dataclass(frozen=True, slots=True)
class Signals:
    """What the turn noticed. Scores are probabilities from 0 to 1.

    `dissatisfaction` is no probability but a sum over the conversation, 1 for a plain complaint.
    `misses` counts the turns before this one that went unanswered in a row; `unknown` says that
    this turn, too, has no answer; `shop_matter` that it is about shopping at all.
    """

    asks_for_person: bool = False
    anger: float = 0.0
    dissatisfaction: float = 0.0
    risk: str | None = None
    review_threat: bool = False
    person_only_topic: bool = False
    unreadable: bool = False
    identity_refused: bool = False
    confidence: float = 0.0
    misses: int = 0
    unknown: bool = False
    shop_matter: bool = False
    clarified_before: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a shop may set. A reason in `off` never fires.

    `dissatisfaction_threshold` is above what any single message adds: it has to build up.
    """

    anger_threshold: float = 0.5
    dissatisfaction_threshold: float = 1.5
    misses_allowed: int = 1
    off: frozenset[Reason] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hand over, why, by which rule, and the score that the rule looked at."""

    reason: Reason
    rule: str
    score: float


def reason_to_hand_over(signals: Signals, rules: Rules) -> Verdict | None:
    """The first rule that fires, most urgent first; None means the bot may go on."""
    for verdict in _firing(signals, rules):
        if verdict.reason not in rules.off:
            return verdict
    return None


def _firing(signals: Signals, rules: Rules) -> list[Verdict]:
    fired: list[Verdict] = []

    def fire(reason: Reason, rule: str, score: float = 1.0) -> None:
        fired.append(Verdict(reason, rule, score))

    if signals.risk is not None:
        fire(Reason.HIGH_RISK, f"risk:{signals.risk}")
    if signals.asks_for_person:
        fire(Reason.CUSTOMER_REQUEST, "asks_for_person")
    if signals.anger >= rules.anger_threshold:
        fire(Reason.ANGER, f"anger>={rules.anger_threshold:g}", signals.anger)
    if signals.review_threat:
        fire(Reason.REVIEW_THREAT, "review_threat")
    if signals.dissatisfaction >= rules.dissatisfaction_threshold:
        rule = f"dissatisfaction>={rules.dissatisfaction_threshold:g}"
        fire(Reason.DISSATISFACTION, rule, signals.dissatisfaction)
    if signals.person_only_topic:
        fire(Reason.POLICY_RESTRICTION, "article:hand_over", signals.confidence)
    if signals.unreadable:
        fire(Reason.UNREADABLE_MEDIA, "unreadable_part")
    if signals.identity_refused:
        fire(Reason.UNVERIFIED_IDENTITY, "asked_to_sign_in_before")
    if signals.unknown:
        # Two misses, not one: one is usually a typo.
        if signals.misses >= rules.misses_allowed:
            fire(Reason.REPEATED_MISS, f"misses>{rules.misses_allowed}", float(signals.misses + 1))
        if signals.shop_matter or signals.clarified_before:
            rule = "unsure_after_question" if signals.clarified_before else "unsure_shop_matter"
            fire(Reason.LOW_CONFIDENCE, rule, signals.confidence)
    return fired
