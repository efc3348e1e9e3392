"""The report as pictures: SVG whose bytes depend on the numbers alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.quality.calibration import first_answers
from bot.quality.cases import ShopRun
from bot.quality.comparison import OURS, SEARCHES, Compared
from bot.quality.stock import ExtraMissing
from eval.calibration import Answer, Operation, equal_mass_bins, risk_coverage, widest_at_2pct_wrong

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by those who do not see red and green; the strokes and
# hatches tell them apart in print as well.
_COLOURS = dict(zip(SEARCHES, ("#999999", "#009E73", "#E69F00", "#CC79A7", "#0072B2"), strict=True))
_STROKES = dict(zip(SEARCHES, (":", "--", "-.", (0, (5, 1, 1, 1, 1, 1)), "-"), strict=True))
_HATCHES = dict(zip(SEARCHES, ("..", "//", "\\\\", "xx", ""), strict=True))
_MORE = "#D55E00"
_ALLOWED = 0.02
# The share of wrong ones among fewer answers leaps about and says nothing.
_TELLING = 10
_STEPS = 150
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "kefu",
    # Letters as outlines: the same on every machine, whatever fonts it has.
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


def draw_comparison(runs: Sequence[Compared], folder: Path) -> list[Path]:
    """Three pictures of the public sets; returns the files written."""
    with _styled():
        return [
            _save(_hits(runs), folder / "quality-hits.svg"),
            _save(_risks(runs), folder / "quality-risk-coverage.svg"),
            _save(_reliabilities(runs), folder / "quality-reliability.svg"),
        ]


def draw_shop(run: ShopRun, folder: Path) -> list[Path]:
    """One picture of a shop's own cases; returns the file written."""
    with _styled():
        return [_save(_shop(run), folder / "quality-shop.svg")]


@contextmanager
def _styled() -> Iterator[None]:
    try:
        import matplotlib
    except ImportError as error:
        raise ExtraMissing("matplotlib is not installed; pip install 'kefu[quality]'") from error
    with matplotlib.rc_context():
        # Not what the reader's own matplotlibrc says.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _save(figure: Figure, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    return path


def _by_set(runs: Sequence[Compared]) -> Mapping[str, dict[str, Compared]]:
    found: dict[str, dict[str, Compared]] = {}
    for run in runs:
        found.setdefault(run.faq.label, {})[run.search] = run
    return found


def _panels(count: int) -> tuple[Figure, list[Axes], Axes]:
    """Small panels, four in a row, and a free place for the legend after them."""
    rows = count // 4 + 1
    figure = _figure(11, 2.9 * rows)
    panels: list[Any] = list(figure.subplots(rows, 4, squeeze=False).flat)
    for spare in panels[count:]:
        spare.axis("off")
    return figure, panels[:count], panels[count]


def _hits(runs: Sequence[Compared]) -> Figure:
    sets = _by_set(runs)
    figure = _figure(11, 6.4)
    for axes, name in zip(figure.subplots(2, 1, sharex=True), ("hit@1", "hit@3"), strict=True):
        for place, search in enumerate(SEARCHES):
            rows = [(x, each[search]) for x, each in enumerate(sets.values()) if search in each]
            heights = [_hit(run, name) for _, run in rows]
            bars = axes.bar(
                [x + (place - (len(SEARCHES) - 1) / 2) * 0.17 for x, _ in rows],
                heights,
                width=0.16,
                color=_COLOURS[search],
                hatch=_HATCHES[search],
                edgecolor="white",
                linewidth=0.4,
                label=search,
            )
            axes.bar_label(bars, [f"{h:.2f}"[1:] if h < 1 else "1" for h in heights], fontsize=6.5)
        axes.set_ylim(0, 1.05)
        axes.set_ylabel(name)
        axes.set_xticks(range(len(sets)), list(sets))
        axes.grid(axis="x", visible=False)
        axes.tick_params(axis="x", length=0)
    figure.legend(
        *axes.get_legend_handles_labels(), loc="outside upper center", ncols=5, frameon=False
    )
    return figure


def _hit(run: Compared, name: str) -> float:
    found = run.report
    return (found.hit_at_1 if name == "hit@1" else found.hit_at_3) or 0.0


