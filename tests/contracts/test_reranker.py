"""What every reranker promises, on real weights, and what its scores may change in a finding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import Article, ArticleId
from knowledge.reranking import (
    MOST,
    CrossEncoderReranker,
    Reranker,
    RerankerFailed,
    RerankerMissing,
    Scores,
    passage,
    rerank,
)
from knowledge.search import Found, Hit
from knowledge.text import tokens

QUESTION = "how do i return a parcel"
PASSAGES = ["return a parcel", "the weather is nice today", "i return", "a parcel today"]


class WordReranker:
    """Counts the words that question and passage share."""

    name = "words"

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        asked = set(tokens(question))
        shared = [len(asked & set(tokens(each))) for each in passages]
        return np.array(shared, dtype=np.float32)


def tiny_cross_encoder(folder: Path, outputs: int = 1) -> Path:
    """A BERT of one small layer, made here, with weights that nobody trained."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = sorted({word for text in (QUESTION, *PASSAGES) for word in text.split()})
    vocabulary = folder / "words.txt"
    vocabulary.parent.mkdir(parents=True)
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]))
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words) + 5,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=outputs,
        # Wide enough that logits leave the range of a sigmoid.
        initializer_range=2.0,
    )
    BertForSequenceClassification(config).save_pretrained(folder / "model")
    BertTokenizerFast(str(vocabulary)).save_pretrained(folder / "model")
    return folder / "model"


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    folder = tiny_cross_encoder(tmp_path_factory.mktemp("reranker") / "tiny")
    return CrossEncoderReranker(str(folder))


@pytest.fixture(params=["cross-encoder", "words"])
def reranker(request: pytest.FixtureRequest) -> Reranker:
    if request.param == "words":
        return WordReranker()
    found: Reranker = request.getfixturevalue("cross_encoder")
    return found


def test_every_passage_gets_a_finite_score_in_its_place(reranker: Reranker) -> None:
    scores = reranker.scores(QUESTION, PASSAGES)
    assert scores.shape == (len(PASSAGES),)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    backwards = reranker.scores(QUESTION, PASSAGES[::-1])
    assert np.allclose(scores, backwards[::-1], atol=1e-3)


def test_no_passages_have_no_scores(reranker: Reranker) -> None:
    assert reranker.scores(QUESTION, []).shape == (0,)


def test_a_score_does_not_depend_on_the_company(reranker: Reranker) -> None:
    together = reranker.scores(QUESTION, PASSAGES)
    alone = np.concatenate([reranker.scores(QUESTION, [each]) for each in PASSAGES])
    assert np.allclose(together, alone, atol=1e-3)


def test_scores_are_not_squeezed_between_zero_and_one(cross_encoder: CrossEncoderReranker) -> None:
    scores = cross_encoder.scores(QUESTION, PASSAGES)
    assert scores.min() < 0 or scores.max() > 1
    assert np.ptp(scores) > 0.1


def test_the_model_is_named_by_its_folder(cross_encoder: CrossEncoderReranker) -> None:
    assert cross_encoder.name == "ce-model"


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RerankerMissing, match="nowhere"):
        CrossEncoderReranker(str(tmp_path / "nowhere")).scores("hi", ["ho"])


def test_a_classifier_of_several_kinds_is_refused(tmp_path: Path) -> None:
    folder = tiny_cross_encoder(tmp_path / "kinds", outputs=3)
    with pytest.raises(RerankerMissing, match="gives 3 numbers"):
        CrossEncoderReranker(str(folder)).scores("hi", ["ho"])


def finding(*chances: float) -> Found:
    """Hits a, b, c … with these chances; the first is the calibrated confidence."""
    hits = tuple(
        Hit(Article(ArticleId(chr(97 + n)), f"title {n}", "answer"), -float(n), chance)
        for n, chance in enumerate(chances)
    )
    return Found(hits, chances[0] if chances else 0.0, {"cosine": 0.5})


