"""Several real `kefu serve` and `kefu worker` processes over one PostgreSQL and one Chroma."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bot.command_line import RUN_KEFU, Kefu, ServerProcess, linked_copy, until
from tests.chroma import Chroma
from tests.postgres import Postgres

SECRET = "a secret of the tests that is long enough to sign with"


@dataclass(frozen=True)
class Published:
    """The sample shop in a PostgreSQL database and a Chroma server; copied for each test."""

    database_url: str
    data: Path
    chroma: Chroma


def publish(postgres: Postgres, chroma: Chroma, data: Path) -> Published:
    """Imports and publishes the sample shop with the command line."""
    url = postgres.database(migrated=False)
    kefu = Kefu(data, variables(url, chroma))
    sample = Path(__file__).parents[2] / "bot" / "sample"
    kefu.good("migrate")
    kefu.good("kb", "import", *(sample / name for name in ("policies", "faq.xlsx", "words.yaml")))
    kefu.good("kb", "publish")
    return Published(url, data, chroma)


def variables(url: str, chroma: Chroma) -> dict[str, str]:
    return {
        "KEFU_DATABASE_URL": url,
        "KEFU_CHROMA_URL": chroma.url,
        "KEFU_SECRET": SECRET,
        "KEFU_PAUSE": "0",
        "KEFU_LIMITS_FACTOR": "1000",
    }


class WorkerProcess:
    """A running `kefu worker`."""

    def __init__(self, kefu: Kefu, log: Path) -> None:
        self.kefu = kefu
        self.log = log
        with log.open("ab") as file:
            self.process = subprocess.Popen(
                [*RUN_KEFU, "worker"],
                env=kefu.environment(),
                cwd=kefu.data.parent,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        until(self._ready, "the worker's start")

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        return "kefu works on" in self.log.read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> int:
        """Asks it to end, as a supervisor does; its exit code."""
        self.process.terminate()
        return self.process.wait(20)


@dataclass
class Cluster:
    """Processes that share one database; each has a data folder of its own."""

    url: str
    published: Published
    folder: Path
    servers: list[ServerProcess] = field(default_factory=list)
    workers: list[WorkerProcess] = field(default_factory=list)
    _started: int = 0

    @property
    def variables(self) -> dict[str, str]:
        """What all of them are set to."""
        return variables(self.url, self.published.chroma)

    def _kefu(self, **more: str) -> Kefu:
        self._started += 1
        place = self.folder / f"process-{self._started}"
        place.mkdir(parents=True)
        data = linked_copy(self.published.data, place / "data")
        return Kefu(data, {**self.variables, **more})

    def serve(self, **more: str) -> ServerProcess:
        """One more server, which leaves the turns to workers unless told otherwise."""
        server = self._kefu(**{"KEFU_WORKERS": "0", **more}).start()
        self.servers.append(server)
        return server

    def work(self, **more: str) -> WorkerProcess:
        """One more worker."""
        kefu = self._kefu(**more)
        worker = WorkerProcess(kefu, kefu.data.parent / "worker.log")
        self.workers.append(worker)
        return worker

    def restart_server(self, server: ServerProcess) -> ServerProcess:
        """Kills it and starts it again, at another address."""
        self.servers.remove(server)
        server.kill()
        again = Kefu(server.data, {**self.variables, "KEFU_WORKERS": "0"}).start()
        self.servers.append(again)
        return again

    def restart_worker(self, worker: WorkerProcess) -> WorkerProcess:
        """Kills it and starts it again, with a log of its own."""
        self.workers.remove(worker)
        worker.kill()
        self._started += 1
        log = worker.log.with_name(f"worker-{self._started}.log")
        again = WorkerProcess(worker.kefu, log)
        self.workers.append(again)
        return again

    def end(self) -> None:
        for worker in self.workers:
            worker.kill()
        for server in self.servers:
            server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def cluster(postgres: Postgres, published: Published, folder: Path) -> Iterator[Cluster]:
    """A cluster without processes yet, over a database of its own."""
    made = Cluster(postgres.copy_of(published.database_url), published, folder)
    try:
        yield made
    finally:
        made.end()