def _risks(runs: Sequence[Compared]) -> Figure:
    sets = _by_set(runs)
    figure, panels, free = _panels(len(sets))
    for axes, (label, searches) in zip(panels, sets.items(), strict=True):
        for name, run in searches.items():
            _risk_line(
                axes,
                first_answers(run.ranked),
                len(run.ranked),
                color=_COLOURS[name],
                linestyle=_STROKES[name],
                linewidth=2.0 if name == OURS else 1.2,
                zorder=3 if name == OURS else 2,
                label=name,
            )
        _risk_axes(axes)
        axes.set_title(label)
    _legend(free, panels)
    return figure


def _risk_line(axes: Axes, answers: Sequence[Answer], asked: int, **style: Any) -> None:
    curve = list(_drawn(risk_coverage(answers), asked))
    axes.plot([each.answers / asked for each in curve], [each.risk for each in curve], **style)


def _drawn(curve: Sequence[Operation], asked: int) -> Iterator[Operation]:
    """As much of a curve as can be seen."""
    step = -1
    for each in curve:
        here = each.answers * _STEPS // asked
        if each.answers >= _TELLING and (here > step or each is curve[-1]):
            step = here
            yield each


def _risk_axes(axes: Axes) -> None:
    axes.axhline(_ALLOWED, color="black", linewidth=0.8, label="2 % wrong")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, None)
    axes.set_xlabel("answered, of all asked")
    axes.set_ylabel("wrong, of the answers")


def _reliabilities(runs: Sequence[Compared]) -> Figure:
    ours = [run for run in runs if run.search == OURS]
    figure, panels, free = _panels(len(ours))
    for axes, run in zip(panels, ours, strict=True):
        _reliability(axes, first_answers(run.ranked))
        axes.set_title(run.faq.label)
    _legend(free, panels)
    return figure


def _reliability(axes: Axes, answers: Sequence[Answer]) -> None:
    bins = equal_mass_bins(answers)
    axes.plot([0, 1], [0, 1], color="black", linewidth=0.8, label="as promised")
    intervals = [each.interval or (each.right, each.right) for each in bins]
    axes.errorbar(
        [each.confidence for each in bins],
        [each.right for each in bins],
        # A share split evenly over a tie can lie a hair outside its rounded interval.
        yerr=[
            [max(0.0, each.right - low) for each, (low, _) in zip(bins, intervals, strict=True)],
            [max(0.0, high - each.right) for each, (_, high) in zip(bins, intervals, strict=True)],
        ],
        fmt="o-",
        color=_COLOURS[OURS],
        ecolor="#77aacc",
        markersize=4,
        linewidth=1.4,
        label="kefu, a tenth of the answers\neach, with 95 % interval",
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("right, of the answers")


def _shop(run: ShopRun) -> Figure:
    figure = _figure(9, 3.8)
    risk, reliability = figure.subplots(1, 2)
    _risk_line(
        risk,
        run.answers,
        run.cases,
        color=_MORE,
        linestyle="--",
        linewidth=1.4,
        label="with the first choice\nof each question back",
    )
    _risk_line(
        risk, run.given, run.cases, color=_COLOURS[OURS], linewidth=2.0, label="answers given"
    )
    _mark_2pct(risk, run)
    _risk_axes(risk)
    risk.set_title("Answering more costs more wrong answers")
    reliability.set_title("What the confidence promised")
    _reliability(reliability, run.answers)
    for axes, place in ((risk, "upper left"), (reliability, "lower right")):
        axes.legend(loc=place, frameon=False, fontsize=8)
    return figure


def _mark_2pct(axes: Axes, run: ShopRun) -> None:
    widest = widest_at_2pct_wrong(risk_coverage(run.answers))
    if widest is not None:
        axes.plot(
            [widest.answers / run.cases],
            [widest.risk],
            "o",
            color="black",
            markersize=5,
            label=f"most at 2 % wrong: from {widest.threshold:.2f}",
        )


def _legend(free: Axes, panels: Sequence[Axes]) -> None:
    handles, labels = panels[0].get_legend_handles_labels()
    free.legend(handles, labels, loc="center left", frameon=False, handlelength=3)
