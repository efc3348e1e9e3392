"""One spelling for every text, its words, its script and its language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import is_function_token, language, normalise, script, tokens


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ＡＢＣ１２３，退貨", "abc123,退货"),  # full width and Traditional
        ("請問甚麼時候發貨？", "请问甚么时候发货?"),
        ("乾淨的頭髮", "干净的头发"),  # one Simplified character for two Traditional ones
        ("一目瞭然", "一目了然"),  # a word whose characters alone would go elsewhere
        ("退\u200b货\ufeff", "退货"),  # zero width characters from a copied page
        ("\u202eabc\u202c", "abc"),  # text direction marks
        ("  how\t do\n I  ", "how do i"),
        ("怎么退？？？！！！", "怎么退?!"),
        ("在吗。。。。。", "在吗。"),
        ("100%%% off", "100% off"),
        ("1000 00", "1000 00"),  # repeated digits are meant
        ("哈哈哈", "哈哈哈"),  # and so are repeated words
        ("", ""),
    ],
)
def test_texts_that_mean_the_same_are_spelt_the_same(written: str, meant: str) -> None:
    assert normalise(written) == meant


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_characters_are_simplified_as_opencc_does_it(text: str) -> None:
    opencc = pytest.importorskip("opencc")
    assert normalise(text) == normalise(opencc.OpenCC("t2s").convert(text))


def test_chinese_gives_characters_and_pairs() -> None:
    assert tokens("退貨") == ["退", "货", "退货"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("returns", "return"),
        ("returning", "return"),
        ("returned", "return"),
        ("deliveries", "delivery"),
        ("shipped", "ship"),
        ("exchanges", "exchange"),
        ("customer's", "customer"),
    ],
)
def test_english_endings_do_not_keep_words_apart(one: str, other: str) -> None:
    assert tokens(one)[0] == tokens(other)[0]


def test_a_typing_error_leaves_something_in_common() -> None:
    assert set(tokens("delivry")) & set(tokens("delivery"))
    assert not set(tokens("refund")) & set(tokens("voucher"))


def test_a_model_code_is_found_by_its_parts() -> None:
    assert {"x200pro", "200", "pro"} <= set(tokens("X200Pro"))
    assert "x200pro" in tokens("我的X200Pro坏了")


def test_grammar_is_told_from_topics() -> None:
    assert all(map(is_function_token, ["the", "how", "的", "怎么", "吗"]))
    assert not any(map(is_function_token, ["refund", "退", "退货", "5"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("怎么退货", "hans"),
        ("請問怎麼退貨", "hant"),
        ("这个iPhone 15怎么退", "hans"),
        ("里面后面", "hans"),  # spelt alike in an old Traditional character
        ("How do I return it?", "latin"),
        ("返品はどうすればいいですか", "other"),
        ("반품하고 싶어요", "other"),
        ("Как вернуть товар?", "other"),
        ("12345", "other"),
    ],
)
def test_the_script_is_told_by_its_characters(text: str, expected: str) -> None:
    assert script(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我要退貨", "zh"),
        ("这个 bluetooth 怎么 connect", "zh"),
        ("where is my order", "en"),
        ("a café in town, is there a menu?", "en"),
        ("Tôi muốn trả lại hàng", "other"),
        ("返品したいです", "other"),
        ("أريد إرجاع المنتج", "other"),
        ("ต้องการคืนสินค้า", "other"),
        ("??? 👍", "other"),
    ],
)
def test_the_language_is_chinese_english_or_other(text: str, expected: str) -> None:
    assert language(text) == expected
