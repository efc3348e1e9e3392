"""Windows of a real browser that are watched: an error on the console fails the test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.server import Clock

# The desk asks who is signed in before anybody is: a browser puts that answer on the console.
_UNSIGNED_VISIT = re.compile(r"status of 401 .*/api/desk/me$")


class Windows:
    """Opens windows, each with cookies and storage of its own, and keeps what they complain of."""

    def __init__(self, browser: Browser, pictures: Path | None) -> None:
        self._browser = browser
        self._pictures = pictures
        self._contexts: list[BrowserContext] = []
        self._provoked: list[re.Pattern[str]] = [_UNSIGNED_VISIT]
        self._complaints: list[str] = []

    def open(self, clock: Clock, **options: Any) -> Page:
        """A page in a new window whose clock shows the time of the server."""
        context = self._browser.new_context(
            **{
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                "viewport": {"width": 1280, "height": 800},
                "reduced_motion": "reduce",
                **options,
            }
        )
        context.clock.set_fixed_time(clock.now)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._complain(str(error.error)))
        self._contexts.append(context)
        return context.new_page()

    def provoke(self, pattern: str) -> None:
        """From now on the console may say this: the test brings it about."""
        self._provoked.append(re.compile(pattern))

    def picture(self, page: Page, name: str) -> None:
        """Keeps a picture of the page where the run asks for pictures."""
        if self._pictures:
            page.screenshot(path=self._pictures / f"{name}.png", animations="disabled")

    def take_complaints(self) -> list[str]:
        """What the consoles said that no test provoked; then forgets it."""
        complaints, self._complaints = self._complaints, []
        return complaints

    def close(self) -> None:
        """Closes all windows."""
        for context in self._contexts:
            context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        # A violation of the Content-Security-Policy is an error on the console as well.
        if message.type in ("error", "warning"):
            self._complain(f"{message.text} {message.location.get('url', '')}".strip())

    def _complain(self, words: str) -> None:
        if not any(pattern.search(words) for pattern in self._provoked):
            self._complaints.append(words)
