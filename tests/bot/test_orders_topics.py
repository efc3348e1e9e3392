"""Which texts are about the customer's own order, and which are not."""

from __future__ import annotations

import pytest

from bot.orders.topics import OrderTopic, mentioned_orders, order_topic
from knowledge.text import normalise

OWN = [
    # text, topic, why it is about one's own order
    ("我的快递到哪了", "parcel", "says whose"),
    ("快递到哪儿了?", "parcel", "only someone who waits asks 到哪了"),
    ("我的快弟到那了", "parcel", "快弟 and 到那 are typing slips"),
    ("俺的包裹走到哪啦", "parcel", "俺 is 我"),
    ("我嘅快遞去到邊呀", "parcel", "Cantonese, Traditional"),
    ("物流不动了", "parcel", "a general parcel does not stand still"),
    ("物硫三天没更新", "parcel", "物硫 is a typing slip"),
    ("快递卡在中转站四天了", "parcel", "a parcel under way"),
    ("怎么还没到", "parcel", "still waiting"),
    ("咋还没送到啊", "parcel", "咋 is 怎么"),
    ("怎么还没收到货", "parcel", "still waiting"),
    ("查下物流", "parcel", "asks to look up"),
    ("快递单号多少", "parcel", "a number belongs to one parcel"),
    ("我的羽绒服到哪了", "parcel", "names the goods instead of the parcel"),
    ("已发货但没有物流记录", "parcel", "a record that is missing"),
    ("仲未收到貨呀", "parcel", "仲未 is 还没"),
    ("where is my parcel", "parcel", "my"),
    ("wheres my order??", "parcel", "no apostrophe, two marks"),
    ("Track my package please", "parcel", "my"),
    ("tracking has not updated for 4 days", "parcel", "a parcel under way"),
    ("I still haven't received my order", "parcel", "still waiting"),
    ("显示签收了但我没收到", "not_received", "one signature, one parcel"),
    ("没收到货显示已签收", "not_received", "the same the other way round"),
    ("it says delivered but I never got anything", "not_received", "one parcel"),
    ("怎么还不发", "not_shipped", "still waiting"),
    ("怎么还不发货", "not_shipped", "still waiting"),
    ("啥时候发货啊我都等三天了", "not_shipped", "has waited three days"),
    ("都付款两天了还没发", "not_shipped", "has paid"),
    ("咋还木有发货", "not_shipped", "木有 is 没有"),
    ("點解仲未發貨", "not_shipped", "Cantonese, Traditional"),
    ("怎么还不发获", "not_shipped", "发获 is a typing slip"),
    ("催一下发货", "not_shipped", "one hurries one's own"),
    ("我的订单一直显示待发货", "not_shipped", "my order"),
    ("到底什么时候发货", "not_shipped", "到底 is impatience"),
    ("发货了吗", "not_shipped", "already done or not"),
    ("Why has my order not been shipped yet?", "not_shipped", "my order"),
    ("has my order shipped", "not_shipped", "my order"),
    ("my order still says to be shipped", "not_shipped", "my order"),
    ("我的什么时候能到", "delivery_time", "mine"),
    ("我昨天下的单啥时候到", "delivery_time", "ordered yesterday"),
    ("我买的沙发几时送到", "delivery_time", "bought; 几时 is dialect"),
    ("今天能送到吗", "delivery_time", "today's delivery is of a parcel under way"),
    ("还要多久才能到", "delivery_time", "还要: it is on its way"),
    ("when will my package arrive", "delivery_time", "my package"),
    ("will my order arrive today?", "delivery_time", "my order"),
    ("退款到哪了", "refund", "one refund"),
    ("退款到哪一步了", "refund", "one refund"),
    ("钱啥时候退", "refund", "the money, not money"),
    ("退宽怎么还没到", "refund", "退宽 is a typing slip"),
    ("还没收到退款", "refund", "still waiting"),
    ("我那单退款多久到账", "refund", "general but for 我那单"),
    ("说退了但是没收到钱", "refund", "one refund"),
    ("我的錢怎麼還沒退", "refund", "Traditional"),
    ("Where's my refund?", "refund", "my"),
    ("I haven't got my money back", "refund", "still waiting"),
    ("refund status", "refund", "a status is of one refund"),
    ("退货签收了吗", "return_progress", "one return"),
    ("寄回去的衣服仓库收到了吗", "return_progress", "sent back"),
    ("did you receive my return?", "return_progress", "my return"),
    ("换货进度", "exchange_progress", "progress of one exchange"),
    ("换的新的发了没", "exchange_progress", "one exchange"),
    ("has my replacement been sent", "exchange_progress", "my replacement"),
    ("我这个还能退吗", "can_return", "this one of mine"),
    ("我上周买的书柜还能退货吗", "can_return", "bought last week"),
    ("can I still return my order", "can_return", "still, my"),
    ("我那单能价保吗", "price_protection", "that order of mine"),
    ("我刚买就降了五十", "price_protection", "just bought"),
    ("is my order still under price protection", "price_protection", "my order"),
    ("我的还在保修吗", "warranty", "mine"),
    ("我的电饭煲过保了吗", "warranty", "my rice cooker"),
    ("is my rice cooker still under warranty", "warranty", "my rice cooker"),
    ("我的发票开了没", "invoice", "mine"),
    ("专票怎么还没好", "invoice", "still waiting"),
    ("where is my invoice", "invoice", "my invoice"),
    ("师傅啥时候来装", "installation", "a fitter comes to one home"),
    ("约好了今天装没人来", "installation", "an appointment missed"),
    ("nobody has called me about the installation", "installation", "still waiting"),
    ("我那单有运费险吗", "freight_insurance", "that order of mine"),
    ("does my order have freight insurance", "freight_insurance", "my order"),
    ("运费险怎么还没到账", "freight_payout", "still waiting"),
    ("我的尾款啥时候付", "presale_balance", "mine"),
    ("when do I pay my balance", "presale_balance", "my balance"),
    ("我的订单还有多久关闭", "payment", "my order"),
    ("订单取消成功了吗", "cancelled", "done or not"),
    ("why was my order cancelled", "cancelled", "my order"),
    ("我买的L还是XL", "items", "bought"),
    ("我的订单现在什么状态", "order_status", "my order"),
    ("查下订单", "order_status", "asks to look up"),
    ("SY20261118001", "order_status", "an order number alone"),
    ("帮我看一下这个订单 SY20261118001", "order_status", "a number and no question"),
    ("SY20261118001 什么时候能到", "delivery_time", "a number says whose"),
    ("what is the status of my order", "order_status", "my order"),
]

