"""What makes case files less of a measure than they look."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from eval.case import Case
from eval.case_files import Located, RawCase, examine
from eval.normal import bare
from eval.rows import KbRow

# Twice the shared letter pairs over all pairs: one changed character in a dozen stays above.
NEAR_COPY = 0.85


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, and where."""

    path: Path
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"

    def as_json(self) -> dict[str, object]:
        """The finding as data."""
        return {
            "file": str(self.path),
            "line": self.line,
            "rule": self.rule,
            "message": self.message,
        }


def lint(raws: Sequence[RawCase], kb: Sequence[KbRow] = ()) -> list[Finding]:
    """Everything to mend, in the order of the files."""
    found: list[Finding] = []
    cases: list[Located] = []
    for raw in raws:
        case, faults = examine(raw)
        found += [
            Finding(fault.path, fault.line, "bad-row", f"{fault.problem}; {fault.remedy}")
            for fault in faults
        ]
        if case is not None:
            cases.append(Located(case, raw.path, raw.line))
    found += [*_repeated(cases), *_in_both_parts(cases)]
    if kb:
        found += [*_copies(cases, kb), *_unknown_articles(cases, kb)]
    order = {(raw.path, raw.line): place for place, raw in enumerate(raws)}
    return sorted(found, key=lambda each: order[each.path, each.line])


def _repeated(cases: Sequence[Located]) -> Iterator[Finding]:
    ids: dict[str, Located] = {}
    texts: dict[object, Located] = {}
    for each in cases:
        first = ids.setdefault(each.case.id, each)
        if first is not each:
            yield _finding(each, "repeated-id", f"{each.case.id} is taken by {_place(first)}")
        first = texts.setdefault(_content(each.case), each)
        if first is not each:
            message = f"says the same as {first.case.id} ({_place(first)}); drop one"
            yield _finding(each, "duplicate", message)


def _content(case: Case) -> object:
    # 我的快递到哪了 has another right answer for another customer, product page or day.
    said = tuple(
        tuple(
            bare(str(part["text"])) or part["text"] if part["type"] == "text" else part["name"]
            for incoming in burst
            for part in incoming.parts
        )
        for burst in case.bursts()
    )
    return said, case.customer, case.channel, case.product, case.at


def _in_both_parts(cases: Sequence[Located]) -> Iterator[Finding]:
    fitted: dict[str, Located] = {}
    for each in cases:
        if each.case.part == "fit":
            for id_ in each.case.gold():
                fitted.setdefault(id_, each)
    told: set[str] = set()
    for each in cases:
        if each.case.part == "report":
            for id_ in each.case.gold():
                if id_ in fitted and id_ not in told:
                    told.add(id_)
                    first = fitted[id_]
                    message = f"{id_} is also fitted to by {first.case.id} ({_place(first)})"
                    yield _finding(each, "article-in-both-parts", message)


def _copies(cases: Sequence[Located], kb: Sequence[KbRow]) -> Iterator[Finding]:
    titles = _Titles(kb)
    for each in cases:
        for text in (text for turn in each.case.texts() for text in turn):
            if title := titles.same(text):
                message = f"{text!r} is {title.text!r} of {title.article}; say it otherwise"
                yield _finding(each, "copy", message)
            elif title := titles.nearly(text):
                message = f"{text!r} is nearly {title.text!r} of {title.article}; say it otherwise"
                yield _finding(each, "near-copy", message)


@dataclass(frozen=True, slots=True)
class _Title:
    article: str
    text: str
    pairs: frozenset[str]


class _Titles:
    """All questions and variants of a knowledge base, to be found by what they share."""

    def __init__(self, kb: Sequence[KbRow]) -> None:
        self._by_form: dict[str, _Title] = {}
        self._by_pair: defaultdict[str, list[_Title]] = defaultdict(list)
        for row in kb:
            for text in (row.question, *row.variants):
                form = bare(text or "")
                if text and form and form not in self._by_form:
                    title = _Title(row.id, text, _pairs(form))
                    self._by_form[form] = title
                    for pair in title.pairs:
                        self._by_pair[pair].append(title)

    def same(self, text: str) -> _Title | None:
        return self._by_form.get(bare(text))

    def nearly(self, text: str) -> _Title | None:
        pairs = _pairs(bare(text))
        # A near copy shares at least this many of the pairs, so among all but so many of them, the
        # rarest, there is one that it shares: only titles with one of those are compared.
        shared = ceil(len(pairs) * NEAR_COPY / (2 - NEAR_COPY))
        rarest = sorted(pairs, key=lambda pair: (len(self._by_pair.get(pair, ())), pair))
        for pair in rarest[: len(pairs) - shared + 1]:
            for title in self._by_pair.get(pair, ()):
                both = len(pairs) + len(title.pairs)
                if 2 * len(pairs & title.pairs) >= NEAR_COPY * both:
                    return title
        return None


def _pairs(form: str) -> frozenset[str]:
    return frozenset(form[place : place + 2] for place in range(len(form) - 1))


def _unknown_articles(cases: Sequence[Located], kb: Sequence[KbRow]) -> Iterator[Finding]:
    known = {row.id for row in kb}
    for each in cases:
        for id_ in each.case.gold():
            if id_ not in known:
                yield _finding(each, "unknown-article", f"the knowledge has no {id_}; correct it")


def _finding(at: Located, rule: str, message: str) -> Finding:
    return Finding(at.path, at.line, rule, message)


def _place(at: Located) -> str:
    return f"{at.path}:{at.line}"
