"""What a customer in the queue is told to expect."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.waits import Waits, expected_wait, waits_of
from tests.handoff.shop import NOON, Shop, hand_over

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("recent", "position", "online", "expected"),
    [
        pytest.param([2], 1, 1, 2, id="next in line waits as long as others did"),
        pytest.param([2], 3, 1, 6, id="those ahead are served first"),
        pytest.param([2], 3, 2, 3, id="two people serve twice as fast"),
        pytest.param([1, 2, 60], 1, 1, 2, id="one who waited for ever does not frighten others"),
        pytest.param([1, 2], 1, 1, 1.5, id="between the two in the middle"),
        pytest.param([], 1, 1, None, id="unknown when nobody was taken lately"),
        pytest.param([2], 1, 0, None, id="unknown when nobody is there"),
    ],
)
def test_the_expected_wait(
    recent: list[int], position: int, online: int, expected: float | None
) -> None:
    waits = [n * MINUTE for n in recent]
    wanted = None if expected is None else expected * MINUTE
    assert expected_wait(waits, position=position, online=online) == wanted


def test_only_who_was_taken_counts_and_each_time_anew() -> None:
    changes = [
        ("a", "queue", NOON),
        ("b", "queue", NOON),
        # b gave up waiting.
        ("b", "bot", NOON + MINUTE),
        ("a", "agent", NOON + 2 * MINUTE),
        ("a", "queue", NOON + 10 * MINUTE),
        ("a", "agent", NOON + 15 * MINUTE),
        # Taken over from the bot: nobody waited.
        ("c", "agent", NOON + 16 * MINUTE),
        ("d", "queue", NOON + 17 * MINUTE),
    ]
    assert waits_of(changes) == [2 * MINUTE, 5 * MINUTE]


async def test_the_waits_of_a_shop_are_known_from_its_log(shop: Shop) -> None:
    mei = await shop.person("mei")
    for minutes in (1, 3, 9):
        conversation = await shop.waiting()
        shop.clock.pass_(minutes=minutes)
        await shop.desk.claim(conversation, mei)
        await shop.desk.close(conversation, mei)
    waits = Waits(shop.database, shop="default", clock=shop.clock)
    assert await waits.expected(1) is None, "nobody is there"
    await shop.people.set_presence(mei.id, "online")
    assert await waits.expected(1) is None, "looked up a moment ago"
    shop.clock.pass_(seconds=30)
    assert await waits.expected(1) == 3 * MINUTE
    assert await waits.expected(2) == 6 * MINUTE


async def test_another_shops_waits_do_not_count(shop: Shop) -> None:
    mei = await shop.person("mei")
    await shop.people.set_presence(mei.id, "online")
    await shop.desk.claim(await shop.waiting(), mei)
    waits = Waits(shop.database, shop="elsewhere", clock=shop.clock)
    assert await waits.expected(1) is None


async def test_of_those_who_came_in_the_same_instant_one_is_before_the_other(shop: Shop) -> None:
    conversations = [await shop.conversation() for _ in range(3)]
    for conversation in conversations:
        await shop.customer_says(conversation, "转人工")
    shop.clock.pass_(seconds=10)
    for _ in conversations:
        work = await shop.replies.lease()
        assert work is not None
        await shop.replies.settle(work, hand_over())
    shop.clock.pass_(seconds=1)
    conversations.append(await shop.waiting())
    positions = [(await shop.inbox.view(conversation))[1] for conversation in conversations]
    assert sorted(positions[:3]) == [1, 2, 3]
    assert positions[3] == 4
