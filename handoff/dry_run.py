"""What another rulebook would have done with past turns: shown to a lead before publishing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handoff.rulebook import Circumstances, Mode, Rulebook, Topic
from handoff.rules import Signals, Verdict


@dataclass(frozen=True, slots=True)
class PastTurn:
    """One turn as its record has it: what was noticed, where and when, and about which article."""

    conversation_id: str
    first_seq: int
    signals: Signals
    circumstances: Circumstances
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A turn that would go otherwise. A verdict of None means that the bot went on."""

    turn: PastTurn
    before: Verdict | None
    after: Verdict | None
    mode_before: Mode
    mode_after: Mode

    def __str__(self) -> str:
        where = f"{self.turn.conversation_id}#{self.turn.first_seq}"
        was = _said(self.mode_before, self.before)
        return f"{where}: {_said(self.mode_after, self.after)} instead of {was}"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many turns a reason would gain and lose."""

    gained: int = 0
    lost: int = 0


def dry_run(old: Rulebook, new: Rulebook, past: Sequence[PastTurn]) -> list[Change]:
    """The turns that `new` would treat otherwise than `old`, in the order given.

    Each turn is judged by itself: what the customer would have written after another answer,
    nobody knows. The rule's name and the score alone make no change.
    """
    changes = []
    for turn in past:
        before, after = (_treated(book, turn) for book in (old, new))
        if _outcome(before) != _outcome(after):
            changes.append(Change(turn, before[1], after[1], before[0], after[0]))
    return changes


def count_by_reason(changes: Iterable[Change]) -> Mapping[str, Tally]:
    """Turns to a person gained and lost by reason; `mode` counts those that no rule decides."""
    counts: dict[str, Tally] = {}
    for change in changes:
        before = _key(change.mode_before, change.before)
        after = _key(change.mode_after, change.after)
        if before == after:
            continue
        if after is not None:
            tally = counts.get(after, Tally())
            counts[after] = Tally(tally.gained + 1, tally.lost)
        if before is not None:
            tally = counts.get(before, Tally())
            counts[before] = Tally(tally.gained, tally.lost + 1)
    return dict(sorted(counts.items()))


def _treated(book: Rulebook, turn: PastTurn) -> tuple[Mode, Verdict | None]:
    mode = book.mode_for(turn.circumstances.channel, turn.circumstances.at)
    # Where people answer anyway, no rule is asked.
    if mode is not Mode.AUTO:
        return mode, None
    return mode, book.verdict(turn.signals, turn.circumstances, turn.topic)


def _outcome(treated: tuple[Mode, Verdict | None]) -> tuple[Mode, str | None]:
    mode, verdict = treated
    return mode, None if verdict is None else verdict.reason.value


def _key(mode: Mode, verdict: Verdict | None) -> str | None:
    if mode is not Mode.AUTO:
        return "mode"
    return None if verdict is None else verdict.reason.value


def _said(mode: Mode, verdict: Verdict | None) -> str:
    if mode is not Mode.AUTO:
        return f"answered by a person (mode {mode.value})"
    if verdict is None:
        return "answered by the bot"
    return f"handed over ({verdict.reason.value}, {verdict.rule})"
