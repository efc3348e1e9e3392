"""Logs: JSON lines, or readable ones on a terminal. Never message texts, never secrets."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog


class Unfailing:
    """A stream whose words may be lost: a full disk must not end what only wanted to report it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Writes what can be written."""
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        """Does not say whether it could."""
        with suppress(OSError):
            self._stream.flush()


def set_up() -> None:
    """Sends everything to standard error."""
    terminal = sys.stderr.isatty()
    output = Unfailing(sys.stderr)
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, output)),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=output)
    # bm25s sets its own logger to chatty.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
