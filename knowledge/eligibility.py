"""Which articles may answer now: scope, validity and withdrawal for all articles at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from knowledge.article import AppliesBy, Article, ArticleId, Scope

Mask = npt.NDArray[np.bool_]


class Eligibility:
    """The same verdicts as `Scope.covers` and `Article.is_valid`, for thousands of articles."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._places = {article.id: place for place, article in enumerate(articles)}
        self._scopes: list[Scope] = list(dict.fromkeys(article.scope for article in articles))
        numbers = {scope: number for number, scope in enumerate(self._scopes)}
        self._scope_of = np.array([numbers[article.scope] for article in articles], dtype=np.intp)
        self._from = np.array([_stamp(a.valid_from, -np.inf) for a in articles], dtype=float)
        self._until = np.array([_stamp(a.valid_until, np.inf) for a in articles], dtype=float)
        self._by_order = np.array([a.applies_by is AppliesBy.ORDER for a in articles], dtype=bool)

    def mask(
        self,
        *,
        channel: str | None,
        product: str | None,
        asked_at: datetime,
        ordered_at: datetime | None,
        hidden: Collection[ArticleId],
    ) -> Mask:
        """True where the article may be found."""
        covered = [scope.covers(channel=channel, product=product) for scope in self._scopes]
        allowed = np.array(covered, dtype=bool)[self._scope_of]
        now = asked_at.timestamp()
        if ordered_at is None:
            # Some order could still fall under an article judged by the order's time.
            moment = np.full(len(allowed), now)
            until = np.where(self._by_order, np.inf, self._until)
        else:
            moment = np.where(self._by_order, ordered_at.timestamp(), now)
            until = self._until
        verdict: Mask = allowed & (self._from <= moment) & (moment <= until)
        places = [self._places[article] for article in hidden if article in self._places]
        verdict[places] = False
        return verdict


def _stamp(moment: datetime | None, otherwise: float) -> float:
    return otherwise if moment is None else moment.timestamp()
