"""Train the shipped search weights: `python -m knowledge.training --data DIR`.

Only sets whose licence permits it are read, and what was written for this project lies beside
the weights. `DIR` holds `en_clinc150_kb.jsonl`, `en_clinc150_test.jsonl`,
`en_covid_faq_kb.jsonl`, `en_covid_question_pairs.jsonl` and `en_goemotions_dev.jsonl`.
Half of the intents of clinc150 and half of its out-of-scope questions are never trained on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.confidence import Logistic, confidence_features
from knowledge.dense import ExactIndex
from knowledge.features import FEATURES
from knowledge.index import VersionIndex
from knowledge.metric import Metric
from knowledge.ports import Matrix
from knowledge.search import WEIGHTS, Measurement, fused_scores, measure_candidates
from knowledge.text import normalise
from knowledge.training_metric import Intent, read_intents, train_metric
from knowledge.training_sets import FOLDS, QUESTIONS, Scenario, fold_of, scenarios
from knowledge.use import UseEmbedder
from knowledge.words import shipped_words

Array = npt.NDArray[np.float64]

_PRIOR = {
    "cosine_question": 8,
    "cosine_title": 1,
    "cosine_answer": 2,
    "cosine_mean": 3,
    "bm25": 6,
    "bm25_of_prose": 6,
    "covered": 3,
    "covered_by_question": 1,
    "overlap": 3,
    "exact": 3,
    "same_language": 0.6,
    "learned_question": 6,
    "learned_title": 1,
    "learned_answer": 1,
    "learned_mean": 2,
}
_PULL = 0.01


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write `fusion.json` and `confidence.json`."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--cache", type=Path, default=None, help="folder for prepared weights")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder to write to")
    options = parser.parse_args(arguments)
    embedder = UseEmbedder(options.cache)
    vectors_for = remembering(embedder.embed_passages)
    metrics = train_metrics(vectors_for, embedder.name)
    metrics[None].save(options.out / "metric.npz")
    measured = [
        measure(scenario, vectors_for, metrics[scenario.fold])
        for scenario in scenarios(options.data)
    ]
    fusion = train_fusion(measured)
    write(options.out / "fusion.json", {"weights": fusion})
    confidence = train_confidence(measured, fusion)
    write(options.out / "confidence.json", confidence)
    sys.stdout.write(f"trained on {sum(map(len, measured))} questions\n")
    return 0


def train_metrics(
    vectors_for: Callable[[Sequence[str]], Matrix], embedder: str
) -> dict[int | None, Metric]:
    """The metric of all intents under None, and for each fold the one that has not seen it.

    Fusion and confidence are trained on questions that the metric at hand was not trained on:
    else they would trust it more than it deserves on a shop's own questions.
    """
    intents = read_intents(QUESTIONS)
    parts: dict[int | None, list[Intent]] = {None: intents}
    for fold in range(FOLDS):
        parts[fold] = [each for place, each in enumerate(intents) if fold_of(place) != fold]
    standard = shipped_words().standard
    return {
        fold: train_metric(part, vectors_for, embedder, standard=standard)
        for fold, part in parts.items()
    }


def write(path: Path, content: dict[str, Any]) -> None:
    """Round to four digits, so that the same data gives the same file on any machine."""

    def short(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: short(inner) for name, inner in value.items()}
        return round(float(value), 4)

    path.write_text(json.dumps(short(content), indent=1) + "\n", "utf-8")


def remembering(embed: Callable[[Sequence[str]], Matrix]) -> Callable[[Sequence[str]], Matrix]:
    """The same embedder, that embeds no text twice."""
    known: dict[str, Any] = {}

    def vectors(texts: Sequence[str]) -> Matrix:
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(missing, embed(missing), strict=True))
        return np.stack([known[text] for text in texts])

    return vectors


@dataclass(frozen=True)
class Asked:
    """A measured question: its candidates, and which of them is right, if any."""

    measurement: Measurement
    right: int | None
    weight: float


def measure(
    scenario: Scenario, vectors_for: Callable[[Sequence[str]], Matrix], metric: Metric
) -> list[Asked]:
    """Features of every question of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        index = VersionIndex.build(
            Path(folder),
            scenario.name,
            scenario.articles,
            vectors_for,
            ExactIndex(),
            embedder=metric.embedder,
            metric=metric,
        )
    texts = [shipped_words().standard(normalise(text)) for text, _ in scenario.asks]
    everything = np.ones(len(index.articles), dtype=bool)
    found = []
    golds = [gold for _, gold in scenario.asks]
    for text, gold, vector in zip(texts, golds, vectors_for(texts), strict=True):
        measurement = measure_candidates(index, text, vector, everything)
        ids = [str(index.articles[place].id) for place in measurement.measured.articles]
        right = ids.index(gold) if gold in ids else None
        found.append(Asked(measurement, right, 1 / len(scenario.asks)))
    return found


