"""Follow-ups, corrections and picks, as pure rules over texts in normal form."""

from __future__ import annotations

import pytest

from bot.followup import (
    asks_alike,
    corrected,
    covered,
    is_courtesy,
    is_follow_up,
    picked,
    readings,
    speaks_of,
    without_opening,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("不是这个,我问的是专票", "专票"),
        ("不对,我是说换货运费谁出", "换货运费谁出"),
        ("我要退货 不对 说错了 是换个颜色,两边运费谁掏", "换个颜色,两边运费谁掏"),
        ("电饭煲保修多久 打错了 是破壁机", "破壁机"),
        ("no, i meant the blue one", "the blue one"),
        ("1米5的床 啊说错 是一米八的", "一米八的"),
        ("是不是正品", None),
        ("这个是不是不能退", None),
        ("不是说好七天吗", None),
        ("尺码不对能换吗", None),
        ("收到的颜色不对", None),
        ("我不是会员能用券吗", None),
        ("no stock?", None),
    ],
)
def test_a_correction_is_taken_at_its_word(text: str, meant: str | None) -> None:
    assert corrected(text) == meant


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("那运费呢", True),
        ("专票呢?", True),
        ("what about the blue one", True),
        ("and to the uk?", True),
        ("退货运费谁出", False),
        ("那请问一下你们家的羽绒服掉毛严重不严重呢", False),
    ],
)
def test_what_leans_on_the_question_before(text: str, leans: bool) -> None:
    assert is_follow_up(text) is leans


def test_a_follow_up_also_reads_with_the_last_full_question() -> None:
    assert readings("那运费呢", ["怎么退货?", "谢谢呢"]) == [
        "那运费呢",
        "怎么退货 运费",
        "退货运费",
    ]


def test_thanks_in_between_are_no_question_to_lean_on() -> None:
    found = readings("那运费呢", ["怎么退货", "谢谢", "好的"])
    assert found == ["那运费呢", "怎么退货 运费", "退货运费"]


def test_what_is_known_to_lean_reads_with_the_question_before() -> None:
    assert readings("谁出钱", ["怎么退货"], leans=True) == [
        "谁出钱",
        "怎么退货 谁出钱",
        "退货谁出钱",
    ]


def test_a_correction_also_reads_in_the_question_it_corrects() -> None:
    assert readings("说错了 是1米8的", ["1米5的床被套多大"])[1:] == [
        "1米8的",
        "1米5的床被套多大 1米8的",
    ]


def test_a_correction_in_the_same_breath_also_reads_with_what_stands_before_it() -> None:
    assert readings("电饭煲保修多久 打错了 是破壁机", ["发什么快递"])[1:] == [
        "破壁机",
        "电饭煲保修多久 破壁机",
    ]


def test_what_is_meant_must_be_spoken_of() -> None:
    assert speaks_of("破壁机显示E1怎么办", "破壁机")
    assert not speaks_of("加湿器亮红灯怎么办", "破壁机")
    assert speaks_of("四件套尺寸怎么选", "1米8的床"), "a measure may be written otherwise"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("好的 那蚕丝被多大", "那蚕丝被多大"),
        ("谢谢啦,再见", "再见"),
        ("说回刚才那个分期", "那个分期"),
        ("对了 你们发什么快递", "你们发什么快递"),
        ("逗你的 问正事:枕头能退吗", "枕头能退吗"),
        ("oh and how long to shanghai", "and how long to shanghai"),
        ("好的", "好的"),
        ("亲肤面料吗", "亲肤面料吗"),
    ],
)
def test_what_leads_up_to_a_question_is_left_out(text: str, rest: str) -> None:
    assert without_opening(text) == rest


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("谢谢啦", True), ("在吗?", True), ("ok thanks", True), ("好评返现吗", False)],
)
def test_courtesies(text: str, is_one: bool) -> None:
    assert is_courtesy(text) is is_one


def test_how_much_of_a_follow_up_an_article_speaks_of() -> None:
    article = "支付宝 1–3 个工作日,银行卡 3–7 个工作日"
    assert covered("那银行卡呢", article) == 1
    assert covered("那换货呢", article) == 0
    assert covered("那多久呢", article) == 1, "it names nothing of its own"


def test_a_time_is_another_kind_of_thing_than_a_sum() -> None:
    assert asks_alike("一般撑多久", "滤芯多久换一次")
    assert not asks_alike("一般撑多久", "滤芯多少钱")


def test_without_anything_before_a_text_is_only_itself() -> None:
    assert readings("那运费呢", []) == ["那运费呢"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("二", 1),
        ("第三个", 2),
        ("选第2个", 1),
        ("the first one", 0),
        ("4", None),
        ("第四个", None),
        ("两件多少钱", None),
        ("一共多少", None),
    ],
)
def test_a_short_answer_picks_one_of_three(text: str, place: int | None) -> None:
    assert picked(text, 3) == place
