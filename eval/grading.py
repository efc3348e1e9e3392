"""Asking a bot single questions and judging what it would reply with and without its threshold."""

from collections.abc import Callable, Sequence

from eval.case import Expectation
from eval.case_files import Located
from eval.errors import TargetMisbehaved
from eval.score import ANSWERS, Outcome, score
from eval.target import DISPOSITIONS, Attempt, Reply, TuningTarget
from eval.tuning import Graded, Verdict

# What a customer's own order or a picture asks for is not answered from a threshold.
KINDS = frozenset({"in_scope_direct", "out_of_scope"})


def single_question(located: Located) -> str | None:
    """The one question of a case, or None when the case is not about one question in words."""
    case = located.case
    turns = case.texts()
    if case.kind in KINDS and len(turns) == 1 and len(turns[0]) == 1:
        return turns[0][0]
    return None


async def grade_all(
    cases: Sequence[Located], target: TuningTarget, *, on_done: Callable[[], None]
) -> list[Graded]:
    """Each case that is a single question, in their order; the others are left out."""
    graded = []
    for located in cases:
        text = single_question(located)
        if text is not None:
            case = located.case
            attempt = await target.attempt(
                text,
                customer=case.customer,
                channel=case.channel,
                product=case.product,
                at=case.at,
                case_id=case.id,
            )
            graded.append(_graded(case.id, case.expectations()[0], attempt))
            on_done()
    return graded


def _graded(case_id: str, expected: Expectation, attempt: Attempt) -> Graded:
    if not 0 <= attempt.confidence <= 1:
        raise TargetMisbehaved(
            f"case {case_id}: the confidence is {attempt.confidence}; a threshold between 0 and 1 "
            "needs confidences between 0 and 1: correct the adapter"
        )
    return Graded(
        attempt.confidence,
        above=_verdict(case_id, expected, attempt.reply),
        below=_verdict(case_id, expected, attempt.otherwise),
    )


def _verdict(case_id: str, expected: Expectation, reply: Reply) -> Verdict:
    if reply.disposition not in DISPOSITIONS:
        raise TargetMisbehaved(
            f"case {case_id}: the bot's disposition is {reply.disposition!r}; "
            f"its adapter must give one of {', '.join(DISPOSITIONS)}"
        )
    judged = score(0, expected, reply)
    if reply.disposition in ANSWERS:
        return Verdict.RIGHT if judged.outcome is Outcome.MATCHED else Verdict.WRONG
    if judged.outcome is Outcome.WRONG:
        # Something false was said while not answering.
        return Verdict.WRONG
    helpful = judged.outcome in (Outcome.MATCHED, Outcome.OFFERED)
    return Verdict.OFFERED if helpful and reply.disposition == "clarify" else Verdict.SILENT
