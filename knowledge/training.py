"""Train the shipped search weights: `python -m knowledge.training --data DIR`.

Only sets whose licence permits it are read, and what was written for this project lies beside
the weights. `DIR` holds `en_clinc150_kb.jsonl`, `en_clinc150_test.jsonl`,
`en_covid_faq_kb.jsonl`, `en_covid_question_pairs.jsonl` and `en_goemotions_dev.jsonl`.
Half of the intents of clinc150 and half of its out-of-scope questions are never trained on.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.article import Article, ArticleId
from knowledge.confidence import confidence_features
from knowledge.dense import ExactIndex
from knowledge.features import FEATURES
from knowledge.index import VersionIndex
from knowledge.ports import Matrix
from knowledge.search import WEIGHTS, Measurement, fused_scores, measure_candidates
from knowledge.use import UseEmbedder

Array = npt.NDArray[np.float64]
Ask = tuple[str, str | None]
"""A question and the id of the article that answers it, None for out of scope."""

# Weights that may not be negative keep the model sensible on knowledge unlike the training's.
_SIGNS = {"ties": -1, "unknown": -1, "words": 0, "same_language": 0}


@dataclass(frozen=True)
class Scenario:
    """One knowledge base and questions to it."""

    name: str
    articles: tuple[Article, ...]
    asks: tuple[Ask, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write `fusion.json` and `confidence.json`."""
    parser = argparse.ArgumentParser(prog="python -m knowledge.training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--cache", type=Path, default=None, help="folder for prepared weights")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="folder to write to")
    options = parser.parse_args(arguments)
    vectors_for = remembering(UseEmbedder(options.cache).embed_passages)
    measured = [measure(scenario, vectors_for) for scenario in scenarios(options.data)]
    fusion = train_fusion(measured)
    write(options.out / "fusion.json", {"weights": fusion})
    confidence = train_confidence(measured, fusion)
    write(options.out / "confidence.json", confidence)
    sys.stdout.write(f"trained on {sum(map(len, measured))} questions\n")
    return 0


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
    scenario: Scenario, vectors_for: Callable[[Sequence[str]], Matrix]
) -> list[Asked]:
    """Features of every question of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        index = VersionIndex.build(
            Path(folder), scenario.name, scenario.articles, vectors_for, ExactIndex()
        )
    vectors = vectors_for([text for text, _ in scenario.asks])
    everything = np.ones(len(index.articles), dtype=bool)
    found = []
    for (text, gold), vector in zip(scenario.asks, vectors, strict=True):
        measurement = measure_candidates(index, text, vector, everything)
        ids = [index.articles[place].id for place in measurement.measured.articles]
        right = ids.index(ArticleId(gold)) if gold in ids else None
        found.append(Asked(measurement, right, 1 / len(scenario.asks)))
    return found


def train_fusion(measured: Sequence[Sequence[Asked]], penalty: float = 2e-3) -> dict[str, float]:
    """Weights under which the right article of each question is most likely to come first."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]

    asked = [ask for scenario in measured for ask in scenario if ask.right is not None]
    names = (*FEATURES, "same_language")
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
        value = float(importance @ (np.log(totals) - scores[gold]))
        gradient = shares @ table - importance @ table[gold]
        return value + penalty * float(weights @ weights), gradient + 2 * penalty * weights

    bounds = [(0.0, None)] * len(names)
    fitted = minimize(loss, np.ones(len(names)), jac=True, method="L-BFGS-B", bounds=bounds)
    return dict(zip(names, fitted.x.tolist(), strict=True))


def _columns(ask: Asked) -> Array:
    measured = ask.measurement.measured
    return np.column_stack([measured.features, measured.same_language]).astype(float)


def train_confidence(
    measured: Sequence[Sequence[Asked]], fusion: dict[str, float], penalty: float = 1e-3
) -> dict[str, Any]:
    """A logistic model of whether the first article is the right one."""
    from scipy.optimize import minimize

    rows, labels, importance = [], [], []
    for ask in (ask for scenario in measured for ask in scenario):
        found = ask.measurement.measured
        scores = fused_scores(found, fusion)
        order = np.argsort(-scores, kind="stable")
        rows.append(confidence_features(found, scores, order, ask.measurement.question))
        labels.append(ask.right is not None and int(order[0]) == ask.right)
        importance.append(ask.weight)
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    center, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = np.column_stack([(table - center) / spread, np.ones(len(table))])
    sign = np.where(labels, 1.0, -1.0)
    share = np.array(importance) / sum(importance)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = sign * (scaled @ weights)
        value = float(share @ np.logaddexp(0, -margins))
        pull = -share * sign / (1 + np.exp(np.clip(margins, -500, 500)))
        shrunk = weights * np.append(np.ones(len(names)), 0)
        return value + penalty * float(shrunk @ shrunk), pull @ scaled + 2 * penalty * shrunk

    limits = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    bounds = [*(limits[_SIGNS.get(name, 1)] for name in names), (None, None)]
    start = np.zeros(len(names) + 1)
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = fitted[:-1] / spread
    intercept = float(fitted[-1] - weights @ center)
    return {"intercept": intercept, "weights": dict(zip(names, weights.tolist(), strict=True))}


def scenarios(data: Path) -> Iterable[Scenario]:
    """Knowledge bases of many shapes and sizes with questions inside and outside of them."""
    chance = random.Random(20)
    chat = {
        language: [row["text"] for row in _read(WEIGHTS / "training_chat.jsonl")
                   if row["language"] == language]
        for language in ("zh", "en")
    }
    talk = [row["text"] for row in _read(data / "en_goemotions_dev.jsonl")]
    chance.shuffle(talk)
    yield from _shop(chance, chat, talk)
    yield from _covid(data, chance, talk)
    yield from _clinc(data, chance)


