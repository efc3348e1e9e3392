"""A conversation in memory: the same turns without a store, for the terminal and evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.budget import Spent
from bot.decision import Decision, Kind, text_part
from bot.request import Part, Request, Said
from bot.served import Serving
from bot.talk import transfer_words
from bot.turn import Turn


class Dialogue:
    """Keeps what the store would keep: what was said, misses, the last decision."""

    def __init__(
        self,
        turn: Turn,
        serving: Serving,
        *,
        customer: str | None = None,
        channel: str = "web",
        product: str | None = None,
        locale: str = "zh-CN",
        on_duty: bool = True,
    ) -> None:
        self._turn = turn
        self._serving = serving
        self._customer = customer
        self._channel = channel
        self._product = product
        self._locale = locale
        self._on_duty = on_duty
        self._said: list[Said] = []
        self._misses = 0
        self._last: str | None = None
        self._spent = Spent()

    async def send(
        self, messages: Sequence[Sequence[Part]], *, at: datetime
    ) -> tuple[Decision, Request]:
        """One turn over one or several messages, and the request it was."""
        request = Request(
            messages=messages,
            at=at,
            earlier=tuple(self._said),
            locale=self._locale,
            channel=self._channel,
            product=self._product,
            customer=self._customer,
            misses=self._misses,
            last_decision=self._last,
            on_duty=self._on_duty,
            spent=self._spent,
        )
        decision = await self._turn.run(request, self._serving)
        parts = list(decision.parts)
        if decision.kind is Kind.HAND_OVER:
            parts.append(text_part(transfer_words(decision.reason or "", request.wording)))
        self._said += [Said("customer", parts) for parts in messages]
        cited = tuple(str(source["article_id"]) for source in decision.sources)
        self._said.append(Said("bot", parts, cited))
        self._misses = self._misses + 1 if decision.missed else 0
        self._last = decision.kind.value
        self._spent = self._spent.and_of(decision.record)
        return decision, request
