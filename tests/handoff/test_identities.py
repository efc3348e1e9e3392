"""Signing in joins a conversation to a customer, and a lead can undo it."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from handoff import tables
from handoff.errors import (
    LeadOnly,
    LeaseLost,
    NothingToSplit,
    OtherCustomer,
    UnknownConversation,
)
from handoff.identities import Identities
from handoff.people import Person
from tests.handoff.shop import Shop, answer

LIN = {"customer_id": "C1001", "name": "林"}
WANG = {"customer_id": "C2002", "name": "王"}


def identities_of(shop: Shop, name: str = "default") -> Identities:
    return Identities(shop.database, shop=name, clock=shop.clock, new_id=shop.ids)


async def customer(shop: Shop, conversation: str) -> tuple[str | None, str | None]:
    """Who the conversation belongs to: (the shop's id of the customer, name)."""
    _, contact = await shop.inbox.visitor(conversation)
    return await shop.inbox.customer_of(contact)


async def signed_in(shop: Shop, known: dict[str, str] = LIN) -> str:
    conversation = await shop.conversation()
    await identities_of(shop).sign_in(conversation, **known)
    return conversation


async def lead(shop: Shop) -> Person:
    return await shop.people.add(
        email="lead@example.com", name="小梅", password="correct horse", role="lead"
    )


async def test_a_visitor_who_signs_in_keeps_the_conversation(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.bot_answers(conversation, "包邮吗", "满 59 包邮")
    await identities_of(shop).sign_in(conversation, **LIN)
    assert await customer(shop, conversation) == ("C1001", "林")
    assert await shop.texts(conversation) == ["customer: 包邮吗", "bot: 满 59 包邮"]


async def test_a_customer_on_two_devices_is_one_contact(shop: Shop) -> None:
    phone, laptop = await signed_in(shop), await signed_in(shop)
    assert await shop.inbox.visitor(phone) == await shop.inbox.visitor(laptop)


async def test_signing_in_on_many_devices_at_once_makes_one_contact(shop: Shop) -> None:
    conversations = [await shop.conversation() for _ in range(5)]
    await asyncio.gather(*(identities_of(shop).sign_in(one, **LIN) for one in conversations))
    assert len({(await shop.inbox.visitor(one))[1] for one in conversations}) == 1


async def test_signing_in_again_changes_only_the_name(shop: Shop) -> None:
    conversation = await signed_in(shop)
    await identities_of(shop).sign_in(conversation, customer_id="C1001", name="林知夏")
    await identities_of(shop).sign_in(conversation, customer_id="C1001", name="")
    assert await customer(shop, conversation) == ("C1001", "林知夏")
    assert len(await identities_of(shop).merges(conversation)) == 1


async def test_a_customers_conversation_is_refused_to_another_customer(shop: Shop) -> None:
    conversation = await signed_in(shop)
    with pytest.raises(OtherCustomer):
        await identities_of(shop).sign_in(conversation, **WANG)
    assert await customer(shop, conversation) == ("C1001", "林")


async def test_a_lead_undoes_a_sign_in_and_the_customer_no_longer_covers_the_conversation(
    shop: Shop,
) -> None:
    kept, wrong = await signed_in(shop), await signed_in(shop)
    mei = await lead(shop)
    shop.clock.pass_(minutes=5)
    await identities_of(shop).split(wrong, mei)
    assert await customer(shop, wrong) == (None, None)
    assert await customer(shop, kept) == ("C1001", "林")
    assert not (await shop.listing.summary(wrong)).signed_in
    [merge] = await identities_of(shop).merges(wrong)
    assert merge.to_json() == {
        "customer_id": "C1001",
        "at": "2026-11-21T04:00:00+00:00",
        "undone_at": "2026-11-21T04:05:00+00:00",
        "undone_by": "小梅",
    }


async def test_the_visitor_gets_back_the_contact_of_before(shop: Shop) -> None:
    conversation = await shop.conversation()
    before = await shop.inbox.visitor(conversation)
    await identities_of(shop).sign_in(conversation, **LIN)
    assert await shop.inbox.visitor(conversation) != before
    await identities_of(shop).split(conversation, await lead(shop))
    assert await shop.inbox.visitor(conversation) == before


async def test_what_was_undone_stays_undone_for_this_customer_and_no_other(shop: Shop) -> None:
    conversation = await signed_in(shop)
    await identities_of(shop).split(conversation, await lead(shop))
    with pytest.raises(OtherCustomer):
        await identities_of(shop).sign_in(conversation, **LIN)
    await identities_of(shop).sign_in(conversation, **WANG)
    assert await customer(shop, conversation) == ("C2002", "王")


async def test_only_a_lead_undoes_it(shop: Shop) -> None:
    conversation = await signed_in(shop)
    with pytest.raises(LeadOnly):
        await identities_of(shop).split(conversation, await shop.person("li"))
    assert await customer(shop, conversation) == ("C1001", "林")


async def test_what_nobody_joined_cannot_be_undone(shop: Shop) -> None:
    mei, conversation = await lead(shop), await shop.conversation()
    with pytest.raises(NothingToSplit):
        await identities_of(shop).split(conversation, mei)
    await identities_of(shop).sign_in(conversation, **LIN)
    await identities_of(shop).split(conversation, mei)
    with pytest.raises(NothingToSplit):
        await identities_of(shop).split(conversation, mei)


@pytest.mark.parametrize("undo", [False, True])
async def test_a_turn_under_way_begins_again_when_the_customer_changes(
    shop: Shop, undo: bool
) -> None:
    """It has looked up the orders of whoever it was before."""
    conversation = await (signed_in(shop) if undo else shop.conversation())
    await shop.customer_says(conversation, "我的快递到哪了")
    work = await shop.due()
    if undo:
        await identities_of(shop).split(conversation, await lead(shop))
    else:
        await identities_of(shop).sign_in(conversation, **LIN)
    with pytest.raises(LeaseLost):
        await shop.replies.settle(work, answer("您的包裹在杭州"))
    again = await shop.replies.lease()
    assert again is not None
    assert again.contact_id != work.contact_id


async def test_both_steps_are_told_to_the_shops_people_and_not_to_the_customer(
    shop: Shop,
) -> None:
    conversation = await signed_in(shop)
    await identities_of(shop).split(conversation, await lead(shop))
    kinds = [event.type for event in await shop.events.latest(conversation)]
    assert kinds == ["conversation.merged", "conversation.split"]
    assert await shop.events.of_conversation(conversation) == []


async def test_another_shop_knows_neither_the_conversation_nor_the_customer(shop: Shop) -> None:
    conversation, mei = await signed_in(shop), await lead(shop)
    with pytest.raises(UnknownConversation):
        await identities_of(shop, "elsewhere").sign_in(conversation, **LIN)
    with pytest.raises(UnknownConversation):
        await identities_of(shop, "elsewhere").split(conversation, mei)
    async with shop.database.read() as connection:
        shops = await connection.scalars(sa.select(tables.identity.c.shop).distinct())
        assert set(shops) == {"default"}
