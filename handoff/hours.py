"""When people answer: weekly intervals in the shop's time zone, exceptional days and holidays.

Times of day are wall-clock times. One that the clock skips (spring) counts at the moment of the
jump; one that comes twice (autumn) counts the first time. All comparisons are made in UTC, since
two times of the same zone compare by their wall clock, which is wrong on such a night.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handoff.public_holidays import DayKind, PublicHolidays, public_holidays_of

# When people begin and when they stop, on one day; past midnight where the end is not later.
Shift = tuple[time, time]
Stretch = tuple[datetime, datetime]

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """Open on `weekday` (Monday is 0) from `opens` to `closes`; past midnight if closes ≤ opens."""

    weekday: int
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours of the shop's people, or of one group of them.

    A day follows the first that applies: `exceptions` and `closed_days`; a public holiday
    (`on_holiday`, closed when empty); a make-up workday (as `make_up_weekday`, or as its own
    weekday when None); its weekday. An interval belongs to the day on which it opens, also past
    midnight.
    """

    zone: ZoneInfo
    intervals: tuple[Interval, ...]
    closed_days: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict, hash=False)
    calendar: PublicHolidays | None = None
    on_holiday: tuple[Shift, ...] = ()
    make_up_weekday: int | None = 0

    def is_open(self, at: datetime) -> bool:
        """Whether people answer at `at` (any time zone)."""
        return any(start <= at < end for start, end in self._pieces(at, days=0))

    def next_opening(self, at: datetime, *, days: int = 60) -> datetime | None:
        """The next moment people answer, `at` itself when open; None if none within `days`."""
        if self.is_open(at):
            return at
        opens = (start for start, _ in self._pieces(at, days=days) if start > at)
        first = next(opens, None)
        return None if first is None else first.astimezone(self.zone)

    def next_closing(self, at: datetime, *, days: int = 60) -> datetime | None:
        """When people next stop answering; None if they do not within `days`.

        While closed, that is the end of the next stretch in which they answer.
        """
        horizon = self._last_midnight(at, days)
        for _, end in self._stretches(at, days=days):
            if end > at:
                # At the horizon the stretch may only have been cut off.
                return end.astimezone(self.zone) if end < horizon else None
        return None

    def open_seconds_between(self, since: datetime, until: datetime) -> float:
        """Seconds of service time from `since` to `until`; 0 when `until` is not later."""
        if _utc(until) <= _utc(since):
            return 0.0
        total = timedelta()
        days = (until.astimezone(self.zone).date() - since.astimezone(self.zone).date()).days
        for start, end in self._pieces(since, days=days):
            overlap = min(end, _utc(until)) - max(start, _utc(since))
            total += max(overlap, timedelta())
        return total.total_seconds()

    def after_open_seconds(
        self, at: datetime, seconds: float, *, days: int = 400
    ) -> datetime | None:
        """The moment by which `seconds` of service time have passed since `at`.

        None when that is not within `days`: people do not come back, so nothing can be promised.
        """
        if seconds <= 0:
            return at
        left = timedelta(seconds=seconds)
        for start, end in self._pieces(at, days=days):
            begins = max(start, _utc(at))
            if end - begins >= left:
                return (begins + left).astimezone(self.zone)
            left -= max(end - begins, timedelta())
        return None

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The intervals that open on this day."""
        if day in self.exceptions:
            return self.exceptions[day]
        if day in self.closed_days:
            return ()
        kind = DayKind.ORDINARY if self.calendar is None else self.calendar.kind(day)
        if kind is DayKind.HOLIDAY:
            return self.on_holiday
        weekday = day.weekday()
        if kind is DayKind.MAKE_UP_WORKDAY and self.make_up_weekday is not None:
            weekday = self.make_up_weekday
        return tuple((i.opens, i.closes) for i in self.intervals if i.weekday == weekday)

    def unknown_years(self, since: datetime, until: datetime) -> tuple[int, ...]:
        """Years in between whose public holidays are not known.

        Such a year goes by weekday and exceptions alone; a time promised in it needs a word.
        """
        if self.calendar is None:
            return ()
        first, last = (moment.astimezone(self.zone).year for moment in (since, until))
        years = range(first, last + 1)
        return tuple(y for y in years if self.calendar.kind(date(y, 1, 1)) is DayKind.UNKNOWN)

    def warnings(self, at: datetime, *, days: int = 60) -> tuple[str, ...]:
        """What whoever keeps the hours should know now: sentences that say what to do."""
        if self.calendar is None:
            return ()
        years = self.unknown_years(at, at + timedelta(days=days))
        return tuple(self.calendar.remedy(year) for year in years)

    def _stretches(self, at: datetime, *, days: int) -> Iterator[Stretch]:
        """The pieces, with those that touch put together."""
        pending: Stretch | None = None
        for start, end in self._pieces(at, days=days):
            if pending is not None and start == pending[1]:
                pending = (pending[0], end)
                continue
            if pending is not None:
                yield pending
            pending = (start, end)
        if pending is not None:
            yield pending

    def _pieces(self, at: datetime, *, days: int) -> Iterator[Stretch]:
        """In order and apart, in UTC, from the day before `at` to `days` after it."""
        today = _utc(at).astimezone(self.zone).date()
        reached = datetime.min.replace(tzinfo=UTC)
        # Yesterday's interval may still be running.
        for offset in range(-1, days + 1):
            for start, end in self._of_day(today + timedelta(days=offset)):
                if end > reached:
                    yield max(start, reached), end
                    reached = end

    def _of_day(self, day: date) -> list[Stretch]:
        found = []
        for opens, closes in self.shifts_on(day):
            start = _instant(day, opens, self.zone)
            end = _instant(day + _ONE_DAY if closes <= opens else day, closes, self.zone)
            # Nothing is left of an interval that lies in a skipped hour.
            if start < end:
                found.append((start, end))
        return sorted(found)

    def _last_midnight(self, at: datetime, days: int) -> datetime:
        last = _utc(at).astimezone(self.zone).date() + timedelta(days=days + 1)
        return _instant(last, time(0, 0), self.zone)


def always_open(zone: str = "UTC") -> Hours:
    """Around the clock: for shops that set no hours."""
    midnight = time(0, 0)
    return Hours(ZoneInfo(zone), tuple(Interval(day, midnight, midnight) for day in range(7)))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without an offset could be anywhere: give it a time zone")
    return at.astimezone(UTC)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment of a wall-clock time, in UTC."""
    local = datetime.combine(day, clock, zone)
    moment = local.astimezone(UTC)
    later = local.replace(fold=1).astimezone(UTC)
    if later >= moment:
        return moment
    # Skipped: with the offset of before it reads as after the jump, with the later as before it.
    after = int(moment.timestamp())
    before = int(later.timestamp())
    while after - before > 1:
        middle = (before + after) // 2
        reading = datetime.fromtimestamp(middle, zone).replace(tzinfo=None)
        if reading < local.replace(tzinfo=None):
            before = middle
        else:
            after = middle
    return datetime.fromtimestamp(after, UTC)


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALL_DAY: Shift = (time(0, 0), time(0, 0))
_ROW_KEYS = frozenset({"days", "open", "close", "all_day", "name"})
_EXCEPTION_KEYS = frozenset(
    "date from until closed open close all_day intervals works_as name".split()
)
_HOLIDAY_KEYS = frozenset({"region", "intervals", "make_up_as"})


