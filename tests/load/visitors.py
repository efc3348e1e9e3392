"""Locust's side of the load test: visitors who stay connected and ask now and then.

Run by `make load`. An answer's time is from the moment a message is sent until the bot's reply to
it is on the visitor's own event stream.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import random
import time
from urllib.parse import urlsplit

import gevent
from locust import FastHttpUser, constant_throughput, task

# Each visitor's share of the whole rate, in messages a second.
_PACE = float(os.environ.get("LOAD_PACE", "0.05"))
_PATIENCE_S = 10.0

QUESTIONS = (
    "满多少包邮",
    "下单后多久发货？",
    "支持七天无理由退货吗？",
    "可以包礼盒吗？要多少钱？",
    "怎么开发票？",
    "实物和图片有色差吗？",
    "有运费险吗？",
    "how much is shipping?",
)


class Visitor(FastHttpUser):
    """One page with an open chat."""

    wait_time = constant_throughput(_PACE)

    def on_start(self) -> None:
        """Opens the chat and listens."""
        opened = self.client.post("/api/customer/session", json={}, name="session").json()
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self._seen = opened["cursor"]
        self._asked: tuple[int, float] | None = None
        self._questions = itertools.cycle(QUESTIONS)
        self._sent = itertools.count()
        self._listening = gevent.spawn(self._listen)
        # Visitors do not ask in step with each other.
        gevent.sleep(random.uniform(0, 1 / _PACE))

    def on_stop(self) -> None:
        """What was asked a while ago and never answered counts as a failure."""
        self._listening.kill()
        if self._asked and time.perf_counter() - self._asked[1] > _PATIENCE_S:
            self._report(self._asked[1], TimeoutError("no answer"))

    @task
    def ask(self) -> None:
        """One question."""
        body = {
            "client_message_id": f"m{next(self._sent)}",
            "parts": [{"type": "text", "text": next(self._questions)}],
        }
        if self._asked is not None:
            self._report(self._asked[1], TimeoutError("no answer before the next question"))
        started = time.perf_counter()
        self._asked = (0, started)
        sent = self.client.post(
            "/api/customer/messages", json=body, headers=self._headers, name="message"
        )
        if sent.status_code != 201:
            self._asked = None

    def _listen(self) -> None:
        where = urlsplit(self.host or "")
        while True:
            line = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
            try:
                path = f"/api/customer/events?after={self._seen}"
                line.request("GET", path, headers=self._headers)
                answer = line.getresponse()
                if answer.status != 200:
                    self._report(time.perf_counter(), ConnectionError(f"stream {answer.status}"))
                    return
                self._read(answer)
            except (OSError, http.client.HTTPException) as error:
                self._report(time.perf_counter(), error)
            finally:
                line.close()

    def _read(self, answer: http.client.HTTPResponse) -> None:
        while row := answer.readline():
            if row.startswith(b"id:"):
                self._seen = int(row[3:])
            elif row.startswith(b"data:") and b'"kind":"bot"' in row:
                message = json.loads(row[5:]).get("message")
                if message and self._asked:
                    started, self._asked = self._asked[1], None
                    self._report(started, None)

    def _report(self, started: float, error: Exception | None) -> None:
        self.environment.events.request.fire(
            request_type="SSE",
            name="answer",
            response_time=(time.perf_counter() - started) * 1000,
            response_length=0,
            exception=error,
            context={},
        )
