"""`kefu` as its users run it: real processes over a data folder of their own."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
import structlog

from bot.cli import main

T = TypeVar("T")

REPOSITORY = Path(__file__).parents[2]
RUN_KEFU = (sys.executable, "-m", "bot.cli")
# Generous, since test machines are busy; nothing here waits longer than it must.
PATIENCE_S = 60.0

FREIGHT = "# 运费 {#freight}\n\n满 **59 元**包邮，不满收 8 元运费。\n"
GIFT = "# 可以包礼盒吗？ {#gift}\n\n可以，礼盒每份 **10 元**。\n"
HOURS = "# 几点上班？ {#hours}\n\n每天 09:00–22:30。\n"


def until(look: Callable[[], T | None], what: str, within: float = PATIENCE_S) -> T:
    """What `look` gives as soon as it is true."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what} did not happen within {within:.0f} s")


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without its `kefu` settings and proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KEFU_") and not name.lower().endswith("_proxy")
    }
    return {**kept, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", **variables}


def linked_copy(folder: Path, target: Path) -> Path:
    """A data folder of one's own; the embedder's read-only weights are shared, not copied."""

    def copy(source: str, destination: str) -> str:
        if Path(source).is_relative_to(folder / "cache"):
            os.link(source, destination)
            return destination
        return shutil.copy2(source, destination)

    shutil.copytree(folder, target, copy_function=copy)
    return target


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """What was said on standard error, however wide the terminal was."""
        return " ".join(self.err.split())

    def json(self) -> Any:
        assert self.code == 0, self.err
        return json.loads(self.out)


@dataclass
class Kefu:
    """The command line over one data folder, run from a folder that is not the repository."""

    data: Path
    variables: dict[str, str] = field(default_factory=dict)
    command: Sequence[str] = RUN_KEFU

    def environment(self, **variables: str) -> dict[str, str]:
        return environment(**{"KEFU_DATA": str(self.data), **self.variables, **variables})

    def __call__(self, *arguments: str | Path, typed: str | None = None, **variables: str) -> Done:
        done = subprocess.run(
            [*self.command, *map(str, arguments)],
            env=self.environment(**variables),
            cwd=self.data.parent,
            input=typed,
            stdin=subprocess.DEVNULL if typed is None else None,
            capture_output=True,
            # Without a terminal, a password is read from the input.
            start_new_session=typed is not None,
            text=True,
            timeout=PATIENCE_S * 2,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def good(self, *arguments: str | Path, typed: str | None = None, **variables: str) -> Done:
        done = self(*arguments, typed=typed, **variables)
        assert done.code == 0, done.err or done.out
        return done

    def json(self, *arguments: str | Path, **variables: str) -> Any:
        return self(*arguments, "--json", **variables).json()

    def start(self, *arguments: str, **variables: str) -> ServerProcess:
        """`kefu serve` on a free port; returns once it answers."""
        log = self.data.parent / "server.log"
        with log.open("ab") as file:
            process = subprocess.Popen(
                [*self.command, "serve", "--port", "0", *arguments],
                env=self.environment(KEFU_PAUSE="0", **variables),
                cwd=self.data.parent,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )
        server = ServerProcess(process, self.data, log)
        try:
            server.url = until(server.answering, "the server's start")
        except BaseException:
            server.kill()
            raise
        return server

    @contextmanager
    def serving(self, *arguments: str, **variables: str) -> Iterator[ServerProcess]:
        server = self.start(*arguments, **variables)
        try:
            yield server
        finally:
            server.kill()


class KefuHere(Kefu):
    """The same in this process: quicker, for commands that load no models."""

    def __call__(self, *arguments: str | Path, typed: str | None = None, **variables: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, _log_as_it_was():
            for name in [name for name in os.environ if name.startswith("KEFU_")]:
                patch.delenv(name)
            settings = {"KEFU_DATA": str(self.data), **self.variables, **variables}
            for name, value in settings.items():
                patch.setenv(name, value)
            patch.chdir(self.data.parent)
            patch.setattr(sys, "argv", ["kefu", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.StringIO(typed or ""))
            with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
                main()
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


@contextmanager
def _log_as_it_was() -> Iterator[None]:
    try:
        yield
    finally:
        structlog.reset_defaults()


@dataclass
class ServerProcess:
    """A running `kefu serve`."""

    process: subprocess.Popen[bytes]
    data: Path
    log: Path
    url: str = ""

    def answering(self) -> str | None:
        """Its address, once it is healthy."""
        code = self.process.poll()
        assert code is None, f"the server ended with {code}: {self.log.read_text()[-3000:]}"
        try:
            url: str = json.loads((self.data / "server.json").read_text())["url"]
            healthy = httpx.get(f"{url}/healthz", timeout=5, trust_env=False).status_code == 200
        except (OSError, ValueError, httpx.HTTPError):
            return None
        return url if healthy else None

    def terminate(self) -> float:
        """Asks it to stop; the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
        return time.monotonic() - began

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE_S)
