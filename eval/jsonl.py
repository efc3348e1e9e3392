"""Reading JSON Lines with errors that say file, line and what to do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from eval.errors import BadData, BadRow
from eval.rows import KbRow, Row

R = TypeVar("R", bound=Row)


def read_rows(path: Path, form: type[R]) -> list[R]:
    """Every row of a file in one of the measuring forms; an empty file is an error."""
    rows = []
    for line, value in json_rows(path):
        if not isinstance(value, dict):
            raise BadRow(path, line, "not an object", "write {…} on each line")
        try:
            rows.append(form.model_validate(value))
        except ValidationError as error:
            raise BadRow(path, line, *explain(error, form)[0]) from None
    if not rows:
        raise BadData(f"{path}: no rows; write one JSON object a line")
    return rows


def read_kb(path: Path) -> list[KbRow]:
    """A knowledge base; two articles never share an id."""
    seen: set[str] = set()
    rows = read_rows(path, KbRow)
    for row in rows:
        if row.id in seen:
            raise BadData(f"{path}: two articles have the id {row.id}; give each its own")
        seen.add(row.id)
    return rows


def json_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Line number and value of each line that is not blank."""
    # Not splitlines: it also splits at characters that may stand inside a JSON string.
    for line, text in enumerate(text_of(path).split("\n"), start=1):
        if text.strip():
            try:
                yield line, json.loads(text)
            except json.JSONDecodeError as error:
                remedy = "write one whole JSON object a line"
                raise BadRow(path, line, f"not JSON ({error.msg})", remedy) from None


def text_of(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadData(f"{path}: not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise BadData(f"{path}: cannot be read ({error.strerror}); check the path") from None


def explain(error: ValidationError, form: type[BaseModel]) -> list[tuple[str, str]]:
    """What is wrong with a row and what to do about it, everything that was found."""
    found = error.errors(include_url=False, include_input=False)
    return list(dict.fromkeys(_explain(each, form) for each in found))


def _explain(error: ErrorDetails, form: type[BaseModel]) -> tuple[str, str]:
    place = ".".join(str(step) for step in error["loc"])
    match error["type"]:
        case "missing":
            return f"{place} is missing", f"add {place}"
        case "extra_forbidden":
            known = ", ".join(form.model_fields)
            return f"unknown key {place}", f"remove or rename it (a row knows {known})"
        case "value_error":
            problem, _, remedy = str(error["ctx"]["error"]).partition(": ")
            return problem, remedy or "correct the row"
        case "string_type":
            return f"{place} is not a text", "put the text in quotes"
        case "string_pattern_mismatch" if error["ctx"]["pattern"] == r"\S":
            return f"{place} is empty", "write the text"
        case "timezone_aware":
            return f"{place} has no time zone", "write it as 2026-11-21T20:00:00+08:00"
    return f"{place}: {error['msg']}", "correct the value"