def parse_hours(
    zone: str,
    rows: Sequence[Mapping[str, Any]],
    closed: Sequence[date] = (),
    *,
    exceptions: Sequence[Mapping[str, Any]] = (),
    public_holidays: Mapping[str, Any] | None = None,
) -> Hours:
    """From a shop's settings; raises ValueError that says where, what is wrong and what to write.

    rows: {days: [mon…], open: "09:00", close: "22:30"}, past midnight where close is not later,
    or {days: […], all_day: true}.
    exceptions: {date: "2027-02-05"} or {from: …, until: …} (both included), with one of
    `closed: true`, `open`/`close`, `all_day: true`, `intervals: [{open, close}…]` or
    `works_as: mon`; the last one that names a day holds.
    public_holidays: {region: CN, intervals: […] (closed without), make_up_as: mon | own}.
    """
    intervals: list[Interval] = []
    for at, row in enumerate(rows):
        where = f"hours[{at}]"
        _only(row, _ROW_KEYS, where)
        shift = _shift(row, where)
        intervals += [Interval(_weekday(d, where), *shift) for d in _days_of(row, where)]
    weekly = tuple(intervals)
    days: dict[date, tuple[Shift, ...]] = {}
    for at, row in enumerate(exceptions):
        where = f"exceptions[{at}]"
        _only(row, _EXCEPTION_KEYS, where)
        shifts = _exceptional(row, weekly, where)
        days.update(dict.fromkeys(_dates(row, where), shifts))
    hours = Hours(ZoneInfo(zone), weekly, frozenset(closed), days)
    return hours if public_holidays is None else _with_holidays(hours, public_holidays)


