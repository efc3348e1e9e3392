"""Search: the right article first, and only articles that may answer here and now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.article import AppliesBy, Article, ArticleId, Scope
from knowledge.dense import ChromaIndex, ExactIndex
from knowledge.eligibility import Eligibility
from knowledge.index import VersionIndex
from knowledge.ports import Embedder, Matrix
from knowledge.search import Found, Query, search
from knowledge.use import UseEmbedder
from tests.knowledge.words import WordEmbedder, article

NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
DAY = timedelta(days=1)

SHOP = [
    article("returns", "怎么申请退货", "签收后7天内，在订单页点申请售后。", variants=("不想要了",)),
    article("postage", "退货运费谁承担", "质量问题我们承担，其他由买家承担。"),
    article("shipping", "下单后多久发货", "付款后48小时内发出。", variants=("什么时候寄出",)),
    article("invoice", "可以开发票吗", "可以，下单时填写抬头和税号。"),
    article("size", "尺码怎么选", "请参考详情页的尺码表。"),
]


class Shop:
    """A knowledge base that can be asked."""

    def __init__(
        self, folder: Path, articles: Sequence[Article], embedder: Embedder | None = None
    ) -> None:
        self.embedder = embedder or WordEmbedder()
        self.index = VersionIndex.build(
            folder, "shop", articles, self.embedder.embed_passages, ExactIndex()
        )

    def ask(self, text: str, limit: int = 10, **rest: Any) -> Found:
        query = Query(text, **{"asked_at": NOW, **rest})
        return search(self.index, query, self.embedder.embed_queries([text])[0], limit)

    def ids(self, text: str, **rest: Any) -> list[str]:
        return [str(hit.article.id) for hit in self.ask(text, **rest).hits]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path, SHOP)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("怎么申请退货", "returns"),  # its very words
        ("我想退货", "returns"),
        ("不想要了可以退吗", "returns"),  # a variant
        ("退貨的運費誰承擔？", "postage"),  # Traditional
        ("抬头和税号在哪填", "invoice"),  # only the answer says so
        ("寄出", "shipping"),
    ],
)
def test_the_article_that_answers_comes_first(shop: Shop, text: str, expected: str) -> None:
    assert shop.ids(text)[0] == expected


def test_an_article_is_one_hit_however_many_of_its_rows_match(shop: Shop) -> None:
    ids = shop.ids("退货")
    assert len(ids) == len(set(ids))


def test_hits_are_ordered_and_their_probabilities_add_up_to_one_at_most(shop: Shop) -> None:
    found = shop.ask("退货运费")
    scores = [hit.score for hit in found.hits]
    chances = [hit.probability for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(found.confidence)
    assert sum(chances) <= 1 + 1e-6


def test_no_more_hits_than_asked_for(shop: Shop) -> None:
    assert len(shop.ask("退货", limit=2).hits) == 2


def test_the_same_question_always_gets_the_same_answer(shop: Shop) -> None:
    assert shop.ask("退货运费") == shop.ask("退货运费")


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_a_question_without_any_text_finds_nothing(shop: Shop, text: str) -> None:
    assert shop.ask(text) == Found((), 0.0)


def test_empty_knowledge_finds_nothing(tmp_path: Path) -> None:
    assert Shop(tmp_path, []).ask("退货") == Found((), 0.0)


def test_a_withdrawn_article_is_never_found(shop: Shop) -> None:
    assert "returns" not in shop.ids("怎么申请退货", hidden=frozenset({ArticleId("returns")}))
    everything = frozenset(article.id for article in SHOP)
    assert shop.ask("怎么申请退货", hidden=everything).hits == ()


def test_withdrawing_an_unknown_article_changes_nothing(shop: Shop) -> None:
    assert shop.ids("退货", hidden=frozenset({ArticleId("gone")})) == shop.ids("退货")


def test_an_article_for_another_channel_or_product_is_not_found(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            article("web", "怎么退货", scope=Scope(channels=("web",))),
            article("lamp", "怎么退货呢", scope=Scope(products=("lamp",))),
            article("all", "退货流程"),
        ],
    )
    assert set(shop.ids("退货", channel="web", product="lamp")) == {"web", "lamp", "all"}
    assert set(shop.ids("退货", channel="app", product="lamp")) == {"lamp", "all"}
    assert set(shop.ids("退货", channel="web", product="sofa")) == {"web", "all"}
    assert set(shop.ids("退货")) == {"web", "lamp", "all"}


def test_a_question_that_names_another_product_reaches_its_articles(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path,
        [
            article("lamp", "台灯怎么清洗", scope=Scope(products=("lamp",))),
            article("sofa", "沙发怎么清洗", scope=Scope(products=("sofa",), channels=("web",))),
            article("rug", "地毯怎么清洗", scope=Scope(products=("rug",))),
        ],
    )
    on_page = {"product": "lamp", "named": frozenset({"sofa"})}
    assert set(shop.ids("沙发怎么清洗", **on_page)) == {"lamp", "sofa"}
    assert set(shop.ids("沙发怎么清洗", channel="app", **on_page)) == {"lamp"}
    assert set(shop.ids("沙发怎么清洗", named=frozenset({"sofa"}))) == {"lamp", "sofa", "rug"}


def test_price_protection_is_judged_by_the_time_of_the_order(tmp_path: Path) -> None:
    protection = article(
        "protection",
        "双十一价格保护",
        valid_from=NOW - DAY,
        valid_until=NOW + DAY,
        applies_by=AppliesBy.ORDER,
    )
    shop = Shop(tmp_path, [protection, article("other", "怎么退货")])
    later = NOW + 14 * DAY
    assert "protection" in shop.ids("价格保护", asked_at=later, ordered_at=NOW)
    assert "protection" not in shop.ids("价格保护", asked_at=later, ordered_at=later)
    assert "protection" in shop.ids("价格保护", asked_at=later)
    assert "protection" not in shop.ids("价格保护", asked_at=NOW - 2 * DAY)


moments = st.none() | st.integers(-3, 3).map(lambda days: NOW + days * DAY)
names = st.lists(st.sampled_from(["web", "app", "desk"]), max_size=2).map(tuple)
articles = st.builds(
    article,
    key=st.uuids().map(str),
    title=st.just("退货"),
    valid_from=moments,
    valid_until=moments,
    applies_by=st.sampled_from(AppliesBy),
    scope=st.builds(Scope, channels=names, products=names),
)


@given(
    known=st.lists(articles, min_size=1, max_size=6),
    channel=st.sampled_from([None, "web", "app"]),
    product=st.sampled_from([None, "web", "desk"]),
    ordered_at=moments,
    withdrawn=st.integers(0, 5),
)
def test_the_mask_agrees_with_every_article_itself(
    known: list[Article],
    channel: str | None,
    product: str | None,
    ordered_at: datetime | None,
    withdrawn: int,
) -> None:
    hidden = {a.id for a in known[:withdrawn:2]}
    mask = Eligibility(known).mask(
        channel=channel, product=product, asked_at=NOW, ordered_at=ordered_at, hidden=hidden
    )
    assert mask.tolist() == [
        a.scope.covers(channel=channel, product=product)
        and a.is_valid(asked_at=NOW, ordered_at=ordered_at)
        and a.id not in hidden
        for a in known
    ]


def test_an_article_hidden_behind_thousands_for_another_product_is_found(tmp_path: Path) -> None:
    crowd = [
        article(f"lamp-{n}", f"台灯怎么退货 {n}", scope=Scope(products=("lamp",)))
        for n in range(3000)
    ]
    shop = Shop(tmp_path, [*crowd, article("sofa", "沙发尺寸", scope=Scope(products=("sofa",)))])
    assert shop.ids("台灯怎么退货", product="sofa") == ["sofa"]


def test_one_article_with_very_many_variants_does_not_crowd_out_the_others(tmp_path: Path) -> None:
    wordy = article("wordy", "退货", variants=tuple(f"退货{n}号" for n in range(400)))
    shop = Shop(tmp_path, [wordy, *SHOP])
    assert len(shop.ids("退货")) == 6


class CountingIndex(ExactIndex):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def query(self, name: str, vectors: Matrix, k: int) -> list[list[tuple[int, float]]]:
        self.asked += 1
        return super().query(name, vectors, k)


def test_an_ordinary_question_asks_the_vector_index_once(tmp_path: Path) -> None:
    counting = CountingIndex()
    embed = WordEmbedder().embed_passages
    index = VersionIndex.build(tmp_path, "shop", SHOP, embed, counting)
    search(index, Query("退货", asked_at=NOW), embed(["退货"])[0])
    assert counting.asked == 1


@pytest.fixture(scope="module")
def bilingual(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop with some articles in both languages, on the real embedder and real Chroma."""
    folder = tmp_path_factory.mktemp("bilingual")
    english = {"language": "en"}
    known = [
        *SHOP,
        article("returns-en", "How do I return an item?", "Within 7 days of delivery.", **english),
        article("shipping-en", "How soon do you ship an order?", "Within 48 hours.", **english),
        article("store-en", "Do you have a physical store?", "Yes, in Shanghai.", **english),
    ]
    return Shop(folder, known, UseEmbedder(folder))


