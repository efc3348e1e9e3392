"""Which days a region's people have off, and which weekend days they work for it (调休).

A year whose list is not out yet is `UNKNOWN`: it is said to whoever plans, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Protocol


class DayKind(StrEnum):
    """What a public calendar says of a day."""

    ORDINARY = "ordinary"
    HOLIDAY = "holiday"
    MAKE_UP_WORKDAY = "make_up_workday"
    UNKNOWN = "unknown"


class PublicHolidays(Protocol):
    """The public calendar of one region."""

    @property
    def region(self) -> str:
        """The region's code, as it stands in the shop's settings."""
        ...

    def kind(self, day: date) -> DayKind:
        """A plain weekend is `ORDINARY`: whether a shop works then is for the shop to say."""
        ...

    def remedy(self, year: int) -> str:
        """What to do about a year that this calendar does not know."""
        ...


@dataclass(frozen=True, slots=True)
class MainlandChina:
    """The notices of the State Council, from the library `chinesecalendar`.

    Chosen over `holidays`: that one gives estimates for a year whose notice is not out, without
    saying so, and needs a python-dateutil below 3, which the vector store's client does not
    accept. This one is 11 kB of data without dependencies (MIT), comes out within days of the
    yearly notice, and refuses years that it does not know. For 2006–2026 both agree on every day.
    """

    region: str = "CN"

    def kind(self, day: date) -> DayKind:
        """By the notice of the day's year."""
        return _mainland_kind(day)

    def remedy(self, year: int) -> str:
        """The notice for a year comes out in the November before it."""
        return (
            f"the public holidays of mainland China in {year} are not known here: "
            "run `pip install -U chinesecalendar` once the notice is out (usually in November), "
            "or write the days under `exceptions`"
        )


@dataclass(frozen=True, slots=True)
class ListedHolidays:
    """A calendar that somebody wrote down; days of other years than those listed are unknown."""

    region: str
    days: Mapping[date, DayKind] = field(hash=False)

    def kind(self, day: date) -> DayKind:
        """As listed; ordinary when another day of that year is."""
        known = any(listed.year == day.year for listed in self.days)
        return self.days.get(day, DayKind.ORDINARY if known else DayKind.UNKNOWN)

    def remedy(self, year: int) -> str:
        """The list has to go on."""
        return f"no public holiday of {self.region} in {year} is listed: add that year's days"


def public_holidays_of(region: str) -> PublicHolidays:
    """The calendar of a region; ValueError names those there are."""
    if region == "CN":
        return MainlandChina()
    raise ValueError(
        f"no public holidays are kept for {region!r}, only for CN (mainland China); "
        "leave `region` out and write the days under `exceptions`"
    )


@lru_cache(maxsize=4096)
def _mainland_kind(day: date) -> DayKind:
    # Imported here: seventy kilobytes of dates that a shop without holidays never needs.
    import chinese_calendar

    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return DayKind.UNKNOWN
    if name is None:
        return DayKind.ORDINARY
    return DayKind.HOLIDAY if is_off else DayKind.MAKE_UP_WORKDAY
