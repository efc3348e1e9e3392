"""Units of quantities under one name each, whatever the language and the spelling."""

from __future__ import annotations

import re

BARE = ""
COUNT = "个"
LOOSE = (BARE, "?")
"""A number without any unit, and one before a word that is no unit we know."""

_SPELLINGS = {
    "yuan": "元|块钱|块|圆|人民币|yuan|rmb|cny|renminbi",
    "usd": "美元|美金|usd|us dollars?|dollars?",
    "hkd": "港币|港元|hkd",
    "twd": "新台币|台币|twd",
    "eur": "欧元|euros?|eur",
    "working day": "个?工作日|(?:working|business)[ -]days?",
    "day": "个?自然日|天|日(?!元)|(?:calendar )?days?",
    "hour": "个?小时|个?钟头|hours?|hrs?|h(?![a-z])",
    "minute": "分钟|minutes?|mins?",
    "second": "秒钟?|seconds?|secs?",
    "week": "个?星期|个?礼拜|周(?!年)|weeks?",
    "month": "个月|months?",
    "year": "周年|年|years?",
    "%": "%|percent|per cent|个百分点",
    "discount": "折",
    "points": "个?积分|points?",
    "kg": "公斤|千克|kgs?|kilos?|kilograms?",
    "jin": "斤",
    "g": "克|g|grams?",
    "mg": "毫克|mg",
    "cm": "厘米|公分|cm",
    "mm": "毫米|mm",
    "m2": "平方米|平米|平方|m2|square met(?:re|er)s?",
    "m3": "立方米|m3",
    "m": "米|m|met(?:re|er)s?",
    "ml": "毫升|ml",
    "l": "升|l|lit(?:re|er)s?",
    "kw": "千瓦|kw",
    "w": "瓦|w|watts?",
    "v": "伏|v|volts?",
    "a": "安|a",
    "hz": "赫兹|hz",
    "ghz": "ghz",
    "db": "分贝|db(?:\\(a\\))?",
    "kwh": "度电|kwh",
    "degree": "°c|摄氏度|度|degrees?(?: c(?:elsius)?)?",
    "次": "次|times?",
    "件": "件|items?|pieces?|pcs",
    "张": "张",
    "份": "份",
    "双": "双|pairs?",
    "套": "套|sets?",
    "盒": "盒|boxes|box",
    "袋": "袋|bags?",
    "包": "包(?!邮|装|裹|退|换|括|含)",
    "瓶": "瓶|bottles?",
    "片": "片",
    "期": "期(?!间|限)|instal?lments?",
    "楼": "楼|floors?",
    "层": "层",
    "岁": "岁|years? old",
    "人": "人(?!工|为)|people|persons?",
    "码": "码",
    "倍": "倍",
    "字": "个?字|characters?",
    COUNT: "个",
}
_UNITS = [
    (name, re.compile(rf"[ -]?(?:{spellings})(?![a-z])")) for name, spellings in _SPELLINGS.items()
]
_PERCENT_OFF = re.compile(r" ?(?:%|percent|per cent) (?:off|discount|cheaper)")
_CURRENCY = {"¥": "yuan", "rmb": "yuan", "cny": "yuan", "$": "usd", "us$": "usd"}
_CURRENCY |= {"hk$": "hkd", "nt$": "twd", "€": "eur", "£": "gbp"}
_BEFORE = re.compile(r"(us\$|hk\$|nt\$|[¥$€£]|\brmb|\bcny)\s?$")
# 满 299 减 40 and `40 off 299` speak of money without saying so.
_REDUCED = re.compile(
    r"减(?:免|去|掉)?$|(?:立减|定金|尾款|抵)$|\boff (?:every |orders (?:of|over) )?$"
)
_THRESHOLD = re.compile(r"满$")
_THEN_REDUCED = re.compile(r"(?:减|立减|送|返)\d")
_WORD = re.compile(r"[ -]?(?:[a-z]|[\u3400-\u9fff])")


def unit_after(text: str) -> tuple[str, int]:
    """The unit at the start of `text` and how many characters it takes."""
    off = _PERCENT_OFF.match(text)
    if off:
        return "% off", off.end()
    best, length = BARE, 0
    for name, pattern in _UNITS:
        found = pattern.match(text)
        if found and found.end() > length:
            best, length = name, found.end()
    if length:
        return best, length
    return ("?", 0) if _WORD.match(text) else (BARE, 0)


def unit_before(text: str) -> str:
    """The unit that the words before a number give it, or nothing."""
    found = _BEFORE.search(text)
    if found:
        return _CURRENCY[found[1]]
    return ""


def is_money_by_context(before: str, after: str) -> bool:
    """Whether a bare number is an amount: 满 299 减 40."""
    if _REDUCED.search(before):
        return True
    return bool(_THRESHOLD.search(before) and _THEN_REDUCED.match(after))
