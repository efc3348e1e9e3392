"""Matters that a person must see at once, recognised by what is said rather than how.

The patterns are a table, ``signals_data/risk.yaml``, each with its reason: whoever wonders why a
conversation was handed over can read it there. Asking beforehand (会不会漏电) is not a report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "signals_data" / "risk.yaml"

# A longer text is a pasted document; what it is about stands at the beginning.
_READ = 2000
_WORD = re.compile(r"<([a-z_]+)>")


@dataclass(frozen=True, slots=True)
class Topic:
    """A risky matter: its name in records, and the patterns that give it away."""

    name: str
    patterns: tuple[re.Pattern[str], ...]

    def is_in(self, text: str) -> bool:
        """Whether a text in normal form reports it."""
        return any(pattern.search(text) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Risks:
    """All topics in order of urgency, and the stretches of text that only look like them."""

    innocent: tuple[re.Pattern[str], ...]
    topics: tuple[Topic, ...]

    def first_in(self, text: str) -> str | None:
        """The name of the first topic that the text reports."""
        for pattern in self.innocent:
            # A full stop, not nothing: what stood on both sides must not grow together.
            text = pattern.sub("。", text)
        return next((topic.name for topic in self.topics if topic.is_in(text)), None)


@cache
def _shipped() -> Risks:
    import yaml

    return read_risks(yaml.safe_load(TABLE.read_text("utf-8")))


def read_risks(table: Any) -> Risks:
    """A table with `words`, `innocent` and `topics`, compiled; KeyError names an unknown word."""
    words: dict[str, str] = {}
    for name, body in table["words"].items():
        # A word may use those above it.
        words[name] = _spelt_out(body, words)

    def compiled(rows: Any) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(_spelt_out(row["pattern"], words)) for row in rows)

    topics = tuple(Topic(name, compiled(rows)) for name, rows in table["topics"].items())
    return Risks(compiled(table["innocent"]), topics)


def _spelt_out(pattern: str, words: dict[str, str]) -> str:
    return _WORD.sub(lambda found: words[found[1]], pattern)


_REVIEW_THREAT = re.compile(
    r"(?:给|打|写|发|来|就|要|等着|赏|送|留|刷|上|必须?)[^。!?]{0,6}(?:差评|中差评|一星|1星|负评|零分|0分)"
    r"|差评(?:伺候|见|警告|送上|走起|安排|奉上|少不了|等着|预定|跑不了|不解释|拿好)|追评(?!在|怎|能|可|功|返)"
    r"|评论区见|评价里见"
    r"|\b(?:one|1|zero|0|bad|negative)[- ]?stars?\b"
    r"|\b(?:bad|negative|terrible|awful|honest|scathing|nasty|horrible) reviews?\b"
    r"|\b(?:leav|writ|post|giv)\w* (?:you |this shop |your shop )?(?:a |an |my )?(?:\w+ )?review\b"
    r"[^.!?]{0,20}\b(?:everyone|warn|regret|deserve|unless)\b"
)
_REVIEW_HARMLESS = re.compile(
    r"差评(?:率|多|怎么|怎样|能|可以|在哪|是不是|有没有|删|改|撤|的人|里)"
    r"|看到?[^。!?]{0,6}差评|(?:好多|很多|这么多|有|有些|几个|那些)(?:人)?差评"
    r"|(?:怎么|如何|能不能|可以|不小心|手滑|误|点错|不会|不想)[^。!?, ]{0,8}(?:差评|追评|一星)"
    r"|(?:怎么|在哪|哪里|如何|能|可以)[^。!?]{0,4}追评"
    r"|why [^.!?]{0,12}reviews?|(?:read|saw|see|seen|are there|any|some|many) [^.!?]{0,16}reviews?"
    r"|how (?:do|can) i [^.!?]{0,20}review"
)


def risk_in(text: str) -> str | None:
    """The name of the first risky topic that a text in normal form reports, or None."""
    return _shipped().first_in(text[:_READ])


def threatens_review(text: str) -> bool:
    """Whether a text in normal form threatens a bad review (asking about reviews is no threat)."""
    return bool(_REVIEW_THREAT.search(text)) and not _REVIEW_HARMLESS.search(text)
