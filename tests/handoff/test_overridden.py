"""A message that a check objected to and that a person sent all the same."""

from __future__ import annotations

import pytest

from handoff.desk import OVERRIDDEN
from handoff.errors import NotHolder
from handoff.feed import EventLog
from handoff.messages import Message
from handoff.people import Person
from tests.handoff.shop import Shop

PARTS = [{"type": "text", "text": "全网最低价"}]
WHY = {"reason": "活动页截图已核对", "findings": [{"rule": "superlative", "words": "全网最低价"}]}


async def held(shop: Shop) -> tuple[str, Person]:
    conversation, mei = await shop.waiting(), await shop.person("mei")
    await shop.desk.claim(conversation, mei)
    return conversation, mei


async def say(shop: Shop, conversation: str, person: Person) -> Message:
    message, _ = await shop.desk.reply(
        conversation, person, client_message_id="1", parts=PARTS, override=WHY
    )
    return message


def log_of(shop: Shop) -> EventLog:
    return EventLog(shop.database, shop="default")


async def test_the_log_says_who_sent_it_and_why_once(shop: Shop) -> None:
    conversation, mei = await held(shop)
    message = await say(shop, conversation, mei)
    await say(shop, conversation, mei)
    events = await log_of(shop).latest(conversation)
    [overridden] = [event for event in events if event.type == OVERRIDDEN]
    assert overridden.payload == {
        **WHY,
        "message_id": message.id,
        "by": mei.id,
        "by_name": mei.name,
    }
    assert events[-2].payload["message"]["id"] == message.id


async def test_a_customers_feed_never_carries_it(shop: Shop) -> None:
    conversation, mei = await held(shop)
    await say(shop, conversation, mei)
    events = await log_of(shop).of_conversation(conversation)
    assert "活动页截图" not in str([event.payload for event in events])
    assert "活动页截图" not in str(await shop.inbox.messages(conversation))


async def test_what_is_stored_under_an_id_can_be_asked_for(shop: Shop) -> None:
    conversation, mei = await held(shop)
    assert await shop.desk.said(conversation, mei, client_message_id="1") is None
    message = await say(shop, conversation, mei)
    assert await shop.desk.said(conversation, mei, client_message_id="1") == message
    with pytest.raises(NotHolder):
        await shop.desk.said(conversation, await shop.person("li"), client_message_id="2")


async def test_the_newest_events_of_a_long_conversation_are_shown(shop: Shop) -> None:
    conversation, _ = await held(shop)
    newest = (await log_of(shop).latest(conversation))[-1]
    assert await log_of(shop).latest(conversation, limit=1) == [newest]
