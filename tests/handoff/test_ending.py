"""The customer ends a conversation, or leaves for good."""

from __future__ import annotations

from handoff.conversation import Holder
from tests.handoff.shop import Shop


async def holder(shop: Shop, conversation: str) -> Holder:
    return (await shop.inbox.view(conversation))[0].state.holder


async def version(shop: Shop, conversation: str) -> int:
    return (await shop.inbox.visitor(conversation))[0]


async def test_whoever_holds_it_the_customer_may_end_it(shop: Shop) -> None:
    with_bot, queued, with_person = (
        await shop.conversation(),
        await shop.waiting(),
        await shop.waiting(),
    )
    await shop.desk.claim(with_person, await shop.person("mei"))
    for conversation in (with_bot, queued, with_person):
        await shop.inbox.close(conversation)
        assert await holder(shop, conversation) is Holder.NOBODY


async def test_ending_it_twice_changes_nothing(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.inbox.close(conversation)
    events = await shop.events.latest(conversation)
    await shop.inbox.close(conversation)
    assert await shop.events.latest(conversation) == events


async def test_a_question_that_waits_when_the_customer_ends_it_is_settled_as_closed(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "包邮吗")
    await shop.inbox.close(conversation)
    shop.clock.pass_(minutes=1)
    assert await shop.replies.lease() is None
    [message] = await shop.inbox.messages(conversation)
    assert message.outcome == "closed"


async def test_after_the_end_the_next_message_begins_a_new_session_with_the_bot(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    await shop.inbox.close(conversation)
    await shop.bot_answers(conversation, "包邮吗", "满 59 包邮")
    state = (await shop.inbox.view(conversation))[0].state
    assert (state.holder, state.session) == (Holder.BOT, 2)


async def test_leaving_makes_tokens_void_and_frees_the_place_in_the_queue(shop: Shop) -> None:
    first, second = await shop.waiting(), await shop.waiting()
    await shop.inbox.leave(first)
    assert await version(shop, first) == 1
    assert await version(shop, second) == 0
    assert await holder(shop, first) is Holder.NOBODY
    assert (await shop.inbox.view(second))[1] == 1


async def test_leaving_a_person_leaves_them_the_conversation_and_tells_them(shop: Shop) -> None:
    conversation = await shop.waiting()
    await shop.desk.claim(conversation, await shop.person("mei"))
    await shop.inbox.leave(conversation)
    assert await holder(shop, conversation) is Holder.AGENT
    assert (await shop.events.latest(conversation))[-1].type == "conversation.left"


async def test_whoever_leaves_twice_has_left(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.inbox.leave(conversation)
    await shop.inbox.leave(conversation)
    assert await version(shop, conversation) == 2
