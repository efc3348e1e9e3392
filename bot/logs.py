"""Logs: JSON lines, or readable ones on a terminal. Never message texts, never secrets."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up() -> None:
    """Sends everything to standard error."""
    terminal = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *([] if terminal else [structlog.processors.format_exc_info]),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # bm25s sets its own logger to chatty.
    logging.getLogger("bm25s").setLevel(logging.WARNING)
