"""Ending, rating and leaving, as the widget does it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.journeys.test_bad_input import problem
from tests.server import MEI, Customer, Server


def act(customer: Customer, what: str, **body: Any) -> httpx.Response:
    url = f"/api/customer/{what}"
    return customer.client.post(url, json=body or None, headers=customer.headers)


def done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    conversation: dict[str, Any] = answer.json()["conversation"]
    return conversation


def test_the_customer_ends_the_conversation_and_rates_it(shared_server: Server) -> None:
    customer, mei = shared_server.customer(), shared_server.person()
    assert customer.opened["conversation"]["may_rate"] is False
    customer.ask("运费多少？满多少包邮？")
    ended = done(act(customer, "close"))
    assert (ended["holder"], ended["may_rate"], ended["rating"]) == ("nobody", True, None)
    rated = done(act(customer, "rating", score=4, comment=" 很快 "))
    assert rated["rating"] == {"score": 4, "comment": "很快"}
    assert rated["may_rate"] is False
    assert customer.resume()["conversation"] == rated
    seen = mei.look(customer.id)
    assert seen["conversation"]["rating"] == {"score": 4, "comment": "很快"}
    assert "4 分" in seen["events"][-1]["text"]
    assert done(act(customer, "rating", score=5))["rating"] == {"score": 5, "comment": None}


def test_the_customers_other_tab_hears_of_the_end_and_of_the_rating(
    shared_server: Server,
) -> None:
    customer = shared_server.customer()
    customer.ask("运费多少？满多少包邮？")
    with customer.listening() as events:
        act(customer, "close").raise_for_status()
        _, kind, data = next(events)
        assert (kind, data["conversation"]["may_rate"]) == ("conversation.updated", True)
        act(customer, "rating", score=3).raise_for_status()
        _, kind, data = next(events)
        assert kind == "conversation.rated"
        assert data["rating"] == {"score": 3, "comment": None}


def test_after_a_person_closed_it_the_customer_may_rate(shared_server: Server) -> None:
    customer, mei = shared_server.customer(), shared_server.person(MEI)
    customer.ask("转人工")
    mei.claim(customer.id)
    problem(act(customer, "rating", score=5), 409, "nothing-to-rate")
    mei.do(customer.id, "close").raise_for_status()
    assert customer.resume()["conversation"]["may_rate"] is True
    assert done(act(customer, "rating", score=5))["rating"]["score"] == 5
    # A new session is not rated yet, and not over.
    customer.ask("运费多少？满多少包邮？")
    again = customer.resume()["conversation"]
    assert (again["rating"], again["may_rate"]) == (None, False)


@pytest.mark.parametrize(
    "body",
    [
        {"score": 0},
        {"score": 6},
        {"score": "5"},
        {"score": 4.5},
        {"score": True},
        {"comment": "x"},
        {"score": 5, "comment": "x" * 1001},
        {"score": 5, "stars": 5},
    ],
)
def test_a_rating_that_is_none(shared_server: Server, body: dict[str, Any]) -> None:
    customer = shared_server.customer()
    act(customer, "close")
    problem(act(customer, "rating", **body), 422, "validation")


def test_ending_twice_is_no_error(shared_server: Server) -> None:
    customer = shared_server.customer()
    assert done(act(customer, "close")) == done(act(customer, "close"))


def test_whoever_leaves_is_forgotten_in_every_browser(shared_server: Server) -> None:
    customer = shared_server.customer()
    customer.ask("运费多少？满多少包邮？")
    first = dict(customer.headers)
    customer.resume()
    renewed = dict(customer.headers)
    with customer.listening() as events:
        assert act(customer, "leave").status_code == 204
        assert list(events) == [], "a stream that was open ends without another word"
    for headers in (first, renewed):
        client = shared_server.client()
        client.headers.update(headers)
        problem(client.post("/api/customer/session", json={}), 401, "invalid-token")
        problem(client.get("/api/customer/events"), 401, "invalid-token")
    fresh = shared_server.customer()
    assert fresh.id != customer.id
    assert fresh.opened["messages"] == []
    # The shop keeps what was said.
    assert shared_server.person().look(customer.id)["messages"]


def test_while_waiting_the_customer_learns_how_long_it_may_take(server: Server) -> None:
    mei = server.person()
    mei.client.post("/api/desk/presence", json={"state": "online"}).raise_for_status()
    first = server.customer()
    first.ask("转人工")
    waiting = first.resume()["conversation"]
    assert (waiting["queue_position"], waiting["expected_wait_s"]) == (1, None)
    server.clock.pass_(seconds=80)
    mei.claim(first.id)
    mei.do(first.id, "close").raise_for_status()
    mei.client.post("/api/desk/presence", json={"state": "online"}).raise_for_status()
    second, third = server.customer(), server.customer()
    second.ask("转人工")
    server.clock.pass_(seconds=1)
    third.ask("转人工")
    waits = [c.resume()["conversation"]["expected_wait_s"] for c in (second, third)]
    assert waits == [80, 160]
    mei.claim(second.id)
    assert second.resume()["conversation"]["expected_wait_s"] is None
