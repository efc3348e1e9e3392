from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.command_line import Kefu, KefuHere, linked_copy
from tests.chroma import Chroma, running_chroma
from tests.faults.cluster import Cluster, Published, cluster, publish
from tests.faults.model import SteadyModel, variables
from tests.faults.places import Alone, Place, Shared, WithModel
from tests.faults.report import Line, write
from tests.faults.trial import Trial
from tests.postgres import Postgres
from tests.server import LI, MEI

# Traffic comes from one address.
_MUCH = {"KEFU_LIMITS_FACTOR": "1000"}


def pytest_addoption(parser: pytest.Parser) -> None:
    faults = parser.getgroup("faults")
    faults.addoption(
        "--fault-rounds",
        type=int,
        metavar="N",
        help="rounds of each fault; a few of each when not given (needs the path tests/faults)",
    )
    faults.addoption(
        "--fault-report",
        type=Path,
        metavar="FILE",
        help="write what was done and found as Markdown",
    )


@pytest.fixture(scope="session")
def fault_lines(pytestconfig: pytest.Config) -> Iterator[list[Line]]:
    """The figures of every trial; written at the end where a report is asked for."""
    lines: list[Line] = []
    yield lines
    path = pytestconfig.getoption("fault_report", default=None)
    if path is not None:
        write(path, lines, pytestconfig.getoption("fault_rounds", default=None))


@pytest.fixture
def trial(pytestconfig: pytest.Config, tmp_path: Path, fault_lines: list[Line]) -> Trial:
    """A few rounds, or as many as the run was told."""
    rounds = pytestconfig.getoption("fault_rounds", default=None)
    return Trial(tmp_path, rounds, fault_lines)


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


@pytest.fixture(scope="package")
def alone(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alone]:
    """A server over SQLite that many tests break, and leave running."""
    data = linked_copy(sample_data, tmp_path_factory.mktemp("alone") / "data")
    place = Alone(Kefu(data, {"KEFU_WORKERS": "2", **_MUCH}))
    try:
        place.start()
        yield place
    finally:
        place.kill()


@pytest.fixture(scope="package")
def with_model(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithModel]:
    """A server over SQLite that asks a language model."""
    data = linked_copy(sample_data, tmp_path_factory.mktemp("with-model") / "data")
    with SteadyModel() as model:
        settings = {"KEFU_WORKERS": "4", "KEFU_LLM_TIMEOUT": "2", **_MUCH}
        place = Alone(Kefu(data, {**settings, **variables(model)}))
        try:
            place.start()
            yield WithModel(place, model)
        finally:
            place.kill()


@pytest.fixture(scope="package")
def shared(
    postgres: Postgres, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shared]:
    """A server and two workers over PostgreSQL that many tests break, and leave running."""
    with cluster(postgres, published, tmp_path_factory.mktemp("shared") / "cluster") as made:
        for account, name in ((MEI, "小梅"), (LI, "阿力")):
            KefuHere(published.data, dict(made.variables)).good(
                "admin", "add", account["email"], "--name", name, "--password", account["password"]
            )
        place = Shared(made)
        place.start()
        yield place


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each store that kefu runs on, with processes that stay from test to test."""
    name = {"sqlite": "alone", "postgresql": "shared"}[request.param]
    found: Place = request.getfixturevalue(name)
    return found
