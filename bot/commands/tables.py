"""Tables on the terminal; in a pipe every row is one whole line."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

# Wider than any row, so that nothing is cut off or wrapped for a program that reads it.
_PIPE_COLUMNS = 10_000


def table(*columns: str) -> Table:
    """An empty table; on a narrow terminal long words are folded, never cut."""
    made = Table(box=None)
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def show(made: Table) -> None:
    """Prints the table."""
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    Console(width=width).print(made)
