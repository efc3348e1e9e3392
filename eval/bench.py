"""What the commands of the harness share: the bench, the options, running, exit codes, JSON."""

import asyncio
import json
import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from eval.errors import EvalError
from eval.target import Targets
from eval.terminal import complain

T = TypeVar("T")


class Part(StrEnum):
    """Which part of the cases to run."""

    FIT = "fit"
    REPORT = "report"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Bench:
    """What the commands work with."""

    targets: Targets
    clock: Callable[[], float]


CasePaths = Annotated[
    list[Path], typer.Argument(metavar="CASES...", help="Case files (.yaml, .jsonl) or folders.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def drive(work: Coroutine[Any, Any, T]) -> T:
    """The result of the work, with everything it prints on standard error."""
    # Whatever a bot prints must not get between the braces of the JSON.
    with redirect_stdout(sys.stderr):
        return asyncio.run(work)


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turns trouble into a message and an exit code."""
    try:
        yield
    except EvalError as error:
        complain(str(error))
        raise typer.Exit(error.exit_code) from error
    except Exception as error:
        # The edge of the process. Python would end with 1, which says that a gate failed, while in
        # truth the bot under test broke down.
        traceback.print_exception(error, file=sys.stderr)
        complain(f"the bot under test broke down: {error or type(error).__name__}")
        raise typer.Exit(3) from error


def print_json(value: dict[str, object]) -> None:
    """One JSON object on one line."""
    typer.echo(json.dumps(_rounded(value), ensure_ascii=False, allow_nan=False))


def _rounded(value: Any) -> Any:
    """Six decimals are more than any of these numbers means."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
