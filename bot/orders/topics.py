"""Which matter of the customer's own order a text is about, if it plainly is about one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from bot.orders import chinese, english


class OrderTopic(StrEnum):
    """What a customer can ask about an order of their own."""

    PARCEL = "parcel"
    NOT_RECEIVED = "not_received"
    NOT_SHIPPED = "not_shipped"
    DELIVERY_TIME = "delivery_time"
    REFUND = "refund"
    RETURN_PROGRESS = "return_progress"
    EXCHANGE_PROGRESS = "exchange_progress"
    CAN_RETURN = "can_return"
    PRICE_PROTECTION = "price_protection"
    WARRANTY = "warranty"
    INVOICE = "invoice"
    INSTALLATION = "installation"
    FREIGHT_INSURANCE = "freight_insurance"
    FREIGHT_PAYOUT = "freight_payout"
    PRESALE_BALANCE = "presale_balance"
    PAYMENT = "payment"
    CANCELLED = "cancelled"
    ITEMS = "items"
    ORDER_STATUS = "order_status"


def order_topic(text: str, *, owned: bool = False) -> OrderTopic | None:
    """The topic of a text in normal form, or None.

    Sure rather than complete: a general question (几天能到) is None unless it says that it is
    about the writer's own order (我的, 我买的…) or can only be asked by someone who waits
    (怎么还没到). `owned` says that the text names something the writer has ordered, which makes
    加湿器什么时候到 a question about that order.
    """
    return next(order_topics(text, owned=owned), None)


def order_topics(text: str, *, owned: bool = False) -> Iterator[OrderTopic]:
    """Every topic that the words of a text allow, the likeliest first."""
    if not of_another_shop(text):
        yield from _topics(text, owned=owned)


def of_another_shop(text: str) -> bool:
    """Whether a text in normal form says that it was ordered at another shop.

    A courier (京东快递) is none, nor is our own shop there (你们淘宝店), nor a text with one of
    our order numbers.
    """
    return _ELSEWHERE.search(text) is not None and not mentioned_orders(text)


def asks_another_shop(text: str) -> bool:
    """Whether a text in normal form asks about an order, but one of another shop."""
    return of_another_shop(text) and next(_topics(text, owned=True), None) is not None


def _topics(text: str, *, owned: bool) -> Iterator[OrderTopic]:
    plain = plain_words(text)
    if mentioned_orders(text) and not _beside_the_number(plain):
        yield OrderTopic.ORDER_STATUS
        return
    words = chinese if _HAN.search(plain) else english
    plain = _NUMBER.sub("我的订单" if words is chinese else "my order", plain)
    if len(plain) > _LONGEST[words] or words.GENERAL.search(plain):
        return
    mine = words.OWN.search(plain) is not None
    for name, rule in words.RULES.items():
        if rule.fits(plain, mine=mine, owned=owned):
            yield OrderTopic(name)


_ELSEWHERE = re.compile(
    r"(?<!你们)(?<!你家)(?<!贵店)(?<!你们的)(京东(?!快递|物流|小哥|配送|到家)|淘宝|拼多多|天猫|唯品会|苏宁|"
    r"抖音|快手|闲鱼|得物|小红书|亚马逊|当当|1688|美团|饿了么)(?!(也|更|比|上)?.{0,4}(便宜|贵|降价|低))|"
    r"(别的?|其[他它]|另一个?|隔壁)(家|店|商家|平台)(?!.{0,4}(便宜|贵|低))|"
    r"\b(amazon|taobao|tmall|temu|shein|ebay|aliexpress|pinduoduo|walmart)\b|"
    r"\bjd(?! (express|logistics))\b|"
    r"\b(another|other|different) (shop|store|seller|site)\b"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A long story holds more than one matter, and the first that fits need not be the one asked.
_LONGEST = {chinese: 80, english: 240}
_NUMBER = re.compile(r"(?<![a-z0-9])(?:sy[\s-]?(\d{6,14})|(20\d{9}))(?![a-z0-9])", re.IGNORECASE)


def mentioned_orders(text: str) -> tuple[str, ...]:
    """Order numbers in a text, in order, as the shop writes them (SY20261118001).

    Numbers of a wrong length are returned too: answering about another order because a digit
    went missing would be worse than saying that there is no such order.
    """
    found = (f"SY{match[1] or match[2]}" for match in _NUMBER.finditer(text))
    return tuple(dict.fromkeys(found))


def _day(match: re.Match[str]) -> str:
    return f"{match[1] or match[2] or '明'}天"


# Typing slips and dialect, folded so that the rules below need one spelling of each word.
_SPELLINGS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"(?<=[\u4e00-\u9fff,.!?])\s+|\s+(?=[\u4e00-\u9fff])", ""),
    (r"时侯|时後|时间点", "时候"),
    (r"快[第弟低]|块递", "快递"),
    (r"物[硫留]", "物流"),
    (r"订[但蛋]|定单", "订单"),
    (r"退[宽筐]", "退款"),
    (r"[发法][获活或]|法货", "发货"),
    (r"[法發]票|电子票|发[飘嫖漂瓢]", "发票"),
    (r"唔该", "请"),
    (r"唔", "不"),
    (r"嘅", "的"),
    (r"咗", "了"),
    (r"喺", "在"),
    (r"而家|依家|家阵", "现在"),
    (r"几耐", "多久"),
    (r"落[咗了]?单", "下单"),
    (r"嚟", "来"),
    (r"睇", "看"),
    (r"佢", "他"),
    (r"啲", "些"),
    (r"退返", "退回"),
    (r"到帐", "到账"),
    (r"(?<=[几多]时)先", "才"),
    (r"摆(?=[了在])", "放"),
    (r"系咪", "是不是"),
    (r"乜(嘢|野)?", "什么"),
    (r"畀|俾", "给"),
    (r"几多|多小(?=钱|块)", "多少"),
    (r"(今|明|昨|后)儿个?|(今|明|昨|后)个(?!月)|听日", _day),
    (r"伐(?!木)|[咩咪](?=[?!.]*$)", "吗"),
    (r"[咯喽嘞]", "了"),
    (r"边日", "哪天"),
    (r"边度|边(?=[啊呀了啦]?[?!.]*$)", "哪"),
    (r"仲(?=[未冇没有要唔不])", "还"),
    (r"出货", "发货"),
    (r"个件", "的件"),
    (r"去到", "到"),
    (r"(啥子?|嘛|几|多)时候?(?!间)|啥子?时|多会儿|多咱|什么时间|何时", "什么时候"),
    (r"(什么时候)候", r"\1"),
    (r"到那(?=[儿里了啦一个?]|$)", "到哪"),
    (r"哪[儿里]", "哪"),
    (r"咋个|咋|点解|为啥子?|为什么|为何|干嘛", "怎么"),
    (r"啥", "什么"),
    (r"俺(们)?|咱(们)?|本人", "我"),
    (r"有没有", "有吗"),
    (r"搞快点?|快[滴些]|麻利点?", "快点"),
    (r"搁(?=哪)", "在"),
    (r"木有|木得|莫得|没得|没有|冇|未曾|未(?!来)", "没"),
    (r"[么嘛木](?=[?!.]*$)|[么嘛](?=[?,])", "吗"),
)
_FOLDS = tuple((re.compile(pattern), plain) for pattern, plain in _SPELLINGS)


def plain_words(text: str) -> str:
    """A text in normal form with slips and dialect folded, as the rules read it."""
    for pattern, plain in _FOLDS:
        text = pattern.sub(plain, text)
    return text.replace("’", "'")


# Around a bare order number there may stand 帮我查下这个订单, but no question of its own.
_FILLER = re.compile(
    r"订单编?号?|单号|编号|这(个|单|笔)?|我的?|帮|请|麻烦|查询?|看|一?下|是|吗|呢|吧|的|号|你好|您好|亲"
    r"|\b(order|number|no|my|it|is|check|please|this|the|hi|hello|here)\b|\W"
)


def _beside_the_number(plain: str) -> str:
    return _FILLER.sub("", _NUMBER.sub("", plain))
