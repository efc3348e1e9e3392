"""`eval tune`: fits the threshold for answering to a shop's own cases, and reports on others."""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated

import typer

from eval.bench import AsJson, Bench, CasePaths, Part, drive, exit_codes, print_json
from eval.case_files import Located, read_cases
from eval.errors import BadData
from eval.grading import grade_all, single_question
from eval.target import TuningTarget
from eval.terminal import complain, progress, show_line, show_tallies
from eval.tuning import (
    ENOUGH,
    Graded,
    Held,
    Tally,
    choose,
    held_for,
    needed,
    tally,
    would_be_answers,
)

_OTHER = {Part.FIT: Part.REPORT, Part.REPORT: Part.FIT}


@dataclass(frozen=True, slots=True)
class Fitting:
    """What was found: for each part the counts at the threshold in force and at the chosen one.

    `candidates` are the questions fitted to that the bot has an answer for, however unsure.
    `held` says what was kept to the limit; `missing` how many more questions it takes for the
    upper bound: 0 where there are enough, None where no number is.
    """

    target: str
    now: float
    chosen: float | None
    candidates: int
    held: Held
    missing: int | None
    parts: Mapping[str, tuple[Tally, ...]]

    @property
    def enough(self) -> bool:
        """Whether there were enough answers to fit to."""
        return self.candidates >= ENOUGH


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for."""

    part: Part
    wrong_limit: float
    write: bool
    force: bool


def tune(
    context: typer.Context,
    cases: CasePaths,
    wrong_limit: Annotated[
        float, typer.Option(min=0, max=0.5, help="Largest share of all questions answered wrong.")
    ] = 0.02,
    part: Annotated[Part, typer.Option(help="Fit to this part, report on the other.")] = Part.FIT,
    knowledge: Annotated[str | None, typer.Option(help="Knowledge for the bot.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Answer from it from now on.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help=f"Write with fewer than {ENOUGH} answers as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Choose from which confidence on the bot answers, by the shop's own cases."""
    bench: Bench = context.obj
    wish = Wish(part, wrong_limit, write, force)
    with exit_codes():
        asked = [each for each in read_cases(cases) if single_question(each) is not None]
        if not any(part in (Part.ALL, each.case.part) for each in asked):
            raise BadData(
                f"no {part.value} case is a single question that is in or out of scope; "
                "add some, or choose another --part"
            )
        found, kept = drive(_fitted(bench, asked, knowledge, wish))
    if as_json:
        print_json(_as_json(found, wish, kept))
    else:
        show_tallies(found.parts)
        show_line()
        show_line(kept or _words(found, wish))
    if not found.enough:
        complain(
            f"{found.candidates} of the questions fitted to have an answer that could be given; "
            f"below {ENOUGH} a threshold is a guess: add cases"
            + ("" if kept or not write else "; nothing is written unless with --force")
        )
    if found.chosen is not None and found.held is Held.SHARE:
        complain(_unproven(found, wish))
    if found.chosen is None or (write and kept is None):
        raise typer.Exit(1)


async def _fitted(
    bench: Bench, asked: Sequence[Located], knowledge: str | None, wish: Wish
) -> tuple[Fitting, str | None]:
    target = await bench.targets.tuning(knowledge)
    async with aclosing(target):
        with progress(len(asked), "questions") as tick:
            graded: dict[str, list[Graded]] = {}
            for part in (wish.part, *filter(None, [_OTHER.get(wish.part)])):
                chosen = [each for each in asked if part in (Part.ALL, each.case.part)]
                graded[part.value] = await grade_all(chosen, target, on_done=tick)
        found = _fitting(target, graded, wish)
        kept = None
        if wish.write and found.chosen is not None and (found.enough or wish.force):
            kept = await target.keep(
                found.chosen,
                wrong_limit=wish.wrong_limit,
                questions=len(graded[wish.part.value]),
            )
        return found, kept


def _fitting(target: TuningTarget, graded: Mapping[str, Sequence[Graded]], wish: Wish) -> Fitting:
    fitted_to = graded[wish.part.value]
    held, least = held_for(len(fitted_to), wish.wrong_limit), needed(wish.wrong_limit)
    best = choose(fitted_to, wish.wrong_limit, held)
    thresholds = (target.threshold, *([best.threshold] if best else []))
    return Fitting(
        target=target.name,
        now=target.threshold,
        chosen=best.threshold if best else None,
        candidates=would_be_answers(fitted_to),
        held=held,
        missing=None if least is None else max(0, least - len(fitted_to)),
        parts={
            part: tuple(tally(questions, threshold) for threshold in thresholds)
            for part, questions in graded.items()
            if questions
        },
    )


def _words(found: Fitting, wish: Wish) -> str:
    limit = f"{wish.wrong_limit:.1%}"
    proven = found.held is Held.UPPER_BOUND
    if found.chosen is None:
        bound = " by the upper bound" if proven else ""
        return (
            f"No threshold answers anything with at most {limit} of the questions answered wrong"
            f"{bound}; see which are with `run --results`, and correct the knowledge or the cases."
        )
    best = found.parts[wish.part.value][-1]
    words = (
        f"From {found.chosen:.3f} on, {best.wrong} of the {best.questions} questions fitted to are "
        f"answered wrong"
    )
    if proven and best.wrong_share_upper is not None:
        words += f", {best.wrong_share_upper:.1%} by the upper bound"
    words += f", within the limit of {limit}."
    return words if wish.write else f"{words} Nothing is changed; add --write to answer from it."


def _unproven(found: Fitting, wish: Wish) -> str:
    """What a threshold is worth that keeps only the plain share to the limit."""
    best = found.parts[wish.part.value][-1]
    upper = best.wrong_share_upper or 1.0
    words = (
        "only the plain share of wrong answers is held to the limit, which proves nothing about "
        f"other questions: up to {upper:.1%} of them may be answered wrong; "
    )
    if found.missing is None:
        return f"{words}no number of cases proves {wish.wrong_limit:.1%}, choose a higher limit"
    return f"{words}{found.missing} more cases are missing to hold the upper bound to it"


def _as_json(found: Fitting, wish: Wish, kept: str | None) -> dict[str, object]:
    return {
        "target": found.target,
        "wrong_limit": wish.wrong_limit,
        "now": found.now,
        "chosen": found.chosen,
        "candidates": found.candidates,
        "enough": found.enough,
        "held": found.held.value,
        "cases_missing": found.missing,
        "written": kept is not None,
        "parts": {
            part: {
                name: _row(counted)
                for name, counted in zip(("now", "chosen"), tallies, strict=False)
            }
            for part, tallies in found.parts.items()
        },
    }


def _row(counted: Tally) -> dict[str, object]:
    return {
        "threshold": counted.threshold,
        "questions": counted.questions,
        "coverage": counted.coverage,
        "right": counted.right,
        "wrong": counted.wrong,
        "wrong_share": counted.wrong_share,
        "wrong_share_upper": counted.wrong_share_upper,
        "offered": counted.offered,
    }
