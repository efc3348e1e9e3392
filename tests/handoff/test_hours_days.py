"""Days unlike others: exceptions, public holidays, groups with hours of their own, mistakes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handoff.group_hours import parse_group_hours
from handoff.hours import Hours, parse_hours
from handoff.public_holidays import DayKind, ListedHolidays, MainlandChina
from tests.handoff.test_hours import EVERY_DAY, MAINLAND, OFFICE, WORKDAYS, hours, moment

PROMOTION = parse_hours(
    "Asia/Shanghai",
    [{"days": WORKDAYS, "open": "09:00", "close": "18:00"}],
    exceptions=[
        {"from": "2026-11-10", "until": "2026-11-12", "all_day": True, "name": "双十一"},
        {"date": "2026-11-12", "open": "09:00", "close": "23:00"},
        {
            "date": date(2026, 11, 14),
            "intervals": [
                {"open": "10:00", "close": "12:00"},
                {"open": "22:00", "close": "01:00"},
            ],
        },
        {"date": "2026-11-16", "closed": True},
        {"date": "2026-11-22", "works_as": "mon"},
    ],
)


@pytest.mark.parametrize(
    ("at", "is_open", "why"),
    [
        ("2026-11-10T00:00:00+08:00", True, "the first day of a range, from midnight"),
        ("2026-11-11T23:59:59+08:00", True, "through the night"),
        ("2026-11-12T08:59:59+08:00", False, "the row further down holds on the 12th"),
        ("2026-11-12T22:59:59+08:00", True, "with hours of its own"),
        ("2026-11-13T18:00:00+08:00", False, "an ordinary Friday again"),
        ("2026-11-14T11:00:00+08:00", True, "a Saturday that has hours for once"),
        ("2026-11-14T13:00:00+08:00", False, "between its two intervals"),
        ("2026-11-15T00:59:59+08:00", True, "the second runs past midnight into an off day"),
        ("2026-11-16T10:00:00+08:00", False, "a closed Monday"),
        ("2026-11-22T10:00:00+08:00", True, "a Sunday worked as a Monday"),
    ],
)
def test_exceptional_days(at: str, is_open: bool, why: str) -> None:
    assert PROMOTION.is_open(moment(at)) is is_open, why


@pytest.mark.parametrize(
    ("at", "is_open", "why"),
    [
        ("2026-04-30T17:59:59+08:00", True, "the day before"),
        ("2026-05-01T10:00:00+08:00", False, "Labour Day, a Friday"),
        ("2026-05-05T10:00:00+08:00", False, "a Tuesday off in its place"),
        ("2026-05-06T09:00:00+08:00", True, "back at work"),
        ("2026-05-09T09:00:00+08:00", True, "the Saturday that is worked for it"),
        ("2026-05-09T18:00:00+08:00", False, "as long as a Monday"),
        ("2026-05-16T10:00:00+08:00", False, "an ordinary Saturday"),
    ],
)
def test_the_public_holidays_of_mainland_china(at: str, is_open: bool, why: str) -> None:
    assert MAINLAND.is_open(moment(at)) is is_open, why


def test_a_shop_may_work_shorter_on_holidays_and_keep_its_own_weekend() -> None:
    shop = hours(
        "Asia/Shanghai",
        (WORKDAYS, "09:00", "18:00"),
        (["sat", "sun"], "10:00", "16:00"),
        public_holidays={
            "region": "CN",
            "intervals": [{"open": "12:00", "close": "14:00"}],
            "make_up_as": "own",
        },
    )
    assert shop.is_open(moment("2026-05-01T13:00:00+08:00"))
    assert not shop.is_open(moment("2026-05-01T15:00:00+08:00"))
    assert shop.is_open(moment("2026-05-09T15:00:00+08:00"))
    assert not shop.is_open(moment("2026-05-09T17:00:00+08:00"))
    assert shop.is_open(moment("2026-05-16T10:00:00+08:00")), "a plain weekend is no holiday"


def test_what_the_shop_says_of_a_day_goes_before_the_public_holiday() -> None:
    shop = hours(
        "Asia/Shanghai",
        (WORKDAYS, "09:00", "18:00"),
        public_holidays={"region": "CN"},
        exceptions=[{"date": "2026-05-01", "open": "09:00", "close": "10:00"}],
    )
    assert shop.is_open(moment("2026-05-01T09:30:00+08:00"))


def test_a_year_that_the_library_does_not_know_is_said_and_not_guessed() -> None:
    new_year = moment("2099-01-01T10:00:00+08:00")  # A Thursday.
    assert MAINLAND.is_open(new_year), "the weekly hours, not an estimate"
    assert MAINLAND.unknown_years(moment("2026-12-31T10:00:00+08:00"), new_year)[-1] == 2099
    assert "pip install -U chinesecalendar" in MAINLAND.warnings(new_year)[0]
    assert MAINLAND.warnings(moment("2026-05-01T10:00:00+08:00")) == ()
    assert OFFICE.warnings(new_year) == (), "no public holidays are kept here"


def test_the_year_is_that_of_the_shops_own_clock() -> None:
    listed = ListedHolidays("X", {date(2026, 1, 1): DayKind.HOLIDAY})
    kept = Hours(ZoneInfo("Asia/Shanghai"), (), calendar=listed)
    before_midnight = moment("2026-12-31T15:59:59+00:00")
    assert kept.unknown_years(before_midnight, before_midnight) == ()
    after = before_midnight + timedelta(seconds=1)
    assert kept.unknown_years(after, after) == (2027,)
    assert "2027" in kept.warnings(after)[0]


@pytest.mark.parametrize("year", range(2015, 2027))
def test_every_known_year_has_new_year_off_and_weekends_worked_for_holidays(year: int) -> None:
    china = MainlandChina()
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    kinds = [china.kind(day) for day in days]
    assert kinds[0] is DayKind.HOLIDAY
    assert DayKind.UNKNOWN not in kinds
    worked = [d for d, k in zip(days, kinds, strict=True) if k is DayKind.MAKE_UP_WORKDAY]
    assert worked
    assert all(day.weekday() >= 5 for day in worked)


def test_a_group_keeps_the_shops_hours_in_all_that_it_does_not_set_itself() -> None:
    kept = parse_group_hours(
        {
            "time_zone": "Asia/Shanghai",
            "hours": [{"days": WORKDAYS, "open": "09:00", "close": "18:00"}],
            "exceptions": [{"date": "2026-11-16", "closed": True}],
        },
        {
            "after_sale": {"hours": [{"days": EVERY_DAY, "open": "08:00", "close": "23:00"}]},
            "english": {"time_zone": "Europe/London"},
        },
    )
    evening = moment("2026-11-17T22:00:00+08:00")
    assert not kept.of(None).is_open(evening)
    assert kept.of("after_sale").is_open(evening)
    assert not kept.of("after_sale").is_open(moment("2026-11-16T10:00:00+08:00"))
    assert kept.of("english").is_open(evening), "14:00 in London"
    assert kept.of("of_yesterday") == kept.shop


def test_a_warning_that_all_groups_share_is_said_once() -> None:
    zone = {"time_zone": "Asia/Shanghai", "public_holidays": {"region": "CN"}}
    kept = parse_group_hours(zone, {"a": {}, "b": {"hours": []}})
    assert len(kept.warnings(moment("2099-03-01T10:00:00+08:00"))) == 1


@pytest.mark.parametrize(
    ("settings_", "said"),
    [
        ({"hours": [{"days": ["mon"], "open": 1350, "close": "23:00"}]}, "quotes: open: '22:30'"),
        ({"hours": [{"days": ["mon"], "open": "9am", "close": "23:00"}]}, "time as '09:00'"),
        ({"hours": [{"days": ["mon"], "open": "09:00"}]}, "close must be a time"),
        ({"hours": [{"open": "09:00", "close": "10:00"}]}, r"hours\[0\]: days must be a list"),
        ({"hours": [{"days": ["mon"], "opens": "09:00"}]}, "'opens' is not known; write"),
        ({"exceptions": [{"date": "2026-13-01", "closed": True}]}, "as 2027-02-05"),
        ({"exceptions": [{"from": "2026-02-02", "closed": True}]}, "from and until"),
        (
            {"exceptions": [{"from": "2026-02-02", "until": "2026-02-01", "closed": True}]},
            "swap them",
        ),
        ({"exceptions": [{"date": "2026-02-02"}]}, "none of them"),
        ({"exceptions": [{"date": "2026-02-02", "closed": True, "all_day": True}]}, "exactly one"),
        ({"exceptions": [{"date": "2026-02-02", "closed": False}]}, "only be true"),
        ({"exceptions": [{"date": "2026-02-02", "works_as": "monday"}]}, "days must be out of"),
        ({"public_holidays": {"region": "FR"}}, "only for CN"),
        ({"public_holidays": {"region": "CN", "make_up_as": "sunny"}}, "make_up_as"),
        ({"hours": [{"days": ["mon"], "open": "09:00+01:00", "close": "10:00"}]}, "offset out"),
        ({"time_zone": "Asia/Atlantis"}, "does not exist"),
    ],
)
def test_a_mistake_is_answered_with_what_to_write(settings_: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_group_hours({"time_zone": "Asia/Shanghai", **settings_}, {})
    with pytest.raises(ValueError, match=f"group late: .*{said}"):
        parse_group_hours({"time_zone": "Asia/Shanghai"}, {"late": settings_})
