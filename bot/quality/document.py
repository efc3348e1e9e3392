"""Putting printed tables where a document keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.errors import BadData
from eval.jsonl import text_of


def replaced(text: str, name: str, lines: Sequence[str]) -> str:
    """The text with `lines` between its marks `<!-- name -->` and `<!-- /name -->`."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise BadData(f"no place for the {name}: put the lines {start} and {end} where it belongs")
    return "\n".join([before + start, "", *lines, "", end + after])


def write(path: Path, tables: Mapping[str, Sequence[str]]) -> None:
    """Put each table into the document; the rest of it stays."""
    text = text_of(path)
    for name, lines in tables.items():
        text = replaced(text, name, lines)
    path.write_text(text, encoding="utf-8")
