"""Looks for articles that disagree or that stand twice; better silent than wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from knowledge.article import Article, ArticleId
from knowledge.statement import Statement, statements
from knowledge.text import normalise

# What a question asks with, as against what it asks about.
_ASKING = re.compile(
    "什么时候|什么时间|多长时间|多少钱|多少天|多少|多久|几天|几个|什么|怎么样|怎么|怎样|如何|是否|能不能|可不可以|可以|"
    "请问|一般|大概|需要|期限|时间|规则|政策|说明|标准|规定|之内|以内|之后|以后|我们|你们|"
    "[能吗呢啊吧的了是在有会要内后我你您买里到个请给]"
)
_ENGLISH = """a an the is are do does did can could will would i we you my your our it to of in
for on how what when where which long much many take takes get have has be there policy period time
please there's what's if"""
_ASKING_ENGLISH = frozenset(_ENGLISH.split())
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
# A question that hundreds of articles share is an import gone wrong; the first few show that.
_MOST_RIVALS = 50
_MARKS_AT_THE_END = " 。．.?？!！~～,，;；:："


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two articles that state something different about the same matter."""

    first: ArticleId
    second: ArticleId
    about: str
    first_says: str
    second_says: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One question that stands in several articles."""

    question: str
    articles: tuple[ArticleId, ...]


def duplicates(articles: Iterable[Article]) -> list[Duplicate]:
    """Questions (titles and variants) that several articles claim for the same customers."""
    claimed: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        for question in dict.fromkeys(map(_plain, (article.title, *article.variants))):
            if question:
                claimed[question].append(article)
    found = []
    for question, owners in claimed.items():
        pairs = combinations(owners[:_MOST_RIVALS], 2)
        rivals = {a.id for pair in pairs if _same_customers(*pair) for a in pair}
        if rivals:
            found.append(Duplicate(question, tuple(sorted(rivals))))
    return found


def contradictions(articles: Iterable[Article]) -> list[Contradiction]:
    """Pairs about the same matter with different amounts, periods or payers.

    Two articles are about the same matter when a title or variant of one asks about exactly what
    a title or variant of the other asks about, in the same category and for the same customers.
    """
    found: list[Contradiction] = []
    said: dict[ArticleId, list[Statement]] = {}
    for first, second in _about_the_same(articles):
        for article in (first, second):
            if article.id not in said:
                said[article.id] = list(statements(article.answer))
        found.extend(_disagreements(first, second, said[first.id], said[second.id]))
    return found


def _about_the_same(articles: Iterable[Article]) -> Iterator[tuple[Article, Article]]:
    matters: dict[frozenset[str], list[Article]] = defaultdict(list)
    for article in articles:
        keys = {_matter(question) for question in (article.title, *article.variants)}
        for key in keys - {frozenset()}:
            matters[key].append(article)
    seen: set[tuple[ArticleId, ArticleId]] = set()
    for owners in matters.values():
        for first, second in combinations(owners[:_MOST_RIVALS], 2):
            pair = (first.id, second.id)
            if (
                pair not in seen
                and _same_category(first, second)
                and _same_customers(first, second)
            ):
                seen.add(pair)
                yield first, second


def _disagreements(
    first: Article, second: Article, one: Sequence[Statement], other: Sequence[Statement]
) -> Iterator[Contradiction]:
    """Where both speak of the same noun in the same unit and share no value."""
    here, there = _by_subject(one), _by_subject(other)
    for subject in here.keys() & there.keys():
        mine, theirs = here[subject], there[subject]
        if {s.value for s in mine}.isdisjoint(s.value for s in theirs):
            noun, unit = subject
            about = noun if unit == "payer" else f"{noun} ({unit})"
            yield Contradiction(first.id, second.id, about, mine[0].text, theirs[0].text)


def _by_subject(said: Sequence[Statement]) -> dict[tuple[str, str], list[Statement]]:
    subjects: dict[tuple[str, str], list[Statement]] = defaultdict(list)
    for statement in said:
        subjects[statement.noun, statement.unit].append(statement)
    return subjects


def _matter(question: str) -> frozenset[str]:
    """What a question is about: its words, Chinese ones as characters, without asking words."""
    about: set[str] = set()
    for word in _WORD.findall(_ASKING.sub(" ", normalise(question))):
        if word.isascii():
            about.update({word.rstrip("s")} - _ASKING_ENGLISH)
        else:
            about.update(word)
    # One Chinese character, or one short word, is too little to be sure.
    return frozenset(about) if len("".join(about)) > 1 + "".join(about).isascii() else frozenset()


def _plain(question: str) -> str:
    return normalise(question).strip(_MARKS_AT_THE_END)


def _same_category(first: Article, second: Article) -> bool:
    return not first.category or not second.category or first.category == second.category


def _same_customers(first: Article, second: Article) -> bool:
    """Whether one customer could get either: same language, scope and time."""
    return (
        first.id != second.id
        and first.language == second.language
        and first.applies_by is second.applies_by
        and _overlap(first.scope.products, second.scope.products)
        and _overlap(first.scope.channels, second.scope.channels)
        and not _ends_before(first, second)
        and not _ends_before(second, first)
    )


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    # An article for one product may differ from the general one: that is what it is for.
    return bool(set(one) & set(other)) or not (one or other)


def _ends_before(first: Article, second: Article) -> bool:
    return (
        first.valid_until is not None
        and second.valid_from is not None
        and first.valid_until < second.valid_from
    )
