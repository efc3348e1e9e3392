"""The form in which texts are compared: one spelling for what a reader takes as the same.

Width and case are folded, Traditional becomes Simplified, spaces beside Chinese go, and Chinese
numerals become digits, but only where a unit follows: 七天 is 7天, while 三五天 (three to five
days), 万一 and 统一 stay as they are.
"""

import re
import unicodedata
from functools import cache
from typing import Any

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAS_CJK = re.compile(f"[{_CJK}]")
_SPACE_BY_CJK = re.compile(rf"(?<=[{_CJK}]) | (?=[{_CJK}])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_EMPTY_CENTS = re.compile(r"(?<=\d)\.(?:00(?!\d)|0(?=元))")
_MARKUP = re.compile(r"[*`]|~~")
_NOT_WORD = re.compile(r"[\W_]+")

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_DIGITS |= {"七": 7, "八": 8, "九": 9}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_DIGIT = "[零〇一二两三四五六七八九]"
_NUMERAL = "[零〇一二两三四五六七八九十百千万]"
# 几 and 数 before, 几 多 余 来 after a numeral make it vague: 几十天 is not 10天.
_UNITS = (
    "工作日|自然日|个|天|日|周|星期|年|月|小时|分钟|秒|点|号|块|毛|元|角|分|件|双|套|次|倍|折|期|级|"
    "层|楼|岁|寸|英寸|公斤|千克|斤|克|厘米|毫米|米|升|毫升|瓦|伏"
)
_COUNTED = re.compile(rf"(?<![几数上好多\d.{_NUMERAL[1:-1]}])({_NUMERAL}+)(?={_UNITS})")
_DECIMAL = re.compile(
    rf"(?<!{_NUMERAL})({_NUMERAL}+)点({_DIGIT}+)(?=元|折|倍|公斤|千克|斤|克|厘米|毫米|米|升)"
)
_PERCENT = re.compile(rf"百分之({_NUMERAL}+)(?:点({_DIGIT}+))?")
# 八五折 and 85折 are both spoken for 8.5折.
_DISCOUNT = re.compile(
    rf"(?<![\d.{_NUMERAL[1:-1]}])([1-9一二三四五六七八九])([1-9一二三四五六七八九])折"
)

# What turns a claim into its opposite when it stands right before it. 除非, 有无, 有没 and 不得不
# do not, and 没有 stays out: 没有吊牌不能退 does speak of the tag.
_NEGATED = re.compile(
    r"(?:(?<!得)不|未|(?<!除)非|(?<!有)[没无]|勿"
    r"|不能|不可|不可以|不会|不予|不得|不支持|不提供|不需要|不用|无需|无须"
    r"|(?:\b(?:not|no|never|non|without|cannot)|n['’]t)[ -])$"
)
_LONGEST_NEGATION = 12


def normal(text: str) -> str:
    """The form for comparing; the same text always gives the same form."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = _MARKUP.sub("", folded)
    folded = " ".join(folded.split())
    if _HAS_CJK.search(folded):
        folded = _simplifier().convert(folded)
        folded = _SPACE_BY_CJK.sub("", folded)
        folded = _arabic(folded)
    return _EMPTY_CENTS.sub("", _THOUSANDS.sub("", folded))


def bare(text: str) -> str:
    """The normal form with letters and digits only: for finding copies."""
    return _NOT_WORD.sub("", normal(text))


def states(text: str, claim: str) -> bool:
    """Whether `text` holds `claim`, both taken to normal form.

    A number is not found inside a longer one (15天 does not state 5天, nor 7.5 the number 7), and
    an English word is not found behind other letters (unable does not state able). A claim is not
    found right behind its negation: 不包邮 does not state 包邮.
    """
    hay, needle = normal(text), normal(claim)
    start = hay.find(needle)
    while needle and start >= 0:
        if _stands_alone(hay, start, start + len(needle)):
            return True
        start = hay.find(needle, start + 1)
    return False


def _stands_alone(hay: str, start: int, end: int) -> bool:
    first, last = hay[start], hay[end - 1]
    before, after = hay[:start], hay[end:]
    if _is_digit(first) and re.search(r"\d\.?$", before):
        return False
    if _is_digit(last) and re.match(r"\.?\d", after):
        return False
    if _is_letter(first) and before and _is_letter(before[-1]):
        return False
    return not _NEGATED.search(before[-_LONGEST_NEGATION:])


def _is_digit(char: str) -> bool:
    return char.isascii() and char.isdigit()


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def _arabic(text: str) -> str:
    text = _PERCENT.sub(lambda m: _number(m[0], m[1], m[2], "%"), text)
    text = _DISCOUNT.sub(lambda m: f"{_digit(m[1])}.{_digit(m[2])}折", text)
    text = _DECIMAL.sub(lambda m: _number(m[0], m[1], m[2], ""), text)
    return _COUNTED.sub(lambda m: _number(m[0], m[1], None, ""), text)


def _number(whole: str, integer: str, fraction: str | None, suffix: str) -> str:
    value = _value(integer)
    if value is None:
        return whole
    decimals = "." + "".join(str(_DIGITS[char]) for char in fraction) if fraction else ""
    return f"{value}{decimals}{suffix}"


def _digit(char: str) -> str:
    return str(_DIGITS.get(char, char))


def _value(numeral: str) -> int | None:
    """What a numeral says, or None when it is not one number (三五, 万一)."""
    if all(char in _DIGITS for char in numeral):
        # One digit, or a year read digit by digit; 三五 is a guess between two numbers.
        return int("".join(str(_DIGITS[c]) for c in numeral)) if len(numeral) in (1, 4) else None
    high, wan, low = numeral.rpartition("万")
    if wan and "万" in high:
        return None
    thousands = _below_ten_thousand(high) if wan else 0
    # 一万五 is spoken for 15000: too loose to guess at.
    rest = _below_ten_thousand(low) if low else 0
    if thousands is None or rest is None or (wan and low and len(low) == 1):
        return None
    return thousands * 10_000 + rest


def _below_ten_thousand(numeral: str) -> int | None:
    total, digit, ceiling = 0, None, 10_000
    for char in numeral:
        if char in _SCALES:
            scale = _SCALES[char]
            # 十五 begins with a bare ten; 百 and 千 need their digit.
            if scale >= ceiling or (digit is None and (scale != 10 or total)):
                return None
            total += (digit if digit is not None else 1) * scale
            digit, ceiling = None, scale
        elif char in "零〇":
            if digit is not None:
                return None
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[char]
    # 一百五 is spoken for 150 as well as misread for 105; only 一百零五 is 105.
    loose = digit is not None and ceiling in (100, 1000) and numeral[-2] not in "零〇"
    if not numeral or loose:
        return None
    return total + (digit or 0)
