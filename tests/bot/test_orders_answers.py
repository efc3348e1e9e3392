"""What a customer is told about an order, for every status of the sample shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from bot.orders.answers import Answer, NeedsPerson, NoSuchOrder, WhichOrder, answer
from bot.orders.order import OrderStatus
from bot.orders.topics import OrderTopic
from bot.wording import Locale
from tests.bot.orders_of_the_sample import (
    AT,
    PRODUCTS,
    ZONE,
    all_orders,
    ask,
    ask_about,
    order,
)

EVERY_ORDER = [o for orders in all_orders().values() for o in orders]

STATES = [
    # order, first sentence, why this one
    ("SY20261121004", "还没有付款，请在 **11月21日 20:18** 前支付 319 元", "unpaid, time left"),
    ("SY20261112001", "尾款 449 元，请在 **11月25日 00:00–23:59** 支付", "presale, not open yet"),
    ("SY20261121003", "还没有发出，最晚 **11月23日 17:32** 前发货", "paid, in time"),
    ("SY20261118001", "原定 **11月20日 10:00** 前发货，现在已经超时", "paid, overdue"),
    ("SY20261121001", "已经打包好，等快递取件，最晚 **11月23日 14:21**", "packed"),
    ("SY20261121002", "已经发出，包裹在圆通手里", "shipped"),
    ("SY20261119002", "正在运输途中，最新位置：**浙江杭州**", "in transit, in time"),
    ("SY20261114001", "比预计的 11月18日 20:00 晚了", "in transit, late but moving"),
    ("SY20261113001", "物流从 **11月17日 18:20** 起没有更新", "in transit, standing still"),
    ("SY20261118002", "正在派送", "out for delivery"),
    ("SY20261119001", "已经送到，还没有签收，等您取件", "delivered to a locker"),
    ("SY20261110001", "已于 **11月17日 15:35** 签收", "signed"),
    ("SY20261116001", "已于 **11月19日 11:25** 签收", "installing"),
    ("SY20261115001", "目前是「退货中，待寄回」", "return requested"),
    ("SY20261108001", "目前是「退货运输中」", "return on its way"),
    ("SY20261109001", "目前是「退款中」", "refunding"),
    ("SY20261026001", "目前是「已退款」", "refunded"),
    ("SY20261028001", "目前是「已换货」", "exchanged"),
    ("SY20261117001", "已于 **11月17日 21:30** 取消", "cancelled"),
    ("SY20250910001", "已于 **2025年9月12日 12:30** 签收", "completed last year"),
    ("SY20261106001", "的包裹丢失了", "lost"),
]


@pytest.mark.parametrize(("order_id", "words", "why"), STATES, ids=[row[2] for row in STATES])
def test_the_state_of_an_order_comes_first(order_id: str, words: str, why: str) -> None:
    reply = ask_about(order(order_id), OrderTopic.ORDER_STATUS)
    assert isinstance(reply, Answer | NeedsPerson)
    assert words in reply.text.splitlines()[0]


def test_the_table_of_states_knows_every_status() -> None:
    assert {order(row[0]).status for row in STATES} == set(OrderStatus)


TOPICS = [
    # customer, topic, question, words, why
    ("C1002", "not_shipped", "", "现在已经超时还没有发出", "overdue"),
    ("C1004", "not_shipped", "", "付完尾款后最晚 **12月5日** 发货", "presale"),
    ("C1001", "not_shipped", "", "最晚 **11月23日 17:32** 前发货", "one waits, one is on the road"),
    ("C1001", "parcel", "", "正在运输途中", "one waits, one is on the road"),
    ("C1001", "delivery_time", "羽绒服什么时候到", "预计 **11月22日 20:00** 前送达", "by product"),
    ("C1009", "delivery_time", "", "预计 **11月21日 22:00** 前送达", "today"),
    ("C1007", "delivery_time", "", "起没有更新", "a parcel that stands still has no time"),
    ("C1008", "refund", "", "**881.02 元** 正在退回支付宝，预计 **11月25日** 前到账", "paying out"),
    ("C1009", "refund", "", "**239 元** 已于 **11月10日 10:24** 退到支付宝", "done"),
    ("C1010", "refund", "", "**484 元** 还没有发起，正在等您寄回", "waiting for the goods"),
    ("C1011", "refund", "", "**459 元** 还没有发起，退货还在路上", "return on its way"),
    ("C1012", "refund", "", "**419 元** 已于 **11月18日 09:12** 退到支付宝", "cancelled order"),
    ("C1013", "refund", "", "没有退款申请，订单目前是「已发货」", "no refund: the newest order"),
    ("C1008", "return_progress", "", "仓库已于 **11月19日 14:05** 签收", "received"),
    ("C1010", "return_progress", "", "退货申请在 11月20日 20:15 提交", "not sent yet"),
    ("C1011", "return_progress", "", "退货还在路上", "on its way"),
    ("C1005", "return_progress", "", "没有退货申请", "none"),
    ("C1011", "exchange_progress", "", "换的 **黑/30** 已于 **11月10日 12:26** 签收", "done"),
    ("C1001", "exchange_progress", "", "没有换货申请", "none"),
    ("C1013", "can_return", "", "无理由退货期内，截止 **11月24日**", "still"),
    ("C1005", "can_return", "四件套", "退货期已于 **10月20日** 结束", "over"),
    ("C1006", "can_return", "马桶盖", "不在无理由退货期内", "installed"),
    ("C1002", "can_return", "裤子", "还没有发货", "not sent yet: a refund is enough"),
    ("C1007", "can_return", "", "还没有签收", "not signed yet"),
    ("C1008", "can_return", "吸尘器", "已经有售后申请了", "under way"),
    ("C1004", "price_protection", "", "截止 **11月30日**", "the double-11 period"),
    ("C1002", "price_protection", "乳胶枕", "已于 **10月30日** 结束", "over"),
    ("C1005", "price_protection", "空气炸锅", "目前没有价保期", "not paid"),
    ("C1014", "warranty", "电饭煲", "已于 **9月12日** 结束", "over this year"),
    ("C1014", "warranty", "净化器", "保修到 **2027年3月4日**", "still, until next year"),
    ("C1007", "warranty", "", "保修期从签收后开始算", "not signed yet"),
    ("C1004", "warranty", "核桃酥", "没有保修期记录", "food"),
    ("C1013", "invoice", "", "电子发票已经申请，还没有开出", "requested"),
    ("C1003", "invoice", "", "电子专票已经申请", "requested before issued"),
    ("C1006", "invoice", "", "已于 **8月31日 11:00** 开出", "issued"),
    ("C1007", "invoice", "", "还没有申请发票", "not requested"),
    ("C1003", "installation", "", "安装约在 **11月22日 14:00–16:00**", "booked before done"),
    ("C1008", "installation", "", "还没有约时间", "signed this morning"),
    ("C1006", "installation", "", "安装已经完成", "done"),
    ("C1010", "installation", "", "没有安装服务", "none"),
    ("C1007", "freight_insurance", "", "有运费险", "with"),
    ("C1013", "freight_insurance", "沙发", "没有运费险", "furniture"),
    ("C1011", "freight_payout", "", "仓库还没有签收退货", "too early"),
    ("C1008", "freight_payout", "", "赔付还在处理", "received two days ago"),
    ("C1004", "presale_balance", "", "尾款 449 元", "due"),
    ("C1001", "presale_balance", "", "没有待付的尾款", "none"),
    ("C1005", "payment", "", "**11月21日 20:18** 前支付 319 元", "18 minutes left"),
    ("C1001", "payment", "", "已于 11月21日 17:32 付款", "nothing due"),
    ("C1012", "cancelled", "", "已于 **11月17日 21:30** 取消", "cancelled"),
    ("C1001", "cancelled", "", "没有取消，订单目前是「待发货」", "not cancelled"),
    ("C1010", "items", "", "轻羽短款羽绒服 米白/M ×1", "what was ordered"),
    ("C1010", "order_status", "", "目前是「退货中，待寄回」", "one order"),
]


@pytest.mark.parametrize(
    ("customer", "topic", "question", "words", "why"),
    TOPICS,
    ids=[f"{row[0]}-{row[1]}-{row[4]}" for row in TOPICS],
)
def test_what_was_asked_is_answered_first(
    customer: str, topic: str, question: str, words: str, why: str
) -> None:
    reply = ask(customer, topic, question)
    assert isinstance(reply, Answer | NeedsPerson)
    assert words in reply.text.splitlines()[0]


@pytest.mark.parametrize("locale", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("topic", list(OrderTopic))
def test_every_topic_has_words_for_every_order(topic: OrderTopic, locale: Locale) -> None:
    for one in EVERY_ORDER:
        reply = ask_about(one, topic, locale)
        assert isinstance(reply, Answer | NeedsPerson)
        lead, _, lines = reply.text.partition("\n\n- ")
        assert lead
        assert "{" not in reply.text
        assert "None" not in reply.text
        assert one.id in lines
        assert 1 <= len(lines.splitlines()) <= 4


@pytest.mark.parametrize(
    ("customer", "topic", "reason", "why"),
    [
        ("C1002", "not_shipped", "action_failed", "shipment overdue"),
        ("C1002", "parcel", "action_failed", "the same, asked in other words"),
        ("C1007", "parcel", "action_failed", "no scan for 97 hours"),
        ("C1006", "parcel", "policy_restriction", "lost: a new one or the money"),
        ("C1013", "not_received", "policy_restriction", "signed for and not there"),
        ("C1009", "freight_payout", "action_failed", "received two weeks ago, no payment seen"),
    ],
)
def test_a_promise_that_was_not_kept_goes_to_a_person_with_the_facts(
    customer: str, topic: str, reason: str, why: str
) -> None:
    question = "沙发" if topic == "not_received" else ""
    reply = ask(customer, topic, question)
    assert isinstance(reply, NeedsPerson)
    assert reply.reason == reason
    assert reply.card["order_id"] in reply.text
    # Only the transaction that moves the conversation may say that it moved.
    assert "转接" not in reply.text


def test_overdue_goods_are_apologised_for() -> None:
    for customer, topic in (("C1002", "not_shipped"), ("C1007", "parcel"), ("C1006", "parcel")):
        reply = ask(customer, topic)
        assert isinstance(reply, NeedsPerson)
        assert reply.text.startswith("很抱歉")


def test_a_parcel_may_rest_for_48_hours_and_no_longer() -> None:
    last_scan = order("SY20261113001").parcel.events[-1].at
    moving = ask("C1007", "parcel", at=last_scan + timedelta(hours=48))
    still = ask("C1007", "parcel", at=last_scan + timedelta(hours=48, minutes=1))
    assert isinstance(moving, Answer)
    assert isinstance(still, NeedsPerson)


def test_a_refund_past_its_day_goes_to_a_person() -> None:
    reply = ask("C1008", "refund", at=AT + timedelta(days=5))
    assert isinstance(reply, NeedsPerson)
    assert "预计 11月25日 前到账，现在已经超时" in reply.text


def test_a_return_that_lies_unchecked_goes_to_a_person() -> None:
    lying = order("SY20261108001")
    assert lying.return_parcel is not None
    arrived = replace(lying.return_parcel, arrived_at=AT - timedelta(hours=49))
    reply = ask_about(replace(lying, return_parcel=arrived), OrderTopic.RETURN_PROGRESS)
    assert isinstance(reply, NeedsPerson)


def test_a_fitter_who_missed_the_appointment_goes_to_a_person() -> None:
    reply = ask("C1003", "installation", at=AT + timedelta(days=1))
    assert isinstance(reply, NeedsPerson)
    assert "时间已过" in reply.text


def test_scans_of_the_future_are_not_known_yet() -> None:
    reply = ask("C1009", "parcel", at=AT - timedelta(hours=8))
    assert isinstance(reply, Answer)
    assert "到达天河营业点" in reply.text
    assert "18:05" not in reply.text


def test_several_orders_that_fit_are_offered_newest_first() -> None:
    reply = ask("C1003", "price_protection")
    assert isinstance(reply, WhichOrder)
    assert [number for number, _ in reply.options] == ["SY20261116001", "SY20261101001"]
    assert reply.options[0][1] == "8 套嵌入式洗碗机（已签收，待安装，11月16日 下单）"


def test_no_more_than_three_orders_are_offered() -> None:
    base = order("SY20261119002")
    many = [
        replace(base, id=f"SY2026111900{n}", created_at=base.created_at + timedelta(minutes=n))
        for n in range(5)
    ]
    reply = answer(OrderTopic.PARCEL, many, "", AT, "zh-Hans", PRODUCTS, zone=ZONE)
    assert isinstance(reply, WhichOrder)
    assert [number[-1] for number, _ in reply.options] == ["4", "3", "2"]


@pytest.mark.parametrize(
    ("question", "number", "why"),
    [
        ("SY20261121001 到哪了", "SY20261121001", "its number, though it does not fit the topic"),
        ("20261121001到哪了", "SY20261121001", "its number without letters"),
        ("我的四件套到哪了", "SY20261121001", "its product"),
        (
            "我的茶叶到哪了",
            "SY20261119001",
            "茶叶 is not in its name, but it is a tea",
        ),
        ("我買的龍井到哪了", "SY20261119001", "Traditional"),
        ("我的床頭櫃到哪了", "SY20261117001", "Traditional, cancelled"),
        ("ZT0000000001901", "SY20261119001", "its tracking number"),
        ("怎么还停在苏州", "SY20261119001", "the town where it lies"),
        ("where is my bedding set", "SY20261121001", "its product in English"),
        ("我的快递到哪了", "SY20261119001", "the only one on its way"),
    ],
)
def test_the_order_that_is_meant_is_found(question: str, number: str, why: str) -> None:
    reply = ask("C1012", "parcel", question)
    assert isinstance(reply, Answer)
    assert reply.order_ids == (number,)
    assert reply.card["order_id"] == number


def test_an_amount_tells_two_refunds_apart() -> None:
    one, other = order("SY20261108001"), order("SY20261115001")
    mine = [one, replace(other, customer_id=one.customer_id)]
    for question, number in (("459什么时候退我", one.id), ("484块多久能退", other.id)):
        reply = answer(OrderTopic.REFUND, mine, question, AT, "zh-Hans", PRODUCTS, zone=ZONE)
        assert isinstance(reply, Answer)
        assert reply.order_ids == (number,)


def test_the_order_of_the_page_is_meant_unless_another_is_named() -> None:
    on_page = ask("C1012", "order_status", "什么状态", about="SY20261117001")
    named = ask("C1012", "order_status", "我的龙井什么状态", about="SY20261117001")
    assert isinstance(on_page, Answer)
    assert isinstance(named, Answer)
    assert on_page.order_ids == ("SY20261117001",)
    assert named.order_ids == ("SY20261119001",)


def test_a_product_that_was_never_bought_is_not_answered_with_another_order() -> None:
    reply = ask("C1012", "parcel", "我的沙发到哪了")
    assert isinstance(reply, NoSuchOrder)


def test_who_never_ordered_is_told_so() -> None:
    reply = answer(OrderTopic.PARCEL, [], "", AT, "en", PRODUCTS, zone=ZONE)
    assert isinstance(reply, NoSuchOrder)
    assert "no orders" in reply.text


def test_times_are_the_shops_whatever_clock_asks() -> None:
    reply = ask("C1001", "parcel", at=AT.astimezone(UTC))
    assert isinstance(reply, Answer)
    assert "11月22日 20:00" in reply.text


def test_the_same_order_in_three_scripts() -> None:
    replies = {
        locale: ask("C1008", "refund", locale=locale) for locale in ("zh-Hans", "zh-Hant", "en")
    }
    leads = {locale: reply.text.splitlines()[0] for locale, reply in replies.items()}
    assert "无线吸尘器" in leads["zh-Hans"]
    assert "無線吸塵器" in leads["zh-Hant"]
    assert leads["en"] == (
        "The refund of **¥881.02** for Cordless Vacuum Cleaner is being paid back (Alipay) "
        "and should arrive by **Nov 25**."
    )


def test_a_courier_writes_chinese_and_an_english_reader_gets_its_meaning() -> None:
    reply = ask("C1014", "parcel", locale="en")
    assert isinstance(reply, Answer)
    assert "Nov 21, 06:50, reached a sorting centre" in reply.text


def test_an_order_card_has_what_the_chat_window_shows() -> None:
    reply = ask("C1002", "not_shipped")
    assert isinstance(reply, NeedsPerson)
    assert reply.card == {
        "type": "order_card",
        "order_id": "SY20261118001",
        "title": "弹力直筒裤等 2 件商品",
        "status": "paid",
        "status_text": "待发货",
        "lines": [
            "弹力直筒裤 卡其/30 ×1",
            "精梳棉中筒袜（5 双） 黑白灰组合/40–44 ×1",
            "订单金额：218 元",
            "下单时间：11月18日 09:58",
        ],
    }


def test_an_order_without_known_products_shows_their_ids() -> None:
    reply = answer(OrderTopic.PARCEL, [order("SY20261119002")], "", AT, "en", zone=ZONE)
    assert isinstance(reply, Answer)
    assert "SY-DJ01" in reply.text
