"""What is measured about a question and each article that might answer it, free of scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.entries import RowKind
from knowledge.index import VersionIndex
from knowledge.lexical import LexicalQuestion

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

FEATURES = (
    "cosine_question",
    "cosine_title",
    "cosine_answer",
    "cosine_mean",
    "bm25",
    "bm25_of_prose",
    "covered",
    "covered_by_question",
    "overlap",
    "exact",
    "dense_rank",
    "lexical_rank",
    "length",
    "learned_question",
    "learned_title",
    "learned_answer",
    "learned_mean",
)
"""Names of the columns that `measure` fills, in order."""


@dataclass(frozen=True)
class Measured:
    """Candidate articles (indices into the version) and one row of features for each."""

    articles: Places
    features: Floats
    same_language: npt.NDArray[np.bool_]


def measure(
    index: VersionIndex,
    candidates: Places,
    text: str,
    vector: Floats,
    question: LexicalQuestion,
    bm25: Floats,
    language: str,
) -> Measured:
    """Features of every candidate article. `text` is normalised, `vector` has length 1."""
    starts, ends = index.first_row[candidates], index.first_row[candidates + 1]
    lengths = ends - starts
    heads = np.cumsum(lengths) - lengths
    rows = np.arange(int(lengths.sum())) + np.repeat(starts - heads, lengths)
    kinds = index.kinds[rows]
    asks = kinds != RowKind.ANSWER
    # Not BLAS: its threads cost more than they bring on so few rows.
    cosines = np.einsum("ij,j->i", index.vectors[rows].astype(np.float32), vector)
    learned = _learned(index, rows, text, vector, cosines)
    shared = question.shared_by_rows(rows)
    weights = index.lexical.row_weights[rows]
    covered = shared / max(question.weight, 1e-6)
    overlap = 2 * shared / np.maximum(question.weight + weights, 1e-6)
    scores = bm25[candidates]
    covered_anywhere = question.shared_by_articles(candidates) / max(question.weight, 1e-6)
    # Best of a bad lot is not good: where even the best article by words shares little with the
    # question, as across languages, words have little to say.
    bm25_share = scores / max(float(scores.max()), 1e-6) * covered_anywhere[scores.argmax()]

    def best(values: Floats, where: npt.NDArray[np.bool_]) -> Floats:
        found: Floats = np.maximum.reduceat(np.where(where, values, -1), heads)
        return found

    # Where most candidates are answers without a question, words tell more than meaning.
    prose = float(index.headless[candidates].mean())
    cosine_question = best(cosines, asks)
    answers = best(cosines, ~asks)
    learned_question = best(learned, asks)
    learned_answers = best(learned, ~asks)
    exact = np.array([index.rows[row].text == text for row in rows], dtype=np.float32)
    columns = [
        cosine_question,
        cosines[heads],
        np.where(answers > -1, answers, cosine_question),
        _mean_of_best(cosines, asks, heads, lengths),
        bm25_share,
        bm25_share * prose,
        covered_anywhere,
        best(covered, asks),
        best(overlap, asks),
        best(exact, asks),
        _reciprocal_ranks(np.maximum(cosine_question, answers)),
        _reciprocal_ranks(bm25_share),
        best(_closeness(weights, question.weight), asks),
        # The metric was learned from questions; of long answers without one it knows little.
        learned_question * (1 - prose),
        learned[heads] * (1 - prose),
        np.where(learned_answers > -1, learned_answers, learned_question) * (1 - prose),
        _mean_of_best(learned, asks, heads, lengths) * (1 - prose),
    ]
    same = index.languages[candidates] == language[:2]
    return Measured(candidates, np.stack(columns, axis=1).astype(np.float32), same)


def _learned(
    index: VersionIndex, rows: Places, text: str, vector: Floats, cosines: Floats
) -> Floats:
    """Cosines in the learned metric; the plain ones where there is none for the embedder."""
    if index.metric is None:
        return cosines
    seen = index.metric.project(vector[None, :], [text])[0]
    found: Floats = np.einsum("ij,j->i", index.learned[rows].astype(np.float32), seen)
    return found


def _mean_of_best(
    cosines: Floats, asks: npt.NDArray[np.bool_], heads: Places, lengths: Places
) -> Floats:
    """Mean of the three best questions of each article: one lucky variant proves less."""
    owner = np.repeat(np.arange(len(heads)), lengths)
    order = np.lexsort((-np.where(asks, cosines, -2), owner))
    place = np.arange(len(order)) - np.repeat(heads, lengths)
    chosen = order[(place < 3) & asks[order]]
    sums = np.bincount(owner[chosen], weights=cosines[chosen], minlength=len(heads))
    counts = np.bincount(owner[chosen], minlength=len(heads))
    return (sums / np.maximum(counts, 1)).astype(np.float32)


def _closeness(weights: Floats, weight: float) -> Floats:
    """1 for texts that say as much as the question, towards 0 for much shorter or longer."""
    low, high = np.minimum(weights, weight), np.maximum(weights, weight)
    return np.asarray(low / np.maximum(high, 1e-6), dtype=np.float32)


def _reciprocal_ranks(values: Floats) -> Floats:
    reciprocal = np.empty(len(values), dtype=np.float32)
    reciprocal[np.argsort(-values, kind="stable")] = 1 / np.arange(1, len(values) + 1)
    return reciprocal
