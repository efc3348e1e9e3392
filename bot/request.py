"""One customer turn as data: what was written, what was said before, and the circumstances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.budget import Spent
from bot.wording import Locale, locale_of
from handoff.messages import text_of
from knowledge.text import script

Part = Mapping[str, Any]

READABLE = frozenset({"text", "choice", "choices", "product_card", "order_card"})


@dataclass(frozen=True, slots=True)
class Said:
    """Something said earlier in the session; `sender` is customer, bot, person or system.

    `cited` are the ids of the articles that it rested on.
    """

    sender: str
    parts: Sequence[Part]
    cited: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return text_of(self.parts)


@dataclass(frozen=True, slots=True)
class Request:
    """The customer's messages that wait for one reply, and everything the turn may look at.

    `misses` and `last_decision` are those of this session; `on_duty` says whether a person
    could take over now. `customer` is the shop's own id, given only when it is verified. `spent`
    is what generated answers have cost in this conversation.
    """

    messages: Sequence[Sequence[Part]]
    at: datetime
    earlier: Sequence[Said] = field(default_factory=tuple)
    locale: str = "zh-CN"
    channel: str = "web"
    product: str | None = None
    customer: str | None = None
    misses: int = 0
    last_decision: str | None = None
    on_duty: bool = True
    spent: Spent = field(default_factory=Spent)

    @property
    def lines(self) -> list[str]:
        """The words of the waiting messages, one entry each, empty ones left out."""
        texts = (text_of([p for p in parts if p["type"] in READABLE]) for parts in self.messages)
        return [text for text in texts if text.strip()]

    @property
    def text(self) -> str:
        """The whole burst as one text."""
        return "\n".join(self.lines)

    @property
    def unreadable(self) -> list[str]:
        """Types of the parts the bot cannot judge, such as a picture."""
        return [
            str(p["type"]) for parts in self.messages for p in parts if p["type"] not in READABLE
        ]

    @property
    def wording(self) -> Locale:
        """The script to answer in: that of the customer's words, else of the page."""
        kind = script(self.text)
        if kind == "latin":
            return "en"
        if kind == "hant":
            return "zh-Hant"
        page = locale_of(self.locale)
        # Many short texts are the same in both scripts: there the page decides.
        return ("zh-Hant" if page == "zh-Hant" else "zh-Hans") if kind == "hans" else page

    @property
    def asked_before(self) -> list[str]:
        """The customer's earlier messages of this session, oldest first."""
        return [said.text for said in self.earlier if said.sender == "customer"]

    @property
    def answered_last(self) -> frozenset[str]:
        """The articles that the customer was given with the last reply."""
        return frozenset(self.earlier[-1].cited) if self.earlier else frozenset()

    @property
    def choices_open(self) -> list[Mapping[str, Any]]:
        """The options of the question that the bot asked last, if it asked one."""
        if self.last_decision != "clarify" or not self.earlier:
            return []
        for said in reversed(self.earlier):
            if said.sender != "bot":
                break
            for part in said.parts:
                if part["type"] == "choices":
                    return list(part["options"])
        return []
