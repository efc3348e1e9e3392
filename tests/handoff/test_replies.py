"""From message to reply: stored before it is confirmed, answered once, never out of date."""

from __future__ import annotations

import asyncio

import pytest

from handoff.conversation import Holder
from handoff.errors import LeaseLost
from handoff.replies import Outcome
from tests.handoff.shop import LEASE, Shop, answer, hand_over


async def test_a_message_sent_twice_is_stored_once(shop: Shop) -> None:
    conversation = await shop.conversation()
    first = await shop.customer_says(conversation, "在吗", once="same")
    again = await shop.customer_says(conversation, "在吗", once="same")
    assert again.id == first.id
    assert await shop.texts(conversation) == ["customer: 在吗"]


async def test_a_message_sent_twice_at_the_same_moment_is_stored_once(shop: Shop) -> None:
    conversation = await shop.conversation()
    sent = await asyncio.gather(
        *(shop.customer_says(conversation, "在吗", once="same") for _ in range(8))
    )
    assert len({message.id for message in sent}) == 1
    assert await shop.texts(conversation) == ["customer: 在吗"]


async def test_a_reply_is_due_only_after_the_pause(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "你好")
    assert await shop.replies.lease() is None
    assert (await shop.due()).conversation.id == conversation


async def test_a_burst_of_lines_gets_one_reply_that_settles_them_all(shop: Shop) -> None:
    conversation = await shop.conversation()
    for line in ("我上周买的", "那个电饭煲", "能退吗"):
        await shop.customer_says(conversation, line)
        shop.clock.pass_(seconds=1)
    work = await shop.due()
    assert [message.text for message in work.waiting] == ["我上周买的", "那个电饭煲", "能退吗"]
    [reply] = await shop.replies.settle(work, answer("可以"))
    messages = await shop.inbox.messages(conversation)
    assert [m.settled_by for m in messages if m.sender_kind == "customer"] == [reply.id] * 3
    assert await shop.replies.lease() is None


async def test_somebody_who_never_stops_typing_is_answered_all_the_same(shop: Shop) -> None:
    conversation = await shop.conversation()
    leased = None
    for _ in range(20):
        await shop.customer_says(conversation, "还有")
        shop.clock.pass_(seconds=1)
        leased = leased or await shop.replies.lease()
    assert leased is not None


async def test_a_turn_is_leased_to_one_worker_only(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "你好")
    shop.clock.pass_(seconds=5)
    leased = await asyncio.gather(*(shop.replies.lease() for _ in range(6)))
    assert len([work for work in leased if work]) == 1


async def test_a_lapsed_lease_is_taken_over_and_the_first_worker_may_not_settle(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "你好")
    slow = await shop.due()
    shop.clock.pass_(seconds=LEASE.total_seconds() + 1)
    fast = await shop.replies.lease()
    assert fast is not None
    assert fast.attempts == 2
    await shop.replies.settle(fast, answer("您好"))
    with pytest.raises(LeaseLost):
        await shop.replies.settle(slow, answer("您好呀"))
    assert await shop.texts(conversation) == ["customer: 你好", "bot: 您好"]


async def test_a_newer_message_makes_the_reply_out_of_date_and_due_again(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "能退吗")
    stale = await shop.due()
    await shop.customer_says(conversation, "不对，是能换吗")
    with pytest.raises(LeaseLost):
        await shop.replies.settle(stale, answer("能退"))
    work = await shop.due()
    assert [message.text for message in work.waiting] == ["能退吗", "不对，是能换吗"]
    await shop.replies.settle(work, answer("能换"))
    assert (await shop.texts(conversation))[-1] == "bot: 能换"


async def test_no_bot_reply_appears_after_a_person_took_over(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "能退吗")
    work = await shop.due()
    await shop.desk.claim(conversation, await shop.person("mei"))
    with pytest.raises(LeaseLost):
        await shop.replies.settle(work, answer("能退"))
    assert await shop.texts(conversation) == ["customer: 能退吗"]


