from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chroma import Chroma, running_chroma
from tests.faults.cluster import Cluster, Published, cluster, publish
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """A real Chroma server of the whole run."""
    with running_chroma(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture(scope="session")
def published(
    postgres: Postgres, chroma: Chroma, tmp_path_factory: pytest.TempPathFactory
) -> Published:
    """The sample shop over PostgreSQL and Chroma, published once a run."""
    return publish(postgres, chroma, tmp_path_factory.mktemp("published") / "data")


@pytest.fixture
def some_processes(postgres: Postgres, published: Published, tmp_path: Path) -> Iterator[Cluster]:
    """Processes over a database of their own."""
    with cluster(postgres, published, tmp_path / "cluster") as made:
        yield made
