"""The words of a knowledge version: rare ones decide, and the index survives a restart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import IndexBroken
from knowledge.lexical import LexicalIndex

TEXTS = ["怎么申请退货", "退货运费谁出", "怎么开发票", "how do I return a parcel", "invoice please"]
OWNERS = np.array([0, 0, 1, 2, 3], dtype=np.int32)


@pytest.fixture
def index() -> LexicalIndex:
    return LexicalIndex.build(TEXTS, OWNERS)


def test_the_article_that_shares_the_words_comes_first(index: LexicalIndex) -> None:
    assert index.ask("我要退貨").bm25().argmax() == 0
    assert index.ask("发票怎么开").bm25().argmax() == 1
    assert index.ask("returning parcels").bm25().argmax() == 2


def test_a_typing_error_still_finds_the_article(index: LexicalIndex) -> None:
    assert index.ask("invocie or invoic").bm25().argmax() == 3


def test_words_count_wherever_in_the_article_they_stand(index: LexicalIndex) -> None:
    asked = index.ask("申请，运费")
    rows = asked.shared_by_rows(np.array([0, 1]))
    (whole,) = asked.shared_by_articles(np.array([0]))
    assert whole > max(rows)
    assert whole == pytest.approx(asked.weight)


def test_a_word_the_knowledge_never_uses_is_noticed(index: LexicalIndex) -> None:
    assert index.ask("怎么申请退货").unknown_share == 0
    assert 0 < index.ask("怎么申请退货给麒麟").unknown_share < 1
    assert index.ask("麒麟").unknown_share == 1
    assert index.ask("?").unknown_share == 1


def test_a_question_without_known_words_scores_nothing(index: LexicalIndex) -> None:
    asked = index.ask("麒麟")
    assert not asked.bm25().any()
    assert not asked.shared_by_rows(np.arange(5)).any()


def test_grammar_weighs_less_than_the_topic(index: LexicalIndex) -> None:
    assert index.ask("怎么").weight < index.ask("发票").weight / 3


def test_knowledge_without_articles_or_words_can_be_indexed() -> None:
    empty = LexicalIndex.build([], np.empty(0, dtype=np.int32))
    assert len(empty.ask("退货").bm25()) == 0
    silent = LexicalIndex.build(["", "？"], np.array([0, 1], dtype=np.int32))
    assert silent.ask("退货").bm25().tolist() == [0, 0]


def test_a_stored_index_answers_alike(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    for text in ("退货运费", "invoice", "麒麟"):
        assert np.allclose(loaded.ask(text).bm25(), index.ask(text).bm25())
        assert loaded.ask(text).weight == pytest.approx(index.ask(text).weight)
    assert (loaded.rows, loaded.articles) == (5, 4)


@pytest.mark.parametrize("lost", ["terms.npy", "weights.npy", "bm25/vocab.index.json"])
def test_a_stored_index_with_a_lost_or_cut_file_is_refused(
    index: LexicalIndex, tmp_path: Path, lost: str
) -> None:
    for damage in ("cut", "lost"):
        folder = tmp_path / damage
        index.save(folder)
        if damage == "cut":
            (folder / lost).write_bytes((folder / lost).read_bytes()[:40])
        else:
            (folder / lost).unlink()
        with pytest.raises(IndexBroken, match=damage):
            LexicalIndex.load(folder)
