"""Bad input over HTTP: a clear problem, and nothing lost or changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from tests.server import LI, MEI, Customer, Server, text_of


def problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"urn:kefu:problem:{slug}"
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    ("parts", "status", "slug"),
    [
        ([], 422, "message-empty"),
        ([{"type": "text", "text": "  \n\t "}], 422, "message-empty"),
        ([{"type": "text", "text": "好" * 4001}], 413, "message-too-long"),
        ([{"type": "text", "text": "\x00\x01\x02"}], 422, "message-unreadable"),
        ([{"type": "text", "text": "好\x1b[31m"}], 422, "message-unreadable"),
        ([{"type": "text", "text": "\ufffd\ufffd"}], 422, "message-unreadable"),
        ([{"type": "script", "text": "x"}], 422, "validation"),
        ([{"type": "text", "text": "a"}] * 11, 422, "validation"),
    ],
)
def test_a_message_that_cannot_be_taken(
    shared_server: Server, parts: list[dict[str, Any]], status: int, slug: str
) -> None:
    customer = shared_server.customer()
    problem(customer.post(*parts), status, slug)
    assert customer.resume()["messages"] == []


def test_a_message_of_exactly_4000_characters_is_taken(shared_server: Server) -> None:
    customer = shared_server.customer()
    assert customer.post({"type": "text", "text": "请问" * 2000}).status_code == 201
    customer.next_message("bot")


def test_a_huge_body_is_cut_off(shared_server: Server) -> None:
    answer = shared_server.client().post("/api/customer/session", content=b"x" * 300_000)
    problem(answer, 413, "body-too-large")


def test_a_huge_body_in_pieces_of_which_nobody_said_how_many_is_cut_off(
    shared_server: Server,
) -> None:
    answer = shared_server.client().post(
        "/api/customer/session",
        content=(b"x" * 10_000 for _ in range(40)),
        headers={"content-type": "application/json"},
    )
    problem(answer, 413, "body-too-large")


def test_a_body_that_is_no_json(shared_server: Server) -> None:
    answer = shared_server.client().post(
        "/api/customer/session",
        content=b"\xff\xfe\x00",
        headers={"content-type": "application/json"},
    )
    problem(answer, 400, "validation")


@pytest.mark.parametrize(
    "text", ["いつ届きますか？返品はできますか？", "Где моя посылка?", "배송은 언제 되나요?"]
)
def test_a_language_that_is_not_served_is_said_kindly_and_then_a_person_helps(
    shared_server: Server, text: str
) -> None:
    customer = shared_server.customer()
    assert "English" in text_of(customer.ask(text))
    customer.ask(text)
    assert customer.resume()["conversation"]["holder"] == "queue"


def token_of(server: Server, customer: Customer, **claims: Any) -> str:
    secret = (server.data / "visitor.secret").read_text()
    now = server.clock()
    body = {"sub": customer.id, "aud": "visitor", "exp": now + timedelta(days=1), **claims}
    return jwt.encode(body, secret, "HS256")


def test_tokens(shared_server: Server) -> None:
    customer = shared_server.customer()
    expired = token_of(shared_server, customer, exp=shared_server.clock())
    forged = jwt.encode(
        {"sub": customer.id, "aud": "visitor", "exp": 9999999999}, "x" * 40, "HS256"
    )
    unsigned = jwt.encode({"sub": customer.id, "aud": "visitor", "exp": 9999999999}, "", "none")
    for token, slug in (
        (expired, "expired-token"),
        (forged, "invalid-token"),
        (unsigned, "invalid-token"),
        ("rubbish", "invalid-token"),
        (token_of(shared_server, customer, aud="desk"), "invalid-token"),
        (token_of(shared_server, customer, sub="no-such-conversation"), "invalid-token"),
    ):
        headers = {"Authorization": f"Bearer {token}"}
        answer = shared_server.client().post("/api/customer/session", json={}, headers=headers)
        problem(answer, 401, slug)
    problem(shared_server.client().get("/api/customer/events"), 401, "invalid-token")
    problem(
        shared_server.client().post("/api/customer/session", json={"identity": "x.y.z"}),
        401,
        "invalid-identity",
    )


def test_a_claim_of_a_conversation_somebody_holds(shared_server: Server) -> None:
    customer = shared_server.customer()
    customer.ask("转人工")
    shared_server.person(MEI).claim(customer.id)
    li = shared_server.person(LI)
    problem(li.do(customer.id, "claim"), 409, "already-claimed")
    problem(li.do(customer.id, "reply", client_message_id="1", text="喂"), 409, "not-holder")
    problem(li.do("no-such", "claim"), 404, "not-found")


def test_the_desk_is_closed_to_strangers_and_to_other_sites(shared_server: Server) -> None:
    stranger = shared_server.client()
    problem(stranger.get("/api/desk/conversations"), 401, "not-signed-in")
    wrong = {"email": MEI["email"], "password": "wrong"}
    problem(stranger.post("/api/desk/sign-in", json=wrong), 401, "sign-in-failed")
    mei = shared_server.person(MEI)
    mei.client.headers["X-CSRF-Token"] = "guessed"
    problem(mei.client.post("/api/desk/presence", json={"state": "online"}), 403, "csrf")


def test_guessing_passwords_is_slowed_down(server: Server) -> None:
    client = server.client()
    wrong = {"email": "victim@example.com", "password": "guess"}
    # One more may get through where a minute of the clock begins.
    answers = [client.post("/api/desk/sign-in", json=wrong) for _ in range(7)]
    problem(answers[-1], 429, "rate-limited")
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_a_flood_of_messages_is_slowed_down(server: Server) -> None:
    customer = server.customer()
    answers = [customer.post({"type": "text", "text": f"在吗{n}"}) for n in range(25)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited
    problem(limited[0], 429, "rate-limited")
    stored = [m for m in customer.resume()["messages"] if m["sender"]["kind"] == "customer"]
    assert len(stored) == sum(answer.status_code == 201 for answer in answers)


def test_the_control_api_is_for_the_owner_of_the_data_folder(shared_server: Server) -> None:
    answer = shared_server.client().post("/api/control/ask", json={"text": "在吗"})
    problem(answer, 401, "wrong-control-token")


def test_an_unknown_address_is_a_problem_too(shared_server: Server) -> None:
    problem(shared_server.client().get("/api/nothing"), 404, "not-found")
