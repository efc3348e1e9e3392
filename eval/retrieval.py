"""How well a search finds the right article, and how well its confidence tells right from wrong."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

from eval.errors import TargetMisbehaved
from eval.rows import QueryRow
from eval.statistics import auroc, percentile
from eval.target import Ranking, SearchTarget

# At most one wrong among fifty answers given.
_ANSWERS_PER_WRONG = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question and what the search made of it."""

    query: QueryRow
    ranking: Ranking
    took_ms: float

    @property
    def place(self) -> int | None:
        """The place of the first right article, from 1; None when it is not in the ranking."""
        gold = set(self.query.gold_ids)
        places = (place for place, id_ in enumerate(self.ranking.ids, start=1) if id_ in gold)
        return next(places, None)

    @property
    def right(self) -> bool:
        """In scope, and a right article is first."""
        return self.query.in_scope and self.place == 1


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """The numbers of one run, named as in the printed form."""

    kb: int
    in_scope: int
    out_of_scope: int
    hit_at_1: float | None
    hit_at_3: float | None
    hit_at_10: float | None
    mrr: float | None
    oos_auroc: float | None
    answered_at_2pct_wrong: float | None
    ms_p50: float | None
    ms_p95: float | None


async def rank_all(
    queries: Sequence[QueryRow],
    target: SearchTarget,
    *,
    clock: Callable[[], float],
    on_done: Callable[[], None],
) -> list[Ranked]:
    """Ask one at a time, after one warm-up query that does not count; `clock` counts seconds."""
    await target.rank(queries[0].query, queries[0].history)
    ranked = []
    for query in queries:
        began = clock()
        ranking = await target.rank(query.query, query.history)
        took_ms = (clock() - began) * 1000
        if not (isfinite(ranking.confidence) and isfinite(ranking.in_scope)):
            raise TargetMisbehaved(
                f"the confidence for {query.query!r} is not a finite number; correct the adapter"
            )
        ranked.append(Ranked(query, ranking, took_ms))
        on_done()
    return ranked


def report(kb: int, ranked: Sequence[Ranked]) -> RetrievalReport:
    """Count everything; what has no questions to count from is None."""
    inside = [each for each in ranked if each.query.in_scope]
    outside = [each for each in ranked if not each.query.in_scope]
    times = [each.took_ms for each in ranked]
    return RetrievalReport(
        kb=kb,
        in_scope=len(inside),
        out_of_scope=len(outside),
        hit_at_1=_hit_at(inside, 1),
        hit_at_3=_hit_at(inside, 3),
        hit_at_10=_hit_at(inside, 10),
        mrr=_mean([1 / each.place if each.place else 0.0 for each in inside]),
        oos_auroc=auroc(
            [each.ranking.in_scope for each in inside],
            [each.ranking.in_scope for each in outside],
        ),
        answered_at_2pct_wrong=answered_at_2pct_wrong(ranked),
        ms_p50=percentile(times, 50),
        ms_p95=percentile(times, 95),
    )


def answered_at_2pct_wrong(ranked: Sequence[Ranked]) -> float | None:
    """The share of in-scope questions answered right when at most 2 % of answers are wrong.

    Every question whose confidence reaches the threshold and that has an article is answered with
    its first article. The threshold is the lowest at which wrong answers (in scope with a wrong
    article, or out of scope at all) are at most 2 % of the answers; equal confidences are answered
    together. 0 when no threshold allows that, None without in-scope questions.
    """
    in_scope = sum(each.query.in_scope for each in ranked)
    if not in_scope:
        return None
    given = [each for each in ranked if each.ranking.ids]
    given.sort(key=lambda each: each.ranking.confidence, reverse=True)
    best = right = 0
    for answers, each in enumerate(given, start=1):
        right += each.right
        tied = answers < len(given) and (
            given[answers].ranking.confidence == each.ranking.confidence
        )
        if not tied and (answers - right) * _ANSWERS_PER_WRONG <= answers:
            best = right
    return best / in_scope


def _hit_at(inside: Sequence[Ranked], depth: int) -> float | None:
    return _mean([float(each.place is not None and each.place <= depth) for each in inside])


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
