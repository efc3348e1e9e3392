"""The words for one customer: locale, time zone, money, and what a product or status is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.orders.catalogue import Products
from bot.orders.order import Item, Order, Parcel, ParcelEvent
from bot.wording import Locale

_FILE = Path(__file__).parent / "texts.yaml"


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks about orders to one customer at one time."""

    locale: Locale
    zone: tzinfo
    at: datetime
    products: Products = field(default_factory=dict)

    def say(self, key: str, **values: str) -> str:
        """The sentence `key` with its blanks filled in. Raises KeyError for an unknown key."""
        return str(_texts()["sentences"][key][self.locale]).format(**values)

    def line(self, key: str, **values: str) -> str:
        """The short line `key` with its blanks filled in."""
        return str(_texts()["lines"][key][self.locale]).format(**values)

    def word(self, kind: str, key: str) -> str:
        """One word of a list such as `status`; its entry `other` when there is none for the key."""
        words = _texts()[kind]
        return str((words.get(key) or words["other"])[self.locale])

    def moment(self, at: datetime) -> str:
        """11月23日 18:00 or Nov 23, 18:00; the year only when it is another one."""
        local = at.astimezone(self.zone)
        return f"{self.day(at)}{', ' if self.locale == 'en' else ' '}{local:%H:%M}"

    def day(self, at: datetime) -> str:
        """11月23日 or Nov 23; the year only when it is another one."""
        local = at.astimezone(self.zone)
        other_year = local.year != self.at.astimezone(self.zone).year
        if self.locale == "en":
            return f"{local:%b} {local.day}" + (f", {local.year}" if other_year else "")
        return (f"{local.year}年" if other_year else "") + f"{local.month}月{local.day}日"

    def deadline(self, at: datetime) -> str:
        """A last moment; the end of a day is only the day."""
        local = at.astimezone(self.zone)
        return self.day(at) if (local.hour, local.minute) == (23, 59) else self.moment(at)

    def span(self, begins: datetime, ends: datetime | None) -> str:
        """A time with its end, the day said once when it is one day."""
        if ends is None:
            return self.moment(begins)
        first, last = begins.astimezone(self.zone), ends.astimezone(self.zone)
        if first.date() == last.date():
            return f"{self.moment(begins)}–{last:%H:%M}"
        return f"{self.moment(begins)} – {self.moment(ends)}"

    def money(self, amount: Decimal) -> str:
        """253.82 元 or ¥253.82; whole amounts without decimals."""
        plain = f"{amount:.2f}".removesuffix(".00")
        return f"¥{plain}" if self.locale == "en" else f"{plain} 元"

    def title(self, order: Order) -> str:
        """What an order is called: its first product, and how many more there are."""
        if not order.items:
            return order.id
        first = self.product(order.items[0])
        count = sum(item.quantity for item in order.items)
        if len(order.items) == 1:
            return first
        more = str(len(order.items) - 1)
        return self.line("several", title=first, count=str(count), more=more)

    def product(self, item: Item) -> str:
        """The product's name in the customer's script, or its id when the shop has none."""
        name = self.products.get(item.product_id)
        if name is None:
            return item.product_id
        return name.en if self.locale == "en" else self.record(name.zh)

    def item(self, item: Item) -> str:
        """An order line: product, variant and quantity."""
        return f"{self.product(item)} {self.variant(item.variant)} ×{item.quantity}"

    def variant(self, variant: str) -> str:
        """A variant as the shop writes it, in the customer's script where that is known."""
        return self._name(variant)

    def status(self, order: Order) -> str:
        """The order's status in words."""
        return self.word("status", order.status.value)

    def label(self, order: Order) -> str:
        """An order as one choice among several."""
        return self.line(
            "label",
            title=self.title(order),
            status=self.status(order),
            at=self.day(order.created_at),
        )

    def carrier(self, parcel: Parcel) -> str:
        """The courier's name, or just "the courier"."""
        return self._name(parcel.carrier) if parcel.carrier else self.word("unnamed", "courier")

    def method(self, method: str | None) -> str:
        """The way the money goes back."""
        return self._name(method) if method else self.word("unnamed", "original")

    def event(self, event: ParcelEvent) -> str:
        """One scan as a line; in English by its meaning, since couriers write Chinese."""
        text = self.record(event.text)
        if self.locale == "en":
            kinds = ((re.compile(pattern), words) for pattern, words in _texts()["courier_events"])
            text = next(
                (words for pattern, words in kinds if pattern.search(event.text)),
                _texts()["event_unknown"],
            )
        place = self.place(event)
        return self.line("event", at=self.moment(event.at), place=place, text=text)

    def place(self, event: ParcelEvent | None) -> str:
        """Where a scan happened."""
        if event is None or not event.place:
            return self.word("unnamed", "place")
        return self.record(event.place)

    def record(self, text: str) -> str:
        """The shop's or courier's Simplified Chinese in the customer's script."""
        return _traditional()(text) if self.locale == "zh-Hant" else text

    def _name(self, name: str) -> str:
        if self.locale == "en":
            return str(_texts()["names"].get(name, name))
        return self.record(name)


@cache
def _texts() -> Mapping[str, Any]:
    texts: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return texts


@cache
def _traditional() -> Any:
    # Loaded only for readers of Traditional Chinese.
    from opencc import OpenCC

    return OpenCC("s2tw").convert
