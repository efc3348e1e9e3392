"""Whose conversation it is: tokens, signing in, and undoing it; nobody reads somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from bot.vault import Identity, Vault
from tests.journeys.test_bad_input import problem, token_of
from tests.journeys.test_uploads import uploaded
from tests.server import LI, Customer, Server

LIN, WANG = Identity("C1001", "林知夏"), Identity("C1002", "王")
SECRET = "我的订单号是 SECRET-4711"

ROUTES = {
    ("POST", "/api/customer/session"),
    ("POST", "/api/customer/messages"),
    ("POST", "/api/customer/return-to-bot"),
    ("POST", "/api/customer/close"),
    ("POST", "/api/customer/rating"),
    ("POST", "/api/customer/leave"),
    ("GET", "/api/customer/events"),
    ("POST", "/api/customer/uploads"),
    ("GET", "/api/customer/uploads/{upload_id}"),
}
BODIES: dict[str, dict[str, Any]] = {
    "messages": {"client_message_id": "x", "parts": [{"type": "text", "text": "在吗"}]},
    "rating": {"score": 5},
    "session": {"page": {"kind": "home"}},
}


def vault(server: Server) -> Vault:
    secrets = [(server.data / f"{name}.secret").read_text() for name in ("visitor", "identity")]
    return Vault(*secrets)


def identity(server: Server, who: Identity = LIN) -> str:
    return vault(server).sign_identity(who, at=server.clock())


def call(
    client: httpx.Client, method: str, path: str, token: str | None, *, upload_id: str = "x"
) -> httpx.Response:
    """A request that would be fine with the right token; of a stream the first event."""
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    name = path.rpartition("/")[2]
    more: dict[str, Any] = {"json": BODIES.get(name)} if name != "uploads" else {"content": b"x"}
    url = path.replace("{upload_id}", upload_id)
    with client.stream(method, url, headers=headers, **more) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            return httpx.Response(200, text=next(answer.iter_lines()))
        answer.read()
        return answer


def test_these_are_all_the_routes_of_customers(shared_server: Server) -> None:
    """A new one has to be added here, and with it to the tests below."""
    api = shared_server.client().get("/openapi.json").json()
    assert {
        (method.upper(), path)
        for path, methods in api["paths"].items()
        if path.startswith("/api/customer")
        for method in methods
    } == ROUTES


def bad_tokens(server: Server, customer: Customer) -> Iterator[tuple[str, str]]:
    """Everything but this customer's token: (what it is, token)."""
    token = customer.opened["token"]
    head, body, signature = token.split(".")
    claims = {"sub": customer.id, "aud": "visitor", "exp": 9999999999, "ver": 0}
    left = server.customer()
    left.client.post("/api/customer/leave", headers=left.headers).raise_for_status()
    other_head, other_body, _ = server.customer().opened["token"].split(".")
    yield "revoked", left.opened["token"]
    yield "expired", token_of(server, customer, exp=server.clock() - timedelta(seconds=1))
    yield "forged", jwt.encode(claims, "x" * 64, "HS256")
    yield "unsigned", jwt.encode(claims, "", "none")
    yield "unsigned, with a signature", f"{jwt.encode(claims, '', 'none')}{signature}"
    yield "signed for another conversation", f"{other_head}.{other_body}.{signature}"
    yield "cut off", token[:-10]
    yield "without a signature", f"{head}.{body}."
    yield "of a version to come", token_of(server, customer, ver=1)
    yield "of a version below", token_of(server, customer, ver=-1)
    yield "for the desk", token_of(server, customer, aud="desk")
    yield "for nothing", token_of(server, customer, aud=None)
    yield "of no conversation", token_of(server, customer, sub="no-such")
    yield "with a wildcard", token_of(server, customer, sub="%")
    yield "of the shop's server", identity(server)
    yield "the name of the conversation", customer.id
    yield "a dot", "."
    yield "words", "let me in"


def test_no_route_takes_a_token_that_is_not_good(shared_server: Server) -> None:
    customer, client = shared_server.customer(), shared_server.client()
    customer.say(SECRET)
    for name, token in bad_tokens(shared_server, customer):
        for method, path in sorted(ROUTES):
            answer = call(client, method, path, token)
            slug = "expired-token" if name == "expired" else "invalid-token"
            problem(answer, 401, slug)
            assert "SECRET" not in answer.text, (name, path)
    for method, path in sorted(ROUTES - {("POST", "/api/customer/session")}):
        problem(call(client, method, path, None), 401, "invalid-token")


