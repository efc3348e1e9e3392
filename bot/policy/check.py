"""The check itself: a text in, what may not be said in it out; no store, no clock, no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.policy.contacts import foreign_links, foreign_numbers
from bot.policy.finding import Finding, Rule, Severity
from bot.policy.listing import PolicyList
from bot.policy.promises import stands
from bot.policy.spelling import Spelling, blanked, dense, level
from bot.policy.table import Section, Table, shipped

# Goes up whenever the list or the code changes what is found; ``phrases.yaml`` carries the same.
VERSION = "1"

_NUMBER = "这里出现了文章里没有的电话号码；请在平台内沟通，不要引导顾客到平台外。"
_LINK = "这里出现了文章里没有的链接或邮箱；只能给出本店文章里的链接。"


def check(
    text: str,
    *,
    promised_by: Sequence[str] = (),
    mentioned: Sequence[str] = (),
    extra: PolicyList | None = None,
) -> list[Finding]:
    """Everything in `text` that may not be said, in order of appearance; empty when it may go.

    `promised_by` are the texts that the answer rests on: the cited articles, and the order's own
    texts. Numbers, links and promises that stand there are allowed; superlatives and medical
    claims are not made lawful by standing in an article. `mentioned` is what the customer wrote:
    to say their own number back to them leads nobody away. `extra` is the shop's own list.
    """
    extra = extra or PolicyList()
    table = shipped()
    straight = level(text)
    closed = dense(straight)
    for allowed in extra.allowed:
        closed = replace(closed, text=blanked(closed.text, allowed))
        straight = replace(straight, text=blanked(straight.text, allowed))
    found: list[tuple[int, Finding]] = []
    for section in table.sections:
        found.extend(_in_section(section, closed, promised_by, table))
    found.extend(_contacts(straight, (*promised_by, *extra.contacts), mentioned))
    for addition in extra.added:
        row = addition.row
        for match in row.pattern.finditer(closed.text):
            found.append(_found(closed, *match.span(), addition.rule, row.why, row.severity))
    return _weighed(found, extra)


def stops(findings: Sequence[Finding]) -> bool:
    """Whether the bot must not send a text with these findings."""
    return any(finding.severity is Severity.STOP for finding in findings)


def version_with(extra: PolicyList | None) -> str:
    """The version to store with a decision: the shipped list's and, behind +, the shop's."""
    return f"{VERSION}+{extra.version}" if extra is not None and extra.version else VERSION


def _in_section(
    section: Section, spelling: Spelling, promised_by: Sequence[str], table: Table
) -> Iterator[tuple[int, Finding]]:
    text = spelling.text
    for row, match in section.matches(text):
        if row.kind and stands(section, row, text, match, promised_by, table.deeds):
            continue
        yield _found(spelling, *match.span(), section.rule, row.why, row.severity)


def _contacts(
    spelling: Spelling, given: Sequence[str], mentioned: Sequence[str]
) -> Iterator[tuple[int, Finding]]:
    rule = Rule.OFF_PLATFORM.value
    for start, end in foreign_numbers(spelling, (*given, *mentioned)):
        yield _found(spelling, start, end, rule, _NUMBER)
    for link in foreign_links(spelling.written, given):
        start = spelling.text.find(link)
        if start < 0:
            yield 0, Finding(rule, link, _LINK)
        else:
            yield _found(spelling, start, start + len(link), rule, _LINK)


def _found(
    spelling: Spelling,
    start: int,
    end: int,
    rule: str,
    why: str,
    severity: Severity = Severity.STOP,
) -> tuple[int, Finding]:
    """A finding over a stretch of the compared form, with its place in the written text."""
    place = spelling.origin[start]
    return place, Finding(rule, spelling.words(start, end), why, severity, place)


def _weighed(found: list[tuple[int, Finding]], extra: PolicyList) -> list[Finding]:
    """In order, each stretch once for each rule, with the severities that the shop chose."""
    kept: list[Finding] = []
    reached: dict[str, int] = {}
    for place, finding in sorted(found, key=lambda one: (one[0], -len(one[1].words))):
        strength = extra.strength.get(finding.rule)
        if strength == "off" or place < reached.get(finding.rule, 0):
            continue
        reached[finding.rule] = place + len(finding.words)
        chosen = finding.severity if strength is None else Severity(strength)
        kept.append(replace(finding, severity=chosen))
    return kept
