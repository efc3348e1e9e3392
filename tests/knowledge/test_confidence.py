"""Confidence: a probability that means the same for small and large knowledge."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.article import Article
from knowledge.confidence import Logistic, load_confidence
from knowledge.dense import ExactIndex
from knowledge.features import FEATURES
from knowledge.index import VersionIndex
from knowledge.search import WEIGHTS, Found, Query, search
from knowledge.use import UseEmbedder
from tests.knowledge.words import article

NOW = datetime(2026, 11, 11, tzinfo=UTC)


def sample(shape: str = "full") -> list[Article]:
    """The shop that the weights were trained on, in the shape asked for."""
    lines = (WEIGHTS / "training_shop.jsonl").read_text("utf-8").splitlines()
    found = []
    for row in map(json.loads, lines):
        answer = row["answer_zh"]
        title = answer.split("。")[0] + "。" if shape == "headless" else row["title_zh"]
        found.append(
            article(
                row["id"],
                title,
                "" if shape == "title" else answer,
                variants=tuple(row["variants_zh"]) if shape == "full" else (),
            )
        )
    return found


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> UseEmbedder:
    return UseEmbedder(tmp_path_factory.mktemp("weights"))


class Asker:
    """Asks several knowledge bases the same."""

    def __init__(self, folder: Path, embedder: UseEmbedder) -> None:
        self.folder, self.embedder = folder, embedder

    def ask(self, known: list[Article], *texts: str) -> list[Found]:
        index = VersionIndex.build(
            self.folder, "shop", known, self.embedder.embed_passages, ExactIndex()
        )
        vectors = self.embedder.embed_queries(texts)
        queries = [Query(text, asked_at=NOW) for text in texts]
        return [search(index, q, v) for q, v in zip(queries, vectors, strict=True)]


@pytest.fixture
def asker(tmp_path: Path, embedder: UseEmbedder) -> Asker:
    return Asker(tmp_path, embedder)


CLEAR = ("请问怎么申请退货", "可以给我开发票吗", "忘记密码了怎么办")
STRANGE = ("今天上海会下雨吗", "唐朝第一个皇帝是谁", "附近哪家火锅好吃")


@pytest.mark.parametrize("shape", ["title", "full"])
@pytest.mark.parametrize("size", [20, 56])
def test_clear_questions_are_sure_and_strange_ones_are_not(
    asker: Asker, shape: str, size: int
) -> None:
    known = sample(shape)
    wanted = [a for a in known if a.id in ("shop10", "shop20", "shop31")]
    known = [*wanted, *(a for a in known if a not in wanted)][:size]
    found = asker.ask(known, *CLEAR, *STRANGE)
    assert [hit.hits[0].article.id for hit in found[:3]] == ["shop10", "shop20", "shop31"]
    assert min(hit.confidence for hit in found[:3]) > 0.6
    assert max(hit.confidence for hit in found[3:]) < 0.3


def test_answers_without_questions_can_be_sure_as_well(asker: Asker) -> None:
    (clear, strange) = asker.ask(sample("headless"), "电子发票要填抬头和税号吗", STRANGE[1])
    assert clear.hits[0].article.id == "shop20"
    assert clear.confidence > 0.5 > 0.3 > strange.confidence


def test_the_very_words_of_a_title_are_almost_certain(asker: Asker) -> None:
    known = sample()
    found = asker.ask(known, *(a.title for a in known))
    assert [hit.hits[0].article.id for hit in found] == [a.id for a in known]
    assert sorted(hit.confidence for hit in found)[2] > 0.9


def test_two_articles_that_say_the_same_lower_the_confidence(asker: Asker) -> None:
    known = sample("title")
    (alone,) = asker.ask(known, "退货要怎么申请")
    (torn,) = asker.ask([*known, article("twin", "退货怎么申请")], "退货要怎么申请")
    assert torn.confidence < alone.confidence - 0.1


def test_thousands_of_other_articles_leave_a_clear_question_sure(asker: Asker) -> None:
    ballast = [article(f"b{n}", f"编号{n * 37}的零件在第{n % 90}号货架") for n in range(2500)]
    found = asker.ask([*sample("title"), *ballast], CLEAR[0], STRANGE[1])
    assert found[0].hits[0].article.id == "shop10"
    assert found[0].confidence > 0.6
    assert found[1].confidence < 0.3


def test_every_feature_that_is_weighed_is_measured_and_shown(asker: Asker) -> None:
    (found,) = asker.ask(sample(), "怎么退货")
    judges = load_confidence()
    assert set(judges.answerable.weights) == set(found.features)
    assert set(judges.right.weights) == {*found.features, "answerable"}
    assert set(FEATURES) < set(found.features)


def test_the_probability_is_the_logistic_of_the_weighed_features() -> None:
    model = Logistic(-1.0, {"cosine": 2.0})
    assert model.probability({"cosine": 0.5, "other": 9.0}) == pytest.approx(0.5)
    assert model.probability({"cosine": 1e6}) < 1
    assert model.probability({"cosine": -1e6}) > 0
