"""Markdown to articles: the shop's own format, and ordinary policy documents."""

from __future__ import annotations

import re
from typing import Any

import yaml

from knowledge.article import Article, ArticleId
from knowledge.errors import ImportRefused
from knowledge.importing import fields
from knowledge.importing.row import Rules, article_of, generated
from knowledge.importing.section import Section, sections_of
from knowledge.importing.source import Reading, Refusal

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_MAX_YAML = 20_000
_FENCE_KEYS = tuple(key for key in fields.KEYS if key not in ("id", "title", "answer"))
# Headings that say nothing without the heading above them.
_GENERIC = """简介 概述 说明 总则 附则 其他 其它 补充 备注 须知 注意事项 温馨提示 常见问题 流程
条件 时间 时效 费用 范围 定义 例外 步骤 introduction overview general notes note faq other
exceptions conditions scope definitions details more summary process time fees"""
_GENERIC_HEADINGS = frozenset(_GENERIC.split())


def read_markdown(text: str, *, shown: str, stem: str, rules: Rules) -> Reading:
    """Every heading that has a body of its own is an article; front matter gives defaults."""
    reading = Reading()
    defaults, body = _front_matter(text)
    title = fields.scalar_of("title", defaults.pop("title", ""))
    opening, sections = sections_of(body, first_line=text[: len(text) - len(body)].count("\n") + 1)
    explicit = any(section.explicit for section in sections)
    if explicit:
        sections = _owning_what_is_below(sections)
    tops = [section.title for section in sections if section.level == 1]
    title = title or (tops[0] if len(tops) == 1 else "")
    defaults["source"] = defaults.get("source") or title
    if opening.fences:
        why = "an `article` fence stands above the first heading; put it under its own heading."
        reading.take(shown, Refusal(shown, why))
    if explicit:
        chosen = [section for section in sections if section.explicit or section.level > 1]
        introductions = [s for s in (opening, *sections) if s not in chosen and s.body]
        reading.note(f"{shown}, line {s.line}: introduction, no article" for s in introductions)
    else:
        opening.title = title or stem
        chosen = [opening, *sections]
        for section in sections:
            if title and not section.parents and section.title != title:
                section.parents = (title,)
    _take_all(reading, chosen, defaults, shown=shown, stem=stem, rules=rules, prefix=not explicit)
    return reading


def _take_all(
    reading: Reading,
    sections: list[Section],
    defaults: dict[str, Any],
    *,
    shown: str,
    stem: str,
    rules: Rules,
    prefix: bool,
) -> None:
    """Turns the sections that say something into articles. `prefix` mends headings of one word."""
    titles = [section.title for section in sections]
    seen: dict[tuple[str, ...], int] = {}
    for section in sections:
        if not section.body and not section.explicit:
            continue
        path = (*section.parents, section.title)
        seen[path] = seen.get(path, 0) + 1
        if seen[path] > 1:
            path = (*path, str(seen[path]))
        where = f"{shown}, line {section.line}, “{section.title[:60]}”"
        title = section.title
        if prefix:
            title = _telling(section, repeated=titles.count(section.title) > 1)
        known_id = section.anchor or generated(stem, *path)
        reading.take(where, _article(section, defaults, where, known_id, title, rules))


def _article(
    section: Section,
    defaults: dict[str, Any],
    where: str,
    known_id: str,
    title: str,
    rules: Rules,
) -> Article | Refusal:
    row = {**defaults, "title": title, "answer": section.body}
    try:
        if len(section.fences) > 1:
            raise ImportRefused("there are two `article` fences under one heading; keep one.")
        for fence in section.fences:
            row.update(_mapping(fence, allowed=_FENCE_KEYS, name="the `article` fence"))
    except ImportRefused as error:
        # Without its fence an article might be valid for ever, or answered without a person.
        return Refusal(where, str(error), ArticleId(known_id))
    return article_of(row, where=where, generated_id=known_id, rules=rules)


def _telling(section: Section, *, repeated: bool) -> str:
    """The heading, after the heading above it where it says too little alone."""
    words = section.title.split()
    short = len(section.title) <= 4 if _HAN.search(section.title) else len(words) <= 2
    generic = section.title.strip(" .：:?？").casefold() in _GENERIC_HEADINGS
    if not section.parents or not (short or generic or repeated):
        return section.title
    joint = "：" if _HAN.search(section.parents[-1] + section.title) else ": "
    return f"{section.parents[-1]}{joint}{section.title}"


def _owning_what_is_below(sections: list[Section]) -> list[Section]:
    """A section with an id or a fence keeps deeper headings in its text unless they have one."""
    kept: list[Section] = []
    for section in sections:
        owner = kept[-1] if kept else None
        if owner and owner.explicit and not section.explicit and section.level > owner.level:
            owner.lines += ["", "#" * section.level + " " + section.title, *section.lines]
        else:
            kept.append(section)
    return kept


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT.match(text)
    if found is None:
        return {}, text
    return _mapping(found[1], allowed=None, name="the front matter"), text[found.end() :]


def _mapping(source: str, *, allowed: tuple[str, ...] | None, name: str) -> dict[str, Any]:
    """The keys and values of YAML; every scalar stays text, so that 001 and dates survive."""
    if len(source) > _MAX_YAML:
        raise ImportRefused(f"{name} is longer than {_MAX_YAML:,} characters; shorten it.")
    try:
        loaded = yaml.load(source, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        at = f" (its line {line + 1})" if line is not None else ""
        raise ImportRefused(f"{name} is no valid YAML{at}; mend it.") from error
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, dict):
        raise ImportRefused(f"{name} must be lines of the form `key: value`.")
    return dict(_known(loaded, allowed, name))


def _known(
    loaded: dict[Any, Any], allowed: tuple[str, ...] | None, name: str
) -> list[tuple[str, Any]]:
    """Only the keys that mean something; a misspelt one is refused, because it would be lost."""
    pairs = []
    for written, value in loaded.items():
        key = fields.key_of(written)
        if key in (allowed or (*_FENCE_KEYS, "title")):
            pairs.append((str(key), value))
        elif allowed is not None:
            raise ImportRefused(
                f"{name} has the key `{written}`; it may have {', '.join(allowed)}."
            )
        elif key is None and (meant := fields.nearly(str(written))):
            raise ImportRefused(f"{name} has the key `{written}`; write `{meant}` if you meant it.")
    return pairs