def test_a_question_is_answered_in_its_own_language_where_both_exist(bilingual: Shop) -> None:
    assert bilingual.ids("I want to return this item")[0] == "returns-en"
    assert bilingual.ids("这个东西想退掉，怎么申请")[0] == "returns"
    assert bilingual.ids("when will my order be shipped")[0] == "shipping-en"
    assert bilingual.ids("請問幾天能發貨")[0] == "shipping"


def test_a_question_crosses_languages_where_only_the_other_has_the_answer(bilingual: Shop) -> None:
    assert bilingual.ids("can I get an invoice")[0] == "invoice"
    assert bilingual.ids("你们有实体店吗")[0] == "store-en"


def test_the_language_may_be_given_when_the_text_does_not_show_it(tmp_path: Path) -> None:
    twins = [article("zh", "iPhone 15 Pro"), article("en", "iPhone 15 Pro", language="en")]
    shop = Shop(tmp_path, twins)
    assert shop.ids("iPhone 15 Pro", language="en")[0] == "en"
    assert shop.ids("iPhone 15 Pro", language="zh")[0] == "zh"


def test_chroma_and_exact_search_agree_on_a_small_shop(tmp_path: Path, shop: Shop) -> None:
    chroma = ChromaIndex(tmp_path / "chroma")
    embed = shop.embedder.embed_passages
    index = VersionIndex.build(tmp_path / "index", "shop", SHOP, embed, chroma)
    for text in ("退货", "发票", "麒麟"):
        found = search(index, Query(text, asked_at=NOW), embed([text])[0])
        assert [hit.article.id for hit in found.hits] == shop.ids(text)
        assert found.confidence == pytest.approx(shop.ask(text).confidence, abs=1e-4)
    chroma.close()


def test_vectors_may_come_as_one_row(shop: Shop) -> None:
    (row,) = shop.embedder.embed_queries(["退货"])
    query = Query("退货", asked_at=NOW)
    assert search(shop.index, query, row[np.newaxis, :]) == search(shop.index, query, row)
