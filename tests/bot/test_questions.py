"""Several questions in one message told apart, as a pure rule over what was typed."""

from __future__ import annotations

import pytest

from bot.questions import MOST, names_a_matter, questions


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        (["满多少包邮？退货运费谁出"], ["满多少包邮?", "退货运费谁出"]),
        (["有货吗，几天能到"], ["有货吗", "几天能到"]),
        (["can I return it and who pays"], ["can i return it", "who pays"]),
        (["怎么退货，另外发什么快递"], ["怎么退货", "发什么快递"]),
        (["保修几年？再问一下能开专票吗"], ["保修几年?", "能开专票吗"]),
        (["how much is it? also do you ship abroad"], ["how much is it?", "do you ship abroad"]),
        (["满多少包邮", "还有可以用花呗吗"], ["满多少包邮", "可以用花呗吗"]),
        (["帮我改个地址，另外满多少包邮"], ["帮我改个地址", "满多少包邮"]),
        (["到广东几天能到？另外我想问问发票"], ["到广东几天能到?", "我想问问发票"]),
        (["滿多少包郵？退貨運費誰出"], ["满多少包邮?", "退货运费谁出"]),
    ],
)
def test_what_asks_for_several_things_is_cut_into_questions(
    lines: list[str], asked: list[str]
) -> None:
    assert [question.text for question in questions(lines)] == asked


@pytest.mark.parametrize(
    "lines",
    [
        ["满多少包邮"],
        ["在吗？", "想问一下", "满多少包邮？"],
        # A clause that only tells something belongs to the question beside it.
        ["付了定金不想要了，定金能退吗"],
        ["裤子小了要换大一码", "来回快递费咋算哦"],
        ["刚付完", "发现颜色点错了", "还没寄，怎么弄"],
        # What names no matter asks about the matter just named.
        ["怎么退货啊？可以吗？"],
        ["这款有货吗？可以退吗"],
        # What was said first is taken back.
        ["电饭煲保修多久？打错了 是破壁机"],
        ["沙发能坐几个人", "不对 我想问的是书柜一层能放多重"],
        # 还有 that means "still has" starts nothing new.
        ["黑色的还有货吗"],
        ["do you ship to hong kong and macao"],
        ["？？？"],
        [],
    ],
)
def test_one_question_stays_one(lines: list[str]) -> None:
    assert questions(lines) == []


def test_what_is_told_stays_with_the_question_it_belongs_to() -> None:
    [first, second] = questions(["包裹已经寄出了，能改地址吗？另外发票怎么开"])
    assert first.text == "包裹已经寄出了 能改地址吗?"
    assert second.text == "发票怎么开"


@pytest.mark.parametrize(
    ("line", "leans"),
    [
        ("满多少包邮？发什么快递？", False),
        ("满多少包邮，另外发什么快递", False),
        # Cut at a mere pause, or behind a story, the second may lean on the first.
        ("满多少包邮，发什么快递", True),
        ("裤子小了。能换大一码吗？运费谁出？", True),
    ],
)
def test_only_what_is_clearly_cut_off_stands_by_itself(line: str, leans: bool) -> None:
    first, second = questions([line])
    assert not first.leans
    assert second.leans is leans


def test_a_fourth_question_is_kept_with_the_third() -> None:
    found = questions(["满多少包邮？发什么快递？能开专票吗？保修几年？"])
    assert len(found) == MOST
    assert found[-1].text == "能开专票吗? 保修几年?"


@pytest.mark.parametrize(
    ("text", "names"),
    [("能退吗", False), ("可以吗?", False), ("运费谁出", True), ("who pays", True), ("how", False)],
)
def test_whether_a_question_says_what_it_is_about(text: str, names: bool) -> None:
    assert names_a_matter(text) is names
