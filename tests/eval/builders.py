"""Builders that hide what a test does not care about."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from eval.case import Case, Expectation
from eval.cli import build
from eval.metrics import Judged
from eval.score import CaseScore, score
from eval.target import Reply, Targets


class Clock:
    """Each look at it is ten milliseconds after the one before."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.010
        return self.now


def reply(
    disposition: str = "answer",
    text: str = "",
    *,
    cited: Sequence[str] = (),
    offered: Sequence[str] = (),
    reason: str | None = None,
    confidence: float = 0.9,
    took_ms: float = 12.0,
) -> Reply:
    return Reply(disposition, text, tuple(cited), tuple(offered), reason, confidence, took_ms)


def expectation(*dispositions: str, **rest: Any) -> Expectation:
    must = set(dispositions) == {"hand_over"}
    return Expectation(frozenset(dispositions), **{"must_hand_over": must, **rest})


def case(**keys: Any) -> Case:
    return Case.model_validate({"id": "c", "turns": ["怎么退"], "article": "a", **keys})


def judged(given: Reply, **keys: Any) -> Judged:
    """A case of one scored turn and the reply that it got."""
    one = case(**keys)
    [(turn, expected)] = one.expectations().items()
    return Judged(one, CaseScore((score(turn, expected, given),)), (given.took_ms,))


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
    return path


class Shell:
    """Runs commands against targets; keeps the exit code, both outputs and the parsed JSON."""

    def __init__(self, targets: Targets) -> None:
        self._app = build(targets, clock=Clock())
        self.exit_code = -1
        self.stdout = self.stderr = self.output = ""

    def __call__(self, *arguments: object) -> "Shell":
        result = CliRunner().invoke(self._app, [str(each) for each in arguments])
        self.exit_code, self.output = result.exit_code, result.output
        self.stdout, self.stderr = result.stdout, result.stderr
        return self

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)
