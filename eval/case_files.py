"""Reading case files: YAML lists or JSON Lines, every row with its file and line."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from eval.case import Case
from eval.errors import BadData, BadRow
from eval.jsonl import explain, json_rows, text_of

SUFFIXES = {".yaml", ".yml", ".jsonl"}


@dataclass(frozen=True, slots=True)
class RawCase:
    """A row as written, before it is known to be a case."""

    path: Path
    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class Located:
    """A case and where it is written."""

    case: Case
    path: Path
    line: int


def read_cases(paths: Sequence[Path]) -> list[Located]:
    """All cases of files and folders, in order; two cases never share an id."""
    cases: list[Located] = []
    seen: dict[str, Located] = {}
    for raw in raw_cases(paths):
        found = Located(parse(raw), raw.path, raw.line)
        if (first := seen.setdefault(found.case.id, found)) is not found:
            problem = f"id {found.case.id} is taken by {first.path}:{first.line}"
            raise BadRow(raw.path, raw.line, problem, "give each case its own id")
        cases.append(found)
    if not cases:
        raise BadData("no cases: name a .yaml or .jsonl file, or a folder that holds some")
    return cases


def parse(raw: RawCase) -> Case:
    """The case in a row, or BadRow saying what is wrong with it."""
    case, faults = examine(raw)
    if case is None:
        raise faults[0]
    return case


def examine(raw: RawCase) -> tuple[Case | None, list[BadRow]]:
    """The case in a row, or everything that keeps the row from being one."""
    if not isinstance(raw.value, dict):
        remedy = "write a case as keys and values"
        return None, [BadRow(raw.path, raw.line, "not a mapping", remedy)]
    try:
        return Case.model_validate(raw.value), []
    except ValidationError as error:
        return None, [BadRow(raw.path, raw.line, *fault) for fault in explain(error, Case)]


def raw_cases(paths: Sequence[Path]) -> Iterator[RawCase]:
    """The rows of files and folders, folders in the order of their names."""
    for path in paths:
        for file in _files(path):
            yield from _jsonl(file) if file.suffix == ".jsonl" else _yaml(file)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)
    if path.suffix not in SUFFIXES:
        raise BadData(f"{path}: case files end in .yaml, .yml or .jsonl; rename or convert it")
    return [path]


def _jsonl(path: Path) -> Iterator[RawCase]:
    return (RawCase(path, line, value) for line, value in json_rows(path))


def _yaml(path: Path) -> Iterator[RawCase]:
    try:
        root = yaml.compose(text_of(path), Loader=yaml.SafeLoader)
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            remedy = "begin each case with `- id: …`"
            raise BadRow(path, root.start_mark.line + 1, "not a list of cases", remedy)
        for node in root.value:
            _refuse_repeated_keys(path, node)
            yield RawCase(path, node.start_mark.line + 1, _value(node))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadRow(path, line, f"not YAML ({error.problem})", "correct the syntax") from None
    except yaml.YAMLError as error:
        raise BadData(f"{path}: not YAML ({error}); correct the syntax") from None
    except ValueError as error:
        # An impossible date such as 2026-02-30 is only found when the value is built.
        raise BadRow(path, 1, f"a value that YAML cannot read ({error})", "correct it") from None


def _value(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_repeated_keys(path: Path, node: yaml.Node) -> None:
    # YAML readers keep the last of two equal keys and say nothing, which loses an expectation.
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise BadRow(path, line, f"the key {key.value} stands twice", "keep one")
            seen.add(key.value)
            _refuse_repeated_keys(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(path, item)


def schema() -> dict[str, Any]:
    """The JSON Schema of one case."""
    return Case.model_json_schema()


def schema_text() -> str:
    """The JSON Schema of a case file: a list of cases."""
    whole = schema()
    definitions = whole.pop("$defs", {})
    return json.dumps(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "kefu evaluation cases",
            "type": "array",
            "items": whole,
            "$defs": definitions,
        },
        ensure_ascii=False,
        indent=2,
    )
