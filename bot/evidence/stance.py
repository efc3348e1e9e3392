"""Whether a clause denies what the passages affirm, or names another payer, or another price."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evidence.clauses import Clause, Passages, Said
from bot.evidence.links import contacts
from bot.evidence.objection import Kind, Objection
from bot.evidence.payers import Payer

_BARE_VERDICT = re.compile(
    r"(?:是|对|可以|能|行|支持|有|需要|会|没问题|当然|yes|sure|of course)(?:的|哦|呢|可以)*$"
)
_BARE_DENIAL = re.compile(
    r"(?:抱歉|很抱歉)?(?:不是|不可以|不能|不行|不支持|没有|不需要|不用|不会|不|no|nope|sorry)(?:的|哦|呢)*$"
)
_ALWAYS = re.compile(
    r"全部|一律|完全|任何|所有|永久|终身|随时|必定|保证|绝对"
    r"|\b(?:all|any|every|always|lifetime|forever|guaranteed?|completely|entirely)\b"
)
_MARKS = re.compile(r"[\s,.!。！，、:：~]+")


def opposed(clause: Clause, evidence: Passages, said: Sequence[Clause]) -> Objection | None:
    """What the clause claims against the passages, or without them."""
    verdict = _verdict(clause)
    if verdict is not None:
        return _unfounded_verdict(clause, verdict, evidence, said)
    return (
        _other_payer(clause, evidence)
        or _other_cost(clause, evidence)
        or _flipped(clause, evidence)
        or _widened(clause, evidence)
    )


def _verdict(clause: Clause) -> bool | None:
    bare = _MARKS.sub("", clause.text)
    if _BARE_DENIAL.fullmatch(bare):
        return False
    return True if _BARE_VERDICT.fullmatch(bare) else None


def _unfounded_verdict(
    clause: Clause, verdict: bool, evidence: Passages, said: Sequence[Clause]
) -> Objection | None:
    """A bare yes or no needs the same word in the passages, or a rest that agrees with it."""
    others = [each for each in said if each is not clause and _verdict(each) is None]
    given = {_verdict(each) for each in evidence.clauses} - {None}
    agrees = bool(others) and any(each.denies for each in others) is not verdict
    if given == {verdict} or (agrees and not given):
        return None
    return Objection(Kind.POLARITY, clause.text)


def _other_payer(clause: Clause, evidence: Passages) -> Objection | None:
    if clause.payer is None:
        return None
    stated = [each for each in evidence.clauses if each.payer is not None]
    closest = evidence.closest(clause, stated)
    payers = {each.payer for each in closest}
    if payers != {clause.payer} or Payer.BOTH in payers:
        return Objection(Kind.PAYER, clause.text)
    return None


def _other_cost(clause: Clause, evidence: Passages) -> Objection | None:
    if clause.free is None:
        return None
    stated = [each for each in evidence.clauses if each.free is not None]
    closest = evidence.closest(clause, stated)
    if clause.free and not closest:
        return Objection(Kind.COST, clause.text)
    if any(each.free is not clause.free for each in closest):
        return Objection(Kind.COST, clause.text)
    return None


def _flipped(clause: Clause, evidence: Passages) -> Objection | None:
    closest = evidence.closest(clause)
    shared = clause.words.keys() & evidence.words
    if (clause.stance or clause.denies) and not contacts(clause.text):
        if clause.words and not shared:
            return Objection(Kind.UNSUPPORTED, clause.text)
        if len(shared) * 3 < len(clause.words):
            return Objection(Kind.UNSUPPORTED, clause.text)
    for each in closest:
        common = clause.words.keys() & each.words.keys()
        pairs = [(clause.words[word], each.words[word]) for word in common]
        agreed = sum(pair == (Said.DENIED, Said.DENIED) for pair in pairs)
        turned = sum(said is not given for said, given in pairs)
        if turned > agreed:
            return Objection(Kind.POLARITY, clause.text)
    return None


def _widened(clause: Clause, evidence: Passages) -> Objection | None:
    """全部, 一律 and the like must be the shop's own words."""
    for word in _ALWAYS.findall(clause.text):
        if not any(word in each.text for each in evidence.clauses):
            return Objection(Kind.UNSUPPORTED, word)
    return None