def train_fusion(measured: Sequence[Sequence[Asked]]) -> dict[str, float]:
    """Weights under which the right article of each question is most likely to come first.

    They are pulled towards round numbers that suit shops of every kind: the sets that may be
    trained on are few, and left alone they would all but forget the words for the meaning.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    asked = [ask for scenario in measured for ask in scenario if ask.right is not None]
    names = (*FEATURES, "same_language")
    prior = np.array([_PRIOR.get(name, 0.0) for name in names])
    table = np.concatenate([_columns(ask) for ask in asked])
    sizes = np.array([len(ask.measurement.measured.articles) for ask in asked])
    heads = np.cumsum(sizes) - sizes
    gold = heads + np.array([ask.right for ask in asked])
    importance = np.array([ask.weight for ask in asked])
    importance /= importance.sum()

    def loss(weights: Array) -> tuple[float, Array]:
        scores = table @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, heads), sizes)
        shares = np.exp(scores)
        totals = np.add.reduceat(shares, heads)
        shares *= np.repeat(importance / totals, sizes)
        away = weights - prior
        value = float(importance @ (np.log(totals) - scores[gold]) + _PULL * away @ away)
        return value, shares @ table - importance @ table[gold] + 2 * _PULL * away

    bounds = [(0.0, None)] * len(names)
    fitted = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=bounds)
    return dict(zip(names, fitted.x.tolist(), strict=True))


def _columns(ask: Asked) -> Array:
    measured = ask.measurement.measured
    return np.column_stack([measured.features, measured.same_language]).astype(float)


def train_confidence(
    measured: Sequence[Sequence[Asked]], fusion: dict[str, float]
) -> dict[str, Any]:
    """Whether an article among the first three is right, and then whether the first one is."""
    rows, near, first = [], [], []
    for ask in (ask for scenario in measured for ask in scenario):
        found = ask.measurement.measured
        scores = fused_scores(found, fusion)
        order = np.argsort(-scores, kind="stable")
        rows.append(confidence_features(found, scores, order, ask.measurement.question))
        near.append(ask.right is not None and ask.right in order[:3])
        first.append(ask.right is not None and int(order[0]) == ask.right)
    answerable = train_logistic(rows, near)
    model = Logistic(**answerable)
    told = [row | {"answerable": model.logit(row)} for row in rows]
    return {"answerable": answerable, "right": train_logistic(told, first)}


def train_logistic(
    rows: Sequence[dict[str, float]], labels: Sequence[bool], penalty: float = 0.05
) -> dict[str, Any]:
    """Intercept and weights of a logistic model.

    The penalty is strong: many of the features say nearly the same, and what sets them against
    each other on the training's knowledge does not hold on other knowledge.
    """
    from scipy.optimize import minimize

    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    center, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = np.column_stack([(table - center) / spread, np.ones(len(table))])
    sign = np.where(labels, 1.0, -1.0)
    share = 1 / len(table)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = sign * (scaled @ weights)
        value = float(np.logaddexp(0, -margins).mean())
        pull = -share * sign / (1 + np.exp(np.clip(margins, -500, 500)))
        shrunk = weights * np.append(np.ones(len(names)), 0)
        return value + penalty * float(shrunk @ shrunk), pull @ scaled + 2 * penalty * shrunk

    start = np.zeros(len(names) + 1)
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B").x
    weights = fitted[:-1] / spread
    intercept = float(fitted[-1] - weights @ center)
    return {"intercept": intercept, "weights": dict(zip(names, weights.tolist(), strict=True))}


if __name__ == "__main__":
    sys.exit(main())
