"""A real Chroma server for the tests."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


class Chroma:
    """`chroma run` over a folder, on a port that stays the same when it is started again."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("chroma")
        where = ["--path", self._place, "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [program, "run", *where], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=0.1).close()
            except OSError:
                try:
                    # The pause between two looks; a server that ends instead says so at once.
                    pytest.fail(f"chroma run ended with {self._process.wait(timeout=0.1)}")
                except subprocess.TimeoutExpired:
                    continue
            return
        pytest.fail("chroma run did not open its port")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=20)
            self._process = None


@contextmanager
def running_chroma(place: Path) -> Iterator[Chroma]:
    """The server until the block ends."""
    chroma = Chroma(place)
    try:
        chroma.start()
        yield chroma
    finally:
        chroma.kill()
