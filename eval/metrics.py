"""From the scores of many cases to shares, by slice and by name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eval.case import KIND_NAMES, Case
from eval.score import CaseScore, Outcome
from eval.statistics import Share, percentile

IN_SCOPE = frozenset({"in_scope_direct", "own_order", "burst_picture"})
_REFUSALS = frozenset({"decline", "hand_over"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, how it went, and how long the scored replies took."""

    case: Case
    score: CaseScore
    took_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A named number; `value` is None when no case counts for it."""

    name: str
    value: float | None
    share: Share | None = None

    def as_json(self) -> dict[str, object]:
        """The number with what it was counted from."""
        if self.share is None:
            return {"value": self.value}
        low, high = self.share.interval or (None, None)
        return {
            "value": self.value,
            "count": self.share.count,
            "of": self.share.of,
            "low": low,
            "high": high,
        }


Test = Callable[[Judged], bool]


def _kind(*names: str) -> Test:
    return lambda judged: judged.case.kind in names


def _in_scope(judged: Judged) -> bool:
    return judged.case.kind in IN_SCOPE


def _matched(judged: Judged) -> bool:
    return judged.score.outcome is Outcome.MATCHED


def _matched_or_offered(judged: Judged) -> bool:
    return judged.score.outcome in (Outcome.MATCHED, Outcome.OFFERED)


def _refused(judged: Judged) -> bool:
    final = judged.score.final
    return _matched(judged) or (final.disposition in _REFUSALS and not judged.score.wrong)


# Name: what counts, and among which cases.
SHARES: dict[str, tuple[Test, Test]] = {
    "right": (_matched, lambda _: True),
    "in_scope_right": (_matched, _in_scope),
    "in_scope_right_or_offered": (_matched_or_offered, _in_scope),
    "in_scope_direct_right": (_matched, _kind("in_scope_direct")),
    "own_order_right": (_matched, _kind("own_order")),
    "burst_picture_right": (_matched, _kind("burst_picture")),
    "out_of_scope_refused": (_refused, _kind("out_of_scope")),
    "must_hand_over_recall": (
        lambda judged: judged.score.final.disposition == "hand_over",
        _kind("must_hand_over"),
    ),
    "needless_handover_rate": (
        lambda judged: judged.score.needless,
        lambda judged: not all(turn.handover_allowed for turn in judged.score.turns),
    ),
    "wrong_rate": (lambda judged: judged.score.wrong, lambda _: True),
    "wrong_among_answers": (
        lambda judged: judged.score.wrong_answer,
        lambda judged: judged.score.answered,
    ),
}
METRIC_NAMES = (*SHARES, "wrong_among_answers_upper", "reply_ms_p50", "reply_ms_p95")


def measure(judged: Sequence[Judged]) -> dict[str, Measure]:
    """Every metric, in the order of METRIC_NAMES."""
    found = {}
    for name, (counts, among) in SHARES.items():
        share = _share(judged, counts, among)
        found[name] = Measure(name, share.value, share)
    interval = _share(judged, *SHARES["wrong_among_answers"]).interval
    times = [took for each in judged for took in each.took_ms]
    found["wrong_among_answers_upper"] = Measure(
        "wrong_among_answers_upper", interval[1] if interval else None
    )
    for percent in (50, 95):
        name = f"reply_ms_p{percent}"
        found[name] = Measure(name, percentile(times, percent))
    return found


def _share(judged: Iterable[Judged], counts: Test, among: Test) -> Share:
    cases = [each for each in judged if among(each)]
    return Share(sum(map(counts, cases)), len(cases))


@dataclass(frozen=True, slots=True)
class Slice:
    """The outcomes of some of the cases; the outcomes add up to the cases."""

    name: str
    outcomes: dict[Outcome, int]

    @property
    def cases(self) -> int:
        """How many cases the slice has."""
        return sum(self.outcomes.values())

    def share(self, outcome: Outcome) -> Share:
        """The share of one outcome."""
        return Share(self.outcomes[outcome], self.cases)

    def as_json(self) -> dict[str, object]:
        """Counts by outcome, with the interval of the matched share."""
        matched = self.share(Outcome.MATCHED)
        low, high = matched.interval or (None, None)
        counts = {outcome.value: count for outcome, count in self.outcomes.items()}
        right = {"right": matched.value, "right_low": low, "right_high": high}
        return {"cases": self.cases, **counts, **right}


def slices(judged: Sequence[Judged]) -> list[Slice]:
    """Overall, by kind, by language and by tag; kinds are listed even when empty."""
    found = [_slice("overall", judged)]
    for kind in KIND_NAMES:
        found.append(_slice(kind, [each for each in judged if each.case.kind == kind]))
    for language in sorted({each.case.language for each in judged}):
        chosen = [each for each in judged if each.case.language == language]
        found.append(_slice(f"language:{language}", chosen))
    for tag in sorted({tag for each in judged for tag in each.case.tags}):
        found.append(_slice(f"tag:{tag}", [each for each in judged if tag in each.case.tags]))
    return found


def _slice(name: str, judged: Sequence[Judged]) -> Slice:
    counts = dict.fromkeys(Outcome, 0)
    for each in judged:
        counts[each.score.outcome] += 1
    return Slice(name, counts)
