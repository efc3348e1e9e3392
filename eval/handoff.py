"""How well a bot knows which conversations a person must take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.rows import ConversationRow
from eval.statistics import Detection, Share
from eval.target import HandoffTarget


@dataclass(frozen=True, slots=True)
class HandoffReport:
    """The numbers of one run, named as in the printed form."""

    precision: float | None
    recall: float | None
    f1: float | None
    reason_accuracy: float | None
    missed: int
    needless: int
    conversations: int


async def reasons_for(
    conversations: Sequence[ConversationRow],
    target: HandoffTarget,
    *,
    on_done: Callable[[], None],
) -> list[str | None]:
    """The reason to hand over each conversation, or None, one at a time."""
    reasons = []
    for row in conversations:
        reasons.append(await target.reason_to_hand_over(row.turns))
        on_done()
    return reasons


def report(
    conversations: Sequence[ConversationRow], reasons: Sequence[str | None]
) -> HandoffReport:
    """Hold the reasons against the labels."""
    truth = [row.must_hand_over for row in conversations]
    found = Detection.count(truth, [reason is not None for reason in reasons])
    named = [
        row.reason == reason
        for row, reason in zip(conversations, reasons, strict=True)
        if row.must_hand_over and row.reason is not None and reason is not None
    ]
    return HandoffReport(
        precision=found.precision,
        recall=found.recall,
        f1=found.f1,
        reason_accuracy=Share(sum(named), len(named)).value,
        missed=found.misses,
        needless=found.false_alarms,
        conversations=len(conversations),
    )
