"""What counts as borne out by the shop's own text."""

from __future__ import annotations

import pytest

from bot.evidence import Kind, check
from bot.evidence.facts import Bound, facts
from bot.evidence.spelling import plain
from tests.bot.evidence_cases import CASES
from tests.bot.evidence_cases_english import ENGLISH_CASES

RIGHT = [(case.passage, text) for case in (*CASES, *ENGLISH_CASES) for text in case.right]
WRONG = [(case.passage, text) for case in (*CASES, *ENGLISH_CASES) for text in case.wrong]


@pytest.mark.parametrize(("passage", "sentence"), RIGHT)
def test_a_sentence_that_says_what_the_passage_says_passes(passage: str, sentence: str):
    assert check(sentence, [passage]) is None


@pytest.mark.parametrize(("passage", "sentence"), WRONG)
def test_a_sentence_with_one_thing_changed_is_refused(passage: str, sentence: str):
    assert check(sentence, [passage]) is not None


@pytest.mark.parametrize(
    ("sentence", "passage", "kind"),
    [
        ("30天内可以退货。", "7天内可以退货。", Kind.QUANTITY),
        ("满59元包邮。", "不超过59元包邮。", Kind.BOUND),
        ("金卡98折。", "金卡95折，银卡98折。", Kind.SUBJECT),
        ("11月30日截止。", "11月29日截止。", Kind.DATE),
        ("每天8:00上班。", "每天9:00上班。", Kind.CODE),
        ("请打13912345678。", "请打13800001111。", Kind.CONTACT),
        ("我们发京东。", "我们发中通。", Kind.NAME),
        ("运费由您承担。", "运费由本店承担。", Kind.PAYER),
        ("安装免费。", "安装收费。", Kind.COST),
        ("枕芯可以水洗。", "枕芯不能水洗。", Kind.POLARITY),
        ("支持刻字服务。", "订单满59元包邮。", Kind.UNSUPPORTED),
        ("商品一律可以退货。", "商品可以退货。", Kind.UNSUPPORTED),
    ],
)
def test_the_objection_says_what_is_wrong(sentence: str, passage: str, kind: Kind):
    objection = check(sentence, [passage])
    assert objection is not None
    assert objection.kind is kind


def test_a_fact_may_stand_in_any_of_the_passages_given():
    assert (
        check("满59元包邮，7天内可以退货。", ["订单满59元包邮。", "签收后7天内可以退货。"]) is None
    )


def test_what_a_title_asks_is_no_evidence():
    assert check("羊毛衫可以机洗。", ["羊毛衫可以机洗吗？\n羊毛衫不能机洗。"]) is not None
    assert check("15天内可以退货。", ["15天内可以退货吗？\n签收后7天内可以退货。"]) is not None


def test_a_bare_yes_needs_a_rest_that_agrees_with_it():
    assert check("可以，签收后7天内可以退货。", ["签收后7天内可以退货。"]) is None
    assert check("不可以，签收后7天内可以退货。", ["签收后7天内可以退货。"]) is not None
    assert check("可以。", ["羊毛衫请手洗。"]) is not None


def test_a_polite_sentence_without_a_claim_passes():
    for polite in ("好的。", "感谢您的理解。", "Thank you for asking."):
        assert check(polite, ["签收后7天内可以退货。"]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("七天", "7 天"),
        ("两小时", "2小时"),
        ("十五个工作日", "15 个工作日"),
        ("１,２９９元", "1299 元"),
        ("八五折", "8.5 折"),
        ("百分之十二", "12%"),
        ("三到五天", "3–5 天"),
        ("三五天", "3-5天"),
        ("半年", "0.5年"),
        ("1.2万元", "12000元"),
        ("7 business days", "seven working days"),
        ("¥59", "59 yuan"),
        ("RMB 59", "59块钱"),
        ("15% off", "8.5折"),
    ],
)
def test_one_quantity_has_many_spellings(one: str, other: str):
    first, second = (facts(plain(text)).quantities for text in (one, other))
    assert [(q.low, q.high, q.unit) for q in first] == [(q.low, q.high, q.unit) for q in second]
    assert len(first) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026年11月30日", "2026-11-30"),
        ("2026 年 11 月 30 日", "Nov 30, 2026"),
        ("30 November 2026", "2026/11/30"),
        ("11月30号", "November 30"),
    ],
)
def test_one_date_has_many_spellings(one: str, other: str):
    first, second = (facts(plain(text)).dates for text in (one, other))
    assert [(d.year, d.month, d.day) for d in first] == [(d.year, d.month, d.day) for d in second]
    assert len(first) == 1


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("7天内", Bound.MOST),
        ("不超过7天", Bound.MOST),
        ("不满59元", Bound.MOST),
        ("within 7 days", Bound.MOST),
        ("up to 12 yuan", Bound.MOST),
        ("满59元", Bound.LEAST),
        ("20件及以上", Bound.LEAST),
        ("59元起", Bound.LEAST),
        ("at least 7 days", Bound.LEAST),
        ("59 yuan or more", Bound.LEAST),
        ("59元", Bound.NONE),
    ],
)
def test_words_around_a_value_limit_it(text: str, bound: Bound):
    assert facts(plain(text)).quantities[0].bound is bound


@pytest.mark.parametrize("words", ["万一", "统一", "第一次", "几天", "一直", "三心二意"])
def test_words_with_numerals_in_them_are_no_quantities(words: str):
    assert facts(plain(words)).quantities == ()
