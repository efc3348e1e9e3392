"""Cutting, judging and masking texts on their way to and from a model."""

from __future__ import annotations

import pytest

from bot.generation.privacy import masked
from bot.generation.promises import claimed_deed
from bot.generation.sentences import Sentences
from bot.script import is_in_language


def cut(text: str, size: int) -> list[str]:
    sentences = Sentences()
    found = [s for i in range(0, len(text), size) for s in sentences.feed(text[i : i + size])]
    complete, unfinished = sentences.rest()
    return [*found, *complete, *([unfinished] if unfinished else [])]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    "sentences",
    [
        ["第一句。", "第二句！", "第三句？"],
        ["可以退。[1][2]", "不可以换[1]。"],
        ["「好的。」", "然后。"],
        ["It costs 1.5 yuan. ", "See https://x.example/?a=1.b for more [1]. ", "Bye!"],
        ["包括：\n", "- 银卡 9.8 折[1]\n", "- 金卡 9.5 折[1]\n", "完"],
        ["1. 打开订单；", "2. 点退款。"],
        ["等一下……", "好了。"],
        ["Use it, e.g. at home. ", "Done."],
    ],
)
def test_sentences_are_the_same_however_the_text_arrives(sentences: list[str], size: int):
    found = cut("".join(sentences), size)
    assert "".join(found) == "".join(sentences)
    assert [each.strip() for each in found] == [each.strip() for each in sentences]


@pytest.mark.parametrize(
    "claim",
    [
        "正在为您转接人工客服。",
        "我帮您转人工处理。",
        "正在為您轉接真人客服。",
        "客服稍后会联系您。",
        "我已经为您取消订单。",
        "I'm transferring you to an agent.",
        "Let me connect you with a colleague.",
        "A representative will contact you.",
        "I've cancelled your order.",
    ],
)
def test_a_claimed_deed_is_recognised(claim: str):
    assert claimed_deed(claim)


@pytest.mark.parametrize(
    "harmless",
    [
        "您可以发送「转人工」。",
        "家具由德邦送货上门。",
        "You can cancel the order on the order page.",
    ],
)
def test_what_the_customer_can_do_is_no_claimed_deed(harmless: str):
    assert claimed_deed(harmless) is None


def test_personal_numbers_are_masked_and_order_numbers_are_not():
    text = "我是13912345678，订单20261118000123，邮箱 a.b@c.example，卡 4111 1111 1111 1111"
    assert masked(text) == "我是(phone)，订单20261118000123，邮箱 (e-mail)，卡 (card number)"
    assert masked("身份证11010519491231002X") == "身份证(id number)"


def test_names_in_another_script_do_not_make_another_language():
    assert is_in_language("支持 WeChat Pay 和 Alipay 付款。", "zh-Hans")
    assert is_in_language("Huabei (花呗) offers instalments.", "en")
    assert not is_in_language("这个可以退。", "en")
    assert not is_in_language("返品できますか。", "zh-Hans")
