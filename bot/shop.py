"""The shop as its owner describes it: name, hours, welcome and likely questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from bot.errors import BadSettings
from bot.policy import Policy, PolicyList
from bot.welcome import Welcome, welcomes_of
from bot.wording import Locale
from handoff.group_hours import GroupHours, parse_group_hours
from handoff.hours import Hours
from knowledge.words import Words, shipped_words, shop_words

_LANGUAGE = {"zh-Hans": "zh", "zh-Hant": "zh-Hant", "en": "en"}

_KNOWLEDGE = ("policies", "faq", "words")


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop's own description, from its YAML file."""

    names: Mapping[Locale, str]
    locale: str
    zone: ZoneInfo
    hours: Hours
    group_hours: GroupHours
    folder: Path
    paths: Mapping[str, str]
    welcomes: Mapping[str, Welcome]
    hours_lines: tuple[str, ...]

    @property
    def knowledge_paths(self) -> list[Path]:
        """The shop's files of articles and words, to be imported."""
        return [self.folder / self.paths[key] for key in _KNOWLEDGE if key in self.paths]

    @property
    def words_file(self) -> Path | None:
        """Where the shop keeps its words, if it does."""
        return self.folder / self.paths["words"] if "words" in self.paths else None

    def words(self) -> Words:
        """The words in the shop's file as it stands there, with the shipped table below them.

        Customers are served with those of the published version instead.
        """
        path = self.words_file
        if path is None:
            return shipped_words()
        try:
            return shipped_words() | shop_words(path.read_text(encoding="utf-8"), path.name)
        except OSError as error:
            raise BadSettings(f"the words {path} cannot be read: {error.strerror}") from error

    def policy(self) -> Policy:
        """What may be said: the shipped list with the shop's own, where paths.policy names one."""
        if "policy" not in self.paths:
            return Policy()
        return Policy(PolicyList.load(self.folder / self.paths["policy"]))

    def name(self, locale: Locale) -> str:
        """The shop's name in the customer's script."""
        return self.names[locale]

    def welcome(self, page: str, locale: Locale, *, at: datetime) -> str:
        """The first words on a kind of page (home, product, order)."""
        return self._page(page).text(_LANGUAGE[locale], is_open=self.hours.is_open(at))

    def likely_questions(self, page: str, locale: Locale, *, at: datetime) -> list[str]:
        """Questions to offer on a kind of page at this hour."""
        clock = at.astimezone(self.zone).time()
        is_open = self.hours.is_open(at)
        return self._page(page).likely_questions(_LANGUAGE[locale], clock, is_open=is_open)

    def _page(self, page: str) -> Welcome:
        return self.welcomes.get(page) or self.welcomes.get("home") or Welcome({}, {})

    def opening_text(self, at: datetime, locale: Locale) -> str | None:
        """When people are back, in the shop's own time, short; None if not within weeks."""
        opens = self.hours.next_opening(at)
        if opens is None:
            return None
        local = opens.astimezone(self.zone)
        clock = f"{local:%H:%M}"
        if local.date() == at.astimezone(self.zone).date():
            return {"zh-Hans": f"今天 {clock}", "zh-Hant": f"今天 {clock}", "en": f"{clock} today"}[
                locale
            ]
        if locale == "en":
            return f"{local:%b} {local.day}, {clock}"
        return f"{local.month}月{local.day}日 {clock}"


def load_shop(path: Path) -> Shop:
    """Reads a shop's YAML file; BadSettings says what is wrong with it."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadSettings(f"the shop file {path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise BadSettings(f"the shop file {path} is not valid YAML: {error}") from error
    try:
        rows = raw.get("hours", [])
        group_hours = parse_group_hours(raw, raw.get("groups", {}))
        return Shop(
            names={
                "zh-Hans": raw["name"],
                "zh-Hant": raw.get("name_zh_hant", raw["name"]),
                "en": raw.get("name_en", raw["name"]),
            },
            locale=raw.get("locale", "zh-CN"),
            zone=ZoneInfo(raw["time_zone"]),
            hours=group_hours.shop,
            group_hours=group_hours,
            folder=path.parent,
            paths=raw.get("paths", {}),
            welcomes=welcomes_of(raw.get("pages", {})),
            hours_lines=tuple(dict.fromkeys(map(_hours_line, rows))),
        )
    except ValueError as error:
        raise BadSettings(f"the shop file {path} is not as it should be: {error}") from error
    except (KeyError, TypeError, AttributeError, ZoneInfoNotFoundError) as error:
        raise BadSettings(f"the shop file {path} is not as it should be: {error!r}") from error


def _hours_line(row: Mapping[str, Any]) -> str:
    return "00:00–24:00" if row.get("all_day") else f"{row['open']}–{row['close']}"
