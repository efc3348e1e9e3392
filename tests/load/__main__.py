"""`make load`: visitors who stay connected and ask, against a real server; a table of figures.

Everything is on loopback and bounded. Exit code 1 when something was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import typer

from tests.bot.command_line import Kefu, ServerProcess, until

_UNANSWERED = "SELECT count(*) FROM message WHERE sender_kind = 'customer' AND outcome IS NULL"
_DOUBLED = (
    "SELECT count(*) FROM message WHERE sender_kind = 'bot' AND id NOT IN "
    "(SELECT settled_by FROM message WHERE settled_by IS NOT NULL)"
)
_VISITORS = Path(__file__).with_name("visitors.py")


@dataclass(frozen=True)
class Load:
    """How much, for how long."""

    visitors: int
    rate: float
    seconds: int


@dataclass(frozen=True)
class Figures:
    """What came out; times in ms, memory in MB."""

    answers: int
    failures: int
    p50: float
    p95: float
    p99: float
    send_p95: float
    memory: list[float]
    unanswered: int
    doubled: int


def percentile(times: Mapping[str, int], share: float) -> float:
    """The time below which that share of requests stayed; Locust counts by rounded ms."""
    counted = sorted((float(ms), count) for ms, count in times.items())
    wanted = share * sum(count for _, count in counted)
    for ms, count in counted:
        wanted -= count
        if wanted <= 0:
            return ms
    return 0.0


def run(load: Load, server: ServerProcess) -> Figures:
    """Drives the server with Locust and looks at its memory meanwhile."""
    command = [sys.executable, "-m", "locust", "-f", _VISITORS, "--headless", "--json"]
    command += ["--users", str(load.visitors), "--spawn-rate", "50", "--host", server.url]
    command += ["--run-time", f"{load.seconds}s", "--reset-stats", "--stop-timeout", "15"]
    pace = {"LOAD_PACE": str(load.rate / load.visitors), "PYTHONWARNINGS": "ignore"}
    process = psutil.Process(server.process.pid)
    memory: list[float] = []
    with tempfile.TemporaryFile("w+") as out:
        driving = subprocess.Popen(
            command, stdout=out, stderr=subprocess.DEVNULL, env={**os.environ, **pace}
        )
        while driving.poll() is None:
            memory.append(process.memory_info().rss / 2**20)
            typer.echo(f"\r{len(memory) * 5:4d} s  {memory[-1]:5.0f} MB", nl=False)
            time.sleep(5)
        typer.echo()
        out.seek(0)
        rows = {row["name"]: row for row in json.loads(out.read())}
    database = server.data / "kefu.db"
    until(lambda: not count(database, "SELECT count(*) FROM reply_due"), "an end of the backlog")
    return figures(rows, memory, database)


def count(database: Path, query: str) -> int:
    """The one number that a query gives."""
    with sqlite3.connect(database) as store:
        [[number]] = store.execute(query).fetchall()
    return int(number)


def figures(rows: Mapping[str, Any], memory: list[float], database: Path) -> Figures:
    """Locust's statistics, and what the store says."""
    answer, sent = rows["answer"], rows["message"]
    return Figures(
        answers=answer["num_requests"] - answer["num_failures"],
        failures=sum(row["num_failures"] for row in rows.values()),
        p50=percentile(answer["response_times"], 0.5),
        p95=percentile(answer["response_times"], 0.95),
        p99=percentile(answer["response_times"], 0.99),
        send_p95=percentile(sent["response_times"], 0.95),
        memory=memory,
        unanswered=count(database, _UNANSWERED),
        doubled=count(database, _DOUBLED),
    )


def table(load: Load, got: Figures) -> str:
    """Markdown."""
    third = max(1, len(got.memory) // 3)
    early, late = (
        sum(part) / len(part)
        for part in (got.memory[third : 2 * third] or got.memory, got.memory[-third:])
    )
    rows = [
        ("visitors connected", f"{load.visitors}"),
        ("messages a second", f"{got.answers / load.seconds:.1f} of {load.rate:.0f} asked for"),
        ("answers", f"{got.answers}"),
        (
            "answer on the stream, p50 / p95 / p99",
            f"{got.p50:.0f} / {got.p95:.0f} / {got.p99:.0f} ms",
        ),
        ("acknowledgement, p95", f"{got.send_p95:.0f} ms"),
        ("failed requests", f"{got.failures}"),
        ("messages without an outcome, replies said twice", f"{got.unanswered}, {got.doubled}"),
        ("memory, second third / last third", f"{early:.0f} / {late:.0f} MB"),
    ]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.load")
    parser.add_argument("--visitors", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=50, help="messages a second, all together")
    parser.add_argument("--seconds", type=int, default=120)
    given = parser.parse_args()
    load = Load(given.visitors, given.rate, given.seconds)
    with tempfile.TemporaryDirectory(prefix="kefu-load-") as folder:
        data = Path(folder) / "data"
        kefu = Kefu(data, {"KEFU_LIMITS_FACTOR": "10000", "KEFU_WORKERS": "8"})
        with kefu.serving("--demo") as server:
            got = run(load, server)
    typer.echo(table(load, got))
    sys.exit(1 if got.failures or got.unanswered or got.doubled else 0)


if __name__ == "__main__":
    main()
