"""One spelling for what is compared: widths, scripts, numerals beside units, dashes, dates' spaces.

Only spelling is touched, never meaning: 七天 becomes 7天, while 三五天 becomes the range it is and
几天 stays as vague as it was.
"""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.text import normalise

_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_MARKUP = re.compile(r"\*\*|__|`|~~|^\s*(?:#{1,6}|>|[-*+•·]|\d{1,2}[.)、])\s+", re.M)
_BETWEEN_DIGITS = re.compile(
    r"(?<=\d)\s*(?:[–—−‐‑～〜~-])+\s*(?=\d)|(?<=[\u3400-\u9fff])[–—−～〜~]+(?=\d)"
)
_HAN = r"\u3400-\u9fff"
_SPACE_BY_HAN = re.compile(rf"(?<=[{_HAN}¥]) | (?=[{_HAN}])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NUMERAL = "零〇一二两三四五六七八九十百千万"
_UNIT = (
    "个?工作日|个?自然日|个?小时|个?钟头|个?月|个?星期|个?礼拜|分钟|秒|天|日|周|年|号|元|块|圆|角|折|"
    "公斤|千克|斤|克|厘米|毫米|平米|平方|米|升|毫升|度|次|件|张|份|双|套|盒|袋|包|瓶|支|片|期|楼|层|"
    "岁|人|码|积分|点|倍|个|级|位|名|成"
)
_COUNTED = re.compile(
    rf"(?<![几数上好多第统万\d.{_NUMERAL}])([{_NUMERAL}]+)(?=(?:{_UNIT})|[至到-]\d)"
)
_VAGUE = re.compile(
    r"(?<![\d十百千万])([一二两三四五六七八])([二三四五六七八九])(?=个?(?:工作日|小时|月|星期)|[天日周年])"
)
_FROM = re.compile(rf"(?<![\d.{_NUMERAL}第])([{_NUMERAL}]+)(?=[至到-]\d)")
_POINT = re.compile(rf"([{_NUMERAL}]+)点([{_NUMERAL}]+)(?=元|块|折|倍|公斤|斤|克|厘米|米|升|%)")
_PERCENT = re.compile(rf"百分之([{_NUMERAL}]+|\d+(?:\.\d+)?)")
_SPOKEN_DISCOUNT = re.compile(r"(?<![\d.])([1-9])\s?([1-9])\s?折")
_HALF = re.compile(r"半(?=个月|个?小时|年|天|个?钟头)")
_TEN_THOUSAND = re.compile(r"(\d+(?:\.\d+)?)万(?=[元块件人个])")
_NEGATIVE = re.compile(r"零下(?=\d)|(?<![\w)\]%°])-(?=\d)")
_DOUBLE = re.compile(r"双十([一二])")
_WEEKDAY = re.compile(
    r"(?<![\d一二两三四五六七八九十])(?:周|星期|礼拜)([一二三四五六日天])(?!年|期)"
)

_ENGLISH_NUMBERS = {
    word: value
    for value, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split(),
        2,
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_ENGLISH = re.compile(rf"\b({'|'.join(_ENGLISH_NUMBERS)})\b(?!-?(?:one|two|three|four|five))")
_ONE = re.compile(
    r"\b(?:one|an?)(?= (?:working |business |calendar )?(?:day|week|month|year|hour|minute)\b)"
)
_WEEKDAYS = {day: n for n, day in enumerate("一二三四五六日", 1)} | {"天": 7}


def plain(text: str) -> str:
    """The form that facts are read from; its lines are those of `text`."""
    text = _MARKUP.sub("", _LINK.sub(r"\1 \2", text))
    return "\n".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    # Dashes first: the general normal form makes one mark of several, whatever they meant.
    line = normalise(_BETWEEN_DIGITS.sub("-", line))
    line = _THOUSANDS.sub("", _SPACE_BY_HAN.sub("", line))
    line = _DOUBLE.sub(lambda m: f"双1{_DIGITS[m[1]]}", line)
    line = _WEEKDAY.sub(lambda m: f"周_{_WEEKDAYS[m[1]]}", line)
    line = _PERCENT.sub(lambda m: f"{number(m[1]) or m[1]}%", line)
    line = _VAGUE.sub(_vague, line)
    line = _POINT.sub(_decimal, line)
    line = _HALF.sub("0.5", line)
    line = _COUNTED.sub(lambda m: str(number(m[1]) or m[1]), line)
    line = _FROM.sub(lambda m: str(number(m[1]) or m[1]), line)
    line = _SPOKEN_DISCOUNT.sub(r"\1.\2折", line)
    line = _TEN_THOUSAND.sub(lambda m: f"{(Decimal(m[1]) * 10_000).normalize():f}", line)
    line = _NEGATIVE.sub("负", line)
    line = _ONE.sub("1", line)
    return _ENGLISH.sub(lambda m: str(_ENGLISH_NUMBERS[m[1]]), line)


def number(numeral: str) -> str | None:
    """What a Chinese numeral says, as digits; None when it is not one number (三五, 万一)."""
    if numeral.isascii():
        return numeral
    if all(char in _DIGITS for char in numeral):
        if len(numeral) == 2 and "零" not in numeral and "〇" not in numeral:
            # Read digit by digit, as in 八五折; the vague 三五天 was taken care of before.
            return "".join(str(_DIGITS[char]) for char in numeral)
        return str(int("".join(str(_DIGITS[char]) for char in numeral)))
    total, section, digit = 0, 0, None
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = (total + section + (digit or 0)) * 10_000, 0, None
        else:
            section += (1 if digit is None else digit) * _SCALES[char]
            digit = None
    value = total + section + (digit or 0)
    return str(value) if value else None


def _vague(match: re.Match[str]) -> str:
    low, high = _DIGITS[match[1]], _DIGITS[match[2]]
    return f"{low}-{high}" if low < high else match[0]


def _decimal(match: re.Match[str]) -> str:
    whole, part = number(match[1]), number(match[2])
    return f"{whole}.{part}" if whole and part else match[0]
