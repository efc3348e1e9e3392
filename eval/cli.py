"""The command line of the harness: `build` gives an app that measures any bot."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.anger import report as anger_report
from eval.anger import scores_of
from eval.bench import AsJson, Bench, CasePaths, Part, drive, exit_codes, print_json
from eval.case_files import Located, raw_cases, read_cases, schema_text
from eval.errors import BadData
from eval.gate import Check, check, read_gate
from eval.handoff import reasons_for
from eval.handoff import report as handoff_report
from eval.jsonl import read_kb, read_rows
from eval.lint import lint as lint_cases
from eval.metrics import measure, slices
from eval.retrieval import rank_all
from eval.retrieval import report as retrieval_report
from eval.rows import ConversationRow, KbRow, QueryRow, TextRow
from eval.runner import Played
from eval.runner import run as play_all
from eval.target import Targets
from eval.terminal import (
    complain,
    progress,
    show_line,
    show_measures,
    show_numbers,
    show_slices,
)
from eval.tune import tune

KbPath = Annotated[Path, typer.Option("--kb", help="Articles: {id, question, variants, answer}.")]


def build(targets: Targets, *, clock: Callable[[], float] = time.perf_counter) -> typer.Typer:
    """The app that measures what `targets` makes; `clock` counts seconds."""
    app = typer.Typer(
        name="eval", help="Measure how good the bot is.", no_args_is_help=True, add_completion=False
    )

    @app.callback()
    def _bench(context: typer.Context) -> None:
        context.obj = Bench(targets, clock)

    for command in (run, tune, retrieval, anger, handoff, lint, schema):
        app.command()(command)
    return app


def run(
    context: typer.Context,
    cases: CasePaths,
    part: Annotated[Part, typer.Option(help="Which part of the cases.")] = Part.ALL,
    tag: Annotated[list[str] | None, typer.Option(help="Only cases with one of these.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many cases.")] = None,
    gate: Annotated[Path | None, typer.Option(help="Floors and ceilings to pass.")] = None,
    results: Annotated[Path | None, typer.Option(help="Write one row a case here.")] = None,
    parallel: Annotated[int, typer.Option(min=1, help="Conversations at a time.")] = 1,
    knowledge: Annotated[str | None, typer.Option(help="Knowledge for the bot.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run cases against the bot and hold the numbers against a gate."""
    bench: Bench = context.obj
    with exit_codes():
        bounds = read_gate(gate) if gate else {}
        chosen = _choose(read_cases(cases), part, tag or [], limit)
        name, played = drive(_run(bench, chosen, knowledge, parallel, results))
        judged = [each.judged() for each in played]
        measures, parts = measure(judged), slices(judged)
        checks = check(bounds, measures)
    passed = all(each.passed for each in checks)
    if as_json:
        print_json(
            {
                "target": name,
                "cases": len(played),
                "metrics": {each: found.as_json() for each, found in measures.items()},
                "slices": {each.name: each.as_json() for each in parts},
                "gate": _gate_json(checks) if gate else None,
            }
        )
    else:
        show_slices(parts)
        show_line()
        show_measures(measures)
    for each in checks:
        if not each.passed:
            complain(f"below the gate: {each}")
    if not passed:
        raise typer.Exit(1)


def retrieval(
    context: typer.Context,
    kb: KbPath,
    queries: Annotated[Path, typer.Option(help="{query, history, gold_ids, in_scope}.")],
    as_json: AsJson = False,
) -> None:
    """Measure the search: hits, ranks, telling out of scope apart, time."""
    bench: Bench = context.obj
    with exit_codes():
        articles, questions = read_kb(kb), read_rows(queries, QueryRow)
        _warn_of_unknown_gold(articles, questions)

        async def ranked() -> Any:
            target = await bench.targets.search(articles)
            async with aclosing(target):
                with progress(len(questions), "queries") as tick:
                    return await rank_all(questions, target, clock=bench.clock, on_done=tick)

        numbers = asdict(retrieval_report(len(articles), drive(ranked())))
    _print_numbers(numbers, as_json)