def _with_holidays(hours: Hours, settings: Mapping[str, Any]) -> Hours:
    where = "public_holidays"
    _only(settings, _HOLIDAY_KEYS, where)
    make_up = settings.get("make_up_as", "mon")
    return replace(
        hours,
        calendar=public_holidays_of(str(settings.get("region"))),
        on_holiday=tuple(_shift(row, where) for row in settings.get("intervals", ())),
        make_up_weekday=None if make_up == "own" else _weekday(make_up, f"{where}.make_up_as"),
    )


def _exceptional(
    row: Mapping[str, Any], weekly: Sequence[Interval], where: str
) -> tuple[Shift, ...]:
    ways = [k for k in ("closed", "all_day", "open", "intervals", "works_as") if k in row]
    if len(ways) != 1:
        raise ValueError(
            f"{where}: say how people work then by exactly one of closed: true, open and close, "
            f"all_day: true, intervals or works_as, not by {' and '.join(ways) or 'none of them'}"
        )
    match ways[0]:
        case "closed":
            if row["closed"] is not True:
                raise ValueError(f"{where}: closed can only be true; give open and close instead")
            return ()
        case "intervals":
            return tuple(_shift(each, f"{where}.intervals") for each in row["intervals"])
        case "works_as":
            weekday = _weekday(row["works_as"], f"{where}.works_as")
            return tuple((i.opens, i.closes) for i in weekly if i.weekday == weekday)
        case _:
            return (_shift(row, where),)


def _dates(row: Mapping[str, Any], where: str) -> list[date]:
    first, last = (_date(row.get(k, row.get("date")), where) for k in ("from", "until"))
    if last < first:
        raise ValueError(f"{where}: until ({last}) is before from ({first}); swap them")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _date(value: object, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(
            f"{where}: give date, or from and until, as 2027-02-05, not {value!r}"
        ) from error


def _days_of(row: Mapping[str, Any], where: str) -> list[object]:
    days = row.get("days")
    if not isinstance(days, list) or not days:
        raise ValueError(f"{where}: days must be a list out of {', '.join(_DAYS)}, not {days!r}")
    return days


def _weekday(value: object, where: str) -> int:
    if value not in _DAYS:
        raise ValueError(f"{where}: days must be out of {', '.join(_DAYS)}, not {value!r}")
    return _DAYS.index(str(value))


def _shift(row: Mapping[str, Any], where: str) -> Shift:
    if row.get("all_day") is True:
        return _ALL_DAY
    return _clock(row, "open", where), _clock(row, "close", where)


def _clock(row: Mapping[str, Any], key: str, where: str) -> time:
    value = row.get(key)
    if isinstance(value, int):
        # YAML reads 22:30 without quotes as a number to the base of sixty.
        hint = f"{value // 60:02d}:{value % 60:02d}" if 0 <= value < 1440 else "22:30"
        raise ValueError(f"{where}: put {key} in quotes: {key}: '{hint}' (YAML read {value})")
    if value == "24:00":
        return time(0, 0)
    try:
        clock = time.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"{where}: {key} must be a time as '09:00', not {value!r}") from error
    if clock.tzinfo is not None:
        raise ValueError(f"{where}: {key} is in the shop's time zone: leave the offset out")
    return clock


def _only(row: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    for key in row:
        if key not in allowed:
            raise ValueError(f"{where}: {key!r} is not known; write {', '.join(sorted(allowed))}")
