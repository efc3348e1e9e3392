"""What must never be told about an order."""

from __future__ import annotations

import pytest

from bot.orders.answers import Answer, NeedsPerson, NoSuchOrder
from bot.orders.topics import OrderTopic
from bot.wording import Locale
from tests.bot.orders_of_the_sample import all_orders, ask, ask_about, raw

LOCALES: tuple[Locale, ...] = ("zh-Hans", "zh-Hant", "en")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("topic", list(OrderTopic))
def test_another_customers_order_is_as_unknown_as_one_that_does_not_exist(
    topic: OrderTopic, locale: Locale
) -> None:
    strange = ask("C1001", topic, "SY20261118001", locale=locale)
    missing = ask("C1001", topic, "SY20991231999", locale=locale)
    assert isinstance(strange, NoSuchOrder)
    assert isinstance(missing, NoSuchOrder)
    assert strange.text.replace("SY20261118001", "#") == missing.text.replace("SY20991231999", "#")


def test_a_strange_number_beside_an_own_one_is_not_looked_over() -> None:
    reply = ask("C1001", "parcel", "SY20261119002 和 SY20261118001 到哪了")
    assert isinstance(reply, NoSuchOrder)
    assert "SY20261118001" in reply.text


def test_a_strange_order_page_tells_nothing() -> None:
    assert isinstance(ask("C1001", "parcel", about="SY20261118001"), NoSuchOrder)


def test_a_number_with_a_digit_missing_is_not_answered_with_another_order() -> None:
    assert isinstance(ask("C1007", "parcel", "SY2026111300 到哪了"), NoSuchOrder)


@pytest.mark.parametrize("locale", LOCALES)
def test_notes_phones_and_addresses_are_never_told(locale: Locale) -> None:
    customers = {row["id"]: row for row in raw()["customers"]}
    rows = {row["id"]: row for row in raw()["orders"]}
    for customer, orders in all_orders().items():
        secrets = [customers[customer]["phone"], customers[customer]["email"]]
        for address in customers[customer]["addresses"]:
            secrets += [address["detail"], address["district"]]
        for one in orders:
            note = rows[one.id]["staff_note"]
            for topic in OrderTopic:
                reply = ask_about(one, topic, locale)
                assert isinstance(reply, Answer | NeedsPerson)
                told = reply.text + str(reply.card)
                assert not [secret for secret in secrets if secret in told]
                assert note is None or note not in told
                assert "漏拣" not in told


def test_only_the_customers_own_numbers_are_shown() -> None:
    every = {one.id for orders in all_orders().values() for one in orders}
    for customer, orders in all_orders().items():
        own = {one.id for one in orders}
        for topic in OrderTopic:
            told = str(ask(customer, topic))
            assert not [number for number in every - own if number in told]
