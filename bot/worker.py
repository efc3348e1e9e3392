"""Works off due replies: lease, decide outside any transaction, settle or throw away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.budget import Spent
from bot.decision import Decision, Kind
from bot.feed import Feed
from bot.outcome import outcome_of
from bot.request import Request, Said
from bot.served import Served
from bot.shop import Shop
from bot.turn import Turn
from handoff.errors import LeaseLost
from handoff.inbox import Inbox
from handoff.people import People
from handoff.reasons import Reason
from handoff.replies import Replies, Work
from knowledge.errors import KnowledgeError

log = structlog.get_logger(__name__)

_TRIES = 3
_LONGEST_SLEEP_S = 1.0
# Somebody else is just taking what is due.
_SHORTEST_SLEEP_S = 0.05
_RENEWALS_PER_LEASE = 3


class Worker:
    """Any number of turns at a time, each of them leased from the store.

    `spent` says what generated answers have cost in a conversation; None where that is unlimited.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        replies: Replies,
        people: People,
        turn: Turn,
        served: Served,
        shop: Shop,
        feed: Feed,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        deadline: float,
        spent: Callable[[str], Awaitable[Spent]] | None = None,
    ) -> None:
        self._inbox = inbox
        self._replies = replies
        self._people = people
        self._turn = turn
        self._served = served
        self._shop = shop
        self._feed = feed
        self._clock = clock
        self._new_id = new_id
        self._deadline = deadline
        self._spent = spent

    async def run(self, woken: asyncio.Event, *, turns: int) -> None:
        """For ever: works on up to `turns` due replies at a time, and sleeps until one is due.

        One loop leases for all of them: every wake-up would else send each to the store.
        """
        slots = asyncio.Semaphore(turns)
        async with asyncio.TaskGroup() as under_way:
            while True:
                await slots.acquire()
                turn = under_way.create_task(self._work_off(await self._next(woken)))
                turn.add_done_callback(lambda _: slots.release())

    async def _next(self, woken: asyncio.Event) -> Work:
        while True:
            woken.clear()
            try:
                pause = await self._until_due()
                if pause <= 0:
                    work = await self._replies.lease()
                    if work is not None:
                        return work
                    pause = _SHORTEST_SLEEP_S
            except (OSError, SQLAlchemyError) as error:
                log.error("worker.store_unreachable", error=str(error))
                pause = _LONGEST_SLEEP_S
            try:
                async with asyncio.timeout(pause):
                    await woken.wait()
            except TimeoutError:
                pass

    async def _until_due(self) -> float:
        due = await self._replies.next_due()
        if due is None:
            return _LONGEST_SLEEP_S
        return min((due - self._clock()).total_seconds(), _LONGEST_SLEEP_S)

    async def step(self) -> bool:
        """One turn, if one is due. Returns whether there was one."""
        work = await self._replies.lease()
        if work is None:
            return False
        await self._work_off(work)
        return True

    async def _work_off(self, work: Work) -> None:
        try:
            async with self._kept(work):
                await self._settle_or_survive(work)
        except (OSError, SQLAlchemyError) as error:
            # Nothing was stored; whoever is there when the lease has lapsed takes the turn over.
            log.error("worker.store_unreachable", error=str(error))

    async def _settle_or_survive(self, work: Work) -> None:
        try:
            await self._settle(work)
        except (OSError, SQLAlchemyError):
            raise
        except Exception:
            # The edge of a turn: whatever broke here must not take the worker with it.
            log.exception("turn.crashed", conversation=work.conversation.id)
            await self._survive(work)

    async def _survive(self, work: Work) -> None:
        """A turn that crashed is tried again, and at last a person's; with the least that can be
        told of it, since anything more may be what crashed.
        """
        if work.attempts < _TRIES:
            await self._replies.release(work, retry_in=timedelta(seconds=work.attempts))
            return
        now = self._clock()
        request = request_of(work, at=now, customer=None, on_duty=await self._on_duty(now))
        await self._store(work, _failed("crashed"), request, self._new_id())

    @asynccontextmanager
    async def _kept(self, work: Work) -> AsyncIterator[None]:
        """Keeps the lease while the turn goes on, and gives it back when it is broken off.

        A lease is short, so that the turn of a process that was killed is soon somebody else's.
        """
        renewing = asyncio.create_task(self._renew(work))
        try:
            yield
        except asyncio.CancelledError:
            # A shutdown: another process should not wait until the lease lapses.
            await asyncio.shield(self._replies.give_back(work))
            raise
        finally:
            renewing.cancel()

    async def _renew(self, work: Work) -> None:
        every = self._replies.lease_length.total_seconds() / _RENEWALS_PER_LEASE
        while True:
            await asyncio.sleep(every)
            try:
                if not await self._replies.renew(work):
                    return
            except (OSError, SQLAlchemyError) as error:
                # Tried again before the lease lapses; if that fails, another worker takes over.
                log.warning("worker.not_renewed", error=str(error))

    async def _settle(self, work: Work) -> None:
        request = await self._request(work)
        reply_id = self._new_id()
        decision = await self._decide(work, request, reply_id)
        if decision is None:
            await self._replies.release(work, retry_in=timedelta(seconds=work.attempts))
            return
        await self._store(work, decision, request, reply_id)

    async def _store(self, work: Work, decision: Decision, request: Request, reply_id: str) -> None:
        bound = log.bind(conversation=work.conversation.id, attempt=work.attempts)
        now = self._clock()
        outcome = outcome_of(
            decision,
            request,
            opens=self._shop.opening_text(now, request.wording),
            promised_at=self._shop.hours.next_opening(now),
            reply_id=reply_id,
        )
        try:
            await self._replies.settle(work, outcome)
        except LeaseLost:
            # Not an error: the customer wrote again or a person took over meanwhile.
            self._withdraw(work, reply_id)
            bound.info("reply.outdated")
            return
        bound.info(
            "reply.settled",
            kind=decision.kind.value,
            reason=decision.reason,
            confidence=round(decision.confidence, 3),
        )

    async def _decide(self, work: Work, request: Request, reply_id: str) -> Decision | None:
        """The turn's decision; after failures a handover, or None to try once more."""
        shown: list[str] = []

        async def release(sentence: str) -> None:
            shown.append(sentence)
            payload = {"reply_id": reply_id, "epoch": work.conversation.epoch, "text": sentence}
            self._feed.show(work.conversation.id, "draft.delta", payload)

        self._feed.show(work.conversation.id, "typing", {"sender": {"kind": "bot"}, "on": True})
        if work.attempts > _TRIES:
            return _failed("tries_exhausted")
        try:
            async with asyncio.timeout(self._deadline):
                decision = await self._turn.run(request, self._served.current, release)
        except (KnowledgeError, TimeoutError) as error:
            log.error("turn.failed", why=repr(error), conversation=work.conversation.id)
            decision = _failed(type(error).__name__)
        except Exception:
            log.exception("turn.crashed", conversation=work.conversation.id)
            if work.attempts < _TRIES:
                return None
            decision = _failed("crashed")
        if shown and not decision.ai_generated:
            self._withdraw(work, reply_id)
        return decision

    def _withdraw(self, work: Work, reply_id: str) -> None:
        self._feed.show(work.conversation.id, "draft.withdrawn", {"reply_id": reply_id})

    async def _request(self, work: Work) -> Request:
        now = self._clock()
        customer, _ = await self._inbox.customer_of(work.contact_id)
        on_duty = await self._on_duty(now)
        request = request_of(work, at=now, customer=customer, on_duty=on_duty)
        spent = await self._spent(work.conversation.id) if self._spent else Spent()
        return replace(request, product=product_of(work.page), spent=spent)

    async def _on_duty(self, now: datetime) -> bool:
        return self._shop.hours.is_open(now) or await self._people.anybody_online()


def request_of(work: Work, *, at: datetime, customer: str | None, on_duty: bool) -> Request:
    """The turn's input from leased work."""
    return Request(
        messages=[message.parts for message in work.waiting],
        at=at,
        earlier=[
            Said(m.sender_kind, m.parts, tuple(s["article_id"] for s in m.sources))
            for m in work.earlier
        ],
        locale=work.locale,
        channel=work.channel,
        customer=customer,
        misses=work.conversation.misses,
        last_decision=work.conversation.last_decision,
        on_duty=on_duty,
    )


def product_of(page: Any) -> str | None:
    """The product whose page the customer is on."""
    value = page.get("product_id") if isinstance(page, dict) else None
    return str(value) if value else None


def _failed(rule: str) -> Decision:
    return Decision(
        Kind.HAND_OVER, [], reason=Reason.BOT_ERROR.value, rule=rule, score=1.0, missed=False
    )
