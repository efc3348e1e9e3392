"""Scripted targets: they do what their script says, and complain loudly when it says nothing."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from eval.errors import ScriptExhausted
from eval.rows import KbRow
from eval.target import (
    AngerTarget,
    Attempt,
    HandoffTarget,
    Incoming,
    Ranking,
    Reply,
    SearchTarget,
    Target,
    TuningTarget,
)

T = TypeVar("T")

# A reply, or the trouble to run into instead.
Step = Reply | Exception


@dataclass
class Opened:
    """How a conversation was opened and what was sent in it."""

    customer: str | None
    channel: str | None
    product: str | None
    at: datetime | None
    case_id: str
    bursts: list[tuple[Incoming, ...]] = field(default_factory=list)


class ScriptedDialogue:
    """Replies with the next step of its script."""

    def __init__(self, opened: Opened, steps: Sequence[Step]) -> None:
        self._opened = opened
        self._steps = deque(steps)

    async def send(self, burst: Sequence[Incoming]) -> Reply:
        """The next reply, or the next trouble."""
        self._opened.bursts.append(tuple(burst))
        if not self._steps:
            said = [dict(part) for incoming in burst for part in incoming.parts]
            raise ScriptExhausted(
                f"case {self._opened.case_id}: no reply left for {said!r}; extend the script"
            )
        step = self._steps.popleft()
        if isinstance(step, Exception):
            raise step
        return step


class ScriptedTarget:
    """A bot whose replies are given by case id; `opened` and `closed` tell what was done to it."""

    def __init__(self, script: Mapping[str, Sequence[Step]], name: str = "scripted") -> None:
        self.name = name
        self.opened: list[Opened] = []
        self.closed = False
        self._script = script

    async def open(
        self,
        *,
        customer: str | None,
        channel: str | None,
        product: str | None,
        at: datetime | None,
        case_id: str,
    ) -> ScriptedDialogue:
        """A conversation that follows the script of `case_id`."""
        if case_id not in self._script:
            raise ScriptExhausted(f"no script for case {case_id}; extend the script")
        opened = Opened(customer, channel, product, at, case_id)
        self.opened.append(opened)
        return ScriptedDialogue(opened, self._script[case_id])

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class ScriptedTuning:
    """A bot whose attempts are given by case id; `kept` holds each threshold that it was given."""

    def __init__(
        self, script: Mapping[str, Attempt], threshold: float, name: str = "scripted"
    ) -> None:
        self.name = name
        self.threshold = threshold
        self.asked: list[tuple[str, str]] = []
        self.kept: list[float] = []
        self.closed = False
        self._script = script

    async def attempt(
        self,
        text: str,
        *,
        customer: str | None,
        channel: str | None,
        product: str | None,
        at: datetime | None,
        case_id: str,
    ) -> Attempt:
        """The attempt scripted for `case_id`."""
        self.asked.append((case_id, text))
        if case_id not in self._script:
            raise ScriptExhausted(f"no attempt for case {case_id}; extend the script")
        return self._script[case_id]

    async def keep(self, threshold: float, *, wrong_limit: float, questions: int) -> str:
        """Remember the threshold."""
        self.kept.append(threshold)
        return "kept by the script"

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class ScriptedSearch:
    """A search whose rankings are given by query; `asked` holds each query with its history."""

    def __init__(self, rankings: Mapping[str, Ranking]) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.closed = False
        self._rankings = rankings

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """The ranking for this query."""
        self.asked.append((query, tuple(history)))
        if query not in self._rankings:
            raise ScriptExhausted(f"no ranking for {query!r}; extend the script")
        return self._rankings[query]

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class ScriptedAnger:
    """A detector whose scores are given by text."""

    def __init__(self, scores: Mapping[str, float], threshold: float) -> None:
        self.threshold = threshold
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.closed = False
        self._scores = scores

    async def anger(self, text: str, history: Sequence[str]) -> float:
        """The score of this text."""
        self.asked.append((text, tuple(history)))
        if text not in self._scores:
            raise ScriptExhausted(f"no score for {text!r}; extend the script")
        return self._scores[text]

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class ScriptedHandoff:
    """Rules whose reasons are given by the last message of a conversation."""

    def __init__(self, reasons: Mapping[str, str | None]) -> None:
        self.closed = False
        self._reasons = reasons

    async def reason_to_hand_over(self, turns: Sequence[str]) -> str | None:
        """The reason scripted for the last of `turns`."""
        if turns[-1] not in self._reasons:
            raise ScriptExhausted(f"no reason for {turns[-1]!r}; extend the script")
        return self._reasons[turns[-1]]

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


@dataclass
class ScriptedTargets:
    """Hands out the scripted targets that it was given; `kb` is the knowledge it was told of."""

    of_bot: Target | None = None
    of_tuning: TuningTarget | None = None
    of_search: SearchTarget | None = None
    of_anger: AngerTarget | None = None
    of_handoff: HandoffTarget | None = None
    knowledge: str | None = None
    kb: tuple[KbRow, ...] = ()

    async def bot(self, knowledge: str | None = None) -> Target:
        """The scripted bot."""
        self.knowledge = knowledge
        return _given(self.of_bot, "bot")

    async def tuning(self, knowledge: str | None = None) -> TuningTarget:
        """The scripted bot with a threshold."""
        self.knowledge = knowledge
        return _given(self.of_tuning, "bot with a threshold")

    async def search(self, kb: Sequence[KbRow]) -> SearchTarget:
        """The scripted search."""
        self.kb = tuple(kb)
        return _given(self.of_search, "search")

    async def anger(self) -> AngerTarget:
        """The scripted detector."""
        return _given(self.of_anger, "anger detector")

    async def handoff(self, kb: Sequence[KbRow]) -> HandoffTarget:
        """The scripted rules."""
        self.kb = tuple(kb)
        return _given(self.of_handoff, "handover rules")


def _given(target: T | None, what: str) -> T:
    if target is None:
        raise ScriptExhausted(f"no {what} was scripted; give one to ScriptedTargets")
    return target
