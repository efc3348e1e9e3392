"""From the fields of one row to an article, or to the reason why it is refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from knowledge.article import Article, ArticleId, Scope
from knowledge.errors import ImportRefused
from knowledge.importing import fields
from knowledge.importing.source import Refusal

MAX_ANSWER = 20_000
MAX_TITLE = 500
MAX_ID = 200
MAX_VARIANTS = 500

_SENTENCE_END = re.compile(r"(?<=[。！？!?])|(?<=\.)\s|\n")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")
_BROKEN = re.compile("[\ud800-\udfff\ufffd]")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every row of an import."""

    zone: tzinfo
    default_language: str = "zh"
    allow_without_answer: bool = False


def article_of(
    row: Mapping[str, object], *, where: str, generated_id: str, rules: Rules
) -> Article | Refusal:
    """The article that `row` (keys of `fields.KEYS`) describes, or why there is none."""
    known_id = generated_id
    try:
        known_id = fields.scalar_of("id", row.get("id")) or generated_id
        return _article(row, known_id, rules)
    except ImportRefused as error:
        return Refusal(where, str(error), ArticleId(known_id) if known_id else None)


def generated(stem: str, *path: str) -> str:
    """An id for something without one: stable while its file name and its heading path are."""
    digest = hashlib.sha256("\0".join((stem, *path)).encode("utf-8", "replace")).hexdigest()[:10]
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40]
    return f"{slug or 'doc'}-{digest}"


def first_sentence(text: str, limit: int = 120) -> str:
    """What to call a text that has no title."""
    for part in _SENTENCE_END.split(text):
        plain = part.strip(" \t#*->")
        if plain:
            return plain[:limit]
    return text.strip()[:limit]


def _article(row: Mapping[str, object], known_id: str, rules: Rules) -> Article:
    title = " ".join(fields.scalar_of("title", row.get("title")).split())
    answer = fields.scalar_of("answer", row.get("answer"))
    if not answer and not rules.allow_without_answer:
        raise ImportRefused("there is no answer; write one, or delete the row.")
    if not title:
        raise ImportRefused("there is no question; write the question that the answer settles.")
    if len(title) > MAX_TITLE:
        raise ImportRefused(f"the question has more than {MAX_TITLE} characters; shorten it.")
    if len(answer) > MAX_ANSWER:
        raise ImportRefused(
            f"the answer has {len(answer):,} characters, more than {MAX_ANSWER:,}; "
            "split it into several articles."
        )
    if len(known_id) > MAX_ID or re.search(r"[\n\t]", known_id):
        raise ImportRefused(f"the id must be one line of at most {MAX_ID} characters; shorten it.")
    variants = fields.texts_of("variants", row.get("variants"), separators="\n|｜")
    if len(variants) > MAX_VARIANTS or any(len(variant) > MAX_TITLE for variant in variants):
        raise ImportRefused(
            f"at most {MAX_VARIANTS} variants of {MAX_TITLE} characters fit; keep the typical ones."
        )
    article = _with_the_rest(row, known_id, title, answer, variants, rules)
    if _BROKEN.search(json.dumps(article.to_json(), ensure_ascii=False)):
        raise ImportRefused("there are broken characters (�); save the file as UTF-8 again.")
    return article


def _with_the_rest(
    row: Mapping[str, object],
    known_id: str,
    title: str,
    answer: str,
    variants: tuple[str, ...],
    rules: Rules,
) -> Article:
    start = fields.moment_of("valid_from", row.get("valid_from"), rules.zone, end_of_day=False)
    end = fields.moment_of("valid_until", row.get("valid_until"), rules.zone, end_of_day=True)
    if start is not None and end is not None and end < start:
        raise ImportRefused(
            f"valid_until ({end.date()}) lies before valid_from ({start.date()}); mend the dates."
        )

    def several(key: str) -> tuple[str, ...]:
        return fields.texts_of(key, row.get(key), separators=",，、;；\n|")

    return Article(
        id=ArticleId(known_id),
        title=title,
        answer=answer,
        variants=tuple(variant for variant in variants if variant != title),
        stage=fields.stage_of(row.get("stage")),
        category=fields.scalar_of("category", row.get("category")),
        tags=several("tags"),
        scope=Scope(several("channels"), several("products")),
        valid_from=start,
        valid_until=end,
        applies_by=fields.applies_by_of(row.get("applies_by")),
        language=fields.language_of(row.get("language"), _likely(title + answer, rules)),
        source=fields.scalar_of("source", row.get("source")),
        hand_over=fields.truth_of("hand_over", row.get("hand_over")),
        needs_order=fields.truth_of("needs_order", row.get("needs_order")),
    )


def _likely(text: str, rules: Rules) -> str:
    """The language of an article that does not name it: one without any Han is not Chinese."""
    if rules.default_language.startswith("zh") and not _HAN.search(text) and _LATIN.search(text):
        return "en"
    return rules.default_language
