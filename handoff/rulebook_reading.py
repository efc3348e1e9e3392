"""Reads a rulebook's YAML text; every mistake is named with its line and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from handoff.errors import HandoffError
from handoff.rulebook_file import RulebookDocument

# A file of this size is something else; composing it would take seconds.
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: the line (from 1, where known), the path of keys, and what to do."""

    line: int | None
    where: str
    message: str

    def __str__(self) -> str:
        line = "" if self.line is None else f"line {self.line}: "
        where = f"{self.where}: " if self.where else ""
        return f"{line}{where}{self.message}"


class BadRulebook(HandoffError):
    """The rulebook is not as it should be; nothing of it is in force until it is corrected."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def read_document(text: str) -> RulebookDocument:
    """The document of a YAML text (JSON is YAML, too); raises BadRulebook with what was found."""
    if len(text) > _LONGEST:
        problem = f"longer than {_LONGEST:,} characters: is this the right file?"
        raise BadRulebook((Problem(None, "", problem),))
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        twice = tuple(_written_twice(root))
        if twice:
            raise BadRulebook(twice)
        raw = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        said = f"not valid YAML: {error.problem or error.context}"
        line = None if mark is None else mark.line + 1
        raise BadRulebook((Problem(line, "", said),)) from error
    except RecursionError as error:
        said = "nested too deeply: is this the right file?"
        raise BadRulebook((Problem(None, "", said),)) from error
    except yaml.YAMLError as error:
        raise BadRulebook((Problem(None, "", f"not valid YAML: {error}"),)) from error
    try:
        document = RulebookDocument.model_validate({} if raw is None else raw)
    except ValidationError as error:
        found = (_problem(each, root) for each in error.errors(include_url=False))
        raise BadRulebook(tuple(dict.fromkeys(found))) from error
    try:
        ZoneInfo(document.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        said = f"{document.time_zone!r} does not exist; write one as Asia/Shanghai"
        line = _line(root, ("time_zone",))
        raise BadRulebook((Problem(line, "time_zone", said),)) from error
    return document


def _problem(error: ErrorDetails, root: yaml.Node | None) -> Problem:
    context = error.get("ctx", {})
    path: tuple[str | int, ...] = error["loc"]
    if "where" in context:
        path = tuple(int(p) if p.isdigit() else p for p in str(context["where"]).split("."))
    elif "key" in context:
        path = (*path, str(context["key"]))
    # A key that pydantic looked at is marked so at the end of its path.
    path = tuple(part for part in path if part != "[key]")
    return Problem(_line(root, path), ".".join(str(part) for part in path), _said(error))


def _said(error: ErrorDetails) -> str:
    given = error["input"]
    match error["type"]:
        case "missing":
            return "is missing; add it"
        case "string_pattern_mismatch":
            return f"write it as 22:00-06:00, not {given!r}"
        case "string_type" if isinstance(given, (bool, int, float)):
            return f"put it in quotes: YAML read {given!r}"
        case "literal_error":
            return f"write {error['ctx']['expected']}, not {given!r}"
        case "dict_type" | "model_type" | "model_attributes_type":
            return f"write keys with values below it, not {given!r}"
        case "tuple_type" | "frozen_set_type":
            return f"write a list, each on its line after a dash, not {given!r}"
        case _:
            return error["msg"]


def _line(root: yaml.Node | None, path: tuple[str | int, ...]) -> int | None:
    """Of the deepest part of the path that stands in the text."""
    if root is None:
        return None
    node, line = root, root.start_mark.line
    for part in path:
        below = _below(node, part)
        if below is None:
            break
        line, node = below
    return int(line) + 1


def _below(node: yaml.Node, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line, item
    return None


def _written_twice(
    node: yaml.Node | None, path: str = "", looked_at: set[int] | None = None
) -> Iterator[Problem]:
    # YAML keeps the last of two equal keys without a word.
    looked_at = set() if looked_at is None else looked_at
    # An alias may stand in itself, or a thousand times.
    if id(node) in looked_at:
        return
    looked_at.add(id(node))
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            where = f"{path}.{name}" if path else name
            if name in seen:
                said = f"stands here and in line {seen[name]}; keep one of them"
                yield Problem(line, where, said)
            seen[name] = line
            yield from _written_twice(value, where, looked_at)
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _written_twice(value, f"{path}.{at}" if path else str(at), looked_at)
