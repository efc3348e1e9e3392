"""When people answer: weekly intervals in the shop's time zone, and exceptional days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Interval:
    """Open on `weekday` (Monday is 0) from `opens` to `closes`; past midnight if closes ≤ opens."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours of the shop's people."""

    zone: ZoneInfo
    intervals: tuple[Interval, ...]
    closed_days: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether people answer at `at` (any time zone)."""
        return any(start <= at < end for start, end in self._spans(at, back=1, ahead=0))

    def next_opening(self, at: datetime, *, days: int = 60) -> datetime | None:
        """The next moment people answer, `at` itself when open; None if none within `days`."""
        if self.is_open(at):
            return at
        starts = [start for start, _ in self._spans(at, back=0, ahead=days) if start > at]
        return min(starts, default=None)

    def _spans(self, at: datetime, *, back: int, ahead: int) -> list[tuple[datetime, datetime]]:
        # An interval belongs to the day on which it opens, so yesterday's may still be running.
        today = at.astimezone(self.zone).date()
        spans = []
        for offset in range(-back, ahead + 1):
            day = today + timedelta(days=offset)
            if day in self.closed_days:
                continue
            for interval in self.intervals:
                if interval.weekday != day.weekday():
                    continue
                last = day + timedelta(days=1) if interval.closes <= interval.opens else day
                spans.append(
                    (
                        datetime.combine(day, interval.opens, self.zone),
                        datetime.combine(last, interval.closes, self.zone),
                    )
                )
        return spans


def always_open(zone: str = "UTC") -> Hours:
    """Around the clock: for shops that set no hours."""
    midnight = time(0, 0)
    return Hours(ZoneInfo(zone), tuple(Interval(day, midnight, midnight) for day in range(7)))


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def parse_hours(zone: str, rows: Sequence[dict[str, object]], closed: Sequence[date]) -> Hours:
    """From a shop's settings: rows {days: [mon…], open: "09:00", close: "22:30"}.

    Raises ValueError that names what is wrong.
    """
    intervals = []
    for row in rows:
        days = row["days"]
        if not isinstance(days, list) or not set(days) <= set(_DAYS):
            raise ValueError(f"days must be a list out of {', '.join(_DAYS)}, not {days!r}")
        opens, closes = (time.fromisoformat(str(row[key])) for key in ("open", "close"))
        intervals += [Interval(_DAYS.index(day), opens, closes) for day in days]
    return Hours(ZoneInfo(zone), tuple(intervals), frozenset(closed))
