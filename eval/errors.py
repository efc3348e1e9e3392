"""What can go wrong while measuring, and the exit code that each kind of trouble ends with."""

from pathlib import Path
from typing import ClassVar


class EvalError(Exception):
    """Something stopped the measurement; the message says what and what to do."""

    exit_code: ClassVar[int] = 3


class BadData(EvalError):
    """A file or an option cannot be used as it is; the message says what to change."""

    exit_code: ClassVar[int] = 2


class BadRow(BadData):
    """One row of a file cannot be used: file, line, what is wrong and what to do."""

    def __init__(self, path: Path, line: int, problem: str, remedy: str) -> None:
        super().__init__(f"{path}:{line}: {problem}; {remedy}")
        self.path = path
        self.line = line
        self.problem = problem
        self.remedy = remedy


class UnknownMetric(BadData):
    """The gate names a metric that does not exist; use one of the listed names."""


class TargetUnavailable(EvalError):
    """The bot under test could not be reached; start it or correct its address."""


class TargetMisbehaved(EvalError):
    """The bot under test returned what its port does not allow; correct its adapter."""


class ScriptExhausted(EvalError):
    """A scripted target was asked for something its script lacks; extend the script."""
