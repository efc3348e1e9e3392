"""Choices: what a customer picked, and when a text is too bare to be anything but a choice."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.decision import Decision, Kind
from bot.followup import picked
from bot.request import Request
from bot.served import Serving
from knowledge.article import Article
from knowledge.search import Found, Hit
from knowledge.text import normalise

_LONGEST_NAME = 4


def named_only(text: str, found: Found) -> list[Hit]:
    """The likely articles when a text only names a matter, such as 发票 or `invoice`.

    Nobody can know which of several questions about it is meant, however near one of them is.
    """
    if len(text.encode("gb18030")) > 2 * _LONGEST_NAME and (" " in text or not text.isascii()):
        return []
    hits = [hit for hit in found.hits[:5] if text in normalise(hit.article.title)]
    return hits[:3] if len(hits) > 1 else []


_MOST_RELATED = 3


def with_related(decision: Decision, found: Found | None) -> Decision:
    """The answer with what others ask about the same matter, for those who can press buttons.

    Pressing one is a question like any other, so it is no question back to the customer.
    """
    cited = set(decision.cited)
    if decision.kind is not Kind.ANSWER or found is None or len(cited) != 1:
        return decision
    topics = {hit.article.category for hit in found.hits if hit.article.id in cited}
    likely = [
        hit.article
        for hit in found.hits
        if hit.article.id not in cited
        and hit.article.category in topics
        and not hit.article.hand_over
    ]
    if not likely:
        return decision
    options = [{"id": each.id, "text": each.title} for each in likely[:_MOST_RELATED]]
    return replace(decision, parts=[*decision.parts, {"type": "related", "options": options}])


_PICKING = re.compile(
    r"^(就|我?要?选|我?要|那就|那|是)?(那个|这个|那款|那单|the)?|(吧|呢|的|那个|那单|啦|哈|one|please|[.,!?])*$"
)


def wanted(request: Request, text: str) -> str | None:
    """The id behind a button, or behind 2 or 第三个 after a question with choices."""
    for parts in reversed(request.messages):
        for part in parts:
            if part["type"] == "choice":
                return str(part.get("id"))
    options = request.choices_open
    place = picked(text, len(options)) if options else None
    if place is not None:
        return str(options[place]["id"])
    labels = {str(option["id"]): normalise(str(option["text"])) for option in options}
    exact = [key for key, label in labels.items() if label == text]
    words = _PICKING.sub("", text)
    # 就打底衫吧 picks the one order, or the one question, with a 打底衫 in it.
    within = [key for key, label in labels.items() if len(words) > 1 and words in label]
    found = exact or within
    return found[0] if len(found) == 1 else None


def chosen(request: Request, serving: Serving, article_id: str | None) -> Article | None:
    """The article with that id, if it may still be used."""
    for article in serving.index.articles:
        if article.id == article_id and article.id not in serving.hidden:
            return article if article.is_valid(asked_at=request.at) else None
    return None
