"""Where customers are served: one server over SQLite, or several processes over PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tests.bot.command_line import Kefu, ServerProcess
from tests.faults.cluster import Cluster
from tests.faults.model import SteadyModel
from tests.faults.rows import PostgresStore, SqliteStore, Store


class Place(Protocol):
    """Processes that can be killed, and the store behind them."""

    store: Store

    def urls(self) -> Sequence[str]:
        """The servers that are up."""

    def kill_one(self, chance: random.Random) -> None:
        """Kills a process with -9 and starts it again."""


class Alone:
    """One `kefu serve`, which works off its turns itself."""

    def __init__(self, kefu: Kefu) -> None:
        self.kefu = kefu
        self.store: Store = SqliteStore(kefu.data / "kefu.db")
        self._server: ServerProcess | None = None

    @property
    def server(self) -> ServerProcess:
        """The running one."""
        assert self._server is not None, "no server was started"
        return self._server

    def start(self) -> None:
        self._server = self.kefu.start()

    def urls(self) -> Sequence[str]:
        return [self._server.url] if self._server else []

    def kill(self) -> None:
        """As a power cut would; a second time is no error."""
        if self._server is not None:
            self._server.kill()
            self._server = None

    def kill_one(self, chance: random.Random) -> None:
        self.kill()
        self.start()


@dataclass(frozen=True)
class WithModel:
    """A server alone, and the language model that it asks."""

    place: Alone
    model: SteadyModel


class Shared:
    """A server that leaves the turns to two workers."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.store: Store = PostgresStore(cluster.url)

    def start(self) -> None:
        self.cluster.serve()
        for _ in range(2):
            self.cluster.work()

    def urls(self) -> Sequence[str]:
        return [server.url for server in list(self.cluster.servers)]

    def kill_one(self, chance: random.Random) -> None:
        if chance.randrange(3) == 0:
            self.cluster.restart_server(self.cluster.servers[0])
        else:
            self.cluster.restart_worker(chance.choice(self.cluster.workers))
