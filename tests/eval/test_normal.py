import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.normal import bare, normal, states


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("ＡＢＣ１２３", "abc123"),  # full width
        ("簽收後 7 天內", "签收后7天内"),  # Traditional, spaces beside Chinese
        ("**七天** 内", "7天内"),  # emphasis
        ("十五个工作日", "15个工作日"),
        ("一百零五元", "105元"),
        ("一万零五百元", "10500元"),
        ("二零二六年", "2026年"),
        ("百分之三点五", "3.5%"),
        ("八五折", "8.5折"),
        ("两点五公斤", "2.5公斤"),
        ("满1,299.00元", "满1299元"),
        ("Free  Returns", "free returns"),
    ],
)
def test_spellings_of_the_same_thing_become_one(written: str, form: str) -> None:
    assert normal(written) == form


@pytest.mark.parametrize(
    "vague",
    [
        "三五天",  # three to five
        "两三天",
        "几十天",
        "三十多天",
        "一百五元",  # 150 spoken loosely, or 105 misread
        "一万五元",
        "万一坏了",
        "统一发货",
    ],
)
def test_what_is_not_one_number_stays_as_it_is(vague: str) -> None:
    assert normal(vague) == vague


@given(st.integers(1, 9999))
def test_every_numeral_up_to_ten_thousand_reads_back(number: int) -> None:
    assert normal(f"{_in_chinese(number)}元") == f"{number}元"


def _in_chinese(number: int) -> str:
    digits, said, gap = f"{number:04d}", "", False
    for digit, scale in zip(digits, ("千", "百", "十", ""), strict=True):
        if digit == "0":
            gap = bool(said)
        else:
            said += ("零" if gap else "") + "零一二三四五六七八九"[int(digit)] + scale
            gap = False
    return said


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("签收后七天内可退", "7天"),
        ("簽收後7天內可退", "七天内"),
        ("refunded in full", "refund"),
        ("不可申请退货，但可申请换货", "可申请"),
        ("除非质量问题", "质量问题"),  # 非 inside 除非 negates nothing
        ("没有吊牌不能退", "吊牌"),
    ],
)
def test_a_text_states(text: str, claim: str) -> None:
    assert states(text, claim)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("15天内可退", "5天"),
        ("7.5元", "7"),
        ("12.5元", "2.5元"),
        ("we are unable to", "able"),
        ("不包邮", "包邮"),
        ("不支持7天无理由退货", "7天无理由退货"),
        ("This item is non-refundable", "refundable"),
        ("任何文字", " "),
    ],
)
def test_a_text_does_not_state(text: str, claim: str) -> None:
    assert not states(text, claim)


def test_copies_are_compared_by_letters_and_digits_only() -> None:
    assert bare("什麼時候發貨？！") == bare(" 什么时候，发货 ")
