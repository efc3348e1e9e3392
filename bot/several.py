"""One reply to several questions: what is sure is answered, what is not is asked back or passed on.

No part of a message is lost in silence: where not every question has its own answer, the reply also
holds the choices, the words that nothing is known, or the handover, for what is left. Such replies
are the curated answers word for word; no language model writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.decision import Decision, Kind, text_part
from bot.questions import Question
from bot.request import Request
from bot.wording import say
from handoff.reasons import urgency
from knowledge.search import Found


@dataclass(frozen=True, slots=True)
class Asked:
    """One of several questions, what was found for it, and what it alone would be replied."""

    question: Question
    reading: str
    found: Found
    decision: Decision

    @property
    def best(self) -> str | None:
        """The article that most likely answers it."""
        return self.found.hits[0].article.id if self.found.hits else None

    @property
    def own_order(self) -> bool:
        """Whether it is about the customer's own order."""
        return bool({"order_topic", "sign_in_needed"} & self.decision.record.keys())

    @property
    def known(self) -> bool:
        """Whether it found its answer, be it an order or a topic that only people take."""
        answered = self.decision.kind in (Kind.ANSWER, Kind.ACT, Kind.HAND_OVER)
        return self.own_order or (answered and bool(self.decision.cited))

    def as_record(self) -> dict[str, Any]:
        """What the decision record says about it."""
        return {
            "question": self.reading,
            "kind": self.decision.kind.value,
            "article_id": self.best,
            "confidence": round(self.found.confidence, 4),
        }


def told_apart(asked: Sequence[Asked], whole: Found) -> list[Asked]:
    """The questions that each want a reply of their own; empty where the message is one question.

    `whole` is what the message as a whole found.
    """
    known: list[Asked] = []
    for each in asked:
        seen = any(each.best == other.best and not each.own_order for other in known)
        if each.known and not seen:
            known.append(each)
    orders = sum(each.own_order for each in known)
    leaning = any(each.question.leans for each in asked)
    if not known or orders > 1 or (orders and leaning):
        # 我的快递到哪了,几天能到: both mean this parcel.
        return []
    given = {each.best for each in known if not each.own_order}
    unknown = [each for each in asked if not each.known and each.best not in given]
    if len(known) + len(unknown) < 2:
        return []
    if unknown and leaning:
        # Cut at a mere pause: what seems to be unknown may belong to the question beside it.
        return []
    best = whole.hits[0].article.id if whole.hits else None
    least = min((each.found.confidence for each in known if not each.own_order), default=1.0)
    if best not in given and whole.confidence > least:
        return []
    return [each for each in asked if each in known or each in unknown]


def together(request: Request, asked: Sequence[Asked]) -> Decision:
    """One reply to all of them: answers in the order of the questions, then what is left."""
    decisions = [each.decision for each in asked]
    known = [each for each in asked if each.known]
    confidence = min((e.found.confidence for e in known if not e.own_order), default=0.0)
    kind = min((each.kind for each in decisions), key=_RANK.index)
    passed_on = [each for each in decisions if each.kind is Kind.HAND_OVER]
    urgent = max(passed_on, key=lambda each: urgency(each.reason), default=None)
    asked_back = [each for each in decisions if each.kind is Kind.CLARIFY and each.offered]
    record: dict[str, Any] = {}
    for each in known:
        record.update(each.decision.record)
    return Decision(
        kind,
        _parts(request, known, [each.decision for each in asked if not each.known], kind),
        sources=_sources([each.decision for each in known]),
        cited=tuple(dict.fromkeys(id_ for each in known for id_ in each.decision.cited)),
        offered=asked_back[0].offered if asked_back and kind is Kind.CLARIFY else (),
        reason=urgent.reason if urgent else None,
        rule=urgent.rule if urgent else None,
        score=urgent.score if urgent else 0.0,
        missed=any(each.missed for each in decisions),
        confidence=confidence,
        record={
            **record,
            "confidence": round(confidence, 4),
            "questions": [each.as_record() for each in asked],
        },
    )


# What one part of the reply does decides what the whole of it does, the weightiest first.
_RANK = (Kind.HAND_OVER, Kind.CLARIFY, Kind.ACT, Kind.ANSWER, Kind.DECLINE)


def _parts(
    request: Request, known: Sequence[Asked], left: Sequence[Decision], kind: Kind
) -> list[Mapping[str, Any]]:
    parts = [part for each in known for part in _answer(each)]
    for decision in left:
        if decision.kind is Kind.CLARIFY and not any(p["type"] == "choices" for p in parts):
            prompt = {"prompt": say("choose_rest", request.wording)}
            parts += [{**part, **prompt} for part in decision.parts]
        elif decision.kind in (Kind.CLARIFY, Kind.HAND_OVER):
            parts.append(text_part(say("rest_unknown", request.wording)))
        else:
            parts += decision.parts
    choices = [part for part in parts if part["type"] == "choices"]
    rest = [p for place, p in enumerate(parts) if p not in choices and p not in parts[:place]]
    if kind is Kind.HAND_OVER:
        # Whoever takes over asks what there is to ask.
        return rest
    # Only one thing can be picked, and it is picked from what stands last.
    return rest + sorted(choices, key=lambda part: len(part["options"]))[-1:]


def _answer(asked: Asked) -> list[Mapping[str, Any]]:
    """The reply to one question, an article under its own title so that both are told apart."""
    parts = list(asked.decision.parts)
    if asked.own_order or not parts or parts[0]["type"] != "text":
        return parts
    title = asked.found.hits[0].article.title
    return [text_part(f"**{title}**\n\n{parts[0]['text']}"), *parts[1:]]


def _sources(decisions: Sequence[Decision]) -> list[Mapping[str, Any]]:
    """The sources of all, numbered through."""
    distinct = {str(s["article_id"]): s for each in decisions for s in each.sources}
    return [{**source, "n": n} for n, source in enumerate(distinct.values(), 1)]
