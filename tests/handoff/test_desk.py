"""What people do: claim, answer, give back, close; and what they see."""

from __future__ import annotations

import asyncio

import pytest

from handoff.conversation import Holder
from handoff.errors import AlreadyClaimed, NotHolder, NotSignedIn, SignInFailed
from handoff.people import SESSION_LENGTH
from tests.handoff.shop import Shop, answer

PARTS = [{"type": "text", "text": "我来处理"}]


async def test_of_many_who_claim_at_once_exactly_one_gets_the_conversation(shop: Shop) -> None:
    conversation = await shop.waiting()
    people = [await shop.person(f"p{n}") for n in range(5)]
    results = await asyncio.gather(
        *(shop.desk.claim(conversation, person) for person in people), return_exceptions=True
    )
    assert sum(isinstance(result, AlreadyClaimed) for result in results) == 4
    summary = await shop.listing.summary(conversation)
    assert summary.conversation.holder is Holder.AGENT


async def test_claiming_what_one_holds_already_is_no_error(shop: Shop) -> None:
    conversation, mei = await shop.waiting(), await shop.person("mei")
    first = await shop.desk.claim(conversation, mei)
    assert await shop.desk.claim(conversation, mei) == first


async def test_only_the_holder_may_answer(shop: Shop) -> None:
    conversation, mei, li = await shop.waiting(), await shop.person("mei"), await shop.person("li")
    await shop.desk.claim(conversation, mei)
    with pytest.raises(NotHolder):
        await shop.desk.reply(conversation, li, client_message_id="1", parts=PARTS)
    with pytest.raises(NotHolder):
        await shop.desk.close(conversation, li)
    await shop.desk.reply(conversation, mei, client_message_id="1", parts=PARTS)
    assert (await shop.texts(conversation))[-1] == "person: 我来处理"


async def test_an_answer_sent_twice_is_said_once(shop: Shop) -> None:
    conversation, mei = await shop.waiting(), await shop.person("mei")
    await shop.desk.claim(conversation, mei)
    for _ in range(2):
        await shop.desk.reply(conversation, mei, client_message_id="same", parts=PARTS)
    assert (await shop.texts(conversation)).count("person: 我来处理") == 1


async def test_while_a_person_holds_it_the_bot_owes_nothing(shop: Shop) -> None:
    conversation, mei = await shop.waiting(), await shop.person("mei")
    await shop.desk.claim(conversation, mei)
    await shop.customer_says(conversation, "在吗")
    shop.clock.pass_(minutes=5)
    assert await shop.replies.lease() is None


async def test_returned_to_the_bot_the_customers_last_word_is_answered(shop: Shop) -> None:
    conversation, mei = await shop.waiting(), await shop.person("mei")
    await shop.desk.claim(conversation, mei)
    await shop.customer_says(conversation, "那运费谁出")
    await shop.desk.return_to_bot(conversation, mei, note="已道歉")
    work = await shop.replies.lease()
    assert work is not None
    assert [message.text for message in work.waiting] == ["那运费谁出"]
    assert work.conversation.note == "已道歉"
    await shop.replies.settle(work, answer("本店承担"))
    assert (await shop.texts(conversation))[-1] == "bot: 本店承担"


async def test_returned_after_the_person_spoke_last_the_bot_stays_silent(shop: Shop) -> None:
    conversation, mei = await shop.waiting(), await shop.person("mei")
    await shop.desk.claim(conversation, mei)
    await shop.desk.reply(conversation, mei, client_message_id="1", parts=PARTS)
    await shop.desk.return_to_bot(conversation, mei, note=None)
    assert await shop.replies.lease() is None


async def test_the_queue_shows_the_most_urgent_first_then_who_waits_longest(shop: Shop) -> None:
    asked = await shop.waiting("customer_request")
    shop.clock.pass_(minutes=1)
    unsure = await shop.waiting("low_confidence")
    shop.clock.pass_(minutes=1)
    hurt = await shop.waiting("high_risk")
    asked_later = await shop.waiting("customer_request")
    rows = await shop.listing.view("queue", await shop.person("mei"))
    assert [row.conversation.id for row in rows] == [hurt, asked, asked_later, unsure]


async def test_lists_and_counts_agree(shop: Shop) -> None:
    mei = await shop.person("mei")
    await shop.waiting()
    mine = await shop.waiting()
    await shop.desk.claim(mine, mei)
    with_bot = await shop.conversation()
    await shop.bot_answers(with_bot, "包邮吗", "满 59 包邮")
    closed = await shop.waiting()
    await shop.desk.close(closed, mei)
    counts = await shop.listing.counts(mei)
    assert counts == {"queue": 1, "mine": 1, "bot": 1, "tickets": 0, "closed": 1}
    for view, count in counts.items():
        assert len(await shop.listing.view(view, mei)) == count


async def test_a_wrong_password_and_an_unknown_address_fail_alike(shop: Shop) -> None:
    await shop.person("mei")
    for email, password in (("mei@example.com", "wrong"), ("nobody@example.com", "correct horse")):
        with pytest.raises(SignInFailed):
            await shop.people.sign_in(email=email, password=password)


async def test_a_session_ends_by_itself_on_signing_out_and_with_a_new_password(shop: Shop) -> None:
    await shop.person("mei")

    async def sign_in(password: str = "correct horse") -> str:
        return (await shop.people.sign_in(email="mei@example.com", password=password)).token

    first, second = await sign_in(), await sign_in()
    await shop.people.sign_out(first)
    with pytest.raises(NotSignedIn):
        await shop.people.session(first)
    assert (await shop.people.session(second)).person.name == "mei"
    await shop.people.set_password("mei@example.com", "another one")
    with pytest.raises(NotSignedIn):
        await shop.people.session(second)
    third = await sign_in("another one")
    shop.clock.now += SESSION_LENGTH
    with pytest.raises(NotSignedIn):
        await shop.people.session(third)


async def test_somebody_online_lapses_when_the_browser_is_gone(shop: Shop) -> None:
    mei = await shop.person("mei")
    assert not await shop.people.anybody_online()
    await shop.people.set_presence(mei.id, "online")
    assert await shop.people.anybody_online()
    shop.clock.pass_(minutes=3)
    assert not await shop.people.anybody_online()
