"""The bot and people reach for the same conversation: only the one who holds it speaks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.faults.places import Place
from tests.faults.traffic import QUESTIONS, Traffic
from tests.faults.trial import Trial
from tests.faults.visitor import Visitor
from tests.server import LI, MEI, DeskPerson

# A turn without a language model takes about as long; the claim may come anywhere in it.
_A_TURN_S = 0.15


@contextmanager
def at_the_desk(place: Place, *accounts: dict[str, str]) -> Iterator[list[DeskPerson]]:
    """People who signed in, each in a browser of their own."""
    clients = [
        httpx.Client(base_url=place.urls()[0], timeout=30, trust_env=False) for _ in accounts
    ]
    try:
        yield [
            DeskPerson(client, account) for client, account in zip(clients, accounts, strict=True)
        ]
    finally:
        for client in clients:
            client.close()


async def waiting_for_a_person(customers: Traffic) -> Visitor:
    """A customer who asked for somebody; at night that leaves a ticket, and the bot holds."""
    visitor = await customers.arrive()
    await visitor.say("转人工")
    await visitor.read_until_answered()
    return visitor


def test_of_two_persons_claiming_at_once_exactly_one_gets_the_conversation(
    place: Place, trial: Trial
) -> None:
    async def one(customers: Traffic, people: list[DeskPerson]) -> None:
        visitor = await waiting_for_a_person(customers)
        claims = await asyncio.gather(
            *(asyncio.to_thread(person.do, visitor.id, "claim") for person in people)
        )
        replies = await asyncio.gather(
            *(
                asyncio.to_thread(
                    person.do, visitor.id, "reply", client_message_id="r1", text=f"我是{number}号"
                )
                for number, person in enumerate(people)
            )
        )
        [winner] = [n for n, claim in enumerate(claims) if claim.status_code == 200]
        assert [claim.status_code for claim in claims if claim.status_code != 200] == [409]
        # Somebody else's words are stored under the id by now: they are not the loser's.
        late = await asyncio.to_thread(
            people[1 - winner].do, visitor.id, "reply", client_message_id="r1", text="我也在"
        )
        said = [reply.status_code for reply in (replies[winner], replies[1 - winner], late)]
        assert said == [201, 409, 409]
        await visitor.say("好的，谢谢")

    with (
        trial.under("two persons claiming at once", place, customers=0) as customers,
        at_the_desk(place, MEI, LI) as people,
    ):
        for _ in trial.rounds(short=5):
            customers.do(one(customers, people))


def test_a_claim_that_comes_while_the_bot_works_is_never_followed_by_the_bot(
    place: Place, trial: Trial
) -> None:
    """The checker replays the log: whichever came first, nothing of the bot's is behind a claim."""

    async def one(customers: Traffic, mei: DeskPerson) -> None:
        visitor = await customers.arrive()
        for text in QUESTIONS[: trial.chance.randint(1, 3)]:
            await visitor.say(text)
        await asyncio.sleep(trial.chance.uniform(0, _A_TURN_S))
        claimed = await asyncio.to_thread(mei.do, visitor.id, "claim")
        assert claimed.status_code == 200, claimed.text
        await visitor.say("还在吗？")

    with (
        trial.under("a reply racing a claim", place, customers=1) as customers,
        at_the_desk(place, MEI) as [mei],
    ):
        for _ in trial.rounds(short=10):
            customers.do(one(customers, mei))
