"""What a turn noticed and found on its way, and the record of it that is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.decision import RECORD_VERSION, Decision
from bot.senses import Noticed
from knowledge.search import Found


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities that separate answering, asking back and giving up.

    An article below `answer` is never given as the answer, and below `answer_off_topic` not where
    the message is hardly about shopping (`off_topic`). Several articles are offered when one of the
    first three answers with probability `clarify`; each offered one has at least `choice`. An
    article that only a person may act upon calls that person from `person_topic` on; words beside
    a picture that nobody read are answered from `answer_beside_picture` on, and a question in which
    slips were put right from `answer_put_right` on: another word may have been meant.
    """

    answer: float = 0.65
    clarify: float = 0.6
    choice: float = 0.04
    small_talk: float = 0.5
    small_talk_unnamed: float = 0.8
    shop_matter: float = 0.5
    off_topic: float = 0.9
    answer_off_topic: float = 0.8
    answer_beside_picture: float = 0.8
    # A correction may be the wrong word: it is held to more than a question as it was typed.
    answer_put_right: float = 0.85
    person_topic: float = 0.35

    def answering_from(self, answer: float) -> Thresholds:
        """The same with another threshold for answers; off the topic it is never lower."""
        return replace(self, answer=answer, answer_off_topic=max(self.answer_off_topic, answer))


@dataclass(slots=True)
class Trail:
    """What the decision record will say; filled in as the turn goes."""

    question: str
    language: str
    version: str
    noticed: Noticed | None = None
    found: Found | None = None
    put_right: bool = False
    first_sentence_ms: float | None = None
    """When the first checked sentence of a generated answer was shown."""

    def record(self, decision: Decision, thresholds: Thresholds, took_ms: float) -> dict[str, Any]:
        """Plain JSON, versioned."""
        noticed, found = self.noticed, self.found
        return {
            "record": RECORD_VERSION,
            "kind": decision.kind.value,
            "question": self.question,
            "language": self.language,
            "version": self.version,
            "confidence": round(found.confidence, 4) if found else None,
            "answerable": round(found.answerable, 4) if found else None,
            "threshold": thresholds.answer,
            "candidates": [
                {
                    "article_id": hit.article.id,
                    "title": hit.article.title,
                    "probability": round(hit.probability, 4),
                }
                for hit in (found.hits[:5] if found else ())
            ],
            "signals": {
                "anger": round(noticed.anger, 4),
                "risk": noticed.risk,
                "asks_for_person": noticed.asks_for_person,
                "review_threat": noticed.review_threat,
                "about": {kind: round(p, 3) for kind, p in noticed.kinds.items()},
            }
            if noticed
            else {},
            "reason": decision.reason,
            "rule": decision.rule,
            "score": round(decision.score, 4),
            "origin": decision.origin,
            "cited": list(decision.cited),
            "took_ms": round(took_ms, 1),
            "first_sentence_ms": _rounded(self.first_sentence_ms),
            **decision.record,
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
