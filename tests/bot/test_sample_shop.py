"""The sample shop is what it claims to be: enough of everything, nothing copied, nothing broken."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from bot.eval_targets import SAMPLE_DAY, shop_articles
from bot.orders.order import OrderStatus
from bot.orders.sample import SampleOrders
from bot.settings import SAMPLE
from bot.shop import load_shop
from eval.case_files import raw_cases, read_cases
from eval.lint import lint
from eval.rows import KbRow
from knowledge.article import Article
from knowledge.checks import contradictions, duplicates


@cache
def articles() -> tuple[Article, ...]:
    return tuple(shop_articles(SAMPLE / "shop.yaml"))


@cache
def cases():  # type: ignore[no-untyped-def]
    return read_cases([SAMPLE / "cases"])


def test_there_are_enough_articles_in_both_languages_before_and_after_the_sale() -> None:
    assert len(articles()) >= 120
    languages = Counter(article.language for article in articles())
    assert languages["zh"] >= 100
    assert languages["en"] >= 20
    assert {"pre_sale", "after_sale", "any"} <= {article.stage.value for article in articles()}
    assert any(article.hand_over for article in articles())
    assert any(article.needs_order for article in articles())


def test_some_articles_are_over_and_some_are_yet_to_come() -> None:
    asked = SAMPLE_DAY
    assert any(a.valid_until and a.valid_until < asked for a in articles())
    assert any(a.valid_from and a.valid_from > asked for a in articles())


def test_no_two_articles_say_the_same_or_contradict_each_other() -> None:
    assert duplicates(articles()) == []
    assert contradictions(articles()) == []


def test_there_are_enough_cases_of_every_kind() -> None:
    tags = Counter(tag for located in cases() for tag in located.case.tags)
    in_scope = [c for c in cases() if "out_of_scope" not in c.case.tags]
    assert len(cases()) >= 400
    assert len(in_scope) >= 300
    assert tags["order"] >= 60
    assert tags["burst"] + tags["picture"] >= 30
    assert tags["out_of_scope"] >= 100
    for kind in ("typo", "dialect", "emoji", "half_sentence"):
        assert tags[kind] >= 12


def test_there_are_enough_conversations_of_several_turns_or_questions_in_both_parts() -> None:
    dialogues = [c.case for c in cases() if c.path.stem.endswith("-dialogues")]
    assert len(dialogues) >= 64
    assert min(Counter(case.part for case in dialogues).values()) >= 30
    tags = Counter(tag for case in dialogues for tag in case.tags)
    assert tags["several"] >= 8
    assert tags["follow_up"] >= 15
    assert tags["must_hand_over"] >= 10
    for tag in ("correction", "choice", "dissatisfied"):
        assert tags[tag] >= 3
    assert sum(case.language == "en" for case in dialogues) >= 8


def test_no_case_copies_a_title_or_variant_and_no_article_is_in_both_parts() -> None:
    rows = [
        KbRow(id=a.id, question=a.title, variants=a.variants, answer=a.answer) for a in articles()
    ]
    assert lint(list(raw_cases([SAMPLE / "cases"])), rows) == []


def test_the_parts_are_split_by_article() -> None:
    for located in cases():
        case = located.case
        if not case.article:
            continue
        first = case.article if isinstance(case.article, str) else case.article[0]
        digest = hashlib.sha256(first.removesuffix("-en").encode()).hexdigest()
        assert case.part == ("report" if int(digest, 16) % 2 else "fit"), case.id


async def test_a_dozen_customers_have_orders_in_every_state() -> None:
    shop = load_shop(SAMPLE / "shop.yaml")
    book = SampleOrders(shop.folder / shop.paths["customers"], shop.folder / shop.paths["products"])
    customers = await book.customers()
    assert len(customers) >= 12
    orders = [order for c in customers for order in await book.orders_of(c.id)]
    assert {order.status for order in orders} == set(OrderStatus)


def test_people_of_the_sample_shop_cannot_be_reached() -> None:
    rows = yaml.safe_load((SAMPLE / "customers.yaml").read_text("utf-8"))["customers"]
    assert all(row["email"].endswith("@example.com") for row in rows)
    assert all(row["phone"].startswith("190000000") for row in rows)


def test_the_shop_is_open_in_the_evening_and_closed_at_night() -> None:
    hours = load_shop(Path(SAMPLE) / "shop.yaml").hours
    assert hours.is_open(SAMPLE_DAY)
    assert not hours.is_open(datetime.fromisoformat("2026-11-22T02:00:00+08:00"))
    assert not hours.is_open(datetime.fromisoformat("2027-02-06T10:00:00+08:00"))
