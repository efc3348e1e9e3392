"""JSON Lines to articles: one object a line, with the keys of an article."""

from __future__ import annotations

import json
from typing import Any

from knowledge.errors import ImportRefused
from knowledge.importing import fields
from knowledge.importing.limits import check_rows
from knowledge.importing.page import cut
from knowledge.importing.row import Rules, article_of, first_sentence, generated
from knowledge.importing.source import Reading, Refusal


def read_lines(text: str, *, shown: str, stem: str, rules: Rules) -> Reading:
    """An object with an answer and no question is called after the answer's first sentence."""
    reading = Reading()
    # Not splitlines(): a text inside JSON may hold U+2028 and its kin.
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    check_rows(len(lines))
    for number, line in lines:
        where = f"{shown}, line {number}"
        try:
            row = _row(line)
        except ImportRefused as error:
            reading.take(where, Refusal(where, str(error)))
            continue
        if not fields.text_of(row.get("title")) and isinstance(row.get("answer"), str):
            row["title"] = first_sentence(row["answer"])
        title = fields.text_of(row.get("title"))
        known_id = generated(stem, title) if title else ""
        article = article_of(row, where=where, generated_id=known_id, rules=rules)
        for part in [article] if isinstance(article, Refusal) else cut(article):
            reading.take(where, part)
    return reading


def _row(line: str) -> dict[str, Any]:
    try:
        loaded = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            'this is no JSON object; write one object a line: {"id": …, "question": …, "answer": …}'
        ) from error
    if not isinstance(loaded, dict):
        raise ImportRefused("this is JSON but no object; put the row between { and }.")
    row: dict[str, Any] = {}
    for written, value in loaded.items():
        key = fields.key_of(written)
        if key is None and (meant := fields.nearly(written)):
            raise ImportRefused(f"it has the key `{written}`; write `{meant}` if you meant that.")
        # `question` and `title` may both stand in a row; whichever says something counts.
        if key is not None and fields.text_of(row.get(key)) == "":
            row[key] = value
    return row
