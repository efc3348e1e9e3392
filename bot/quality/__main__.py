"""`python -m bot.quality`: the tables and pictures of docs/quality.md.

With --data, our search beside stock baselines on the public FAQ sets in that folder, in the form
of `kefu eval retrieval`. With --cases, the whole bot on a shop's own cases.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bot.errors import BotError
from bot.eval_targets import embedding_of
from bot.quality import table
from bot.quality.calibration import by_kind_outside
from bot.quality.cases import PARTS, chosen, play_cases
from bot.quality.comparison import OURS, Compared, compare, makers
from bot.quality.document import write
from bot.quality.plots import draw_comparison, draw_shop
from bot.quality.sets import SETS
from bot.quality.stock import minilm
from eval.errors import BadData, EvalError
from eval.terminal import complain


async def compared(data: Path, names: Sequence[str], most: int) -> list[Compared]:
    """Every search over every set that is there."""
    wanted = [faq for faq in SETS if not names or faq.name in names]
    there = [faq for faq in wanted if faq.in_folder(data)]
    for faq in wanted:
        if faq not in there:
            complain(f"{faq.name}: not in {data}, left out")
    if not there:
        raise BadData(f"{data}: none of the sets is there; put {SETS[0].kb}.jsonl and others there")
    runs: list[Compared] = []
    async with AsyncExitStack() as stack:
        searches = makers(await embedding_of(stack), minilm())
        for faq in there:
            runs += await compare(
                faq,
                data,
                searches,
                most=most,
                on_done=lambda found: complain(table.comparison_row(found)),
            )
    return runs


async def report(options: argparse.Namespace) -> dict[str, list[str]]:
    """What was asked for, by the name of its place in the document; draws on the way."""
    tables: dict[str, list[str]] = {}
    if options.data:
        runs = await compared(options.data, options.only, options.most)
        ours = [run for run in runs if run.search == OURS]
        rows = [row for run in ours for row in by_kind_outside(run.faq.label, run.ranked)]
        tables["table"] = [*table.comparison(runs), "", *table.calibration(rows)]
        if options.plots:
            draw_comparison(runs, options.plots)
    if options.cases:
        run = await play_cases(chosen(options.cases, options.part))
        tables["cases"] = table.shop(run)
        if options.plots:
            draw_shop(run, options.plots)
    return tables


def parser() -> argparse.ArgumentParser:
    """The options."""
    names = [faq.name for faq in SETS]
    found = argparse.ArgumentParser(prog="python -m bot.quality", description=__doc__)
    found.add_argument("--data", type=Path, help="folder with the public sets")
    found.add_argument("--only", nargs="+", choices=names, default=[], help="only these sets")
    found.add_argument("--most", type=int, default=500, help="questions a set, drawn by a seed")
    found.add_argument("--cases", type=Path, nargs="+", help="case files or folders of a shop")
    found.add_argument("--part", choices=PARTS, default="report")
    found.add_argument("--plots", type=Path, help="folder that the pictures are written to")
    found.add_argument("--write", type=Path, help="document whose tables are replaced")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables; the exit code is that of `kefu eval`."""
    found = parser()
    options = found.parse_args(arguments)
    if not options.data and not options.cases:
        found.error("nothing to measure: give --data, --cases or both")
    if options.most < 1:
        found.error("--most is the number of questions a set; give 1 or more")
    # Weights come from installed packages; a model hub would only slow down or fail, and
    # bars of the loader would run through ours.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        tables = asyncio.run(report(options))
        if options.write:
            write(options.write, tables)
    except EvalError as error:
        complain(str(error))
        return error.exit_code
    except BotError as error:
        complain(str(error))
        return 2
    sys.stdout.write("\n\n".join("\n".join(lines) for lines in tables.values()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
