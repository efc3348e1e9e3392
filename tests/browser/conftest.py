from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.watch import Windows

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# Playwright keeps an event loop running in this thread, in which pytest-asyncio could not run
# its own: the browser ends with this folder, and the sample shop is made before it begins.
@pytest.fixture(scope="package")
def chromium(sample_data: Path) -> Iterator[Browser]:
    """One browser for all tests here."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium here: apt-get install chromium fonts-noto-cjk")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def windows(chromium: Browser) -> Iterator[Windows]:
    """Windows of the test, without a complaint on their consoles at the end."""
    folder = os.environ.get("KEFU_SCREENSHOTS")
    opened = Windows(chromium, Path(folder) if folder else None)
    yield opened
    complaints = opened.take_complaints()
    opened.close()
    assert complaints == [], "the browser complained"
