"""Words of customers: read as the shop writes them, and a shop's own table explains its errors."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import ImportRefused
from knowledge.text import normalise
from knowledge.words import Words, shipped_words, shop_words

TABLE = """
synonyms:
  - [运费险, 退货险]
misspellings:
  虑芯: 滤芯
products:
  SY-DF11:
    name: 电饭煲
    nicknames: [电饭锅, 饭煲, DF11]
  SY-BZ06:
    name: 蚕丝被
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("咋个退宽", "怎么退款"),  # dialect and a slip in one
        ("几时发货", "什么时候发货"),
        ("有木有法票", "有没有发票"),
        ("点解唔得", "为什么不行"),  # Cantonese
        ("邮费边个畀", "运费谁给"),
        ("码子偏大吗", "尺码偏大吗"),
        ("发顺风多久到", "发顺丰多久到"),
        ("物留不动了", "物流不动了"),
        ("99块的", "99元的"),
        ("万一唔啱可以退冇?", "万一不合适可以退吗?"),
        ("有冇黑色", "有没有黑色"),
        ("还没发呢", "还没发货呢"),
        ("刚拍下不想要了", "刚下单不想要了"),
        ("plz gimme my money back", "please give me my refund"),
        ("whats the delivery fee", "what is the shipping fee"),
        ("u dont ship to hong kong?", "you do not ship to hong kong?"),
    ],
)
def test_colloquial_words_are_read_as_standard_ones(written: str, meant: str) -> None:
    assert shipped_words().standard(normalise(written)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "我拍下来给你看",  # a picture, not an order
        "拍照发给你们",
        "这么多钱",  # not 多少钱
        "三块两毛的那块布",  # a piece of cloth
        "增值税专用发票怎么开",  # contains a word that means it
        "要不换一件",
        "货到付款行不?",  # says all it means
        "唔,好的",  # an interjection
        "the bus stop",  # u and r only stand alone
        "code 2024",  # is not cod
        "freight insurance",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    assert shipped_words().standard(text) == text


@given(st.text(alphabet="咋啥拍下了的退宽法票邮费专票不行能发货还没唔冇1块u plz don't"))
def test_reading_twice_changes_nothing(text: str) -> None:
    words = shipped_words()
    once = words.standard(normalise(text))
    assert words.standard(once) == once


def test_a_shop_adds_synonyms_nicknames_and_misspellings() -> None:
    words = shop_words(TABLE)
    assert words.standard("退货险赔多少") == "运费险赔多少"
    assert words.standard("虑芯多久换") == "滤芯多久换"
    assert words.standard("饭煲和df11是一样的吗") == "电饭煲和电饭煲是一样的吗"


def test_a_nickname_inside_the_full_name_is_left_alone() -> None:
    assert shop_words(TABLE).standard("电饭煲多大") == "电饭煲多大"


def test_the_longest_word_counts() -> None:
    words = shop_words("misspellings: {空净: 净化器, 空净水机: 净水器}")
    assert words.standard("空净水机") == "净水器"


def test_a_question_tells_which_products_it_names() -> None:
    words = shop_words(TABLE)
    assert words.products("电饭锅和蚕丝被哪个好") == {"SY-DF11", "SY-BZ06"}
    assert words.products("df110能用吗") == frozenset()
    assert words.products("怎么退货") == frozenset()
    assert Words().products("电饭锅") == frozenset()


def test_the_table_of_the_shop_counts_before_the_shipped_one() -> None:
    both = shipped_words() | shop_words("misspellings: {邮费: 快递费用}")
    assert both.standard("邮费咋算") == "快递费用怎么算"


def test_an_empty_table_changes_nothing() -> None:
    assert shop_words("").standard("咋退") == "咋退"


@pytest.mark.parametrize(
    ("table", "line", "why"),
    [
        ("synonyms:\n  - [退货险]\n", 2, "two words or more"),
        ("synonyms:\n  - 退货险\n", 2, "must be a list"),
        ("synonym:\n  - [a, b]\n", 2, "unknown section 'synonym'"),
        ("misspellings:\n  a: b\n  a: c\n", 3, "already means 'b' (line 2)"),
        ("misspellings:\n  退款: 退款\n", 2, "stands for itself"),
        ("misspellings:\n  a: b\n  b: c\n", 2, "write 'c' here"),
        ("misspellings:\n  a: [b]\n", 2, "single word"),
        ("misspellings:\n  a: ''\n", 2, "1 to 40 characters"),
        ("misspellings:\n  '': a\n", 2, "1 to 40 characters"),
        ("products:\n  X1:\n    nicknames: [a]\n", 3, "needs a name"),
        ("products:\n  X1:\n    name: a\n    other: b\n", 3, "needs a name"),
        ("products:\n  X1: {name: a}\n  X2: {name: a}\n", 3, "already names X1"),
        ("synonyms:\n  - [a, b\n", 3, "not YAML"),
        ("- a\n", 1, "must be lines of"),
    ],
)
def test_a_wrong_table_is_refused_and_the_line_is_named(table: str, line: int, why: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        shop_words(table, "words.yaml")
    assert f"words.yaml, line {line}: " in str(refused.value)
    assert why in str(refused.value)


def test_the_table_of_the_sample_shop_speaks_of_its_own_products() -> None:
    sample = Path(__file__).parents[2] / "bot" / "sample"
    words = shop_words((sample / "words.yaml").read_text("utf-8"), "words.yaml")
    sold = yaml.safe_load((sample / "products.yaml").read_text("utf-8"))
    ids = {product["id"] for product in (sold["products"] if isinstance(sold, dict) else sold)}
    assert set(words.products_of.values()) == ids
    assert words.standard("电饭锅能预约吗") == "电饭煲能预约吗"
