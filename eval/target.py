"""The ports that a support bot implements to be measured.

Nothing here knows which bot it is: in process, over HTTP or somebody else's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eval.rows import KbRow

DISPOSITIONS = ("answer", "clarify", "act", "hand_over", "decline")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One customer message: typed parts, text or image."""

    parts: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot did with one turn.

    `disposition` is answer, clarify, act, hand_over or decline. `cited` are the ids of the articles
    that the text rests on, `offered` those offered among choices, `reason` why it handed over.
    """

    disposition: str
    text: str
    cited: tuple[str, ...]
    offered: tuple[str, ...]
    reason: str | None
    confidence: float
    took_ms: float


class Dialogue(Protocol):
    """One conversation with the bot."""

    async def send(self, burst: Sequence[Incoming]) -> Reply:
        """Several messages sent in one burst are one turn and get one reply."""
        ...


class Target(Protocol):
    """A support bot."""

    @property
    def name(self) -> str:
        """How reports call the bot."""
        ...

    async def open(
        self,
        *,
        customer: str | None,
        channel: str | None,
        product: str | None,
        at: datetime | None,
        case_id: str,
    ) -> Dialogue:
        """A fresh conversation that shares nothing with the ones before."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the bot does with one question on either side of its threshold for answering.

    `reply` when the threshold is at most `confidence`, `otherwise` when it is higher; the same
    twice where the threshold plays no part.
    """

    confidence: float
    reply: Reply
    otherwise: Reply


class TuningTarget(Protocol):
    """A bot that answers from a threshold, which can be chosen."""

    @property
    def name(self) -> str:
        """How reports call the bot."""
        ...

    @property
    def threshold(self) -> float:
        """The threshold in force, between 0 and 1."""
        ...

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
        """The first message of a fresh conversation, with nothing held back by the threshold."""
        ...

    async def keep(self, threshold: float, *, wrong_limit: float, questions: int) -> str:
        """Answer from this threshold from now on; says where it is kept and for what it holds."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


@dataclass(frozen=True, slots=True)
class Ranking:
    """Article ids, best first, and how sure the search is that the first one is right.

    `answerable` says how sure it is that the knowledge holds an answer at all, where it can tell
    the two apart.
    """

    ids: tuple[str, ...]
    confidence: float
    answerable: float | None = None

    @property
    def in_scope(self) -> float:
        """What tells questions in scope from others: `answerable`, or else the confidence."""
        return self.confidence if self.answerable is None else self.answerable


class SearchTarget(Protocol):
    """A search over one knowledge base."""

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """`history`: earlier messages, oldest first, customer and bot in turn."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


class AngerTarget(Protocol):
    """A detector of angry messages."""

    @property
    def threshold(self) -> float:
        """The shipped threshold: a text is flagged when its score reaches it."""
        ...

    async def anger(self, text: str, history: Sequence[str]) -> float:
        """The higher, the angrier."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


class HandoffTarget(Protocol):
    """What decides that a person must take a conversation."""

    async def reason_to_hand_over(self, turns: Sequence[str]) -> str | None:
        """The reason, or None when the bot keeps the conversation to its end."""
        ...

    async def aclose(self) -> None:
        """Let go of everything."""
        ...


class Targets(Protocol):
    """Makes what each command measures; nothing is built that a command does not need."""

    async def bot(self, knowledge: str | None = None) -> Target:
        """The whole bot; `knowledge` is whatever the bot understands by it."""
        ...

    async def tuning(self, knowledge: str | None = None) -> TuningTarget:
        """The bot whose threshold is to be chosen; `knowledge` as for `bot`."""
        ...

    async def search(self, kb: Sequence[KbRow]) -> SearchTarget:
        """The search over these articles and no others."""
        ...

    async def anger(self) -> AngerTarget:
        """The detector with its shipped threshold."""
        ...

    async def handoff(self, kb: Sequence[KbRow]) -> HandoffTarget:
        """The rules with these articles as all the knowledge there is."""
        ...
