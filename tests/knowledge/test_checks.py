"""Contradictions and duplicates: what is found, and above all what is left in peace."""

from datetime import UTC, datetime

import pytest

from knowledge.article import Article, ArticleId, Scope
from knowledge.checks import Duplicate, contradictions, duplicates


def article(article_id: str, title: str, answer: str = "请看商品页。", **fields: object) -> Article:
    return Article(id=ArticleId(article_id), title=title, answer=answer, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "title", "about"),
    [
        ("签收后 7 天内可以退货。", "自签收次日起 15 天内可退货。", "退货期限", "签收 (day)"),
        ("签收后七天内可以退货。", "签收后 15 天内可以退货。", "几天内可以退货", "签收 (day)"),
        ("保修期为 1 年。", "保修期为 2 年，凭订单号。", "保修多久？", "保修 (year)"),
        ("偏远地区运费 18 元。", "偏远地区运费 15 元。", "运费多少", "地区运费 (yuan)"),
        ("仓库审核 48 小时。", "仓库审核 24 小时。", "退货审核多久", "仓库审核 (hour)"),
        ("质量问题运费由买家承担。", "质量问题运费由我们承担。", "退货运费", "质量问题运费"),
        (
            "Refunds take 3 days.",
            "Refunds take 7 days.",
            "How long do refunds take?",
            "refunds (day)",
        ),
    ],
)
def test_two_articles_about_one_matter_with_other_facts_contradict(
    first: str, second: str, title: str, about: str
) -> None:
    (found,) = contradictions([article("one", title, first), article("two", title, second)])

    assert (found.first, found.second, found.about) == ("one", "two", about)


def test_an_overlapping_variant_makes_it_one_matter() -> None:
    found = contradictions(
        [
            article("one", "无理由退货", "签收后 7 天内可以退。", variants=("多少天内能退？",)),
            article("two", "退", "x"),
            article("three", "买错了", "签收后 10 天内可以退。", variants=("无理由退货的规则",)),
        ]
    )

    assert [(c.first, c.second) for c in found] == [("one", "three")]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (
            article("one", "小家电保修多久", "保修 1 年。"),
            article("two", "大家电保修多久", "保修 3 年。"),
            "other goods",
        ),
        (
            article("one", "保修多久", "保修 1 年。"),
            article("two", "保修多久", "保修 2 年。", scope=Scope(products=("SOFA",))),
            "one is for a single product",
        ),
        (
            article("one", "退款多久到账", "支付宝 3 个工作日，银行卡 7 个工作日。"),
            article("two", "退款多久到账", "银行卡 7 个工作日，支付宝 3 个工作日。"),
            "each value belongs to its own noun",
        ),
        (
            article(
                "one", "包邮门槛", "满 59 元包邮。", valid_until=datetime(2026, 11, 1, tzinfo=UTC)
            ),
            article(
                "two", "包邮门槛", "满 99 元包邮。", valid_from=datetime(2026, 11, 2, tzinfo=UTC)
            ),
            "one after the other",
        ),
        (
            article("one", "退货运费", "质量问题运费由我们承担，不想要了由买家承担运费。"),
            article("two", "退货运费", "不想要了运费由买家承担。"),
            "two payers in one sentence are two cases",
        ),
        (
            article("one", "预售什么时候发货", "预售 12 月 8 日起付尾款。"),
            article("two", "预售什么时候发货", "预售 12 月 10 日前发货。"),
            "dates are no periods",
        ),
        (
            article("one", "怎么退货", "签收后 7 天内申请。", category="退货"),
            article("two", "怎么退货", "签收后 3 天内申请。", category="租赁"),
            "other categories",
        ),
        (
            article("one", "退货期限", "签收后 7 天内，或签收后 30 天内（金卡）。"),
            article("two", "退货期限", "签收后 30 天内（金卡）。"),
            "they share a value",
        ),
    ],
)
def test_what_may_well_differ_is_left_in_peace(first: Article, second: Article, why: str) -> None:
    assert contradictions([first, second]) == [], why


def test_a_question_in_two_articles_is_a_duplicate_however_it_is_spelt() -> None:
    found = duplicates(
        [
            article("one", "怎么退货？"),
            article("two", "退款", variants=("怎麼退貨",)),
            article("three", "换货"),
        ]
    )

    assert found == [Duplicate("怎么退货", (ArticleId("one"), ArticleId("two")))]


def test_the_same_question_for_other_goods_or_in_another_language_is_no_duplicate() -> None:
    assert (
        duplicates(
            [
                article("one", "尺寸", scope=Scope(products=("A",))),
                article("two", "尺寸", scope=Scope(products=("B",))),
                article("three", "VIP"),
                article("four", "VIP", language="en"),
            ]
        )
        == []
    )


def test_thousands_of_articles_with_one_question_take_no_time() -> None:
    many = [article(f"a{n}", "保修多久", f"保修 {n} 年。") for n in range(3_000)]

    assert len(duplicates(many)) == 1
    assert contradictions(many)