def ids(found: Found) -> str:
    return "".join(hit.article.id for hit in found.hits)


def test_hits_come_in_the_order_of_the_scores_and_ties_as_they_were() -> None:
    assert ids(rerank(finding(0.4, 0.2, 0.2, 0.1), [1.0, 3.0, 1.0, 2.0])) == "bdac"


def test_the_chances_are_divided_by_softmax_and_their_sum_stays() -> None:
    found = rerank(finding(0.5, 0.3), [2.0, 2.0 - math.log(3)])
    assert [round(hit.probability, 6) for hit in found.hits] == [0.6, 0.2]
    assert found.confidence == pytest.approx(0.6)
    assert found.features == {"cosine": 0.5}


def test_a_new_first_article_is_never_surer_than_the_search_was() -> None:
    found = rerank(finding(0.4, 0.3, 0.2), [0.0, 9.0, 0.0])
    assert ids(found)[0] == "b"
    assert found.confidence == pytest.approx(0.4)
    assert found.hits[0].probability == pytest.approx(0.4)


def test_a_confidence_that_was_lowered_for_a_reason_stays_low() -> None:
    lowered = replace(finding(0.9, 0.05), confidence=0.5)
    assert rerank(lowered, [9.0, 0.0]).confidence == pytest.approx(0.5)
    assert rerank(finding(0.9, 0.05), [9.0, 0.0]).confidence > 0.9


def test_a_reranker_that_cannot_tell_makes_the_bot_less_sure() -> None:
    found = rerank(finding(0.8, 0.1, 0.05, 0.05), [1.0, 1.0, 1.0, 1.0])
    assert ids(found) == "abcd"
    assert found.confidence == pytest.approx(0.25)


def test_one_hit_and_none_stay_as_they_are() -> None:
    assert rerank(finding(0.6), [-4.0]) == finding(0.6)
    assert rerank(finding(), []) == finding()


def test_only_the_first_ten_are_read_again() -> None:
    found = finding(*[0.05] * (MOST + 2))
    again = rerank(found, np.arange(MOST))
    assert ids(again) == "jihgfedcba" + "kl"
    assert again.hits[MOST:] == found.hits[MOST:]


@pytest.mark.parametrize("scores", [[1.0], [1.0, math.nan], [1.0, math.inf], [[1.0, 2.0]]])
def test_scores_that_are_no_scores_are_refused(scores: list[Any]) -> None:
    with pytest.raises(RerankerFailed):
        rerank(finding(0.5, 0.2), scores)


numbers = st.floats(-30, 30, allow_nan=False)


@given(st.lists(st.tuples(st.floats(0, 1), numbers), min_size=1, max_size=14))
def test_whatever_the_scores_the_chances_stay_chances(pairs: list[tuple[float, float]]) -> None:
    total = sum(chance for chance, _ in pairs) or 1.0
    before = finding(*[chance / max(total, 1.0) for chance, _ in pairs])
    after = rerank(before, [score for _, score in pairs[:MOST]])
    assert sorted(ids(after)) == sorted(ids(before))
    assert after.confidence == after.hits[0].probability
    read = [hit.probability for hit in after.hits[:MOST]]
    assert read == sorted(read, reverse=True)
    assert sum(read) <= sum(hit.probability for hit in before.hits[:MOST]) + 1e-9
    if after.hits[0].article != before.hits[0].article:
        assert after.confidence <= before.confidence


def test_what_is_read_of_an_article_is_its_title_the_nearest_variant_and_its_beginning() -> None:
    article = Article(
        ArticleId("a"), "怎么退货？", "签收后七天内可退。" * 100, ("不想要了", "寄回去的运费谁出")
    )
    title, variant, answer = passage(article, "运费是谁出").split("\n")
    assert (title, variant) == ("怎么退货？", "寄回去的运费谁出")
    assert answer.startswith("签收后七天内可退。")
    assert len(answer) == 300
    assert passage(article, "发票").split("\n")[1] == answer