NOT_OWN = [
    # text, why no order is meant
    ("几天能到", "before buying"),
    ("到新疆几天", "a region, not an order"),
    ("我在北京几天能到", "我在 says where, not that something was bought"),
    ("现在下单明天能到吗", "not ordered yet"),
    ("我想买两件什么时候能到", "我想买 is a wish"),
    ("快递能送到哪些地方", "a service"),
    ("默认发什么快递", "a service"),
    ("物流一般多久更新", "一般"),
    ("怎么查物流", "how to"),
    ("什么时候发货", "nothing says that it was ordered"),
    ("预售商品什么时候发货", "goods in general"),
    ("周末发货吗", "a rule"),
    ("还没发货怎么取消订单", "how to cancel"),
    ("还没发货能改地址吗", "a change, not a state"),
    ("我的订单可以改地址吗", "an action on the order"),
    ("帮我取消订单", "an action on the order"),
    ("退款多久到账", "a rule"),
    ("微信退款什么时候到账", "a rule"),
    ("退款退到哪里", "where to, not how far"),
    ("如果退款没到怎么办", "如果"),
    ("我可以申请退款吗", "a request"),
    ("退款金额不对", "an objection that a person must see"),
    ("退货流程", "how to"),
    ("退货地址是哪里", "an address"),
    ("退货签收了多久退钱", "a rule"),
    ("支持七天无理由退货吗", "a rule"),
    ("剪了吊牌还能退吗", "a condition, no date decides it"),
    ("我买的坚果打开吃了还能退吗", "a condition, no date decides it"),
    ("换货运费谁出", "a rule"),
    ("我想换个颜色", "an action"),
    ("运费险怎么赔", "a rule"),
    ("有运费险吗", "before buying"),
    ("为什么我的订单没有运费险", "asks for the reason, which no order tells"),
    ("价保怎么申请", "how to"),
    ("双11买的商品价保到什么时候", "a rule"),
    ("价保退的差价多久到账", "a rule"),
    ("电饭煲保修多久", "a product"),
    ("摔坏了保修吗", "a rule"),
    ("怎么开发票", "how to"),
    ("能开专票吗", "a rule"),
    ("发票抬头开错了能改吗", "a change"),
    ("包安装吗", "a service"),
    ("怎么预约安装", "how to"),
    ("安装时间可以改吗", "a change"),
    ("什么时候付尾款", "a rule"),
    ("尾款忘记付了怎么办", "what to do, in general"),
    ("订单没付款会自动取消吗", "a rule"),
    ("订单历史记录能删吗", "an action"),
    ("我的会员怎么降级了", "the account, not an order"),
    ("我的优惠券到哪里看", "a coupon"),
    ("优惠券怎么还没到账", "a coupon"),
    ("验证码没收到", "a code"),
    ("这件衣服显瘦吗", "a product"),
    ("你好", "a greeting"),
    ("转人工", "wants a person"),
    ("how long does delivery take", "a rule"),
    ("do you ship to Hong Kong", "a service"),
    ("how do I track my order", "how to"),
    ("how long does a refund take", "a rule"),
    ("what if my refund is late", "if"),
    ("can I return this", "before buying or a rule"),
    ("how do I get an invoice", "how to"),
    ("can I change my address", "an action"),
    ("cancel my order", "an action"),
    ("my parcel arrived damaged", "a complaint, not a place"),
    ("how long is the warranty", "a rule"),
    ("", "nothing is said"),
]


