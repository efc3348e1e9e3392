from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, running_postgres
from tests.server import Server, copy_of, publish_sample, serving


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started when the first test asks for it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store with our tables to come, on each database that kefu runs on."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'kefu.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture(scope="session")
def sample_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop, imported and published once a run; copy it before writing to it."""
    data = tmp_path_factory.mktemp("sample") / "data"
    publish_sample(data)
    return data


@pytest.fixture
def server(sample_data: Path, tmp_path: Path) -> Iterator[Server]:
    """A server of one's own over the sample shop."""
    with serving(copy_of(sample_data, tmp_path / "data")) as running:
        yield running


@pytest.fixture(scope="module")
def shared_server(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for tests that only begin conversations of their own."""
    with serving(copy_of(sample_data, tmp_path_factory.mktemp("shared") / "data")) as running:
        yield running
