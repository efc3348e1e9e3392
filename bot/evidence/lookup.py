"""Whether quantities, dates and codes stand in the passages, of the same thing and so limited."""

from __future__ import annotations

from bot.evidence.clauses import SHARED_VALUE, Clause, Passages
from bot.evidence.facts import Bound, Date, Quantity
from bot.evidence.objection import Kind, Objection
from bot.evidence.units import BARE, COUNT, LOOSE

_PERIODS = frozenset(("working day", "day", "hour", "minute", "second", "week", "month", "year"))
_MARGIN = 0.2
"""By how much another clause must speak more of the same before a value counts as its rival's."""
_THINGS = frozenset((COUNT, "件", "张", "份", "次", "套", "盒", "袋", "包", "瓶", "片", "双"))


def missing_fact(clause: Clause, evidence: Passages) -> Objection | None:
    """The first fact of the clause that the passages do not state."""
    codes = {code for each in evidence.clauses for code in each.facts.codes}
    for code in sorted(clause.facts.codes - codes):
        return Objection(Kind.CODE, code)
    for date in clause.facts.dates:
        objection = _missing_date(date, clause, evidence)
        if objection is not None:
            return objection
    for quantity in clause.facts.quantities:
        objection = _missing_quantity(quantity, clause, evidence)
        if objection is not None:
            return objection
    return None


def _missing_date(date: Date, clause: Clause, evidence: Passages) -> Objection | None:
    years = {d.year for each in evidence.clauses for d in each.facts.dates}
    stated = [
        (each, other)
        for each in evidence.clauses
        for other in each.facts.dates
        if _same_day(date, other, years)
    ]
    if not stated:
        return Objection(Kind.DATE, date.words)
    closest = evidence.closest(clause, [each for each, _ in stated]) or [each for each, _ in stated]
    bounds = {other.bound for each, other in stated if each in closest}
    opposite = {Bound.MOST: Bound.LEAST, Bound.LEAST: Bound.MOST}.get(date.bound)
    if opposite is not None and bounds == {opposite}:
        return Objection(Kind.BOUND, date.words)
    rivals = [
        each
        for each in evidence.clauses
        if each.facts.dates
        and not any(_same_day(d, o, years) for d in clause.facts.dates for o in each.facts.dates)
    ]
    return _rivalled(date.words, clause, evidence, closest, rivals)


def _same_day(said: Date, given: Date, years: set[int | None]) -> bool:
    if (
        said.year is not None
        and said.year != given.year
        and not (given.year is None and said.year in years)
    ):
        return False
    month = said.month is None or said.month == given.month
    return month and (said.day == given.day or (said.day is None and said.month is None))


def _missing_quantity(said: Quantity, clause: Clause, evidence: Passages) -> Objection | None:
    if said.low == said.high == 1 and (said.unit in _THINGS or said.unit in LOOSE):
        # 一次, 一件, one item: grammar far more often than a fact.
        return None
    stated = [
        (each, given)
        for each in evidence.clauses
        for given in each.facts.quantities
        if _same_value(said, given)
    ]
    if not stated:
        return Objection(Kind.QUANTITY, said.words)
    best = evidence.closest(clause, [each for each, _ in stated]) or [each for each, _ in stated]
    if not any(_bound_fits(said, given) for each, given in stated if each in best):
        return Objection(Kind.BOUND, said.words)
    return _of_another(said, clause, evidence, best)


def _of_another(
    said: Quantity, clause: Clause, evidence: Passages, best: list[Clause]
) -> Objection | None:
    """Whether the value stands there, but is said of something else (金卡 95 折, 银卡 98 折)."""
    rivals = [
        each
        for each in evidence.clauses
        if any(_same_kind(q, said) for q in each.facts.quantities)
        and not any(
            _same_kind(mine, said) and _same_value(mine, q)
            for mine in clause.facts.quantities
            for q in each.facts.quantities
        )
    ]
    return _rivalled(said.words, clause, evidence, best, rivals)


def _rivalled(
    words: str, clause: Clause, evidence: Passages, best: list[Clause], rivals: list[Clause]
) -> Objection | None:
    # What both share, the value said, speaks for `best` only because it was looked up.
    own = max(evidence.likeness(clause, each) for each in best) - SHARED_VALUE
    if any(evidence.likeness(clause, rival) > own + _MARGIN for rival in rivals):
        return Objection(Kind.SUBJECT, words)
    return None


def _same_kind(first: Quantity, second: Quantity) -> bool:
    return first.unit == second.unit or {first.unit, second.unit} <= _PERIODS


def _same_value(said: Quantity, given: Quantity) -> bool:
    if (said.low, said.high) != (given.low, given.high):
        ends = said.low == said.high and _same_unit(said, given)
        at_most = said.bound is Bound.MOST and said.high == given.high
        at_least = said.bound is Bound.LEAST and said.low == given.low
        return ends and given.low != given.high and (at_most or at_least)
    return _same_unit(said, given)


def _same_unit(said: Quantity, given: Quantity) -> bool:
    if said.unit == given.unit or said.unit == BARE:
        return True
    if said.unit in LOOSE:
        # A word that is no unit we know: 30 支, 3 plans.
        return given.unit in LOOSE or given.unit in _THINGS
    if said.unit in _THINGS and given.unit in _THINGS:
        return COUNT in (said.unit, given.unit)
    return given.unit == BARE and said.unit in ("yuan", "码", *_THINGS)


def _bound_fits(said: Quantity, given: Quantity) -> bool:
    """7 天 for 7 天内 is fine, and 59 元 for 满 59 元; 12 元 for 最多 12 元 is not."""
    if said.bound == given.bound or given.low != given.high:
        return True
    pair = {said.bound, given.bound}
    harmless = Bound.MOST if said.unit in _PERIODS else Bound.LEAST
    return pair == {Bound.NONE, harmless}
