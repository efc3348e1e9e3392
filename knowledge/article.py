"""An article: one thing the shop knows, in the words of the shop, with when and where it holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

ArticleId = NewType("ArticleId", str)
RevisionId = NewType("RevisionId", str)


class Stage(StrEnum):
    """When in a purchase a customer asks this."""

    PRE_SALE = "pre_sale"
    AFTER_SALE = "after_sale"
    ANY = "any"


class AppliesBy(StrEnum):
    """Which moment decides whether an article is valid."""

    ASKING = "asking_time"
    ORDER = "order_time"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an article holds; an empty tuple means everywhere."""

    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def covers(self, *, channel: str | None, product: str | None) -> bool:
        """True unless the article is limited to other channels or other products.

        A customer who is on no product's page may still be told about one.
        """
        return (not self.channels or channel is None or channel in self.channels) and (
            not self.products or product is None or product in self.products
        )


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of an article. `answer` is Markdown; times carry an offset."""

    id: ArticleId
    title: str
    answer: str
    variants: tuple[str, ...] = ()
    stage: Stage = Stage.ANY
    category: str = ""
    tags: tuple[str, ...] = ()
    scope: Scope = field(default_factory=Scope)
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    applies_by: AppliesBy = AppliesBy.ASKING
    language: str = "zh"
    source: str = ""
    hand_over: bool = False
    needs_order: bool = False

    def is_valid(self, *, asked_at: datetime, ordered_at: datetime | None = None) -> bool:
        """Whether the article holds at the moment that decides it.

        An article judged by the time of the order holds for a customer whose order time is
        not known while at least one possible order could fall under it, that is from
        `valid_from` on; the turn then asks for the order instead of promising anything.
        """
        moment = asked_at
        if self.applies_by is AppliesBy.ORDER:
            if ordered_at is None:
                return self.valid_from is None or self.valid_from <= asked_at
            moment = ordered_at
        after_start = self.valid_from is None or self.valid_from <= moment
        return after_start and (self.valid_until is None or moment <= self.valid_until)

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary with every field, in a fixed order; times as ISO 8601."""
        return {
            "id": self.id,
            "title": self.title,
            "answer": self.answer,
            "variants": list(self.variants),
            "stage": self.stage.value,
            "category": self.category,
            "tags": list(self.tags),
            "channels": list(self.scope.channels),
            "products": list(self.scope.products),
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "applies_by": self.applies_by.value,
            "language": self.language,
            "source": self.source,
            "hand_over": self.hand_over,
            "needs_order": self.needs_order,
        }

    @staticmethod
    def from_json(row: dict[str, Any]) -> Article:
        """The inverse of `to_json`."""

        def moment(value: str | None) -> datetime | None:
            return datetime.fromisoformat(value) if value else None

        return Article(
            id=ArticleId(row["id"]),
            title=row["title"],
            answer=row["answer"],
            variants=tuple(row["variants"]),
            stage=Stage(row["stage"]),
            category=row["category"],
            tags=tuple(row["tags"]),
            scope=Scope(tuple(row["channels"]), tuple(row["products"])),
            valid_from=moment(row["valid_from"]),
            valid_until=moment(row["valid_until"]),
            applies_by=AppliesBy(row["applies_by"]),
            language=row["language"],
            source=row["source"],
            hand_over=row["hand_over"],
            needs_order=row["needs_order"],
        )

    @property
    def revision(self) -> RevisionId:
        """Content hash: the same article text always has the same revision (hex, 32 digits)."""
        canonical = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True)
        return RevisionId(hashlib.sha256(canonical.encode()).hexdigest()[:32])
