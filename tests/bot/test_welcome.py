"""The widget's first words: by page, by hour, and by who is there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.errors import BadSettings
from bot.settings import SAMPLE
from bot.shop import Shop, load_shop

SHOP = """
name: 小店
time_zone: Asia/Shanghai
hours: [{days: [sat], open: '09:00', close: '18:00'}]
pages:
  home:
    welcome:
      zh: {open: 您好，我们在。, closed: 您好，我们下班了。}
      en: Hello.
    likely_questions:
      zh:
        - {question: 包邮吗？}
        - {question: 几点上班？, when: closed}
        - {question: 能打电话吗？, when: open}
        - {question: 夜里下单哪天发？, from: '22:00', until: '02:00'}
        - {question: 早餐有吗？, until: '10:00'}
        - {question: 今天还发货吗？, from: '15:00', until: '16:00'}
"""


def shop(folder: Path, text: str = SHOP) -> Shop:
    path = folder / "shop.yaml"
    path.write_text(text, "utf-8")
    return load_shop(path)


def at(clock: str) -> datetime:
    """A time on a Saturday where the shop is."""
    return datetime.fromisoformat(f"2026-11-21T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("clock", "questions"),
    [
        ("09:30", ["包邮吗？", "能打电话吗？", "早餐有吗？"]),
        ("12:00", ["包邮吗？", "能打电话吗？"]),
        ("15:00", ["包邮吗？", "能打电话吗？", "今天还发货吗？"]),
        ("16:00", ["包邮吗？", "能打电话吗？"]),
        ("18:00", ["包邮吗？", "几点上班？"]),
        ("23:00", ["包邮吗？", "几点上班？", "夜里下单哪天发？"]),
        ("01:59", ["包邮吗？", "几点上班？", "夜里下单哪天发？", "早餐有吗？"]),
        ("02:00", ["包邮吗？", "几点上班？", "早餐有吗？"]),
    ],
)
def test_questions_come_and_go_with_the_hour_and_with_people(
    tmp_path: Path, clock: str, questions: list[str]
) -> None:
    assert shop(tmp_path).likely_questions("home", "zh-Hans", at=at(clock)) == questions


def test_the_hour_is_the_shops_wherever_the_server_is(tmp_path: Path) -> None:
    in_utc = datetime.fromisoformat("2026-11-21T07:00:00+00:00")
    assert "今天还发货吗？" in shop(tmp_path).likely_questions("home", "zh-Hans", at=in_utc)


def test_the_welcome_says_whether_people_are_there(tmp_path: Path) -> None:
    mine = shop(tmp_path)
    assert mine.welcome("home", "zh-Hans", at=at("10:00")) == "您好，我们在。"
    assert mine.welcome("home", "zh-Hans", at=at("20:00")) == "您好，我们下班了。"
    assert mine.welcome("home", "en", at=at("20:00")) == "Hello."
    assert mine.welcome("product", "zh-Hant", at=at("20:00")) == "您好，我们下班了。"


def test_a_shop_that_says_nothing_is_silent(tmp_path: Path) -> None:
    silent = shop(tmp_path, SHOP[: SHOP.index("pages:")])
    assert silent.welcome("home", "zh-Hans", at=at("10:00")) == ""
    assert silent.likely_questions("home", "zh-Hans", at=at("10:00")) == []


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("when: closed", "when: sometimes", "open or closed, not 'sometimes'"),
        ("until: '10:00'", "until: 10:00", "'18:00'"),
        ("until: '10:00'", "until: '25:00'", "hour must be"),
        ("open: 您好，我们在。, ", "", "one for `open` and one for `closed`"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in SHOP
    with pytest.raises(BadSettings, match=said):
        shop(tmp_path, SHOP.replace(right, wrong))


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("page", ["home", "product", "order"])
def test_the_sample_shop_has_something_to_say_at_any_hour(page: str, locale: str) -> None:
    sample = load_shop(SAMPLE / "shop.yaml")
    for hour in range(24):
        now = at(f"{hour:02}:30")
        assert sample.welcome(page, locale, at=now)  # type: ignore[arg-type]
        assert 4 <= len(sample.likely_questions(page, locale, at=now)) <= 6  # type: ignore[arg-type]
