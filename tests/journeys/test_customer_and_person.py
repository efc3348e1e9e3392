"""The main job over HTTP: ask, be answered, ask for a person, be answered by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.server import LI, MEI, Server, first, text_of


def test_a_question_is_answered_with_its_source(shared_server: Server) -> None:
    customer = shared_server.customer()
    assert customer.opened["welcome"]["questions"]
    message = customer.ask("运费多少？满多少包邮？")
    assert "59" in text_of(message)
    assert message["sources"][0]["article_id"] == "freight-fee"
    assert message["origin"] == "curated"
    assert not message["ai_generated"]
    assert "<strong>" in message["parts"][0]["html"] or "<p>" in message["parts"][0]["html"]


def test_ask_person_reply_return_close(server: Server) -> None:
    customer, mei = server.customer(), server.person(MEI)
    customer.ask("支持七天无理由吗")
    assert mei.list("queue") == []
    handed_over = customer.ask("我要转人工")
    assert "转接" in text_of(handed_over)
    assert customer.resume()["conversation"]["holder"] == "queue"
    assert customer.opened["conversation"]["queue_position"] == 1

    [waiting] = mei.list("queue")
    assert waiting["reason"] == "customer_request"
    mei.claim(waiting["id"])
    assert customer.resume()["conversation"]["agent_name"] == "小梅"
    mei.reply(waiting["id"], "您好，我是小梅")
    said = customer.next_message("person")
    assert (said["sender"]["name"], text_of(said)) == ("小梅", "您好，我是小梅")

    # The bot stays silent while a person holds the conversation.
    customer.say("运费多少？满多少包邮？")
    mei.reply(waiting["id"], "满 59 元")
    assert text_of(customer.next_message("person")) == "满 59 元"

    mei.do(waiting["id"], "return", note="已解释运费").raise_for_status()
    assert "59" in text_of(customer.ask("运费多少？满多少包邮？"))
    mei.do(waiting["id"], "close").raise_for_status()
    assert customer.resume()["conversation"]["holder"] == "nobody"
    assert customer.ask("支持七天无理由退货吗？")["sources"]
    senders = [m["sender"]["kind"] for m in customer.resume()["messages"]]
    assert "person" in senders, "history stays after closing"


def test_the_customer_sees_who_is_writing_and_only_the_holder_may_be_shown(server: Server) -> None:
    customer, mei, li = server.customer(), server.person(MEI), server.person(LI)
    mei.claim(customer.id)
    customer.resume()
    with customer.listening() as events:
        mei.do(customer.id, "typing", on=True).raise_for_status()
        assert first(events, "typing") == {"sender": {"kind": "person", "name": "小梅"}, "on": True}
        assert li.do(customer.id, "typing", on=True).status_code == 409
        mei.do(customer.id, "typing", on=False).raise_for_status()
        assert first(events, "typing")["on"] is False


def test_the_trail_says_what_was_understood_and_which_rule_fired(shared_server: Server) -> None:
    customer, mei = shared_server.customer(), shared_server.person()
    customer.ask("运费多少？满多少包邮？")
    customer.ask("你们这破店骗子吧，气死我了！！！退钱！！！")
    look = mei.look(customer.id)
    decisions = [m["decision"] for m in look["messages"] if m["sender"]["kind"] == "bot"]
    assert decisions[0]["kind"] == "answer"
    assert decisions[0]["candidates"][0]["article_id"] == "freight-fee"
    assert decisions[1]["reason"] == "anger"
    assert decisions[1]["signals"]["anger"] >= 0.5
    assert look["conversation"]["reason"] == "anger"


def test_two_people_who_claim_at_once_do_not_both_get_it(shared_server: Server) -> None:
    customer = shared_server.customer()
    customer.ask("转人工")
    people = [shared_server.person(MEI), shared_server.person(LI)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda p: p.do(customer.id, "claim"), people))
    assert sorted(r.status_code for r in results) == [200, 409]
    loser = next(r for r in results if r.status_code == 409)
    assert loser.headers["content-type"] == "application/problem+json"
    assert loser.json()["type"] == "urn:kefu:problem:already-claimed"


def test_at_night_nobody_is_lost(server: Server) -> None:
    server.clock.pass_(hours=6)
    customer = server.customer()
    assert not customer.opened["hours"]["open"]
    told = text_of(customer.ask("给我转人工"))
    assert "09:00" in told
    assert "转接" not in told, "nobody is there to be put through to"
    assert customer.resume()["conversation"]["holder"] == "bot"
    # The bot goes on answering.
    assert "59" in text_of(customer.ask("运费多少？满多少包邮？"))
    mei = server.person()
    [row] = mei.list("tickets")
    assert row["ticket"]["reason"] == "customer_request"
    mei.claim(row["id"])
    mei.reply(row["id"], "早上好，我来了")
    assert text_of(customer.next_message("person")) == "早上好，我来了"
    assert mei.list("tickets") == []


def test_somebody_online_after_hours_is_on_duty(server: Server) -> None:
    server.clock.pass_(hours=6)
    mei = server.person()
    mei.client.post("/api/desk/presence", json={"state": "online"}).raise_for_status()
    customer = server.customer()
    customer.ask("转人工")
    assert customer.resume()["conversation"]["holder"] == "queue"


def test_a_listener_that_was_away_gets_what_it_missed_and_nothing_twice(
    shared_server: Server,
) -> None:
    customer = shared_server.customer()
    customer.ask("运费多少？满多少包邮？")
    away_since = customer.seen
    customer.say("几天能到")
    customer.next_message("bot")
    missed = []
    for number, kind, data in customer.events(after=away_since):
        missed.append((number, kind))
        if data.get("message", {}).get("sender", {}).get("kind") == "bot":
            break
    assert missed == [(away_since + 1, "message.created"), (away_since + 2, "message.created")]


def test_a_message_sent_twice_is_answered_once(shared_server: Server) -> None:
    customer = shared_server.customer()
    part = {"type": "text", "text": "运费多少？满多少包邮？"}
    first = customer.post(part, message_id="same")
    again = customer.post(part, message_id="same")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["message"]["id"] == again.json()["message"]["id"]
    customer.next_message("bot")
    senders = [m["sender"]["kind"] for m in customer.resume()["messages"]]
    assert senders == ["customer", "bot"]
