"""Writes docs/reference.md, settings and commands, from the code; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import typer

from bot.cli import complete_app
from bot.settings import Settings

PATH = Path(__file__).parents[1] / "docs" / "reference.md"


def settings_table() -> str:
    """Every setting with its variable, default and meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        if name == "shop_file":
            default = "the sample shop"
        shown = f"`{default}`" if default else ""
        rows.append(f"| `KEFU_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def commands() -> str:
    """Every command with its arguments, options and examples."""
    root = typer.main.get_command(complete_app())
    return "\n\n".join(_described(root, "kefu"))


def _described(command: Any, name: str) -> list[str]:
    if isinstance(command, click.Group) or hasattr(command, "commands"):
        return [
            text
            for key in sorted(command.commands)
            for text in _described(command.commands[key], f"{name} {key}")
        ]
    lines = [f"### `{name}`", "", (command.help or "").strip().split("\n\n")[0]]
    options = [_option(parameter) for parameter in command.params if parameter.name != "help"]
    if options:
        lines += ["", *options]
    if command.epilog:
        lines += ["", command.epilog]
    return ["\n".join(lines)]


def _option(parameter: Any) -> str:
    words = (getattr(parameter, "help", None) or "").strip()
    if parameter.param_type_name == "argument":
        return f"- `{parameter.name.upper()}` {words}"
    return f"- `{', '.join(parameter.opts)}` {words}"


def page() -> str:
    """The whole page."""
    return (
        "# Reference\n\n"
        "Made from the code by `python -m bot.reference`; `make check` compares.\n\n"
        f"## Settings\n\n{settings_table()}\n\n"
        "## Exit codes\n\n"
        "0 fine, 1 a gate or check failed, 2 bad usage or data, 3 infrastructure.\n\n"
        f"## Commands\n\n{commands()}\n"
    )


def main(arguments: list[str]) -> int:
    """Writes the page, or says whether it is up to date."""
    wanted = page()
    if "--check" not in arguments:
        PATH.write_text(wanted, encoding="utf-8")
        return 0
    if PATH.is_file() and PATH.read_text(encoding="utf-8") == wanted:
        return 0
    sys.stderr.write("docs/reference.md is out of date: python -m bot.reference\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
