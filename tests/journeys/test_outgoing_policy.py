"""What a person writes is held against the policy of outgoing texts, over HTTP."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

import bot
from tests.server import LI, Customer, DeskPerson, Server, text_of

LOWEST = "亲，这款全网最低价，放心拍"
CARELESS = "您随便退，没事的"


# Signing in again for every test would be taken for somebody guessing passwords.
@pytest.fixture(scope="module")
def mei(shared_server: Server) -> DeskPerson:
    """Somebody at the desk."""
    return shared_server.person()


def taken(server: Server, mei: DeskPerson, *asked: str) -> Customer:
    """A customer whom Mei answers."""
    customer = server.customer()
    for text in (*asked, "转人工"):
        customer.ask(text)
    mei.claim(customer.id)
    return customer


def say(
    person: DeskPerson, customer: Customer, text: str, *, number: str = "1", **more: Any
) -> httpx.Response:
    return person.do(customer.id, "reply", client_message_id=number, text=text, **more)


def told_to(customer: Customer) -> list[str]:
    return [text_of(m) for m in customer.resume()["messages"] if m["sender"]["kind"] == "person"]


def test_what_may_not_be_said_is_refused_with_words_rule_and_what_to_do(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei)
    refused = say(mei, customer, f"  🎁 {LOWEST}\n")
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert problem["type"] == "urn:kefu:problem:policy-stopped"
    assert problem["rules"] == ["superlative"]
    assert problem["policy"] == "1+shanyu-1"
    [finding] = problem["findings"]
    assert finding["words"] == "全网最低价"
    assert problem["text"][finding["start"] : finding["end"]] == "全网最低价"
    assert (finding["rule"], finding["severity"]) == ("superlative", "stop")
    assert "广告法" in finding["why"]
    assert "override" in problem["detail"]
    assert "全网最低价" in problem["detail"]
    assert told_to(customer) == []


def test_what_may_be_said_is_sent_at_once(shared_server: Server, mei: DeskPerson) -> None:
    customer = taken(shared_server, mei)
    for number, text in enumerate(
        ["最快明天送达，以物流为准", "您最好提前一天预约", "第一步先关机"]
    ):
        assert say(mei, customer, text, number=str(number)).status_code == 201, text


def test_with_a_reason_it_is_sent_once_and_the_reason_stays_inside(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei)
    override = {"rules": ["superlative"], "reason": " 活动页截图已核对 "}
    assert say(mei, customer, LOWEST).status_code == 422
    sent = say(mei, customer, LOWEST, override=override)
    again = say(mei, customer, LOWEST, override=override)
    # Whoever lost the confirmation may ask again without the override as well.
    bare = say(mei, customer, LOWEST)
    assert [sent.status_code, again.status_code, bare.status_code] == [201, 200, 200]
    assert len({answer.json()["message"]["id"] for answer in (sent, again, bare)}) == 1
    assert told_to(customer) == [LOWEST]

    look = mei.look(customer.id)
    message = look["messages"][-1]
    assert message["override"]["reason"] == "活动页截图已核对"
    assert message["override"]["by_name"] == "小梅"
    assert message["override"]["policy"] == "1+shanyu-1"
    assert [f["rule"] for f in message["override"]["findings"]] == ["superlative"]
    [event] = [e for e in look["events"] if e["type"] == "message.overridden"]
    assert "活动页截图已核对" in event["text"]
    assert event["seq"] == message["event_seq"] + 1


def test_no_customer_ever_sees_the_reason_or_the_bots_trail(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei, "运费多少？满多少包邮？")
    since = customer.opened["cursor"]
    override = {"rules": ["superlative"], "reason": "主管批准"}
    say(mei, customer, LOWEST, override=override).raise_for_status()
    say(mei, customer, "还有别的问题吗", number="2").raise_for_status()
    heard = []
    for _, kind, data in customer.events(after=since):
        heard.append((kind, data))
        if "还有别的问题吗" in str(data):
            break
    seen = str(heard) + str(customer.resume())
    assert LOWEST in seen
    for secret in ("主管批准", "overrid", "findings", "decision", "candidates", "event_seq"):
        assert secret not in seen


def test_the_documented_requests_do_what_the_page_says(
    shared_server: Server, mei: DeskPerson
) -> None:
    page = (Path(bot.__file__).parents[1] / "docs" / "desk.md").read_text("utf-8")
    [shown, body] = [
        json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    ]
    customer = taken(shared_server, mei)
    refused = mei.do(customer.id, "reply", client_message_id="1", text=shown["text"]).json()
    shown["findings"][0]["why"] = refused["findings"][0]["why"]
    assert {**shown, "detail": refused["detail"]} == refused
    assert mei.do(customer.id, "reply", **body).status_code == 201


def test_an_override_covers_only_the_rules_it_names(shared_server: Server, mei: DeskPerson) -> None:
    customer = taken(shared_server, mei)
    both = "全网最低价，加我微信"
    override = {"rules": ["superlative"], "reason": "活动"}
    refused = say(mei, customer, both, override=override)
    assert refused.status_code == 422
    assert refused.json()["rules"] == ["superlative", "off_platform"]
    override["rules"] = ["superlative", "off_platform"]
    assert say(mei, customer, both, override=override).status_code == 201


def test_an_override_needs_a_reason_and_a_rule(shared_server: Server, mei: DeskPerson) -> None:
    customer = taken(shared_server, mei)
    for override in (
        {"rules": ["superlative"], "reason": "  "},
        {"rules": [], "reason": "活动"},
        {"rules": ["superlative"]},
        {"reason": "活动"},
        {"rules": ["superlative"], "reason": "字" * 501},
        {"rules": ["superlative"], "reason": "\x00"},
    ):
        assert say(mei, customer, LOWEST, override=override).status_code == 422, override
    assert told_to(customer) == []


def test_an_override_where_nothing_is_stopped_leaves_no_mark(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei)
    override = {"rules": ["superlative"], "reason": "活动"}
    assert say(mei, customer, "满 59 元包邮", override=override).status_code == 201
    assert mei.look(customer.id)["messages"][-1]["override"] is None


def test_a_phrase_that_only_warns_is_sent_with_the_warning(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei)
    sent = say(mei, customer, CARELESS)
    assert sent.status_code == 201
    assert [(w["words"], w["rule"]) for w in sent.json()["warnings"]] == [("随便退", "tone")]
    assert told_to(customer) == [CARELESS]


def test_a_promise_stands_where_an_article_of_the_shop_gives_it(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei)
    for number, (text, status) in enumerate(
        [
            ("保证24小时内给您发货", 422),
            ("这款终身保修", 422),
            ("请打 021-66668888 找我", 422),
            ("支持7天无理由退货", 201),
        ]
    ):
        assert say(mei, customer, text, number=str(number)).status_code == status, text


def test_the_customers_own_number_may_be_said_back(shared_server: Server, mei: DeskPerson) -> None:
    customer = taken(shared_server, mei, "我的手机 13812345678，改一下")
    assert say(mei, customer, "13812345678 对吗？").status_code == 201
    assert say(mei, customer, "打 13912345678 找我", number="2").status_code == 422


def test_whoever_does_not_hold_the_conversation_is_told_that_first(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei)
    refused = say(shared_server.person(LI), customer, LOWEST)
    assert refused.status_code == 409
    assert refused.json()["type"] == "urn:kefu:problem:not-holder"


def test_messages_and_events_are_numbered_in_one_series(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = taken(shared_server, mei, "运费多少？满多少包邮？")
    say(mei, customer, "您好").raise_for_status()
    look = mei.look(customer.id)
    numbered = [(m["event_seq"], m["sender"]["kind"]) for m in look["messages"]]
    numbered += [(e["seq"], e["payload"].get("holder")) for e in look["events"]]
    in_order = [what for _, what in sorted(numbered)]
    assert in_order == ["customer", "bot", "customer", "bot", "queue", "agent", "person"] or (
        in_order == ["customer", "bot", "customer", "queue", "bot", "agent", "person"]
    )
    assert len({seq for seq, _ in numbered}) == len(numbered)


def test_the_trail_tells_a_rewritten_question_from_one_taken_as_typed(
    shared_server: Server, mei: DeskPerson
) -> None:
    customer = shared_server.customer()
    customer.ask("支持七天無理由退貨嗎")
    customer.ask("那运费呢")
    first, second = [m["decision"] for m in mei.look(customer.id)["messages"] if m["decision"]]
    assert not first["rewritten"]
    assert (second["typed"], second["rewritten"]) == ("那运费呢", True)
    assert "退货" in second["question"]
    assert second["candidates"][0]["title"]
    assert 0 < second["confidence"] <= 1
