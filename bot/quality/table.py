"""The report as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

from bot.quality.calibration import Calibrated
from bot.quality.cases import ShopRun
from bot.quality.comparison import BASELINES, OURS, Compared
from eval.retrieval import RetrievalReport
from eval.statistics import Share

_LANGUAGES = {"zh": "Chinese", "en": "English"}
_HITS: dict[str, Callable[[RetrievalReport], float | None]] = {
    "hit@1": lambda found: found.hit_at_1,
    "hit@3": lambda found: found.hit_at_3,
}

COMPARISON_HEAD = (
    "| set | search | answered at 2 % wrong | hit@1 | hit@3 | MRR | OOS AUROC | ms p50 |",
    "|---|---|---|---|---|---|---|---|",
)
_CALIBRATION_HEAD = (
    "| kefu on | in scope | out of scope | answered at 2 % wrong | ECE | Brier | OOS AUROC |",
    "|---|---|---|---|---|---|---|",
)


def comparison_row(compared: Compared) -> str:
    """One search over one set."""
    found = compared.report
    search = f"**{compared.search}**" if compared.search == OURS else compared.search
    numbers = (
        found.answered_at_2pct_wrong,
        found.hit_at_1,
        found.hit_at_3,
        found.mrr,
        found.oos_auroc,
    )
    cells = [compared.faq.label, search, *map(_three, numbers), _one(found.ms_p50)]
    return _row(cells)


def comparison(runs: Sequence[Compared]) -> list[str]:
    """All searches over all sets, then what ours gains."""
    return [*COMPARISON_HEAD, *map(comparison_row, runs), "", *gains(runs)]


def gains(runs: Sequence[Compared]) -> list[str]:
    """For each language what ours gains on average, in points, over two measures of the others.

    Once against the one baseline that is best on average, once against whichever is best on each
    set, which nobody can choose beforehand.
    """
    lines = []
    for code, language in _LANGUAGES.items():
        reports: dict[str, dict[str, RetrievalReport]] = {}
        for run in runs:
            if run.faq.language == code:
                reports.setdefault(run.faq.label, {})[run.search] = run.report
        for name, hit in _HITS.items():
            table = [
                {search: hit(found) or 0.0 for search, found in each.items()}
                for each in reports.values()
                if all(search in each for search in (*BASELINES, OURS))
            ]
            if table:
                lines.append(f"- {language}, {name}: {_gain(table)}.")
    return ["Mean gains of kefu, in points:", "", *lines] if lines else []


def _gain(table: Sequence[dict[str, float]]) -> str:
    means = {name: fmean(row[name] for row in table) for name in (*BASELINES, OURS)}
    best = max(BASELINES, key=means.__getitem__)
    each = means[OURS] - fmean(max(row[name] for name in BASELINES) for row in table)
    return (
        f"{_points(means[OURS] - means[best])} over the best single baseline ({best}), "
        f"{_points(each)} over the best of each set"
    )


def calibration(rows: Sequence[Calibrated]) -> list[str]:
    """How far our confidence can be believed, set by set."""
    return [*_CALIBRATION_HEAD, *map(_calibration_row, rows)]


def _calibration_row(row: Calibrated) -> str:
    numbers = (row.answered_at_2pct_wrong, row.calibration_error, row.brier, row.oos_auroc)
    return _row([row.label, str(row.in_scope), str(row.out_of_scope), *map(_three, numbers)])


def shop(run: ShopRun) -> list[str]:
    """The bot on a shop's own cases."""
    wrong = sum(not each.right for each in run.given)
    rows = (
        ("cases, in scope and out of it", f"{run.in_scope} and {run.out_of_scope}"),
        ("answered from the articles", _share(len(run.given), run.cases)),
        ("wrong among these answers", _share(wrong, len(run.given))),
        ("answered at 2 % wrong, of those in scope", _three(run.answered_at_2pct_wrong)),
        ("ECE over first answers, given or offered", _three(run.calibration_error)),
        ("Brier score over the same", _three(run.brier)),
        ("first answers: given and offered", f"{len(run.given)} and {len(run.offered)}"),
        ("replies that rest on no confidence, left out", str(run.unranked)),
    )
    return ["| the bot on the shop's cases | |", "|---|---|", *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _share(count: int, of: int) -> str:
    share = Share(count, of)
    if share.value is None or share.interval is None:
        return "–"
    low, high = share.interval
    return f"{share.value:.1%} of {of} [{low * 100:.1f}–{high * 100:.1f}]"


def _three(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _one(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _points(gain: float) -> str:
    return f"{gain * 100:+.1f}"
