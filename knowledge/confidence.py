"""How likely the first hit answers the question: a calibrated probability."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.features import FEATURES, Floats, Measured, Places
from knowledge.lexical import LexicalQuestion

_FILE = Path(__file__).with_name("weights") / "confidence.json"
_COLUMN = {name: place for place, name in enumerate(FEATURES)}
_OF_FIRST_THREE = (
    "cosine_question",
    "covered",
    "covered_by_question",
    "overlap",
    "learned_question",
    "learned_title",
    "learned_answer",
)


@dataclass(frozen=True)
class Logistic:
    """A logistic model over named features."""

    intercept: float
    weights: dict[str, float]

    def logit(self, features: dict[str, float]) -> float:
        """Between -30 and 30."""
        total = self.intercept + sum(
            weight * features[name] for name, weight in self.weights.items()
        )
        return max(-30.0, min(30.0, total))

    def probability(self, features: dict[str, float]) -> float:
        """Between 0 and 1."""
        return 1 / (1 + math.exp(-self.logit(features)))


@dataclass(frozen=True)
class Confidence:
    """Two questions in turn: can this be answered here at all, and is the first article right.

    `answerable` tells whether one of the first three articles is the right one. It knows little
    of which, but sees better what the knowledge does not hold; `right` takes its logit as one
    more feature.
    """

    answerable: Logistic
    right: Logistic

    def judged(self, features: dict[str, float]) -> tuple[float, float]:
        """The probability that the first article is right, and that one of the first three is."""
        told = features | {"answerable": self.answerable.logit(features)}
        return self.right.probability(told), self.answerable.probability(features)


@functools.cache
def load_confidence() -> Confidence:
    """The coefficients that ship with the package."""
    stored = json.loads(_FILE.read_text("utf-8"))
    return Confidence(Logistic(**stored["answerable"]), Logistic(**stored["right"]))


def confidence_features(
    measured: Measured, scores: Floats, order: Places, question: LexicalQuestion
) -> dict[str, float]:
    """What both searches say about the first article, all of it independent of scale.

    `order` lists the candidates best first.
    """
    table = measured.features
    first = table[order[0]]
    ranked = scores[order]
    second = float(ranked[1]) if len(ranked) > 1 else float(ranked[0]) - 5.0
    cosine = np.maximum(table[:, _COLUMN["cosine_question"]], table[:, _COLUMN["cosine_answer"]])
    learned = np.maximum(table[:, _COLUMN["learned_question"]], table[:, _COLUMN["learned_answer"]])
    lexical = table[:, _COLUMN["bm25"]]
    others = np.delete(cosine, order[0])
    other_best = float(others.max(initial=0.0))
    other_learned = float(np.delete(learned, order[0]).max(initial=0.0))
    shares = np.exp(ranked - ranked[0])
    features = {name: float(first[place]) for name, place in _COLUMN.items()}
    features |= {
        "cosine": float(cosine[order[0]]),
        "cosine_margin": float(cosine[order[0]]) - other_best,
        "learned": float(learned[order[0]]),
        "learned_margin": float(learned[order[0]]) - other_learned,
        "learned_agrees": float(learned.argmax() == order[0]),
        "score_margin": min(5.0, float(ranked[0]) - second),
        "share": float(1 / shares.sum()),
        "ties": math.log1p(float((shares > 0.5).sum()) - 1),
        "dense_agrees": float(cosine.argmax() == order[0]),
        "lexical_agrees": float(lexical.max() > 0 and lexical.argmax() == order[0]),
        "same_language": float(measured.same_language[order[0]]),
        "unknown": question.unknown_share,
        "score": float(ranked[0]),
        "words": math.log1p(len(question.words)),
    }
    for name in _OF_FIRST_THREE:
        values = table[order[:3], _COLUMN[name]]
        features[f"most_{name}"] = float(values.max())
        features[f"mean_{name}"] = float(values.mean())
    return features
