"""Reads a file, or every file of a folder, whatever its format: articles and tables of words."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from knowledge.article import Article, ArticleId
from knowledge.errors import ImportRefused
from knowledge.importing import limits, words
from knowledge.importing.document import markdown_of, with_headings
from knowledge.importing.encoding import decode
from knowledge.importing.lines import read_lines
from knowledge.importing.markdown import read_markdown
from knowledge.importing.row import Rules
from knowledge.importing.sheet import read_csv, read_workbook
from knowledge.importing.source import Reading, Refusal, SourceFile

_MARKDOWN = frozenset({".md", ".markdown"})
_SHEETS = frozenset({".csv", ".tsv"})
_LINES = frozenset({".jsonl", ".ndjson"})
_PAGES = frozenset({".html", ".htm"})
SUFFIXES = frozenset({".xlsx", ".docx", ".pdf", ".txt"}) | _MARKDOWN | _SHEETS | _LINES | _PAGES
_SAVE_AS = {
    ".xls": "save it as .xlsx",
    ".xlsm": "save it as .xlsx",
    ".et": "save it as .xlsx",
    ".ods": "save it as .xlsx",
    ".doc": "save it as .docx",
    ".wps": "save it as .docx",
    ".json": "write one object a line and call it .jsonl",
}
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def read(
    path: Path,
    *,
    zone: tzinfo,
    default_language: str = "zh",
    allow_without_answer: bool = False,
) -> Iterator[SourceFile]:
    """Reads `path`, one SourceFile after another, in the order of their names.

    Dates without an offset are those of `zone`. `allow_without_answer` keeps questions without an
    answer, for measuring search; nothing of the kind should be published. Raises ImportRefused
    only when there is no such path; everything else is a refusal inside a SourceFile.
    """
    if not path.exists():
        raise ImportRefused(f"there is no file or folder {path}; check the path.")
    rules = Rules(zone, default_language, allow_without_answer)
    return _files(path, rules)


def _files(path: Path, rules: Rules) -> Iterator[SourceFile]:
    seen: dict[ArticleId, str] = {}
    if not path.is_dir():
        yield _read_file(path, path.name, rules, seen)
        return
    root = path.resolve()
    for found, skipped in _walk(root):
        shown = found.relative_to(root).as_posix()
        if skipped:
            yield SourceFile(found.as_posix(), shown, complete=False, skipped=skipped)
        else:
            yield _read_file(found, shown, rules, seen)


def _walk(root: Path) -> Iterator[tuple[Path, str | None]]:
    """Every file below `root`, in order, with the reason why it is skipped if it is."""
    for folder, folders, files in os.walk(root):
        hidden = [name for name in folders if _is_hidden(name)]
        folders[:] = sorted(name for name in folders if name not in hidden)
        yield from ((Path(folder, name), "hidden") for name in sorted(hidden))
        for name in sorted(files):
            yield Path(folder, name), _reason_to_skip(Path(folder, name), root)


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM


def _reason_to_skip(path: Path, root: Path) -> str | None:
    if _is_hidden(path.name):
        return "hidden"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "a link out of the folder"
    if not path.is_file():
        return "not a plain file"
    suffix = path.suffix.lower()
    if suffix in words.SUFFIXES:
        return None if _holds_words(path) else words.NO_WORDS
    if suffix not in SUFFIXES:
        return _SAVE_AS.get(suffix, "not a format that is read")
    return None


def _holds_words(path: Path) -> bool:
    try:
        return words.looks_like_words(decode(_bytes(path)))
    except ImportRefused:
        # Nothing says that this file was meant for us.
        return False


def _read_file(path: Path, shown: str, rules: Rules, seen: dict[ArticleId, str]) -> SourceFile:
    name = path.resolve().as_posix()
    try:
        if path.suffix.lower() in words.SUFFIXES:
            return words.read_words(decode(_bytes(path)), name=name, shown=shown)
        reading = _reading(path, shown, rules)
    except ImportRefused as error:
        return SourceFile(name, shown, refused=(Refusal(shown, str(error)),), complete=False)
    articles: list[Article] = []
    refused = list(reading.refused)
    for where, article in reading.articles:
        if article.id in seen:
            first = seen[article.id]
            why = f"the id {article.id} stands already at {first}; give this one another id."
            refused.append(Refusal(where, why, article.id))
        else:
            seen[article.id] = where
            articles.append(article)
    if not articles and not refused:
        why = "there is nothing to import: no heading or row with an answer; see the format guide."
        refused.append(Refusal(shown, why))
        # An export that went wrong must not empty the shop's knowledge.
        reading.complete = False
    return SourceFile(
        name, shown, tuple(articles), tuple(refused), tuple(reading.notes), reading.complete
    )


def _reading(path: Path, shown: str, rules: Rules) -> Reading:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        advice = _SAVE_AS.get(suffix, f"use one of {', '.join(sorted(SUFFIXES | words.SUFFIXES))}")
        raise ImportRefused(f"files called {suffix or '(no suffix)'} are not read; {advice}.")
    raw = _bytes(path)
    if suffix == ".xlsx":
        return read_workbook(raw, shown=shown, stem=path.stem, rules=rules)
    text = _text(raw, suffix)
    limits.check_text(text)
    if suffix in _SHEETS:
        return read_csv(text, shown=shown, stem=path.stem, rules=rules)
    if suffix in _LINES:
        return read_lines(text, shown=shown, stem=path.stem, rules=rules)
    return read_markdown(text, shown=shown, stem=path.stem, rules=rules)


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ImportRefused("this is not a plain file; copy what it holds into one.")
        limits.check_bytes(status.st_size)
        return path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"the file cannot be read ({error.strerror}).") from error


def _text(raw: bytes, suffix: str) -> str:
    if suffix in (".pdf", ".docx"):
        return markdown_of(raw, suffix)
    text = decode(raw)
    if suffix in _PAGES:
        return markdown_of(text.encode(), suffix)
    return with_headings(text) if suffix == ".txt" else text
