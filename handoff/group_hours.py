"""The hours of a shop and of each of its groups, from the shop's own settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoff.hours import Hours, parse_hours

_KEYS = ("time_zone", "hours", "exceptions", "public_holidays")


@dataclass(frozen=True, slots=True)
class GroupHours:
    """Hours of the shop, and of the groups that have some of their own."""

    shop: Hours
    groups: Mapping[str, Hours] = field(default_factory=dict, hash=False)

    def of(self, group: str | None) -> Hours:
        """A group without hours of its own, or that is not known, keeps the shop's."""
        return self.shop if group is None else self.groups.get(group, self.shop)

    def warnings(self, at: datetime) -> tuple[str, ...]:
        """What whoever keeps the hours should know now, each said once."""
        everyone = (self.shop, *self.groups.values())
        return tuple(dict.fromkeys(said for hours in everyone for said in hours.warnings(at)))


def parse_group_hours(
    settings: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]]
) -> GroupHours:
    """From the shop's file; a key that a group leaves out is the shop's.

    Keys read: time_zone, hours, exceptions, public_holidays. Raises ValueError that names the
    group and what is wrong (a time zone that does not exist, too).
    """
    shop = _hours(settings)
    found = {}
    for name, own in groups.items():
        try:
            found[name] = _hours({**{k: settings[k] for k in _KEYS if k in settings}, **own})
        except ValueError as error:
            raise ValueError(f"group {name}: {error}") from error
    return GroupHours(shop, found)


def _hours(settings: Mapping[str, Any]) -> Hours:
    zone = settings.get("time_zone")
    try:
        return parse_hours(
            str(zone),
            settings.get("hours") or (),
            exceptions=settings.get("exceptions") or (),
            public_holidays=settings.get("public_holidays"),
        )
    except KeyError as error:
        # A zone that does not exist is a KeyError; every other mistake is named by parse_hours.
        raise ValueError(
            f"time_zone {zone!r} does not exist; write one as Asia/Shanghai"
        ) from error
