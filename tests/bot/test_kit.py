"""A server's parts: what has to run for ever, and what is said when it does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from structlog.testing import capture_logs

from bot.kit import open_kit
from tests.server import settings_for


class Broken:
    """A worker that ends at once, which none may."""

    async def run(self, woken: asyncio.Event, *, turns: int) -> None:
        raise LookupError("the worker's last words")


async def test_a_part_that_has_to_run_and_ends_is_said_at_once(tmp_path: Path) -> None:
    async with open_kit(settings_for(tmp_path / "data")) as kit:
        kit.worker = Broken()  # type: ignore[assignment]
        with capture_logs() as said:
            async with kit.working(1):
                # It begins, and ends.
                await asyncio.sleep(0)
    [ended] = [row for row in said if row["event"] == "server.part_ended"]
    assert ended["log_level"] == "critical"
    assert "last words" in str(ended["exc_info"])
