"""Rating: once the session is over, and for that session only."""

from __future__ import annotations

import pytest

from handoff.errors import NothingToRate, UnknownConversation
from handoff.ratings import Rating, Ratings
from tests.handoff.shop import Shop


def ratings_of(shop: Shop, name: str = "default") -> Ratings:
    return Ratings(shop.database, shop=name, clock=shop.clock)


async def over(shop: Shop) -> str:
    """A conversation in which a question was answered and that the customer ended."""
    conversation = await shop.conversation()
    await shop.bot_answers(conversation, "包邮吗", "满 59 包邮")
    await shop.inbox.close(conversation)
    return conversation


async def rated(shop: Shop, conversation: str) -> tuple[Rating | None, bool]:
    locked, _, _ = await shop.inbox.view(conversation)
    return await ratings_of(shop).of(locked.state)


async def test_a_conversation_can_be_rated_once_it_is_over(shop: Shop) -> None:
    conversation = await over(shop)
    assert await rated(shop, conversation) == (None, True)
    given = await ratings_of(shop).rate(conversation, score=4, comment="快")
    assert await rated(shop, conversation) == (given, False)


async def test_the_shops_people_see_the_rating_and_an_event_tells_of_it(shop: Shop) -> None:
    conversation = await over(shop)
    await ratings_of(shop).rate(conversation, score=4, comment="快")
    summary = await shop.listing.summary(conversation)
    assert summary.rating == {"score": 4, "comment": "快"}
    event = (await shop.events.latest(conversation))[-1]
    assert event.type == "conversation.rated"
    assert event.payload == {"rating": {"score": 4, "comment": "快"}, "session": 1}


async def test_rating_again_replaces_and_the_same_again_changes_nothing(shop: Shop) -> None:
    conversation, ratings = await over(shop), ratings_of(shop)
    await ratings.rate(conversation, score=1)
    for _ in range(2):
        await ratings.rate(conversation, score=5, comment="后来解决了")
    assert await rated(shop, conversation) == (Rating(5, "后来解决了"), False)
    kinds = [event.type for event in await shop.events.latest(conversation)]
    assert kinds.count("conversation.rated") == 2


async def test_nothing_can_be_rated_while_somebody_may_still_answer(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.bot_answers(conversation, "包邮吗", "满 59 包邮")
    assert await rated(shop, conversation) == (None, False)
    with pytest.raises(NothingToRate):
        await ratings_of(shop).rate(conversation, score=5)


async def test_a_conversation_in_which_nothing_was_said_cannot_be_rated(shop: Shop) -> None:
    conversation = await shop.conversation()
    await shop.inbox.close(conversation)
    assert await rated(shop, conversation) == (None, False)
    with pytest.raises(NothingToRate):
        await ratings_of(shop).rate(conversation, score=5)


async def test_a_new_session_has_a_rating_of_its_own(shop: Shop) -> None:
    conversation, ratings = await over(shop), ratings_of(shop)
    await ratings.rate(conversation, score=2)
    await shop.bot_answers(conversation, "几天到", "两天")
    assert await rated(shop, conversation) == (None, False)
    await shop.inbox.close(conversation)
    assert await rated(shop, conversation) == (None, True)
    await ratings.rate(conversation, score=5)
    assert (await shop.listing.summary(conversation)).rating == {"score": 5, "comment": None}


@pytest.mark.parametrize("score", [0, 6, -1])
async def test_a_score_is_one_to_five(shop: Shop, score: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        await ratings_of(shop).rate(await over(shop), score=score)


async def test_another_shop_cannot_rate_it(shop: Shop) -> None:
    with pytest.raises(UnknownConversation):
        await ratings_of(shop, "elsewhere").rate(await over(shop), score=5)


async def test_rating_does_not_make_the_conversation_look_newer(shop: Shop) -> None:
    conversation = await over(shop)
    before = (await shop.listing.summary(conversation)).updated_at
    shop.clock.pass_(hours=1)
    await ratings_of(shop).rate(conversation, score=5)
    assert (await shop.listing.summary(conversation)).updated_at == before
