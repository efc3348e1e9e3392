"""The facts that can be looked up: quantities with their units and bounds, dates, times, codes."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from bot.evidence.units import LOOSE, is_money_by_context, unit_after, unit_before


class Bound(StrEnum):
    """From which side a value limits: 7 天内 is at most, 满 59 元 at least."""

    NONE = ""
    MOST = "at most"
    LEAST = "at least"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value, or a range of values, of one unit; `words` is how the text puts it."""

    low: Decimal
    high: Decimal
    unit: str
    bound: Bound
    words: str


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date of which some parts may be left open."""

    year: int | None
    month: int | None
    day: int | None
    bound: Bound
    words: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything found in one clause, and the clause without it."""

    quantities: tuple[Quantity, ...]
    dates: tuple[Date, ...]
    codes: frozenset[str]
    rest: str

    @property
    def values(self) -> frozenset[Hashable]:
        """The facts without their bounds and words, for counting what two clauses share."""
        quantities = {(q.low, q.high, q.unit) for q in self.quantities}
        return frozenset({*quantities, *((d.month, d.day) for d in self.dates), *self.codes})


_MONTHS = "january february march april may june july august september october november december"
_MONTH_OF = {name[:3]: n for n, name in enumerate(_MONTHS.split(), 1)}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_SAME_MONTH = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?[-至到](\d{1,2})[日号]")
_SAME_MONTH_EN = re.compile(rf"\b{_DAY}(?: to |-| and ){_DAY} {_MONTH}(?:,? (\d{{4}}))?")
_DATES = (
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?"), "ymd"),
    (re.compile(r"(?<![\d.])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), "ymd"),
    (re.compile(r"(\d{4})年(\d{1,2})月"), "ym"),
    (re.compile(r"(?<!\d)(\d{1,2})月(\d{1,2})[日号]?"), "md"),
    (re.compile(rf"\b{_DAY} (?:of )?{_MONTH},? (\d{{4}})"), "dMy"),
    (re.compile(rf"\b{_MONTH} {_DAY},? (\d{{4}})"), "Mdy"),
    (re.compile(rf"\b{_DAY} (?:of )?{_MONTH}(?![a-z])"), "dM"),
    (re.compile(rf"\b{_MONTH} {_DAY}(?![\d:])"), "Md"),
    (re.compile(r"(?<!\d)(\d{4})年"), "y"),
    (re.compile(r"(?<![\d个])(\d{1,2})月(?:份|底|初|中旬)?"), "m"),
    (re.compile(r"(?<![\d.])(\d{1,2})号(?!楼|店)"), "d"),
)
_TIMES = (
    re.compile(
        r"(?P<part>上午|下午|晚上|中午|早上|凌晨|傍晚)?(?<![\d.:])(?P<h>\d{1,2}):(?P<m>\d\d)(?::\d\d)?\s?(?P<ap>[ap]\.?m\b\.?)?"
    ),
    re.compile(
        r"(?P<part>上午|下午|晚上|中午|早上|凌晨|傍晚)?(?<![\d.])(?P<h>\d{1,2})点(?:(?P<m>\d{1,2})分?|(?P<half>半))?(?![几多])"
    ),
    re.compile(r"(?P<part>\b)(?<![\d.])(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s?(?P<ap>[ap]\.?m\b\.?)"),
)
_CODE = re.compile(
    r"周_\d|双1[12]|(?<![a-z0-9])(?=[a-z-]*\d)[a-z]+(?:-[a-z]+)?-?\d+(?:[a-z-]*\d*)*|double 1[12]"
)
_LATE = ("下午", "晚上", "傍晚")
_EVERY = re.compile(
    r"每(?:1?个?)(天|日(?=\d|早|晚|上|下|发|营)|周|星期|月|年|小时|季度?)"
    r"|\b(?:every|each|per|a) (hour|week|month|year|day)\b|\b(daily|weekly|monthly|yearly)\b"
)
_NUMBER = re.compile(r"(?<![\d.])负?\d+(?:\.\d+)?")
_RANGE = re.compile(r"\s*(?:-|至|到|to|and)\s*$")
_LIST = re.compile(r"\s*(?:、|/|×|x|\*|or|或|和|,)\s*$")

_MOST_BEFORE = re.compile(
    r"(?:(?:不超过|不高于|不多于|不大于|低于|少于|小于|不足|不满|未满|不到|不超)(?:订单|金额|的)?"
    r"|(?:最多|至多|最高|最长|最晚|最迟|上限)[^,。;\d]{0,4})$"
    r"|(?:within|up to|at most|no (?:more|later|longer) than|not (?:more|later) than|less than"
    r"|fewer than|under|below|maximum(?: of)?|by|before|until|through|(?:not|n't) exceed"
    r"|as late as) (?:the |a )?$"
)
_LEAST_BEFORE = re.compile(
    r"(?:不少于|不低于|不小于|至少|最少|最低|(?<![不未])满|达到?|(?<!不)超过|超出|大于|高于|多于)"
    r"(?:了|订单|金额)?$"
    r"|(?:at least|more than|over|above|from|minimum(?: of)?|no less than|not less than|after"
    r"|starting (?:at|from)|exceeds?|exceeding|reach(?:es)?|spend|since) (?:the |a )?$"
)
_MOST_AFTER = re.compile(
    r"(?:以内|之内|内(?![容胆])|(?:及|或)?以下|之前|前(?!台)|封顶|为限|为止)"
    r"| (?:or|and) (?:less|fewer|under|below)| at most| max"
)
_LEAST_AFTER = re.compile(
    r"(?:及|或)?以上|起|后(?!续|台)|以后|之后|开始"
    r"| (?:or|and) (?:more|above|over|later|up)| minimum"
)
_UNTIL = re.compile(r"(?:至|到|截止到?|截至| to )$")


_EVERY_NAMES = {"天": "day", "日": "day", "周": "week", "星期": "week", "月": "month"}
_EVERY_NAMES |= {"年": "year", "小时": "hour", "季": "quarter", "季度": "quarter"}
_EVERY_NAMES |= {name: name for name in ("hour", "day", "week", "month", "year")}
_EVERY_NAMES |= {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}


def facts(clause: str) -> Facts:
    """Every fact in a clause that is in plain spelling."""
    text = _SAME_MONTH.sub(r"\1月\2日至\1月\3日", clause)
    text = _SAME_MONTH_EN.sub(_both_days, text)
    dates, text = _take_dates(text)
    times, text = _take_times(text)
    codes = set(times)
    codes.update(f"per {_EVERY_NAMES[m[1] or m[2] or m[3]]}" for m in _EVERY.finditer(text))
    for found in _CODE.finditer(text):
        codes.add(found[0].replace("double ", "双"))
    text = _CODE.sub(lambda m: " " * len(m[0]), text)
    quantities, rest = _take_quantities(text)
    return Facts(tuple(quantities), tuple(dates), frozenset(codes), rest)


def _both_days(match: re.Match[str]) -> str:
    year = f" {match[4]}" if match[4] else ""
    return f"{match[1]} {match[3]}{year} to {match[2]} {match[3]}{year}"


def _take_dates(text: str) -> tuple[list[Date], str]:
    found: list[Date] = []
    for pattern, order in _DATES:
        for match in pattern.finditer(text):
            parts: dict[str, int | None] = {"y": None, "m": None, "d": None}
            for letter, group in zip(order, match.groups(), strict=True):
                parts[letter.lower()] = _MONTH_OF[group[:3]] if letter == "M" else int(group)
            if not (1 <= (parts["m"] or 1) <= 12 and 1 <= (parts["d"] or 1) <= 31):
                continue
            bound = bound_of(text[: match.start()], text[match.end() :], date=True)
            found.append(Date(parts["y"], parts["m"], parts["d"], bound, match[0]))
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return found, text


def _take_times(text: str) -> tuple[list[str], str]:
    """Times of day, and from–to pairs of them, as codes; and the text without them."""
    spots: list[tuple[int, int, str]] = []
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            time = _time(match)
            if time is not None:
                spots.append((*match.span(), time))
                text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    spots.sort()
    found = [time for _, _, time in spots]
    for (_, end, first), (start, _, second) in pairwise(spots):
        if _RANGE.fullmatch(text[end:start]):
            found.append(f"{first}-{second}")
    return found, text


def _time(match: re.Match[str]) -> str | None:
    groups = match.groupdict()
    hour, minute = int(groups["h"]), int(groups.get("m") or (30 if groups.get("half") else 0))
    late = groups["part"] in _LATE or (groups.get("ap") or "")[:1] == "p"
    if hour > 24 or minute > 59:
        return None
    return f"{hour + 12 if late and hour < 12 else hour:02}:{minute:02}"


def _take_quantities(text: str) -> tuple[list[Quantity], str]:
    spots = list(_NUMBER.finditer(text))
    units = [unit_after(text[spot.end() :]) for spot in spots]
    ends = [spot.end() + length for spot, (_, length) in zip(spots, units, strict=True)]
    names = [
        _unit(text[: spot.start()], unit, text[spot.end() :])
        for spot, (unit, _) in zip(spots, units, strict=True)
    ]
    # In 1-3 天 and 200 × 230 cm the last unit counts for every number before it.
    ranged = [False] * len(spots)
    for i in range(len(spots) - 2, -1, -1):
        gap = text[ends[i] if names[i] not in LOOSE else spots[i].end() : spots[i + 1].start()]
        same = names[i] in LOOSE or names[i] == names[i + 1]
        if same and (_RANGE.match(gap) or _LIST.match(gap)):
            names[i] = names[i + 1]
            ranged[i] = _RANGE.match(gap) is not None
    found, rest = [], list(text)
    i = 0
    while i < len(spots):
        j = i + 1 if ranged[i] else i
        start, end = spots[i].start(), ends[j]
        low, high, unit = _value(spots[i][0]), _value(spots[j][0]), names[j]
        if unit == "% off":
            # 5 % off is 9.5 折.
            low, high, unit = (100 - high) / 10, (100 - low) / 10, "discount"
        bound = bound_of(text[:start], text[end:]) if i == j else Bound.NONE
        found.append(Quantity(low, high, unit, bound, text[start:end].strip()))
        rest[start:end] = " " * (end - start)
        i = j + 1
    return found, "".join(rest)


def _unit(before: str, unit: str, after: str) -> str:
    if unit in LOOSE and is_money_by_context(before, after):
        return "yuan"
    return unit_before(before) or unit


def _value(digits: str) -> Decimal:
    return Decimal(digits.replace("负", "-")).normalize()


def bound_of(before: str, after: str, *, date: bool = False) -> Bound:
    """The bound that the words around a value put on it."""
    if _MOST_BEFORE.search(before) or (date and _UNTIL.search(before)):
        return Bound.MOST
    if _MOST_AFTER.match(after):
        return Bound.MOST
    if _LEAST_AFTER.match(after) or _LEAST_BEFORE.search(before):
        return Bound.LEAST
    return Bound.NONE