def test_no_route_shows_one_visitor_what_another_said_or_sent(shared_server: Server) -> None:
    customer, other = shared_server.customer(), shared_server.customer()
    customer.say(SECRET)
    kept = uploaded(customer, name="SECRET.jpg")
    secrets = ("SECRET", customer.id, kept["id"], customer.opened["token"])
    for method, path in sorted(ROUTES):
        if path.endswith("/leave"):
            continue  # It has no answer, and would make the token void for the rest.
        answer = call(other.client, method, path, other.opened["token"], upload_id=kept["id"])
        assert not [secret for secret in secrets if secret in answer.text], path
    assert customer.resume()["conversation"]["holder"] != "nobody", "nor could they end it"
    url = f"/api/customer/uploads/{kept['id']}"
    assert customer.client.get(url, headers=customer.headers).status_code == 200


def test_a_token_runs_out_after_30_days_and_is_renewed_by_coming_back(server: Server) -> None:
    customer = server.customer()
    first = datetime.fromisoformat(customer.opened["expires_at"])
    assert first - server.clock() == timedelta(days=30)
    server.clock.pass_(days=29)
    customer.resume()
    assert datetime.fromisoformat(customer.opened["expires_at"]) == first + timedelta(days=29)
    server.clock.pass_(days=29)
    assert customer.resume()["conversation"]["id"] == customer.id
    server.clock.pass_(days=30)
    answer = customer.client.post("/api/customer/session", json={}, headers=customer.headers)
    problem(answer, 401, "expired-token")


def test_no_cookie_is_ever_set_for_a_customer(shared_server: Server) -> None:
    customer = shared_server.customer()
    customer.resume()
    customer.say("在吗")
    assert not customer.client.cookies


def test_whoever_signs_in_keeps_the_conversation(shared_server: Server) -> None:
    customer = shared_server.customer()
    customer.ask("运费多少？满多少包邮？")
    assert customer.opened["customer"] == {"signed_in": False, "name": None}
    before = customer.id
    customer.resume(identity=identity(shared_server))
    assert customer.id == before
    assert customer.opened["customer"] == {"signed_in": True, "name": "林知夏"}
    assert len(customer.opened["messages"]) == 2


def test_somebody_else_on_the_same_device_begins_afresh_and_sees_nothing(
    shared_server: Server,
) -> None:
    customer = shared_server.customer(identity=identity(shared_server))
    customer.say(SECRET)
    before = customer.id
    customer.resume(identity=identity(shared_server, WANG))
    assert customer.id != before
    assert customer.opened["customer"]["name"] == "王"
    assert customer.opened["messages"] == []


@pytest.mark.parametrize(
    ("claims", "slug"),
    [
        ({"exp": -61}, "expired-identity"),
        ({"exp": 25 * 3600}, "invalid-identity"),
        ({"exp": 600, "iat": 120}, "invalid-identity"),
        ({"exp": 600, "sub": None}, "invalid-identity"),
    ],
)
def test_an_identity_that_cannot_be_taken_changes_nothing(
    shared_server: Server, claims: dict[str, Any], slug: str
) -> None:
    now = shared_server.clock()
    body: dict[str, Any] = {"sub": "C1001", **claims}
    for key in ("exp", "iat"):
        if key in body:
            body[key] = now + timedelta(seconds=body[key])
    secret = (shared_server.data / "identity.secret").read_text()
    token = jwt.encode({k: v for k, v in body.items() if v is not None}, secret, "HS256")
    customer = shared_server.customer()
    answer = customer.client.post(
        "/api/customer/session", json={"identity": token}, headers=customer.headers
    )
    problem(answer, 401, slug)
    assert not customer.resume()["customer"]["signed_in"]


def test_a_lead_undoes_a_sign_in(shared_server: Server) -> None:
    customer = shared_server.customer(identity=identity(shared_server))
    customer.ask("我的快递到哪了？")
    mei, li = shared_server.person(), shared_server.person(LI)
    assert mei.look(customer.id)["orders"]
    problem(li.do(customer.id, "split"), 403, "lead-only")
    mei.do(customer.id, "split").raise_for_status()
    seen = mei.look(customer.id)
    assert seen["customer"]["signed_in"] is False
    assert seen["orders"] == []
    [merge] = seen["merges"]
    assert (merge["customer_id"], merge["undone_by"]) == ("C1001", "小梅")
    told = {event["type"]: event["text"] for event in seen["events"]}
    assert "C1001" in told["conversation.merged"]
    assert "小梅" in told["conversation.split"]
    problem(mei.do(customer.id, "split"), 409, "nothing-to-split")
    # The visitor goes on where they were, as a stranger.
    before = customer.id
    assert customer.resume()["customer"] == {"signed_in": False, "name": None}
    # With the same identity they are the customer again, but not in this conversation.
    customer.resume(identity=identity(shared_server))
    assert customer.id != before
    assert customer.opened["customer"]["signed_in"] is True
    assert customer.opened["messages"] == []