def anger(
    context: typer.Context,
    texts: Annotated[Path, typer.Option(help="{text, angry, history}.")],
    as_json: AsJson = False,
) -> None:
    """Measure the anger detector at its shipped threshold."""
    bench: Bench = context.obj
    with exit_codes():
        rows = read_rows(texts, TextRow)

        async def scored() -> tuple[list[float], float]:
            target = await bench.targets.anger()
            async with aclosing(target):
                with progress(len(rows), "texts") as tick:
                    return await scores_of(rows, target, on_done=tick), target.threshold

        numbers = asdict(anger_report(rows, *drive(scored())))
    _print_numbers(numbers, as_json)


def handoff(
    context: typer.Context,
    conversations: Annotated[Path, typer.Option(help="{turns, must_hand_over, reason}.")],
    kb: KbPath,
    as_json: AsJson = False,
) -> None:
    """Measure which conversations the bot gives to a person, and why."""
    bench: Bench = context.obj
    with exit_codes():
        rows, articles = read_rows(conversations, ConversationRow), read_kb(kb)

        async def reasoned() -> list[str | None]:
            target = await bench.targets.handoff(articles)
            async with aclosing(target):
                with progress(len(rows), "conversations") as tick:
                    return await reasons_for(rows, target, on_done=tick)

        numbers = asdict(handoff_report(rows, drive(reasoned())))
    _print_numbers(numbers, as_json)


def lint(
    cases: CasePaths,
    kb: Annotated[Path | None, typer.Option(help="Find copies of these articles.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find what makes cases a worse measure: duplicates, leaks, copies, bad rows."""
    with exit_codes():
        raws = list(raw_cases(cases))
        if not raws:
            raise BadData("no cases: name a .yaml or .jsonl file, or a folder that holds some")
        found = lint_cases(raws, read_kb(kb) if kb else ())
    if as_json:
        print_json({"cases": len(raws), "findings": [each.as_json() for each in found]})
    else:
        for each in found:
            show_line(str(each))
        show_line(f"{len(raws)} cases, {len(found)} findings")
    if found:
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of a case file."""
    typer.echo(schema_text())


async def _run(
    bench: Bench,
    chosen: Sequence[Located],
    knowledge: str | None,
    parallel: int,
    results: Path | None,
) -> tuple[str, list[Played]]:
    target = await bench.targets.bot(knowledge)
    async with aclosing(target):
        finished: list[Played] = []
        with progress(len(chosen), "cases") as tick:

            def done(played: Played) -> None:
                finished.append(played)
                tick()

            try:
                played = await play_all(chosen, target, parallel=parallel, on_done=done)
            finally:
                # What was played before trouble is worth reading as well.
                if results:
                    _write_results(results, chosen, finished)
        return target.name, played


def _choose(
    cases: Sequence[Located], part: Part, tags: Sequence[str], limit: int | None
) -> list[Located]:
    chosen = [
        each
        for each in cases
        if part in (Part.ALL, each.case.part) and (not tags or set(tags) & {*each.case.tags})
    ][:limit]
    if not chosen:
        raise BadData(f"none of the {len(cases)} cases is left; loosen --part or --tag")
    return chosen


def _write_results(path: Path, cases: Sequence[Located], played: Sequence[Played]) -> None:
    place = {each.case.id: order for order, each in enumerate(cases)}
    ordered = sorted(played, key=lambda each: place[each.located.case.id])
    lines = [json.dumps(each.as_json(), ensure_ascii=False) + "\n" for each in ordered]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise BadData(f"{path}: cannot be written ({error.strerror}); check the path") from None


def _warn_of_unknown_gold(articles: Sequence[KbRow], questions: Sequence[QueryRow]) -> None:
    known = {row.id for row in articles}
    lost = sum(row.in_scope and not known & {*row.gold_ids} for row in questions)
    if lost:
        complain(f"{lost} in-scope queries have no right article in the knowledge: all are misses")


def _gate_json(checks: Sequence[Check]) -> dict[str, object]:
    return {
        "passed": all(each.passed for each in checks),
        "checks": [each.as_json() for each in checks],
    }


def _print_numbers(numbers: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(numbers)
    else:
        show_numbers(numbers)
