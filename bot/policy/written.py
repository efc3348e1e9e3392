"""A YAML file as it is written: its table, and on which line each part of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import yaml

from bot.errors import BadSettings

Place = tuple[str | int, ...]
"""Where in a file: keys, and numbers of rows from 0."""


class Unreadable(BadSettings):
    """The file is no YAML, or says the same thing twice; `line` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds and where."""

    table: Any
    root: yaml.Node | None

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a text. Raises Unreadable."""
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
            table = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            told = error.problem or error.context or "cannot be parsed"
            raise Unreadable(f"this is no valid YAML: {told}.", mark.line + 1 if mark else 1) from (
                error
            )
        except yaml.YAMLError as error:
            raise Unreadable(f"this is no valid YAML: {error}", 1) from error
        except ValueError as error:
            # A date or a number that looks like one and is none, such as 2026-13-40.
            raise Unreadable(f"a value cannot be read ({error}); put it in quotes.", 1) from error
        if root is not None:
            _refuse_repetition(root, set())
        return cls(table, root)

    def line(self, place: Place) -> int:
        """The line of a part, or of the last part on the way there that exists."""
        node, line = self.root, 1
        for step in place:
            below = _below(node, step)
            if below is None:
                break
            mark, node = below
            line = mark.line + 1
        return line


def _below(node: yaml.Node | None, step: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None


def _refuse_repetition(node: yaml.Node, seen: set[int]) -> None:
    """YAML would keep the last of two sections of one name, and the first would be in no force."""
    # An alias may lead to a part that has been looked at, or back into one that is being.
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            _refuse_repetition(each, seen)
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in names:
                    line = key.start_mark.line + 1
                    raise Unreadable(f"{key.value!r} stands here a second time; make it one.", line)
                names.add(key.value)
            _refuse_repetition(value, seen)
