"""A whole page in one row, as shops export them: cut into the questions it answers.

Nobody who asks about the opening of an invoice wants the page on invoices read out. A page is cut
only where its own structure says so: numbered questions and answers, or numbered headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from knowledge.article import Article, ArticleId

# A shorter text is one answer, whatever its shape.
_PAGE = 300
_QUESTION = re.compile(
    # A number makes it sure that a Q within a line begins a question.
    r"(?:^\s*(?:Q|问)\s*\d*|(?<=\s)(?:Q|问)\d+)\s*[：:.、]\s*(?P<title>[^\n]+)\n+"
    r"\s*(?:A\s*\d*|答\s*\d*)\s*[：:.、]\s*",
    re.MULTILINE | re.IGNORECASE,
)
_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}|第[一二三四五六七八九十]{1,3}[章条])\s*[．.、：:]\s*"
    r"(?P<title>[^\n。；;]{2,40})[:：]?\s*$",
    re.MULTILINE,
)


def cut(article: Article) -> list[Article]:
    """The articles a page is made of, in order; the article itself when it is none.

    A part is called after its own question or heading and keeps everything else of the page. Its
    id is that of the page with a number, so importing an unchanged page again changes nothing.
    """
    text = _without_its_title(article.title, article.answer)
    if len(text) < _PAGE:
        return [replace(article, answer=text)]
    for pattern, alone in ((_QUESTION, True), (_HEADING, False)):
        marks = list(pattern.finditer(text))
        if len(marks) > 1:
            return list(_parts(article, text, marks, alone=alone))
    return [replace(article, answer=text)]


def _parts(
    article: Article, text: str, marks: list[re.Match[str]], *, alone: bool
) -> Iterator[Article]:
    opening = text[: marks[0].start()].strip()
    if opening:
        yield replace(article, answer=opening)
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for number, (mark, end) in enumerate(zip(marks, ends, strict=True), start=1):
        title, body = mark["title"].strip(" ：:"), text[mark.end() : end].strip()
        if not body:
            continue
        yield replace(
            article,
            id=ArticleId(f"{article.id}#{number}"),
            title=title if alone else f"{article.title}：{title}",
            variants=() if alone else (title,),
            answer=body,
            source=article.source or article.title,
        )


def _without_its_title(title: str, text: str) -> str:
    """Exported pages begin with their own title, often twice and behind a breadcrumb."""
    lines = text.split("\n")
    heads = {title.strip(), ">", ""}
    last = max((n for n, line in enumerate(lines[:8]) if line.strip() == title.strip()), default=-1)
    if last < 0 or any(len(line) > 2 * len(title) + 10 for line in lines[:last]):
        return text
    rest = lines[last + 1 :]
    while rest and rest[0].strip() in heads:
        rest.pop(0)
    return "\n".join(rest).strip() or text
