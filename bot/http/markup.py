"""Markdown to HTML that is safe to show: no raw HTML in, and only a few harmless tags out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt

_TAGS = (
    {"p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "pre", "blockquote", "del", "s"}
    | {f"h{level}" for level in range(3, 7)}
    | {"table", "thead", "tbody", "tr", "th", "td", "hr"}
)


@lru_cache(maxsize=2048)
def render(markdown: str) -> str:
    """Safe HTML of a Markdown text."""
    return nh3.clean(
        _markdown().render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer nofollow",
    )


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
        ["table", "strikethrough"]
    )


def dressed(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as clients get it: Markdown parts carry their HTML as well."""
    return {**message, "parts": [_part(part) for part in _parts(message)]}


def _parts(message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    parts: Sequence[Mapping[str, Any]] = message["parts"]
    return parts


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    if part.get("format") == "markdown":
        return {"type": part["type"], "text": part["text"], "html": render(part["text"])}
    return dict(part)
