"""The headings of a Markdown text, each with the lines under it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ANCHOR = re.compile(r"\s*\{#([^{}\s]+)\}\s*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_NOT_FOR_CUSTOMERS = re.compile(r"<!--.*?-->|!\[[^\]]*\]\(data:[^)]*\)", re.DOTALL)
_EMPHASIS = re.compile(r"(\*{1,3}|`)(?=\S)(.+?)(?<=\S)\1")
_FENCE = re.compile(r"ya?ml\s+article\s*", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Section:
    """A heading with its own lines: those up to the next heading, whatever its level."""

    title: str = ""
    level: int = 0
    line: int = 1
    anchor: str = ""
    parents: tuple[str, ...] = ()
    lines: list[str] = field(default_factory=list)
    fences: list[str] = field(default_factory=list)

    @property
    def explicit(self) -> bool:
        """Whether the writer marked this heading as an article."""
        return bool(self.anchor or self.fences)

    @property
    def body(self) -> str:
        """The Markdown under the heading, without notes among editors and embedded pictures."""
        return _NOT_FOR_CUSTOMERS.sub("", "\n".join(self.lines)).strip()


def sections_of(text: str, *, first_line: int = 1) -> tuple[Section, list[Section]]:
    """What stands above the first heading, and the headings in order."""
    lines = text.split("\n")
    opening = Section(line=first_line)
    sections: list[Section] = []
    above: list[Section] = []
    at = 0
    tokens = MarkdownIt("commonmark").disable("inline").parse(text)
    for i, token in enumerate(tokens):
        if token.level != 0 or token.map is None:
            continue
        start, end = token.map
        owner = sections[-1] if sections else opening
        if token.type == "heading_open":
            owner.lines += lines[at:start]
            level = int(token.tag[1:])
            above = [section for section in above if section.level < level]
            heading = _heading(tokens[i + 1], level, first_line + start)
            heading.parents = tuple(section.title for section in above)
            above.append(heading)
            sections.append(heading)
        elif token.type == "fence" and _FENCE.fullmatch(token.info.strip()):
            owner.lines += lines[at:start]
            owner.fences.append(token.content)
        else:
            continue
        at = end
    (sections[-1] if sections else opening).lines += lines[at:]
    return opening, sections


def _heading(inline: Token, level: int, line: int) -> Section:
    written = inline.content
    anchor = _ANCHOR.search(written)
    plain = _LINK.sub(r"\1", _ANCHOR.sub("", written))
    plain = _EMPHASIS.sub(r"\2", plain)
    return Section(
        title=" ".join(plain.split()), level=level, line=line, anchor=anchor[1] if anchor else ""
    )
