"""Amounts, periods and payers that a text states, each with what it is said about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from knowledge.text import normalise

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMBER = r"\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3}"
_UNITS = {
    "天": "day",
    "日": "day",
    "day": "day",
    "days": "day",
    "个工作日": "working day",
    "工作日": "working day",
    "working days": "working day",
    "business days": "working day",
    "小时": "hour",
    "hour": "hour",
    "hours": "hour",
    "分钟": "minute",
    "minutes": "minute",
    "周": "week",
    "weeks": "week",
    "个月": "month",
    "month": "month",
    "months": "month",
    "年": "year",
    "year": "year",
    "years": "year",
    "元": "yuan",
    "块": "yuan",
    "yuan": "yuan",
    "折": "tenths of the price",
    "%": "percent",
    "percent": "percent",
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"({_NUMBER})(?:\s*(?:[-~–—至到]|to)\s*({_NUMBER}))?\s*-?({_UNIT})(?![a-z]|月\d)"
)
_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_CLAUSE_END = re.compile(r"[，,：:（）()、|*“”「」《》]")
# A date is no period: 12 月 8 日.
_DATE = re.compile(r"\d+\s*年\s*\d+\s*月(?:\s*\d+\s*日)?|\d+\s*月\s*\d+\s*[日号]")

_EMPTY_CHINESE = re.compile(
    "不超过|不少于|不低于|至少|至多|最长|最多|最快|最晚|最迟|最高|最低|一般|通常|大约|约为|大概|预计|需要|可以|"
    "以内|之内|之后|以后|以上|以下|期限|时间|次日|当日|每次|每件|每单|仅需|只需|只要|统一|收取|加收|支付|"
    "[为是在的需要约内自后起可会将由从到共于即满按个仅只有再等待能另各均都每了或和及与]"
)
_ENGLISH = """a an the is are be within in of up to at least most about for after from it its you
your we our will can may must and or takes take usually by only one this that on with has have"""
_EMPTY_ENGLISH = frozenset(_ENGLISH.split())
_HAN = re.compile(r"[\u3400-\u9fff]+")
_PAYER = {
    "customer": re.compile(
        r"(?:买家|买方|顾客|客户|消费者|您|你)[^，,。]{0,4}(?:承担|自付|自理|出)|自理|自费"
    ),
    "shop": re.compile(r"(?:卖家|卖方|商家|本店|店铺|我们|我店|平台)[^，,。]{0,4}(?:承担|负担|出)"),
}
_FREIGHT = re.compile(r"运费|邮费|快递费|freight|shipping fee")


class Statement(NamedTuple):
    """`text` says of `noun` that it is `value`, counted in `unit`."""

    noun: str
    unit: str
    value: str
    text: str


def statements(text: str) -> Iterator[Statement]:
    """What the text states, as far as it can be told for certain."""
    for sentence in _SENTENCE.findall(_DATE.sub("，", normalise_lines(text))):
        yield from _quantities(sentence)
        payer = _payer(sentence)
        if payer is not None:
            yield payer


def normalise_lines(text: str) -> str:
    """The text in one spelling, its lines kept apart."""
    return "\n".join(normalise(line) for line in text.split("\n"))


def _quantities(sentence: str) -> Iterator[Statement]:
    for found in _QUANTITY.finditer(sentence):
        before = _CLAUSE_END.split(sentence[: found.start()])[-1]
        noun = _noun(_QUANTITY.sub(" ", before))
        if noun:
            low, high = _value(found[1]), _value(found[2]) if found[2] else ""
            value = f"{low}–{high}" if high else low
            yield Statement(noun, _UNITS[found[3]], value, sentence.strip())


def _noun(before: str) -> str:
    """The last words in front of a quantity that mean something; empty when there are none."""
    runs = _HAN.findall(_EMPTY_CHINESE.sub("", before))
    if runs:
        # Four characters tell 到账 of a card from 到账 of a wallet more often than two.
        joined = "".join(runs).removesuffix("期")
        return joined[-4:] if len(joined) >= 2 else ""
    words = [word for word in re.findall(r"[a-z]+", before) if word not in _EMPTY_ENGLISH]
    return " ".join(words[-2:])


def _value(number: str) -> str:
    if number[0].isdigit():
        return number.rstrip("0").rstrip(".") if "." in number else number
    tens, ten, ones = number.partition("十")
    if not ten:
        return str(_DIGITS.get(number, number))
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))


def _payer(sentence: str) -> Statement | None:
    """Who pays the freight, in a sentence that names one payer, and when."""
    freight = _FREIGHT.search(sentence)
    named = [payer for payer, pattern in _PAYER.items() if pattern.search(sentence)]
    if freight is None or len(named) != 1:
        return None
    # What is left besides freight and payer is the case that the sentence is about.
    case = _PAYER[named[0]].sub("", _FREIGHT.sub("", sentence))
    case = "".join(_HAN.findall(_EMPTY_CHINESE.sub("", case)))
    return Statement(f"{case}运费", "payer", named[0], sentence.strip())
