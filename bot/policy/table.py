"""The shipped list, ``phrases.yaml``, compiled: patterns, each with its reason, and innocents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from bot.policy.finding import Severity
from bot.policy.spelling import blanked

TABLE = Path(__file__).parent / "phrases.yaml"

_WORD = re.compile(r"<([a-z_]+)>")
# A clause that asks claims nothing: 哪款最好？ may stand among the questions to choose from.
_QUESTION = re.compile(
    r"(?<![^,。!?;:\n])(?![^,。!?;:\n]*(?:难道|谁不|岂|何不|不[^,。!?;:\n]{1,8}吗))"
    r"(?=[^,。!?;:\n]*(?:哪|什么|怎么|怎样|咋|如何|多少|几|吗|么\?|嘛\?|是否|是不是|能不能|会不会|有没有"
    r"|可不可以|要不要|好不好)|\s*(?:is|are|do|does|did|can|could|will|would|what|which|how|when|"
    r"where|why|who)\b)[^,。!?;:\n]*\?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A pattern that may not be said. `kind` names what is promised, for promises only."""

    pattern: re.Pattern[str]
    why: str
    severity: Severity = Severity.STOP
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one rule and the stretches of text that only look like them."""

    rule: str
    innocent: tuple[re.Pattern[str], ...]
    rows: tuple[Row, ...]
    questions_too: bool = False

    def of_kind(self, kind: str) -> Section:
        """Only what promises the same thing."""
        return replace(self, rows=tuple(row for row in self.rows if row.kind == kind))

    def matches(self, text: str) -> Iterator[tuple[Row, re.Match[str]]]:
        """Every row that a text in the compared form meets, and where."""
        if not any(row.pattern.search(text) for row in self.rows):
            return
        for innocent in self.innocent:
            text = blanked(text, innocent)
        if not self.questions_too:
            text = blanked(text, _QUESTION)
        for row in self.rows:
            for found in row.pattern.finditer(text):
                yield row, found


@dataclass(frozen=True, slots=True)
class Table:
    """All sections; `deeds` tells which words promise the same thing."""

    version: str
    sections: tuple[Section, ...]
    deeds: tuple[re.Pattern[str], ...]


@cache
def shipped() -> Table:
    """The list that comes with the bot."""
    import yaml

    return read(yaml.safe_load(TABLE.read_text("utf-8")))


def read(table: Any) -> Table:
    """A parsed list, compiled; KeyError names an unknown <word>, re.error a bad pattern."""
    words: dict[str, str] = {}
    for name, body in table["words"].items():
        # A word may use those above it.
        words[name] = f"(?:{_spelt_out(_joined(body), words)})"
    return Table(
        version=str(table["version"]),
        sections=tuple(_section(name, body, words) for name, body in table["rules"].items()),
        deeds=tuple(re.compile(_spelt_out(deed, words)) for deed in table["deeds"]),
    )


def _section(name: str, body: Any, words: dict[str, str]) -> Section:
    rows: list[Row] = []
    for row in body["phrases"]:
        severity = Severity(row.get("severity", Severity.STOP))
        for pattern in row["patterns"]:
            compiled = re.compile(_spelt_out(pattern, words))
            rows.append(Row(compiled, row["why"], severity, row.get("kind", "")))
    innocent = tuple(re.compile(_spelt_out(pattern, words)) for pattern in body["innocent"])
    return Section(name, innocent, tuple(rows), bool(body.get("questions_too")))


def _joined(body: str | list[str]) -> str:
    return body if isinstance(body, str) else "|".join(body)


def _spelt_out(pattern: str, words: dict[str, str]) -> str:
    return _WORD.sub(lambda found: words[found[1]], pattern)
