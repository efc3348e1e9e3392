"""The searchable snapshot of a version: what its rows are, and that a broken one is noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.dense import ExactIndex
from knowledge.entries import RowKind, entries
from knowledge.errors import IndexBroken
from knowledge.index import VersionIndex, texts_of
from knowledge.ports import Matrix
from knowledge.search import Query, search
from tests.knowledge.words import WordEmbedder, article

ARTICLES = [
    article("returns", "怎么退货", "签收后7天内可以退货。", variants=("不想要了", "想退掉")),
    article("invoice", "可以开发票吗", "可以，下单时填写抬头。"),
    article("english", "How do I return it?", "Within 7 days.", language="en"),
]
EMBED = WordEmbedder().embed_passages


def build(folder: Path) -> VersionIndex:
    return VersionIndex.build(folder, "v1-words", ARTICLES, EMBED, ExactIndex(), embedder="words")


def test_an_article_is_found_by_title_variants_and_answer() -> None:
    rows = [row for row in entries(ARTICLES) if row.owner == 0]
    assert [(row.kind, row.text) for row in rows] == [
        (RowKind.TITLE, "怎么退货"),
        (RowKind.VARIANT, "不想要了"),
        (RowKind.VARIANT, "想退掉"),
        (RowKind.ANSWER, "怎么退货 签收后7天内可以退货。"),
    ]


def test_a_variant_that_repeats_the_title_or_is_empty_is_no_row() -> None:
    repeated = article("a", "怎么退货", variants=("怎麼退貨", "", "  ", "退货呢", "退货呢"))
    assert [row.text for row in entries([repeated])] == ["怎么退货", "退货呢"]


def test_an_answer_without_a_question_is_not_repeated_in_front_of_itself() -> None:
    headless = article("a", "本店支持七天无理由退货。", "本店支持七天无理由退货。运费由买家承担。")
    texts = [row.text for row in entries([headless])]
    assert texts == ["本店支持七天无理由退货。", "本店支持七天无理由退货。 运费由买家承担。"]


def test_markdown_marks_are_not_searched() -> None:
    marked = article("a", "运费", "## 说明\n- **满59元** 包邮，见[运费表](https://shop.example/f)")
    (_, answer) = entries([marked])
    assert answer.text == "运费 说明 满59元 包邮,见运费表"


def test_a_long_answer_is_cut_at_sentence_ends() -> None:
    long = article("a", "保修", "整机保修一年，主要部件两年，凭订单即可。" * 30)
    pieces = [row.text for row in entries([long]) if row.kind is RowKind.ANSWER]
    assert 3 <= len(pieces) <= 8
    assert all(piece.startswith("保修 整机") and piece.endswith("。") for piece in pieces)


def test_the_same_text_needs_one_vector() -> None:
    twins = [article("a", "怎么退货"), article("b", "怎么退货"), article("c", "怎麼退貨")]
    assert texts_of(twins) == ["怎么退货"]
    assert len(entries(twins)) == 3


def test_a_loaded_index_answers_like_the_built_one(tmp_path: Path) -> None:
    built = build(tmp_path)
    store = ExactIndex()
    loaded = VersionIndex.load(tmp_path, "v1-words", ARTICLES, store, embedder="words")
    query = Query("想退货", datetime(2026, 11, 21, tzinfo=UTC))
    (vector,) = EMBED([query.text])
    assert search(loaded, query, vector) == search(built, query, vector)
    assert store.exists("v1-words", len(loaded.rows))
    assert loaded.embedder == "words"


def test_building_again_replaces_the_old_index_whole(tmp_path: Path) -> None:
    build(tmp_path)
    VersionIndex.build(tmp_path, "v1-words", ARTICLES[:1], EMBED, ExactIndex(), embedder="words")
    assert len(VersionIndex.load(tmp_path, "v1-words", ARTICLES[:1], ExactIndex()).articles) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["v1-words"]


def test_progress_counts_up_to_its_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    VersionIndex.build(
        tmp_path, "v1", ARTICLES, EMBED, ExactIndex(), lambda *step: seen.append(step)
    )
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken(texts: Sequence[str]) -> Matrix:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        VersionIndex.build(tmp_path, "v1", ARTICLES, broken, ExactIndex())
    assert list(tmp_path.iterdir()) == []


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [cut, Path.unlink])
@pytest.mark.parametrize("name", ["manifest.json", "vectors.npy", "lexical/offsets.npy"])
def test_a_damaged_index_is_reported_as_broken(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    build(tmp_path)
    damage(tmp_path / "v1-words" / name)
    with pytest.raises(IndexBroken):
        VersionIndex.load(tmp_path, "v1-words", ARTICLES, ExactIndex())


def test_an_index_of_other_articles_or_another_embedder_is_reported_as_broken(
    tmp_path: Path,
) -> None:
    build(tmp_path)
    changed = [replace(ARTICLES[0], answer="签收后15天内可以退货。"), *ARTICLES[1:]]
    for articles in (changed, ARTICLES[:2], list(reversed(ARTICLES))):
        with pytest.raises(IndexBroken, match="other articles"):
            VersionIndex.load(tmp_path, "v1-words", articles, ExactIndex())
    with pytest.raises(IndexBroken):
        VersionIndex.load(tmp_path, "v1-words", ARTICLES, ExactIndex(), embedder="another")
    with pytest.raises(IndexBroken):
        VersionIndex.load(tmp_path, "never-built", ARTICLES, ExactIndex())
