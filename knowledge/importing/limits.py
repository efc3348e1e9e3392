"""How much of a file is read; more than this is a mistake or an attack."""

from __future__ import annotations

import zipfile
from io import BytesIO

from knowledge.errors import ImportRefused

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
MAX_ROWS = 50_000
MAX_UNPACKED = 200 * 1024 * 1024


def check_bytes(size: int) -> None:
    """Refuses a file by its size alone, before it is read."""
    if size > MAX_BYTES:
        raise ImportRefused(
            f"the file has {size / 1024 / 1024:.0f} MB; at most {MAX_BYTES // 1024 // 1024} MB are "
            "read. Split it, or leave the pictures out."
        )
    if size == 0:
        raise ImportRefused("the file is empty; export it again, or delete it.")


def check_text(text: str) -> None:
    """Refuses a file with too much text, or with none."""
    check_length(len(text))
    if not text.strip():
        raise ImportRefused("there is no text in the file; if it is a scan, export it with text.")


def check_length(characters: int) -> None:
    """Refuses a file with too much text."""
    if characters > MAX_CHARACTERS:
        raise ImportRefused(
            f"the file has more than {MAX_CHARACTERS:,} characters of text; "
            "split it into several files."
        )


def check_rows(rows: int) -> None:
    """Refuses a sheet with too many rows."""
    if rows > MAX_ROWS:
        raise ImportRefused(
            f"the file has more than {MAX_ROWS:,} rows; split it into several files."
        )


def check_zip(raw: bytes) -> None:
    """Refuses an Office file that is none, or that unpacks to something enormous."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            encrypted = any(entry.flag_bits & 1 for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise ImportRefused(
            "the file is damaged or protected by a password; open it and save it again."
        ) from error
    if unpacked > MAX_UNPACKED:
        raise ImportRefused(
            f"the file would unpack to {unpacked / 1024 / 1024:,.0f} MB; save it again without "
            "empty rows and pictures."
        )
    if encrypted:
        raise ImportRefused("the file is protected by a password; save it without one.")