SHAPES = ("title", "variants", "answer", "full", "headless")


def shaped(article: Article, shape: str, variants: int, chance: random.Random) -> Article:
    """The article as a poorer shop would have written it."""
    kept = tuple(chance.sample(article.variants, min(variants, len(article.variants))))
    if shape == "headless":
        lead = article.answer.replace("。", "。\n").replace(". ", ".\n").split("\n")[0]
        return replace(article, title=lead[:120], variants=())
    return replace(
        article,
        variants=kept if shape in ("variants", "full") else (),
        answer=article.answer if shape in ("answer", "full") else "",
    )


def subset(
    name: str,
    articles: Sequence[Article],
    asks: Sequence[Ask],
    strangers: Sequence[str],
    chance: random.Random,
    kept: float,
) -> Scenario:
    """Part of the articles; questions about the others are out of scope, so are strangers.

    A question about an article that was left out is the hard kind of out of scope: it is about
    the same business. Strangers stay twice as many, as in a real shop.
    """
    chosen = [article for article in articles if chance.random() < kept]
    ids = {article.id for article in chosen}
    inside = [ask for ask in asks if ask[1] in ids]
    outside = [text for text, gold in asks if gold not in ids]
    near = chance.sample(outside, min(len(outside), len(inside) // 8))
    far = chance.sample(list(strangers), min(len(strangers), len(inside) // 4))
    return Scenario(name, tuple(chosen), (*inside, *((text, None) for text in (*near, *far))))


def _shop(
    chance: random.Random, chat: dict[str, list[str]], talk: Sequence[str]
) -> Iterable[Scenario]:
    rows = _read(WEIGHTS / "training_shop.jsonl")
    pool: dict[str, list[Article]] = {}
    asks: dict[str, list[Ask]] = {}
    for language in ("zh", "en"):
        pool[language] = [
            Article(
                id=ArticleId(f"{row['id']}-{language}"),
                title=row[f"title_{language}"],
                answer=row[f"answer_{language}"],
                variants=tuple(row.get(f"variants_{language}", ())),
                language=language,
            )
            for row in rows
        ]
        asks[language] = [
            (text, f"{row['id']}-{language}") for row in rows for text in row[f"asks_{language}"]
        ]
    near_words: list[Ask] = [(v, f"{r['id']}-zh") for r in rows for v in r["variants_zh"]]
    for shape in SHAPES:
        for part in (0.4, 0.8):
            for language in ("zh", "en"):
                articles = [shaped(a, shape, chance.randint(1, 3), chance) for a in pool[language]]
                name = f"shop-{language}-{shape}-{part}"
                every = asks[language]
                if language == "zh" and shape not in ("variants", "full"):
                    every = [*every, *near_words]
                yield subset(name, articles, every, chat[language], chance, part)
    both = [*pool["zh"], *pool["en"]]
    everyone = [*asks["zh"], *asks["en"]]
    yield subset("shop-both", both, everyone, [*chat["zh"], *chat["en"]], chance, 1.0)
    for language, other in (("zh", "en"), ("en", "zh")):
        foreign: list[Ask] = [(t, str(g).replace(other, language)) for t, g in asks[other]]
        yield subset(
            f"shop-foreign-{language}", pool[language], foreign, chat[other], chance, 0.7
        )
    crowd = [
        Article(ArticleId(f"talk{place}"), text, "", language="en")
        for place, text in enumerate(talk[:3000])
    ]
    yield subset("shop-crowd", [*pool["en"], *crowd], asks["en"], talk[3000:], chance, 0.8)


def _covid(data: Path, chance: random.Random, talk: Sequence[str]) -> Iterable[Scenario]:
    rows = _read(data / "en_covid_faq_kb.jsonl")
    articles = [
        Article(ArticleId(row["id"]), row["question"], row["answer"], language="en")
        for row in rows
    ]
    by_title = {article.title: article.id for article in articles}
    asks: list[Ask] = [
        (row["b"], by_title[row["a"]])
        for row in _read(data / "en_covid_question_pairs.jsonl")
        if row["label"] == 1 and row["a"] in by_title
    ]
    for shape in ("title", "answer", "headless"):
        bare = [shaped(article, shape, 0, chance) for article in articles]
        yield subset(f"covid-{shape}", bare, asks, talk, chance, 0.7)


def _clinc(data: Path, chance: random.Random) -> Iterable[Scenario]:
    rows = _read(data / "en_clinc150_kb.jsonl")
    trained = set(trained_intents(row["id"] for row in rows))
    articles = [
        Article(ArticleId(r["id"]), r["question"], "", tuple(r["variants"]), language="en")
        for r in rows
        if r["id"] in trained
    ]
    tests = _read(data / "en_clinc150_test.jsonl")
    strange = [row["query"] for row in tests if not row["in_scope"]][::2]
    asks: list[Ask] = [
        (row["query"], row["gold_ids"][0])
        for row in tests
        if row["in_scope"] and row["gold_ids"][0] in trained
    ]
    for most, part in ((0, 0.4), (1, 0.8), (3, 0.3), (5, 0.8), (10, 0.9)):
        shape = "variants" if most else "title"
        bare = [shaped(article, shape, most, chance) for article in articles]
        some = chance.sample(asks, 600)
        yield subset(f"clinc-{most}", bare, some, strange, chance, part)


def trained_intents(ids: Iterable[str]) -> list[str]:
    """The half of the intents that training may see; the other half measures."""
    return sorted(ids)[::2]


def _read(path: Path) -> list[Any]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    sys.exit(main())
