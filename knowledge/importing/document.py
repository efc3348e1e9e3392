"""HTML, PDF and Word to Markdown, and plain text whose headings nobody marked."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from io import BytesIO

from knowledge.errors import ImportRefused
from knowledge.importing.limits import check_zip

_NUMBERED = re.compile(
    r"(?:(?P<chapter>第[一二三四五六七八九十百零\d]{1,4}[章节条])|(?P<han>[一二三四五六七八九十]{1,3}、)"
    r"|(?P<bracket>[（(][一二三四五六七八九十]{1,3}[)）])|(?P<digit>\d{1,2}(?:\.\d{1,2})*[.、．]?\s))\s*\S"
)
_ASKED = re.compile(r"^(?:Q|问|问题)\s*\d{0,3}\s*[:：.、]\s*", re.IGNORECASE)
_ANSWERED = re.compile(r"^(?:A|答|回答)\s*\d{0,3}\s*[:：.、]\s*", re.IGNORECASE)
_LONGEST_HEADING = 40
_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)


def markdown_of(raw: bytes, suffix: str) -> str:
    """The Markdown of an HTML (as UTF-8), PDF or Word file; ImportRefused when it is damaged."""
    if suffix == ".docx":
        check_zip(raw)
    if suffix == ".pdf" and b"%PDF-" not in raw[:1024]:
        raise ImportRefused("the file is no PDF although its name says so; export it again.")
    # Imported here: markitdown takes most of a second to load.
    from markitdown import FileConversionException, MarkItDown, StreamInfo
    from markitdown.converters import DocxConverter, HtmlConverter, PdfConverter

    converters = {".docx": DocxConverter, ".pdf": PdfConverter}
    # Only the one converter: with all of them a damaged PDF would pass as plain text.
    reader = MarkItDown(enable_builtins=False)
    reader.register_converter(converters.get(suffix, HtmlConverter)())
    charset = None if suffix in converters else "utf-8"
    try:
        with warnings.catch_warnings():
            # Remarks of the libraries on the file's inner structure help no shop.
            warnings.simplefilter("ignore")
            result = reader.convert_stream(
                BytesIO(raw), stream_info=StreamInfo(extension=suffix, charset=charset)
            )
    except FileConversionException as error:
        raise ImportRefused(
            "the file is damaged or protected by a password; open it and save it again."
        ) from error
    text = result.markdown.replace("\r\n", "\n").replace("\f", "\n\n").replace("\x00", "")
    return text if _HEADING.search(text) else with_headings(text)


def with_headings(text: str) -> str:
    """Plain text with `##` before the lines that look like headings or questions."""
    lines = [line.strip() for line in text.split("\n")]
    out: list[str] = []
    for i, line in enumerate(lines):
        if _ASKED.match(line):
            out += ["", f"## {_ASKED.sub('', line)}", ""]
        elif _is_heading(line, before=lines[:i][-3:], after=lines[i + 1 : i + 4]):
            out += ["", f"## {line}", ""]
        else:
            out.append(_ANSWERED.sub("", line))
    return "\n".join(out)


def _is_heading(line: str, *, before: list[str], after: list[str]) -> bool:
    if not line or len(line) > _LONGEST_HEADING:
        return False
    if line[-1] in "。；;，,、：:.!！":
        return False
    if line[-1] in "？?":
        return True
    # Lines numbered the same way one after another are a list, not headings.
    style = _style(line)
    neighbours = (_first_text(reversed(before)), _first_text(after))
    return style is not None and bool(neighbours[1]) and style not in map(_style, neighbours)


def _style(line: str) -> str | None:
    found = _NUMBERED.match(line)
    return found.lastgroup if found else None


def _first_text(lines: Iterable[str]) -> str:
    return next((line for line in lines if line), "")
