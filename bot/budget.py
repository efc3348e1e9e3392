"""What generated answers may cost in one conversation, and what they have cost so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens that a model read and wrote, and the turns in which it was asked at all."""

    tokens_in: int = 0
    tokens_out: int = 0
    turns: int = 0

    def and_of(self, record: Mapping[str, Any]) -> Spent:
        """The same with what one decision record says; refused drafts have cost as much."""
        model = record.get("model")
        tokens = model.get("tokens") if isinstance(model, Mapping) else None
        if not isinstance(tokens, Mapping):
            return self
        read, written = int(tokens.get("input", 0)), int(tokens.get("output", 0))
        asked = read + written > 0
        return Spent(self.tokens_in + read, self.tokens_out + written, self.turns + asked)


def spent_of(records: Iterable[Mapping[str, Any]]) -> Spent:
    """What the turns with these decision records have cost together."""
    spent = Spent()
    for record in records:
        spent = spent.and_of(record)
    return spent


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one conversation may cost; prices are for a million tokens.

    What is spent is compared before a model is asked, so the answer that crosses the line is
    still written, and the next one is not.
    """

    tokens: int | None = None
    turns: int | None = None
    money: float | None = None
    price_in: float = 0.0
    price_out: float = 0.0

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return not (self.tokens is None and self.turns is None and self.money is None)

    def cost(self, spent: Spent) -> float:
        """In the currency of the prices."""
        return (spent.tokens_in * self.price_in + spent.tokens_out * self.price_out) / _MILLION

    def used_up(self, spent: Spent) -> str | None:
        """Which limit is reached, in words for the decision record; None while none is."""
        tokens, cost = spent.tokens_in + spent.tokens_out, self.cost(spent)
        if self.turns is not None and spent.turns >= self.turns:
            return f"{spent.turns} of {self.turns} turns of this conversation are spent"
        if self.tokens is not None and tokens >= self.tokens:
            return f"{tokens} of {self.tokens} tokens of this conversation are spent"
        if self.money is not None and cost >= self.money:
            return f"{cost:.4g} of {self.money:g} for this conversation are spent"
        return None


def budget_of(settings: Settings) -> Budget | None:
    """The budget that the settings give every conversation, if they limit it at all."""
    budget = Budget(
        tokens=settings.llm_budget_tokens,
        turns=settings.llm_budget_turns,
        money=settings.llm_budget_money,
        price_in=settings.llm_price_in or 0.0,
        price_out=settings.llm_price_out or 0.0,
    )
    return budget if budget.is_limited else None
