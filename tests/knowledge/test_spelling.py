"""Slips of the keyboard are put right where the knowledge leaves no doubt, and only there."""

import pytest

from knowledge.spelling import Spelling

ASKED = [
    *["怎么申请退款", "退款多久到账", "退款要几天", "申请退款要什么", "退款进度在哪里看"],
    *["运费谁出", "退货的运费谁出", "运费怎么算", "换货运费谁出", "运费多少"],
    *["快递几天能到", "发什么快递", "快递到哪里了", "快递丢了怎么办", "换个快递"],
    *["优惠券怎么用", "优惠券过期了", "优惠券不能用怎么办", "优惠券在哪里领"],
    *["羽绒服怎么洗", "羽绒服掉毛吗", "床有多宽", "床多宽", "面料宽不宽松", "可以买大一号吗"],
    *["怎么卖", "在哪里卖", "支持货到付款吗", "支持vip吗"],
]
TOLD = ["款式以实物为准，收到请拍照，退换请保留吊牌。"]
WORDS = {"邮费": "运费", "快第": "快递", "退宽": "退款"}


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(ASKED, TOLD, WORDS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("块递到哪了", "快递到哪了"),
        ("我的快地呢", "我的快递呢"),
        ("有没有优惠劝", "有没有优惠券"),
        ("有没有优慧券", "有没有优惠券"),
        ("羽绒福多少钱", "羽绒服多少钱"),
        ("油费谁出", "邮费谁出"),
    ],
)
def test_a_word_of_the_same_sound_is_read_as_the_one_that_is_asked_about(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.corrected(typed) == meant


def test_both_characters_may_be_wrong_where_the_word_is_common() -> None:
    spelling = Spelling(ASKED * 2)
    assert spelling.corrected("哪个块弟快") == "哪个快递快"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yunfei多少", "运费多少"),
        ("我要tuikuan", "我要退款"),
        ("我要tui kuan", "我要退款"),
        ("youhuiquan怎么用", "优惠券怎么用"),
        ("zenme tuikuan", "怎么退款"),
        ("yunfei?", "运费?"),
    ],
)
def test_pinyin_is_read_as_the_words_that_are_asked_about(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.corrected(typed) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("怎么申请退款", "nothing is wrong with it"),
        ("床有多宽", "what the knowledge asks stays"),
        ("实物什么样", "so does what its answers say: 食物 or 实物"),
        ("可以买吗", "买 and 卖 sound alike and stand in words of their own"),
        ("今天天气真好", "nothing like it is asked"),
        ("支持vip吗", "vip is a word of the knowledge"),
        ("我的iphone坏了", "letters that are no pinyin"),
        ("我的women坏了", "我们 is grammar, nobody asks about it"),
        ("how do i get a refund", "English is not pinyin"),
        ("can i tuikuan this order", "nor is a sentence in which one word is"),
        ("tk", "initials may mean many things"),
        ("", "nothing to read"),
        ("😊!?", "nor here"),
    ],
)
def test_what_is_no_slip_comes_back_as_it_is(spelling: Spelling, text: str, why: str) -> None:
    assert spelling.corrected(text) == text, why


def test_two_words_equally_likely_leave_the_text_alone() -> None:
    spelling = Spelling(["全部邮寄", "包裹邮寄", "邮寄地址", "有机棉", "有机认证", "有机食品"])
    assert spelling.corrected("youji吗") == "youji吗"


def test_what_stands_in_one_question_only_is_not_put_in() -> None:
    assert Spelling(["滤芯多久换", *ASKED]).corrected("虑芯") == "虑芯"


def test_a_misspelling_that_the_shop_lists_is_left_to_its_list(spelling: Spelling) -> None:
    assert spelling.corrected("退宽") == "退宽"


@pytest.mark.parametrize("typed", ["块递到哪了", "我要tuikuan", "油费谁出", "有没有优慧劝", "你好"])
def test_correcting_twice_changes_nothing(spelling: Spelling, typed: str) -> None:
    once = spelling.corrected(typed)
    assert spelling.corrected(once) == once


def test_without_knowledge_nothing_is_corrected() -> None:
    assert Spelling([]).corrected("想退宽 tuikuan") == "想退宽 tuikuan"


def test_a_long_text_full_of_slips_is_corrected_in_one_go(spelling: Spelling) -> None:
    assert spelling.corrected("块递" * 200) == "快递" * 200
