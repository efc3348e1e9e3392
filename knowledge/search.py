"""Search one knowledge version: by meaning and by words, fused, one hit for each article."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.article import Article, ArticleId
from knowledge.confidence import confidence_features, load_confidence
from knowledge.features import FEATURES, Floats, Measured, Places, measure
from knowledge.index import VersionIndex
from knowledge.lexical import LexicalQuestion
from knowledge.text import language, normalise

WEIGHTS = Path(__file__).with_name("weights")
# What each side contributes before both are fused.
_DENSE_ROWS = 100
_LEXICAL_ARTICLES = 40
_MOST_CANDIDATES = 80
# Below this share of permitted rows neighbours are computed exactly among them: asking the
# vector index for so many more rows would cost more and still might miss some.
_EXACT_BELOW = 0.3


@dataclass(frozen=True, slots=True)
class Query:
    """A self-contained question and the circumstances that decide which articles may answer."""

    text: str
    asked_at: datetime
    channel: str | None = None
    product: str | None = None
    ordered_at: datetime | None = None
    language: str | None = None
    hidden: frozenset[ArticleId] = frozenset()
    named: frozenset[str] = frozenset()
    """Products that the text names; their articles may answer on any product's page."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that may answer, its fused score, and the probability that it does."""

    article: Article
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first; `confidence` is the probability that the first one answers.

    `answerable` is the probability that one of the first three does.
    """

    hits: tuple[Hit, ...]
    confidence: float
    features: dict[str, float] = field(default_factory=dict)
    answerable: float = 0.0


def search(index: VersionIndex, query: Query, vector: Floats, limit: int = 10) -> Found:
    """The articles most likely to answer, among those permitted by scope, time and withdrawal.

    `vector` is the unit vector of `query.text` by the embedder that built the index.
    """
    text = normalise(query.text)
    allowed = _allowed(index, query)
    if not text or not allowed.any():
        return Found((), 0.0)
    found = measure_candidates(index, text, vector, allowed, query.language, limit)
    measured = found.measured
    scores = fused_scores(measured, _fusion_weights())
    order = np.argsort(-scores, kind="stable")
    features = confidence_features(measured, scores, order, found.question)
    confidence, answerable = load_confidence().judged(features)
    order = order[:limit]
    chances = _chances(scores[order], confidence)
    hits = tuple(
        Hit(index.articles[measured.articles[place]], float(scores[place]), float(chance))
        for place, chance in zip(order, chances, strict=True)
    )
    return Found(hits, confidence, features, answerable)


def _allowed(index: VersionIndex, query: Query) -> npt.NDArray[np.bool_]:
    """Articles that may answer here; a customer may ask about a product from another's page."""
    pages = [query.product] if query.product is None else [query.product, *sorted(query.named)]
    masks = [
        index.eligibility.mask(
            channel=query.channel,
            product=product,
            asked_at=query.asked_at,
            ordered_at=query.ordered_at,
            hidden=query.hidden,
        )
        for product in pages
    ]
    allowed: npt.NDArray[np.bool_] = np.logical_or.reduce(masks)
    return allowed


@dataclass(frozen=True, slots=True)
class Measurement:
    """The candidates for one question before anything is weighed."""

    measured: Measured
    question: LexicalQuestion


def measure_candidates(
    index: VersionIndex,
    text: str,
    vector: Floats,
    allowed: npt.NDArray[np.bool_],
    spoken: str | None = None,
    limit: int = 10,
) -> Measurement:
    """Ask both sides for candidates among the `allowed` articles and measure them."""
    text = normalise(text)
    question = index.lexical.ask(text)
    vector = np.asarray(vector, dtype=np.float32).reshape(-1)
    bm25 = np.where(allowed, question.bm25(), 0).astype(np.float32)
    candidates = _candidates(index, vector, bm25, allowed, limit)
    language_asked = spoken or language(text)
    measured = measure(index, candidates, text, vector, question, bm25, language_asked)
    return Measurement(measured, question)


def fused_scores(measured: Measured, weights: dict[str, float]) -> Floats:
    """One score for each candidate; only differences within one question mean anything."""
    columns = np.array([weights[name] for name in FEATURES], dtype=np.float32)
    scores: Floats = measured.features @ columns
    return scores + weights["same_language"] * measured.same_language.astype(np.float32)


@functools.cache
def _fusion_weights() -> dict[str, float]:
    stored: dict[str, float] = json.loads((WEIGHTS / "fusion.json").read_text("utf-8"))["weights"]
    return stored


def _candidates(
    index: VersionIndex,
    vector: Floats,
    bm25: Floats,
    allowed: npt.NDArray[np.bool_],
    limit: int,
) -> Places:
    """Permitted articles found by either search, at most a fixed number from both in turn."""
    dense = _distinct(_dense_articles(index, vector, allowed, limit))
    count = min(max(_LEXICAL_ARTICLES, 2 * limit), len(bm25))
    best = np.argpartition(-bm25, count - 1)[:count]
    best = best[bm25[best] > 0]
    lexical = best[np.argsort(-bm25[best], kind="stable")].tolist()
    merged: dict[int, None] = {}
    for place in range(max(len(dense), len(lexical))):
        merged.update(dict.fromkeys(dense[place : place + 1]))
        merged.update(dict.fromkeys(lexical[place : place + 1]))
    return np.array(list(merged)[: max(_MOST_CANDIDATES, 2 * limit)], dtype=np.intp)


def _dense_articles(
    index: VersionIndex, vector: Floats, allowed: npt.NDArray[np.bool_], limit: int
) -> npt.NDArray[np.int32]:
    """Owners of the nearest permitted rows, nearest first."""
    permitted = allowed[index.owners]
    total, free = len(permitted), int(permitted.sum())
    wanted = min(free, _DENSE_ROWS * max(1, limit // 10))
    if free >= _EXACT_BELOW * total:
        asked = min(total, int(wanted * total / free * 1.2) + 1)
        for k in dict.fromkeys((asked, min(total, asked * 5))):
            found = index.vector_index.query(index.name, vector[None, :], k)[0]
            keys = np.array([key for key, _ in found], dtype=np.intp)
            owners = index.owners[keys[permitted[keys]]]
            if len(owners) >= wanted // 2 and len(np.unique(owners)) >= min(limit, allowed.sum()):
                return owners
    rows = np.flatnonzero(permitted)
    cosines = index.vectors[rows].astype(np.float32) @ vector
    return index.owners[rows[np.argsort(-cosines, kind="stable")[: 5 * wanted]]]


def _distinct(owners: npt.NDArray[np.int32]) -> list[int]:
    return list(dict.fromkeys(owners.tolist()))


def _chances(scores: Floats, confidence: float) -> Floats:
    """Probabilities that add up to at most 1, the first of them the confidence itself."""
    chances: Floats = confidence * np.exp(scores - scores[0])
    rest = float(chances[1:].sum())
    if rest > 1 - confidence:
        chances[1:] *= (1 - confidence) / rest
    return chances
