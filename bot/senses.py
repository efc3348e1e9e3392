"""What a message shows beyond its question: anger, risk, the wish for a person, its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.risk import risk_in, threatens_review

Vector = npt.NDArray[np.float32]


class Anger(Protocol):
    """Tells how angry a message is."""

    @property
    def threshold(self) -> float:
        """From this score on, a message counts as angry."""

    def score(
        self,
        text: str,
        embedding: Vector,
        history: Sequence[str] = (),
        *,
        typed: str | None = None,
    ) -> float:
        """Between 0 and 1; marks and capitals are read in `typed`."""


class Domain(Protocol):
    """Tells what kind of message it is."""

    def probabilities(self, text: str, embedding: Vector) -> dict[str, float]:
        """Label to probability."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """The signals of one message; `kinds` are the probabilities of what it is about."""

    asks_for_person: bool
    anger: float
    risk: str | None
    review_threat: bool
    kinds: dict[str, float]

    @property
    def shop_matter(self) -> float:
        """Probability that the message is about shopping at all."""
        kinds = ("shop_question", "order_question", "about_service_hours")
        return sum(self.kinds.get(kind, 0.0) for kind in kinds)

    @property
    def off_topic(self) -> float:
        """Probability that it is nothing a shop is asked."""
        return self.kinds.get("off_topic", 0.0)

    @property
    def small_talk(self) -> float:
        """Probability that nothing is asked: a greeting, thanks, a mood."""
        return self.kinds.get("small_talk", 0.0)


class Senses:
    """Reads the signals of a message; pure once its models are loaded."""

    def __init__(self, anger: Anger, domain: Domain) -> None:
        self._anger = anger
        self._domain = domain

    @property
    def anger_threshold(self) -> float:
        """From this score on, a message counts as angry."""
        return self._anger.threshold

    def notice(
        self, text: str, embedding: Vector, before: Sequence[str], typed: str | None = None
    ) -> Noticed:
        """`text` in normal form with its vector; `before` are earlier messages, oldest first.

        `typed` is the text as the customer wrote it, for what the normal form loses.
        """
        from bot.domain import asks_for_person

        return Noticed(
            asks_for_person=asks_for_person(text),
            anger=self._anger.score(text, embedding, before, typed=typed),
            risk=risk_in(text),
            review_threat=threatens_review(text),
            kinds=self._domain.probabilities(text, embedding),
        )


def load_senses() -> Senses:
    """The shipped models."""
    from bot.anger import AngerClassifier
    from bot.domain import DomainClassifier

    return Senses(AngerClassifier.load(), DomainClassifier.load())