async def test_settling_twice_says_nothing_twice(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "你好")
    work = await shop.due()
    await shop.replies.settle(work, answer("您好"))
    with pytest.raises(LeaseLost):
        await shop.replies.settle(work, answer("您好"))
    assert await shop.texts(conversation) == ["customer: 你好", "bot: 您好"]


async def test_the_words_about_a_transfer_and_the_transfer_are_one_transaction(shop: Shop) -> None:
    conversation = await shop.waiting("anger")
    locked, position, _ = await shop.inbox.view(conversation)
    assert locked.state.holder is Holder.QUEUE
    assert locked.state.reason == "anger"
    assert position == 1
    assert (await shop.texts(conversation))[-1] == "bot: 已为您转接"


async def test_at_night_the_bot_keeps_the_conversation_and_one_ticket_is_written(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    for _ in range(2):
        await shop.customer_says(conversation, "转人工")
        await shop.replies.settle(await shop.due(), hand_over(on_duty=False))
    summary = await shop.listing.summary(conversation)
    assert summary.conversation.holder is Holder.BOT
    assert summary.ticket is not None
    person = await shop.person("mei")
    assert len(await shop.listing.view("tickets", person)) == 1
    kinds = [e.type for e in await shop.events.of_conversation(conversation, for_customer=False)]
    assert kinds.count("conversation.handover_deferred") == 2


async def test_misses_in_a_row_are_counted_and_an_answer_ends_the_row(shop: Shop) -> None:
    conversation = await shop.conversation()
    counted = []
    for outcome in (
        Outcome("decline", [], missed=True),
        Outcome("decline", [], missed=True),
        answer("有"),
    ):
        await shop.customer_says(conversation, "火星发货吗")
        work = await shop.due()
        counted.append(work.conversation.misses)
        await shop.replies.settle(work, outcome)
    await shop.customer_says(conversation, "再问一个")
    counted.append((await shop.due()).conversation.misses)
    assert counted == [0, 1, 2, 0]


async def test_after_closing_old_misses_do_not_count_and_old_words_are_not_in_the_session(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "火星发货吗")
    await shop.replies.settle(await shop.due(), Outcome("decline", [], missed=True))
    await shop.desk.close(conversation, await shop.person("mei"))
    await shop.customer_says(conversation, "你好")
    work = await shop.due()
    assert work.conversation.misses == 0
    assert work.earlier == ()
    assert [message.text for message in work.waiting] == ["你好"]


async def test_a_listener_that_resumes_by_the_last_id_has_the_whole_log(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.bot_answers(conversation, "包邮吗", "满 59 包邮")
    seen = await shop.events.of_conversation(conversation)
    await shop.bot_answers(conversation, "几天到", "2–4 天")
    rest = await shop.events.of_conversation(conversation, after=seen[-1].seq)
    assert [*seen, *rest] == await shop.events.of_conversation(conversation)
    assert [e.payload["message"]["seq"] for e in [*seen, *rest]] == [1, 2, 3, 4]


async def test_somebody_who_goes_on_writing_does_not_keep_a_failing_turn_alive(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    tries = []
    for _ in range(40):
        await shop.customer_says(conversation, "在吗")
        work = await shop.due()
        tries.append(work.attempts)
        # The worker that had it is killed, and the customer writes again before the lease lapses.
        shop.clock.pass_(seconds=8)
    assert max(tries) > 3


async def test_a_new_message_gives_a_turn_that_failed_a_fresh_start(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "能退")
    for _ in range(3):
        work = await shop.due()
        await shop.replies.release(work, retry_in=LEASE)
        shop.clock.pass_(seconds=LEASE.total_seconds())
    await shop.customer_says(conversation, "吗")
    assert (await shop.due()).attempts == 1


async def test_after_a_crash_the_only_owner_of_a_store_need_not_wait_for_leases(
    shop: Shop,
) -> None:
    conversation = await shop.conversation()
    await shop.customer_says(conversation, "你好")
    dead = await shop.due()
    assert await shop.replies.lease() is None
    await shop.replies.abandon_leases()
    again = await shop.replies.lease()
    assert again is not None
    assert again.attempts == 2, "a message that kills the process is still counted"
    with pytest.raises(LeaseLost):
        await shop.replies.settle(dead, answer("您好"))