@pytest.mark.parametrize(("text", "topic", "why"), OWN, ids=[row[0] for row in OWN])
def test_a_text_about_an_own_order_has_its_topic(text: str, topic: str, why: str) -> None:
    assert order_topic(normalise(text)) is OrderTopic(topic), why


@pytest.mark.parametrize(("text", "why"), NOT_OWN, ids=[row[0] for row in NOT_OWN])
def test_a_general_text_has_no_topic(text: str, why: str) -> None:
    assert order_topic(normalise(text)) is None, why


def test_every_topic_is_understood_in_chinese_and_every_row_has_a_reason() -> None:
    assert {topic for _, topic, _ in OWN} == {topic.value for topic in OrderTopic}
    assert all(row[-1] for row in [*OWN, *NOT_OWN])


@pytest.mark.parametrize(
    ("text", "numbers", "why"),
    [
        ("SY20261118001 到哪了", ("SY20261118001",), "as the shop writes it"),
        ("sy20261118001到哪了", ("SY20261118001",), "lower case, against a character"),
        ("订单号:20261118001", ("SY20261118001",), "without the letters"),
        ("sy 20261118001 和 sy-20261118002", ("SY20261118001", "SY20261118002"), "two, spaced"),
        ("sy20261118001 sy20261118001", ("SY20261118001",), "twice the same"),
        ("sy2026111800 到哪了", ("SY2026111800",), "a digit short: no other order may answer"),
        ("19000000002", (), "a phone number"),
        ("zt0000000001501", (), "a tracking number"),
        ("sy-dj01 有货吗", (), "a product"),
        ("20261118001234567", (), "a longer number"),
    ],
)
def test_order_numbers_are_found(text: str, numbers: tuple[str, ...], why: str) -> None:
    assert mentioned_orders(normalise(text)) == numbers, why


def test_a_long_story_is_left_to_a_closer_look() -> None:
    story = "我上个月买了东西，" * 20 + "怎么还没到"
    assert order_topic(normalise(story)) is None
