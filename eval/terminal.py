"""What a person sees: tables on standard output, progress on standard error."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from eval.metrics import Measure, Slice
from eval.score import Outcome
from eval.statistics import Share
from eval.tuning import Tally

# Wide enough for the tables; a narrower terminal wraps their lines, which loses nothing.
_WIDTH = 120


def _console(*, stderr: bool = False) -> Console:
    console = Console(stderr=stderr, highlight=False, soft_wrap=True)
    if not stderr:
        console.width = max(console.width, _WIDTH)
    return console


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[], None]]:
    """A bar while the block runs; call what it yields after each piece. Silent off a terminal."""
    console = _console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def show_slices(slices: Sequence[Slice]) -> None:
    """One line a slice; tags are left to the JSON form."""
    table = Table("slice", box=None, pad_edge=False)
    headings = ("cases", "matched", "wrong", "offered", "not offered", "declined", "handed over")
    for heading in (*headings, "missed"):
        table.add_column(heading, justify="right", no_wrap=True)
    for each in slices:
        if each.cases and not each.name.startswith("tag:"):
            counts = (Outcome.OFFERED, Outcome.CLARIFIED, Outcome.DECLINED, Outcome.HANDED_OVER)
            table.add_row(
                each.name,
                str(each.cases),
                _with_interval(each.share(Outcome.MATCHED)),
                _with_interval(each.share(Outcome.WRONG)),
                *(str(each.outcomes[outcome]) for outcome in counts),
                str(each.outcomes[Outcome.MISSED_HANDOVER]),
            )
    _console().print(table)


def show_measures(measures: Mapping[str, Measure]) -> None:
    """One line a metric; metrics that no case counts for are left out."""
    table = Table("metric", box=None, pad_edge=False)
    table.add_column("value", justify="right")
    table.add_column("from", justify="right")
    for name, measure in measures.items():
        if measure.value is None:
            continue
        if measure.share is None:
            table.add_row(name, f"{measure.value:.4g}", "")
        else:
            count = f"{measure.share.count}/{measure.share.of}"
            table.add_row(name, _with_interval(measure.share, counted=False), count)
    _console().print(table)


def show_numbers(numbers: Mapping[str, object]) -> None:
    """Names and numbers, one a line."""
    table = Table("metric", box=None, pad_edge=False)
    table.add_column("value", justify="right")
    for name, value in numbers.items():
        table.add_row(name, _number(value))
    _console().print(table)


def show_tallies(parts: Mapping[str, Sequence[Tally]]) -> None:
    """What thresholds give, that in force first: a line for each part and threshold."""
    table = Table("part", box=None, pad_edge=False)
    headings = ("threshold", "questions", "coverage", "right", "wrong", "wrong of all", "at most")
    for heading in (*headings, "offered"):
        table.add_column(heading, justify="right", no_wrap=True)
    for part, tallies in parts.items():
        for each in tallies:
            table.add_row(
                part,
                f"{each.threshold:.3f}{' now' if each is tallies[0] else ''}",
                str(each.questions),
                _percent(each.coverage),
                str(each.right),
                str(each.wrong),
                _percent(each.wrong_share),
                _percent(each.wrong_share_upper),
                str(each.offered),
            )
    _console().print(table)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def show_line(text: str = "") -> None:
    """A line on standard output, as it is."""
    _console().print(text, markup=False)


def complain(text: str) -> None:
    """A line on standard error, as it is."""
    _console(stderr=True).print(text, markup=False)


def _number(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _with_interval(share: Share, *, counted: bool = True) -> str:
    if share.interval is None or share.value is None:
        return "–"
    low, high = share.interval
    text = f"{share.value:.1%} [{low * 100:.1f}–{high * 100:.1f}]"
    return f"{share.count}  {text}" if counted else text
