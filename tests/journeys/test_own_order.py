"""Questions about one's own order: answered for its owner, and not even confirmed to others."""

from __future__ import annotations

from tests.server import Customer, Server, text_of


def sign_in(server: Server, customer: Customer, customer_id: str) -> None:
    body = {"customer_id": customer_id}
    identity = server.client().post("/demo/identity", json=body).json()["identity"]
    customer.resume(identity=identity)


def test_a_signed_in_customer_is_told_where_their_parcel_is(shared_server: Server) -> None:
    customer = shared_server.customer()
    sign_in(shared_server, customer, "C1008")
    assert customer.opened["customer"]["signed_in"]
    message = customer.ask("我的快递到哪了")
    assert any(part["type"] == "order_card" for part in message["parts"])


def test_a_stranger_is_asked_to_sign_in_and_then_passed_to_a_person(shared_server: Server) -> None:
    customer = shared_server.customer()
    first = text_of(customer.ask("我的快递到哪了？订单号SY20261118002"))
    assert "登录" in first
    assert "SY20261118002" not in first
    customer.ask("快递到哪了啊")
    assert customer.resume()["conversation"]["holder"] == "queue"


def test_anothers_order_number_reveals_nothing(shared_server: Server) -> None:
    customer = shared_server.customer()
    sign_in(shared_server, customer, "C1001")
    real = customer.ask("我的订单SY20261118002到哪了")
    made_up = customer.ask("我的订单SY20261118999到哪了")

    def without_number(message: dict[str, object]) -> str:
        return text_of(message).replace("SY20261118002", "#").replace("SY20261118999", "#")

    assert without_number(real) == without_number(made_up)


def test_somebody_else_who_signs_in_on_the_same_device_sees_nothing_of_it(
    shared_server: Server,
) -> None:
    customer = shared_server.customer()
    sign_in(shared_server, customer, "C1001")
    customer.ask("我的快递到哪了")
    before = customer.id
    sign_in(shared_server, customer, "C1002")
    assert customer.id != before
    assert customer.opened["messages"] == []


def test_signing_in_keeps_the_conversation(shared_server: Server) -> None:
    customer = shared_server.customer()
    customer.ask("运费多少？满多少包邮？")
    before = customer.id
    sign_in(shared_server, customer, "C1001")
    assert customer.id == before
    assert len(customer.opened["messages"]) == 2
