"""The text of a file whose encoding nobody wrote down."""

from __future__ import annotations

import codecs
import unicodedata

from knowledge.errors import ImportRefused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 20_000
_WRONG_ENCODING = (
    "the file is text in an encoding that cannot be told (neither UTF-8 nor GB 18030 nor UTF-16); "
    "save it as UTF-8."
)
_NOT_TEXT = "the file is not text although its name says so; export it again."


def decode(raw: bytes) -> str:
    """The text of `raw` with line ends as \\n: UTF-8, UTF-16 or GB 18030, or ImportRefused."""
    text = _decoded(raw)
    if "\x00" in text:
        raise ImportRefused(_NOT_TEXT)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding)
    if b"\x00" in raw:
        return _strictly(raw, _utf16_without_mark(raw))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = _strictly(raw, "gb18030")
    # GB 18030 can read nearly any bytes; what comes out must also look like Chinese.
    if not _looks_chinese(text[:_SAMPLE]):
        raise ImportRefused(_WRONG_ENCODING)
    return text


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise ImportRefused(_WRONG_ENCODING) from error


def _utf16_without_mark(raw: bytes) -> str:
    """ASCII letters, spaces and line ends leave their zero byte on one side only."""
    sample = raw[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(raw) % 2 == 0 and max(even, odd) > 10 * min(even, odd):
        for encoding in ("utf-16-le",) if odd > even else ("utf-16-be",):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if not any(unicodedata.category(char) in ("Cn", "Co") for char in text[:_SAMPLE]):
                return encoding
    raise ImportRefused(_NOT_TEXT)


def _looks_chinese(text: str) -> bool:
    """Most of what is not ASCII is a common character of GB 2312 (level 1) or its punctuation."""
    foreign = [char for char in text if ord(char) > 127]
    common = 0
    for char in foreign:
        if unicodedata.category(char) in ("Cn", "Co", "Cc"):
            return False
        try:
            lead = char.encode("gb2312")[0]
        except UnicodeEncodeError:
            continue
        common += 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7
    return common >= 0.7 * len(foreign)
