"""Knowledge bases with questions, to train on: public ones that permit it, and our own.

Our own lie beside the weights; the public ones are read from a folder, never shipped. The sample
shop is not among them: it measures.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.article import Article, ArticleId
from knowledge.search import WEIGHTS
from knowledge.training_metric import read_intents

Ask = tuple[str, str | None]
"""A question and the id of the article that answers it, None for out of scope."""


@dataclass(frozen=True)
class Scenario:
    """One knowledge base and questions to it."""

    name: str
    articles: tuple[Article, ...]
    asks: tuple[Ask, ...]
    fold: int | None = None
    """Which part of the intents it is made of; its metric must not have seen that part."""


FOLDS = 3
QUESTIONS = WEIGHTS / "questions"


def fold_of(place: int) -> int:
    """The part that an intent belongs to; neighbours, which are alike, mostly share one."""
    return place // 9 % FOLDS


def scenarios(data: Path) -> Iterable[Scenario]:
    """Knowledge bases of many shapes and sizes with questions inside and outside of them."""
    chance = random.Random(20)
    chat = {
        language: [
            row["text"]
            for row in _read(WEIGHTS / "training_chat.jsonl")
            if row["language"] == language
        ]
        for language in ("zh", "en")
    }
    talk = [row["text"] for row in _read(data / "en_goemotions_dev.jsonl")]
    chance.shuffle(talk)
    yield from _shop(chance, chat, talk)
    yield from _corpus(chance, chat)
    yield from _covid(data, chance, talk)
    yield from _clinc(data, chance)


_ASKS = 700
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
    the same business. Strangers are four times as many, as
    in the chat of a real shop.
    """
    chosen = [article for article in articles if chance.random() < kept]
    ids = {article.id for article in chosen}
    inside = [ask for ask in asks if ask[1] in ids]
    asked = {gold for _, gold in inside}
    outside = [text for text, gold in asks if gold not in ids]
    near = chance.sample(outside, min(len(outside), len(inside) // 8))
    # A customer who taps a suggested question sends its very words.
    tapped = [(article.title, str(article.id)) for article in chosen if article.id in asked]
    inside += chance.sample(tapped, len(tapped) // 3)
    far = chance.sample(list(strangers), min(len(strangers), len(inside) // 2))
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
    for turn in range(3):
        yield _partly_translated(f"shop-partly-{turn}", pool, asks, chance)
    both = [*pool["zh"], *pool["en"]]
    everyone = [*asks["zh"], *asks["en"]]
    yield subset("shop-both", both, everyone, [*chat["zh"], *chat["en"]], chance, 1.0)
    for language, other in (("zh", "en"), ("en", "zh")):
        foreign: list[Ask] = [(t, str(g).replace(other, language)) for t, g in asks[other]]
        yield subset(f"shop-foreign-{language}", pool[language], foreign, chat[other], chance, 0.7)
    crowd = [
        Article(ArticleId(f"talk{place}"), text, "", language="en")
        for place, text in enumerate(talk[:3000])
    ]
    yield subset("shop-crowd", [*pool["en"], *crowd], asks["en"], talk[3000:], chance, 0.8)


def _corpus(chance: random.Random, chat: dict[str, list[str]]) -> Iterable[Scenario]:
    intents = read_intents(QUESTIONS)
    for fold in range(FOLDS):
        own = [each for place, each in enumerate(intents) if fold_of(place) == fold]
        for shape, most in (("title", 0), ("variants", 3), ("full", 4), ("full", 8), ("answer", 0)):
            articles, asks = [], []
            for intent in own:
                known = chance.sample(intent.asks, most)
                whole = Article(ArticleId(intent.id), intent.title, intent.answer, tuple(known))
                articles.append(shaped(whole, shape, most, chance))
                asks += [(text, intent.id) for text in intent.asks if text not in known]
            some = chance.sample(asks, min(len(asks), _ASKS))
            name = f"corpus-{fold}-{shape}-{most}"
            found = subset(name, articles, some, chat["zh"], chance, 0.75)
            yield replace(found, fold=fold)


def _partly_translated(
    name: str, pool: dict[str, list[Article]], asks: dict[str, list[Ask]], chance: random.Random
) -> Scenario:
    """Most articles stand in one of the two languages only; a question gets its own if it can."""
    chosen: list[Article] = []
    for chinese, english in zip(pool["zh"], pool["en"], strict=True):
        chosen.extend(chance.choice([(chinese,), (english,), (chinese, english)]))
    ids = {article.id for article in chosen}
    found: list[Ask] = []
    for language, other in (("zh", "en"), ("en", "zh")):
        for text, gold in asks[language]:
            own = ArticleId(str(gold))
            found.append((text, own if own in ids else str(gold).replace(language, other)))
    return Scenario(name, tuple(chosen), tuple(found))


def _covid(data: Path, chance: random.Random, talk: Sequence[str]) -> Iterable[Scenario]:
    rows = _read(data / "en_covid_faq_kb.jsonl")
    articles = [
        Article(ArticleId(row["id"]), row["question"], row["answer"], language="en") for row in rows
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
