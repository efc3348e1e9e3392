"""Judging one reply against what is right. Nothing here talks to a bot."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.case import Expectation
from eval.normal import states
from eval.target import Reply

ANSWERS = frozenset({"answer", "act"})


class Outcome(StrEnum):
    """What became of a scored turn, from the best to the worst."""

    MATCHED = "matched"
    OFFERED = "offered"
    CLARIFIED = "clarified"
    DECLINED = "declined"
    HANDED_OVER = "handed_over"
    WRONG = "wrong"
    MISSED_HANDOVER = "missed_handover"


_SEVERITY = {outcome: place for place, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True)
class TurnScore:
    """The outcome of one scored turn and why it is not better."""

    turn: int
    outcome: Outcome
    disposition: str
    why: tuple[str, ...]
    handover_allowed: bool

    @property
    def answered(self) -> bool:
        """The bot answered or acted, rightly or not."""
        return self.disposition in ANSWERS

    @property
    def wrong_answer(self) -> bool:
        """The bot answered or acted, and that was not right."""
        return self.answered and self.outcome is not Outcome.MATCHED

    @property
    def needless(self) -> bool:
        """The bot handed over what it should have kept."""
        return self.disposition == "hand_over" and not self.handover_allowed


@dataclass(frozen=True, slots=True)
class CaseScore:
    """The scored turns of a case; the case is as good as the worst of them."""

    turns: tuple[TurnScore, ...]

    @property
    def outcome(self) -> Outcome:
        """The outcome of the worst turn."""
        return max((turn.outcome for turn in self.turns), key=_SEVERITY.__getitem__)

    @property
    def final(self) -> TurnScore:
        """The last scored turn."""
        return self.turns[-1]

    @property
    def answered(self) -> bool:
        """Some scored turn was answered or acted on."""
        return any(turn.answered for turn in self.turns)

    @property
    def wrong_answer(self) -> bool:
        """Some scored turn got an answer that was not right."""
        return any(turn.wrong_answer for turn in self.turns)

    @property
    def wrong(self) -> bool:
        """Something wrong was said: a wrong answer, or a forbidden claim in any reply."""
        return self.wrong_answer or any(turn.outcome is Outcome.WRONG for turn in self.turns)

    @property
    def needless(self) -> bool:
        """Some scored turn was handed over that the bot should have kept."""
        return any(turn.needless for turn in self.turns)


def score(turn: int, expected: Expectation, reply: Reply) -> TurnScore:
    """Judge the reply to one turn."""
    outcome, why = _judge(expected, reply)
    allowed = "hand_over" in expected.dispositions
    return TurnScore(turn, outcome, reply.disposition, why, allowed)


def _judge(expected: Expectation, reply: Reply) -> tuple[Outcome, tuple[str, ...]]:
    allowed = reply.disposition in expected.dispositions
    why = (
        [] if allowed else [f"{reply.disposition} is not {_either(sorted(expected.dispositions))}"]
    )
    said = [f"says {claim}" for claim in expected.forbidden if states(reply.text, claim)]
    if expected.must_hand_over and not allowed:
        return Outcome.MISSED_HANDOVER, (*why, *said)
    if reply.disposition in ANSWERS:
        why += _faults(expected, reply) + said
        return (Outcome.WRONG if why else Outcome.MATCHED), tuple(why)
    if said:
        # A promise made while handing over is as binding as one made in an answer.
        return Outcome.WRONG, (*why, *said)
    if reply.disposition == "clarify":
        return _judge_choices(expected, reply, why)
    if reply.disposition == "decline":
        return (Outcome.DECLINED if why else Outcome.MATCHED), tuple(why)
    if expected.reasons and reply.reason not in expected.reasons:
        why.append(f"handed over for {reply.reason}, not for {_either(expected.reasons)}")
    return (Outcome.HANDED_OVER if why else Outcome.MATCHED), tuple(why)


def _faults(expected: Expectation, reply: Reply) -> list[str]:
    faults = []
    if expected.gold and not set(expected.gold) & set(reply.cited):
        # What the bot did for a customer may rest on an order and on no article at all.
        if reply.cited:
            faults.append(f"cites {', '.join(reply.cited)}, not {_either(expected.gold)}")
        elif reply.disposition == "answer":
            faults.append(f"cites nothing, not {_either(expected.gold)}")
    faults += [
        f"lacks {_either(group)}"
        for group in expected.facts
        if not any(states(reply.text, fact) for fact in group)
    ]
    return faults


def _judge_choices(
    expected: Expectation, reply: Reply, why: list[str]
) -> tuple[Outcome, tuple[str, ...]]:
    found = bool(set(expected.gold) & set(reply.offered))
    if expected.gold and reply.offered and not found:
        why.append(f"offers {', '.join(reply.offered)}, not {_either(expected.gold)}")
    if not why:
        return Outcome.MATCHED, ()
    return (Outcome.OFFERED if found else Outcome.CLARIFIED), tuple(why)


def _either(names: Sequence[str]) -> str:
    return " or ".join(names)
