"""Playing cases against a bot."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from eval.case import Expectation
from eval.case_files import Located
from eval.errors import TargetMisbehaved
from eval.metrics import Judged
from eval.score import CaseScore, score
from eval.target import DISPOSITIONS, Incoming, Reply, Target


@dataclass(frozen=True, slots=True)
class Played:
    """A case as it went: every reply, and the score."""

    located: Located
    replies: tuple[Reply, ...]
    score: CaseScore

    def judged(self) -> Judged:
        """What the metrics are counted from."""
        took = tuple(self.replies[turn.turn].took_ms for turn in self.score.turns)
        return Judged(self.located.case, self.score, took)

    def as_json(self) -> dict[str, Any]:
        """One row of the results: everything needed to see why."""
        case = self.located.case
        expected = case.expectations()
        scores = {turn.turn: turn for turn in self.score.turns}
        turns = []
        for place, (said, reply) in enumerate(zip(case.bursts(), self.replies, strict=True)):
            row: dict[str, Any] = {"said": _said(said), "reply": _reply_row(reply), "scored": False}
            if place in scores:
                row["scored"] = True
                row["outcome"] = scores[place].outcome.value
                row["why"] = list(scores[place].why)
                row["expected"] = _expected_row(expected[place])
            turns.append(row)
        return {
            "id": case.id,
            "outcome": self.score.outcome.value,
            "why": [reason for turn in self.score.turns for reason in turn.why],
            "slice": case.kind,
            "part": case.part,
            "language": case.language,
            "tags": list(case.tags),
            "customer": case.customer,
            "channel": case.channel,
            "product": case.product,
            "at": case.at.isoformat() if case.at else None,
            "file": str(self.located.path),
            "line": self.located.line,
            "turns": turns,
        }


async def run(
    cases: Sequence[Located],
    target: Target,
    *,
    parallel: int,
    on_done: Callable[[Played], None],
) -> list[Played]:
    """Play all cases, `parallel` at a time; the result keeps the order of the cases.

    `on_done` hears of each case as it ends. The first trouble with the bot ends the run.
    """
    slots = asyncio.Semaphore(parallel)

    async def one(located: Located) -> Played:
        async with slots:
            played = await play(located, target)
        on_done(played)
        return played

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(located)) for located in cases]
    except ExceptionGroup as troubles:
        # The others are the same trouble met by the cases that ran beside it.
        raise troubles.exceptions[0] from None
    return [task.result() for task in tasks]


async def play(located: Located, target: Target) -> Played:
    """Play one case from its first turn to its last."""
    case = located.case
    dialogue = await target.open(
        customer=case.customer,
        channel=case.channel,
        product=case.product,
        at=case.at,
        case_id=case.id,
    )
    replies = tuple([_checked(case.id, await dialogue.send(burst)) for burst in case.bursts()])
    scores = [score(turn, want, replies[turn]) for turn, want in case.expectations().items()]
    return Played(located, replies, CaseScore(tuple(sorted(scores, key=lambda each: each.turn))))


def _checked(case_id: str, reply: Reply) -> Reply:
    if reply.disposition not in DISPOSITIONS:
        known = ", ".join(DISPOSITIONS)
        raise TargetMisbehaved(
            f"case {case_id}: the bot's disposition is {reply.disposition!r}; "
            f"its adapter must give one of {known}"
        )
    if not (isfinite(reply.confidence) and isfinite(reply.took_ms)):
        raise TargetMisbehaved(
            f"case {case_id}: confidence or took_ms is not a finite number; correct the adapter"
        )
    return reply


def _said(burst: Sequence[Incoming]) -> list[dict[str, object]]:
    return [dict(part) for incoming in burst for part in incoming.parts]


def _reply_row(reply: Reply) -> dict[str, Any]:
    return {
        "disposition": reply.disposition,
        "text": reply.text,
        "cited": list(reply.cited),
        "offered": list(reply.offered),
        "reason": reply.reason,
        "confidence": reply.confidence,
        "took_ms": reply.took_ms,
    }


def _expected_row(expected: Expectation) -> dict[str, Any]:
    return {
        "dispositions": sorted(expected.dispositions),
        "article": list(expected.gold),
        "facts": [list(group) for group in expected.facts],
        "forbidden": list(expected.forbidden),
        "reason": list(expected.reasons),
    }
