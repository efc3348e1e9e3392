from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.handoff.shop import Shop, open_shop


@pytest.fixture
async def shop(store_url: str) -> AsyncIterator[Shop]:
    """On SQLite and on PostgreSQL: whatever is specified of a shop holds on both."""
    async with open_shop(store_url) as opened:
        yield opened
