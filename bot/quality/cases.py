"""The bot on a shop's own cases: what its confidence promised and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from bot.eval_targets import BotTargets
from eval.calibration import (
    Answer,
    brier_score,
    expected_calibration_error,
    risk_coverage,
    widest_at_2pct_wrong,
)
from eval.case import Expectation
from eval.case_files import Located, read_cases
from eval.errors import BadData
from eval.metrics import IN_SCOPE
from eval.runner import Played, run
from eval.score import Outcome, TurnScore
from eval.target import Reply, Target
from eval.terminal import progress

PARTS = ("fit", "report", "all")
_KINDS = IN_SCOPE | {"out_of_scope"}


@dataclass(frozen=True, slots=True)
class ShopRun:
    """First answers over the cases in scope and out of it.

    `given` were given as the answer, `offered` stood first among choices and would have been given
    at a lower threshold. Replies from an order, small talk and the like rest on no confidence of
    the search; there are `unranked` of them among the answers and questions back. The other cases
    were declined or handed over.
    """

    in_scope: int
    out_of_scope: int
    given: tuple[Answer, ...]
    offered: tuple[Answer, ...]
    unranked: int

    @property
    def cases(self) -> int:
        """All cases, what coverage is counted from."""
        return self.in_scope + self.out_of_scope

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Given and offered."""
        return (*self.given, *self.offered)

    @property
    def answered_at_2pct_wrong(self) -> float | None:
        """The share of the cases in scope answered right when 2 % of the answers may be wrong."""
        if not self.in_scope:
            return None
        widest = widest_at_2pct_wrong(risk_coverage(self.answers))
        return (widest.right if widest else 0) / self.in_scope

    @property
    def calibration_error(self) -> float | None:
        """Over all first answers."""
        return expected_calibration_error(self.answers)

    @property
    def brier(self) -> float | None:
        """Over all first answers."""
        return brier_score(self.answers)


def chosen(paths: Sequence[Path], part: str) -> list[Located]:
    """The cases of one of PARTS in scope or out of it; what a person must take is not asked."""
    cases = [
        each
        for each in read_cases(paths)
        if part in ("all", each.case.part) and each.case.kind in _KINDS
    ]
    if not cases:
        raise BadData("no case is left; loosen --part or name other --cases")
    return cases


async def play_cases(cases: Sequence[Located], shop: Path | None = None) -> ShopRun:
    """Play the cases against the bot, one at a time, over the sample shop or a shop file."""
    async with aclosing(await BotTargets().bot(str(shop) if shop else None)) as target:
        with progress(len(cases), "cases") as tick:
            return shop_run(await _played(cases, target, tick))


async def _played(
    cases: Sequence[Located], target: Target, tick: Callable[[], None]
) -> list[Played]:
    return await run(cases, target, parallel=1, on_done=lambda _: tick())


def shop_run(played: Sequence[Played]) -> ShopRun:
    """Sort out the last scored reply of each case."""
    given, offered, unranked = [], [], 0
    for each in played:
        final = each.score.final
        reply = each.replies[final.turn]
        first = _first(final, each.located.case.expectations()[final.turn], reply)
        if first is None:
            continue
        if reply.confidence <= 0:
            unranked += 1
        elif final.answered:
            given.append(Answer(reply.confidence, first))
        else:
            offered.append(Answer(reply.confidence, first))
    in_scope = sum(each.located.case.kind in IN_SCOPE for each in played)
    return ShopRun(in_scope, len(played) - in_scope, tuple(given), tuple(offered), unranked)


def _first(score: TurnScore, expected: Expectation, reply: Reply) -> bool | None:
    """Whether the first answer is right; None where the bot put no article first."""
    if score.answered:
        return score.outcome is Outcome.MATCHED
    if not reply.offered:
        return None
    return "answer" in expected.dispositions and reply.offered[0] in expected.gold
