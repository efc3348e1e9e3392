"""Limits over HTTP: open streams, messages and requests, each with when to come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests.journeys.test_bad_input import problem
from tests.server import Customer, Server, copy_of, serving


@pytest.fixture(scope="module")
def small_server(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Every limit at a tenth, so that they are met soon."""
    data = copy_of(sample_data, tmp_path_factory.mktemp("small") / "data")
    with serving(data, limits_factor=0.1) as running:
        yield running


@contextmanager
def stream(customer: Customer) -> Iterator[httpx.Response]:
    url = "/api/customer/events"
    with customer.client.stream("GET", url, headers=customer.headers) as answer:
        if answer.status_code != 200:
            answer.read()
            yield answer
            return
        # Held, since letting go of it would end the stream.
        lines = answer.iter_lines()
        assert next(lines).startswith(": listening")
        yield answer


def refused(answer: httpx.Response) -> None:
    problem(answer, 429, "rate-limited")
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_conversation_has_8_open_streams_and_one_that_ends_makes_room(
    shared_server: Server,
) -> None:
    customer, other = shared_server.customer(), shared_server.customer()
    with ExitStack() as open_streams:
        for _ in range(7):
            assert open_streams.enter_context(stream(customer)).status_code == 200
        with stream(customer) as eighth:
            assert eighth.status_code == 200
            with stream(customer) as ninth:
                refused(ninth)
            with stream(other) as elsewhere:
                assert elsewhere.status_code == 200
        _soon(lambda: _opens(customer))


def _opens(customer: Customer) -> bool:
    with stream(customer) as answer:
        return answer.status_code == 200


def _soon(true: Callable[[], bool]) -> None:
    """The server notices a connection that is gone by itself, in its own time."""
    deadline = monotonic() + 10
    while not true():
        assert monotonic() < deadline
        sleep(0.02)


def test_sessions_messages_and_actions_have_limits_that_say_when_to_come_back(
    small_server: Server,
) -> None:
    customer = small_server.customer()

    def post(what: str, **body: Any) -> httpx.Response:
        return customer.client.post(
            f"/api/customer/{what}", json=body or None, headers=customer.headers
        )

    actions = [post("close") for _ in range(6)]
    assert [answer.status_code for answer in actions[:3]] == [200] * 3
    refused(actions[-1])
    messages = [customer.post({"type": "text", "text": "在吗"}) for _ in range(6)]
    assert messages[0].status_code == 201
    refused(messages[-1])
    resumed = [post("session", locale="zh-CN") for _ in range(16)]
    assert resumed[0].status_code == 200
    refused(resumed[-1])
    begun = [small_server.client().post("/api/customer/session", json={}) for _ in range(9)]
    refused(begun[-1])
