"""A shop's own additions to the list: what else may not be said, and what may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.errors import BadSettings
from bot.policy.finding import Rule, Severity
from bot.policy.spelling import dense, level
from bot.policy.table import Row
from bot.policy.written import Place, Unreadable, Written

Strength = Literal["stop", "warn", "off"]

_KEYS = frozenset({"version", "rules", "add", "allow", "contacts"})
_STRENGTHS: dict[Any, Strength] = {"stop": "stop", "warn": "warn", "off": "off"}
_LATIN = re.compile(r"[a-z0-9]")


class BadPolicyList(BadSettings):
    """The shop's policy list cannot be used; the message says where and what to write there."""

    def __init__(self, message: str, place: Place = ()) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True, slots=True)
class Addition:
    """A phrase that the shop stops besides the shipped list."""

    rule: str
    row: Row


@dataclass(frozen=True, slots=True)
class PolicyList:
    """What a shop adds, softens and allows; `version` is stored with every finding's record.

    `strength` turns a rule down (`warn`) or off. `allowed` are stretches that are never found.
    `contacts` are the shop's own domains, addresses and numbers.
    """

    version: str = ""
    strength: Mapping[str, Strength] = field(default_factory=dict)
    added: tuple[Addition, ...] = ()
    allowed: tuple[re.Pattern[str], ...] = ()
    contacts: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path) -> PolicyList:
        """Read a YAML file. Raises BadPolicyList with file and line when it is of no use."""
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError as error:
            raise BadPolicyList(
                f"{path}: no such file; create it, or take paths.policy out of the shop file."
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise BadPolicyList(f"{path}: cannot be read as UTF-8 text ({error}).") from error
        try:
            written = Written.of(text)
            return cls.read(written.table)
        except Unreadable as error:
            raise BadPolicyList(f"{path}, line {error.line}: {error}") from error
        except BadPolicyList as error:
            line = written.line(error.place)
            raise BadPolicyList(f"{path}, line {line}: {error}", error.place) from error

    @classmethod
    def read(cls, table: Any) -> PolicyList:
        """The same from a parsed table."""
        if not isinstance(table, dict):
            raise BadPolicyList(f"expected a mapping with some of {', '.join(sorted(_KEYS))}.")
        for key in table:
            if key not in _KEYS:
                raise BadPolicyList(
                    f"unknown key {key!r}; use {', '.join(sorted(_KEYS))}.", (str(key),)
                )
        version = table.get("version")
        if not isinstance(version, str | int | float) or not str(version).strip():
            raise BadPolicyList(
                "version is missing; write one, such as 'version: shop-1'.", ("version",)
            )
        return cls(
            version=str(version).strip(),
            strength=_strengths(table.get("rules") or {}),
            added=tuple(_addition(i, row) for i, row in _rows(table, "add")),
            allowed=tuple(_pattern("allow", i, row) for i, row in _rows(table, "allow")),
            contacts=tuple(_contact(i, value) for i, value in _rows(table, "contacts")),
        )


def _rows(table: dict[str, Any], key: str) -> list[tuple[int, Any]]:
    rows = table.get(key) or []
    if not isinstance(rows, list):
        raise BadPolicyList(f"{key} must be a list; start each row with '- '.", (key,))
    return list(enumerate(rows, 1))


def _strengths(rules: Any) -> dict[str, Strength]:
    if not isinstance(rules, dict):
        raise BadPolicyList("rules must map names of rules to stop, warn or off.", ("rules",))
    known = [str(rule) for rule in Rule]
    found: dict[str, Strength] = {}
    for name, strength in rules.items():
        place: Place = ("rules", str(name))
        if name not in known:
            raise BadPolicyList(f"rules: unknown rule {name!r}; use {', '.join(known)}.", place)
        # YAML reads a bare `off` as false.
        chosen = _STRENGTHS.get("off" if strength is False else str(strength))
        if chosen is None:
            raise BadPolicyList(f"rules: {name} is {strength!r}; write stop, warn or off.", place)
        found[name] = chosen
    return found


def _addition(number: int, row: Any) -> Addition:
    pattern = _pattern("add", number, row)
    rule, why = row.get("rule"), row.get("why")
    if not isinstance(rule, str) or not rule.strip():
        raise _wrong("add", number, "rule is missing; name it, such as superlative.")
    if not isinstance(why, str) or not why.strip():
        raise _wrong("add", number, "why is missing; the person who writes reads it.")
    severity = row.get("severity", "stop")
    if severity not in ("stop", "warn"):
        raise _wrong("add", number, f"severity is {severity!r}; write stop or warn.")
    return Addition(rule.strip(), Row(pattern, why.strip(), Severity(severity)))


def _pattern(key: str, number: int, row: Any) -> re.Pattern[str]:
    """What a row looks for, in the compared form of texts."""
    if not isinstance(row, dict):
        raise _wrong(key, number, "expected 'phrase: …' or 'pattern: …'.")
    unknown = set(row) - {"phrase", "pattern", "rule", "why", "severity"}
    if unknown:
        raise _wrong(key, number, f"unknown key {sorted(map(str, unknown))[0]!r}.")
    if ("phrase" in row) == ("pattern" in row):
        raise _wrong(key, number, "give either phrase (plain words) or pattern (a regex).")
    if "pattern" in row:
        try:
            compiled = re.compile(str(row["pattern"]))
        except re.error as error:
            raise _wrong(key, number, f"the pattern does not compile: {error}.") from error
        if compiled.search(""):
            raise _wrong(key, number, "the pattern matches an empty text; narrow it.")
        return compiled
    phrase = dense(level(str(row["phrase"] or "").strip())).text
    if len(phrase) < 2:
        raise _wrong(key, number, "the phrase is too short; one character is everywhere.")
    before = r"(?<![a-z0-9])" if _LATIN.match(phrase[0]) else ""
    after = r"(?![a-z0-9])" if _LATIN.match(phrase[-1]) else ""
    return re.compile(before + re.escape(phrase) + after)


def _contact(number: int, value: Any) -> str:
    if not isinstance(value, str) or len(value.strip()) < 4:
        raise _wrong("contacts", number, "write a domain, an address or a number in quotes.")
    return value.strip()


def _wrong(key: str, number: int, told: str) -> BadPolicyList:
    return BadPolicyList(f"{key}, row {number}: {told}", (key, number - 1))
