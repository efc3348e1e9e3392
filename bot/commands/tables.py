"""Tables on the terminal; in a pipe every row is one whole line."""

from __future__ import annotations

import json
import sys
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

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


def print_rows(rows: list[dict[str, Any]], as_json: bool, empty: str) -> None:
    """Rows with the same keys as a table or as JSON; for people, `empty` where there are none."""
    if as_json:
        print_json(rows)
        return
    if not rows:
        typer.echo(empty)
        return
    made = table(*rows[0])
    for row in rows:
        made.add_row(*(Text(_cell(value)) for value in row.values()))
    show(made)


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def print_json(value: Any) -> None:
    """Indented JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
