"""What the bot says by itself, in the customer's script: the only sentences not from an article."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

Locale = Literal["zh-Hans", "zh-Hant", "en"]

_FILE = Path(__file__).parent / "wording.yaml"


def locale_of(tag: str) -> Locale:
    """The wording for a BCP 47 tag such as zh-CN, zh-TW or en-GB; Simplified Chinese otherwise."""
    lowered = tag.lower()
    if lowered.startswith("en"):
        return "en"
    return "zh-Hant" if any(part in lowered for part in ("tw", "hk", "mo", "hant")) else "zh-Hans"


def say(key: str, locale: Locale, **values: object) -> str:
    """The sentence `key` with its blanks filled in. Raises KeyError for an unknown key."""
    return _table()[key][locale].format(**values).strip()


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    table: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return table
