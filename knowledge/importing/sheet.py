"""Rows of a sheet (CSV, Excel) to articles; the first rows say which column is what."""

from __future__ import annotations

import csv
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Any
from zipfile import BadZipFile

from knowledge.errors import ImportRefused
from knowledge.importing import fields
from knowledge.importing.limits import check_length, check_rows, check_zip
from knowledge.importing.row import Rules, article_of, generated
from knowledge.importing.source import Reading, Refusal

_HEADER_WITHIN = 10
# What openpyxl and the XML and ZIP readers below it raise on damaged files; both XML readers
# call theirs a SyntaxError.
_DAMAGE = (
    BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
    OSError,
    RuntimeError,
)
_MAX_COLUMNS = 100
Cells = Sequence[Any]


def read_csv(text: str, *, shown: str, stem: str, rules: Rules) -> Reading:
    """A table of text; its separator is the one that its first lines use most."""
    head = "\n".join(text.split("\n", 5)[:5])
    delimiter = max(",\t;", key=head.count)
    reading = Reading()
    rows = csv.reader(StringIO(text), delimiter=delimiter)
    _read_table(rows, reading, place=shown, stem=stem, rules=rules)
    return reading


def read_workbook(raw: bytes, *, shown: str, stem: str, rules: Rules) -> Reading:
    """Every visible sheet that has a question column; formulas count as the value they show."""
    check_zip(raw)
    # Imported here: it costs a tenth of a second that answering customers does not need.
    from openpyxl import load_workbook

    reading = Reading()
    without: list[str] = []
    tables = 0
    try:
        with warnings.catch_warnings():
            # Styles and drop-down lists that openpyxl does not know are of no interest here.
            warnings.simplefilter("ignore")
            workbook = load_workbook(BytesIO(raw), read_only=True, data_only=True)
            for sheet in workbook.worksheets:
                place = f"{shown}, sheet {sheet.title}"
                if sheet.sheet_state != "visible":
                    reading.note([f"{place}: hidden, not read"])
                    continue
                # Some programs write a wrong size into the sheet; the rows know better.
                sheet.reset_dimensions()
                rows = sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True)
                try:
                    _read_table(rows, reading, place=place, stem=stem, rules=rules)
                    tables += 1
                except _NoQuestions as error:
                    without.append(f"{place}: {error}")
            workbook.close()
    except _DAMAGE as error:
        raise ImportRefused("the workbook is damaged; open it and save it again.") from error
    if tables == 0:
        raise ImportRefused("; ".join(without) or "there is no visible sheet in the workbook.")
    reading.note(without)
    return reading


class _NoQuestions(ImportRefused):
    """A sheet has no column with questions."""


def _read_table(
    rows: Iterable[Cells], reading: Reading, *, place: str, stem: str, rules: Rules
) -> None:
    numbered = enumerate(rows, start=1)
    columns, unused = _header(numbered, answers=not rules.allow_without_answer)
    if unused:
        reading.note([f"{place}: not used: {', '.join(unused)}"])
    filled: list[tuple[int, Cells]] = []
    try:
        _collect(numbered, filled)
    except csv.Error as error:
        where = f"{place}, row {filled[-1][0] + 1 if filled else 2}"
        why = f"from here on nothing can be read ({error}); a quotation mark is not closed."
        reading.take(where, Refusal(where, why))
        reading.complete = False
    for number, cells in filled:
        row = {key: cells[i] for key, i in columns.items() if i < len(cells)}
        where = f"{place}, row {number}"
        title = fields.text_of(row.get("title"))
        known_id = generated(stem, title) if title else ""
        reading.take(where, article_of(row, where=where, generated_id=known_id, rules=rules))


def _collect(numbered: Iterator[tuple[int, Cells]], filled: list[tuple[int, Cells]]) -> None:
    """Keeps the rows that are not empty, as far as the limits allow, before any is looked at."""
    characters = 0
    for number, cells in numbered:
        if any(not isinstance(cell, str) or cell.strip() for cell in cells if cell is not None):
            filled.append((number, cells))
            characters += sum(len(cell) for cell in cells if isinstance(cell, str))
            check_rows(len(filled))
            check_length(characters)


def _header(
    numbered: Iterator[tuple[int, Cells]], *, answers: bool
) -> tuple[dict[str, int], list[str]]:
    """Which column holds which key, and the names of the columns that mean nothing here."""
    first: list[str] = []
    for number, cells in numbered:
        names = [fields.text_of(cell) for cell in cells]
        keys = [fields.key_of(name) if name else None for name in names]
        if "title" in keys and ("answer" in keys or not answers):
            doubled = {str(key) for key in keys if key and keys.count(key) > 1}
            if doubled:
                raise ImportRefused(
                    f"several columns mean the same ({', '.join(sorted(doubled))}): "
                    f"{', '.join(n for n, k in zip(names, keys, strict=True) if k in doubled)}; "
                    "keep one of them."
                )
            columns = {key: i for i, key in enumerate(keys) if key}
            return columns, [n for n, k in zip(names, keys, strict=True) if n and k is None]
        first = first or [name for name in names if name]
        if number >= _HEADER_WITHIN:
            break
    found = ", ".join(name[:40] for name in first[:20]) or "nothing"
    raise _NoQuestions(
        "there is no column for the question and one for the answer; name them 问题 (question) "
        f"and 答案 (answer). Found: {found}."
    )
