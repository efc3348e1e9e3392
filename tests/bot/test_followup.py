"""Follow-ups, corrections and picks, as pure rules over texts in normal form."""

from __future__ import annotations

import pytest

from bot.followup import corrected, is_follow_up, picked, readings


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("不是这个,我问的是专票", "专票"),
        ("不对,我是说换货运费谁出", "换货运费谁出"),
        ("我要退货 不对 说错了 是换个颜色,两边运费谁掏", "换个颜色,两边运费谁掏"),
        ("电饭煲保修多久 打错了 是破壁机", "破壁机"),
        ("no, i meant the blue one", "the blue one"),
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
    assert readings("那运费呢", ["怎么退货?", "谢谢呢"]) == ["那运费呢", "怎么退货 运费"]


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
        ("两件多少钱", None),
        ("一共多少", None),
    ],
)
def test_a_short_answer_picks_one_of_three(text: str, place: int | None) -> None:
    assert picked(text, 3) == place
