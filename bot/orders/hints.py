"""What a text is about where no rule fits: a waiting tone beside the word for a matter.

Far less sure than the rules, so it counts only for a customer whose orders may be looked at, and
only where the message as a whole looks like a question about an order.
"""

from __future__ import annotations

import re

from bot.orders import chinese, english
from bot.orders.rule import either
from bot.orders.topics import OrderTopic, of_another_shop, plain_words


def hinted_topic(text: str, *, owned: bool = False) -> OrderTopic | None:
    """The likeliest topic of a text in normal form that may be about an own order, or None.

    ORDER_STATUS where it waits for something without a word for what. None for a general
    question, for a wish to change something and for a complaint about the goods: no state of an
    order answers these. `owned` says that the text names something the writer has ordered.
    """
    plain = plain_words(text)
    spoken = _CHINESE if _HAN.search(plain) else _ENGLISH
    if len(plain) > spoken.longest or of_another_shop(text) or spoken.general.search(plain):
        return None
    if spoken.elsewhere.search(plain):
        return None
    if not (owned or spoken.waits.search(plain) or spoken.own.search(plain)):
        return None
    found = (topic for topic, word in spoken.words if word.search(plain))
    return next(found, OrderTopic.ORDER_STATUS)


_HAN = re.compile(r"[\u4e00-\u9fff]")


class _Spoken:
    """The expressions of one language."""

    def __init__(
        self,
        *,
        longest: int,
        own: re.Pattern[str],
        general: re.Pattern[str],
        waits: str,
        elsewhere: str,
        words: dict[OrderTopic, str],
    ) -> None:
        self.longest = longest
        self.own = own
        self.general = general
        self.waits = re.compile(waits)
        self.elsewhere = re.compile(elsewhere)
        self.words = [(topic, re.compile(word)) for topic, word in words.items()]


# The first word that stands in the text counts: 退货 is also in 退货的钱, 到 nearly everywhere.
_CHINESE = _Spoken(
    longest=60,
    own=chinese.OWN,
    general=chinese.GENERAL,
    waits=either(
        r"还(没|不|在|要|得|有|能|是|剩)|都没|怎么(没|不|这么|那么|老|又)|(一|老|总)(直|是)|迟迟|"
        r"到底|究竟|催|急|尽快|赶紧|赶快|快点|抓紧|等(了|得|的|不|到)|(天|周|星期|礼拜|月)了",
        r"说好|不是说|答应|承诺|讲好|呢[?!]*$|人呢|什么情况|怎么回事|进度|进展|状态|说法|[太真]慢|这么久|"
        r"好久|半天|没(动静|下文|影|消息|反应|信)|了(吗|没|不)|没[?!]*$|不见|(哪|谁).{0,3}了",
        r"给我(发|送|寄|退|开|装|查|看)|帮我?(查|看|催)|什么时候(才|能|给)|是不是.{0,4}(没|忘|丢|已)",
    ),
    elsewhere=either(
        r"取消(?!.{0,4}(了|没|掉|成功))|想?改|换成|拦截|备注|合并|加(一?件|购)|错|少(发|了|一)|漏|"
        r"破|坏|碎|裂|瑕疵|质量|态度|投诉|举报|赔(?!.{0,4}(了|到))|假|脏|异味|不(热|转|通电|出)",
        r"券|积分|会员|红包|优惠|赠品|有货|补货|现货|上架|价格|多少钱|便宜|想买|想拍|下单(会|能|多久)|"
        r"能不能买|可以买|怎么(用|洗|装|退|换|开|买|申请)|密码|账号|登录|验证码|回复|客服|人工",
        r"收费|要钱|谁(出|付|承担)|掏钱|支持|能否|需不需要|需要(?!多久|几天|等)|哪种|推荐|适合|什么码",
    ),
    words={
        OrderTopic.FREIGHT_PAYOUT: r"运费险.{0,8}(赔|到|钱|给|下来|没)",
        OrderTopic.FREIGHT_INSURANCE: r"运费险",
        OrderTopic.INVOICE: r"发票|专票|普票|开票|(我|的)票",
        OrderTopic.INSTALLATION: r"安装|师[傅父]|上门|(来|人|约|给我|帮我)装",
        OrderTopic.PRESALE_BALANCE: r"尾款|(定金|订金).{0,10}(剩|补|付|交|欠)",
        OrderTopic.PRICE_PROTECTION: r"价保|保价|差价|降价|价格保护",
        OrderTopic.WARRANTY: r"保修|质保|[过在]保|保固|三包",
        OrderTopic.EXCHANGE_PROGRESS: r"换货|换(的|新|给我)|给我换",
        OrderTopic.CANCELLED: r"取消",
        OrderTopic.REFUND: r"退款|退钱|退的?[钱款]|[钱款].{0,6}[退返]|[退返].{0,6}[钱款]|到账|退我",
        OrderTopic.CAN_RETURN: r"(还|能|可以).{0,4}退(?!.{0,3}到)|无理由|退货期",
        OrderTopic.RETURN_PROGRESS: r"退货|退回|寄回|退的|仓库.{0,4}(收|验)",
        OrderTopic.NOT_RECEIVED: (
            r"(签收|送达|妥投|送到).{0,14}(没|不|谁|哪)|没.{0,14}(签收|送达|妥投)"
        ),
        OrderTopic.NOT_SHIPPED: (
            r"发货|待发|备货|出库|打包|仓库|没发|不发|发(出|走|啊|吗|没|不|了|呢)|寄(出|走)|给我(发|寄)"
        ),
        OrderTopic.PAYMENT: r"付款|支付|没付|还能付|付(了|成)",
        OrderTopic.DELIVERY_TIME: (
            r"(什么时候|哪天|几点|几号|多久|几天|今天|明天|后天|今晚|周[一二三四五六日末]).{0,8}(到|送|收|拿)"
            r"|来得及|赶得上"
        ),
        OrderTopic.PARCEL: (
            r"快递|物流|包裹|单号|派[件送]|运输|配送|签收|驿站|快递柜|货|东西|宝贝|[件箱](?!套)|[到送]|在哪"
        ),
    },
)

_ENGLISH = _Spoken(
    longest=200,
    own=english.OWN,
    general=english.GENERAL,
    waits=either(
        r"\b(still|yet|waiting|waited|late|overdue|delayed|already|been|promised|stuck|ages|"
        r"forever|nothing|nobody|no one|updates?|news|status|progress|hurry)\b|n't\b|\b(has|have|"
        r"did|was)nt\b|\b(not|never)\b|\b(days|weeks|hours)\b",
        r"\bwhere('s| is| are)\b|\bwhen (will|is|are|do|does|can)\b|\b(has|have|did|was) (my|the|"
        r"you|it)\b",
    ),
    elsewhere=either(
        r"\b(cancel|change|edit|intercept|wrong|broken|damaged|missing|defect\w*|leak\w*|coupons?|"
        r"points|restock\w*|in stock|available|compensat\w*|complain\w*|price(?! (match|"
        r"protect))|how much|fees?|charged?|accept|offer|recommend|fake|password|account|login)\b",
    ),
    words={
        OrderTopic.FREIGHT_INSURANCE: r"insurance",
        OrderTopic.INVOICE: r"\binvoice",
        OrderTopic.INSTALLATION: r"\b(install\w*|fitter|fitted|technician|engineer|plumber)\b",
        OrderTopic.PRESALE_BALANCE: r"\bbalance\b|\bdeposit\b",
        OrderTopic.PRICE_PROTECTION: r"price[- ](protect\w*|match)",
        OrderTopic.WARRANTY: r"\b(warranty|guarantee)\b",
        OrderTopic.EXCHANGE_PROGRESS: r"\b(exchange|replacement|swap)\b",
        OrderTopic.REFUND: r"\b(refund\w*|money|paid back|credited)\b",
        OrderTopic.CAN_RETURN: r"\b(can|could|may|too late).{0,20}\b(return|send (it )?back)\b",
        OrderTopic.RETURN_PROGRESS: r"\b(return\w*|sent back|send back|warehouse)\b",
        OrderTopic.NOT_RECEIVED: r"\b(delivered|signed)\b.{0,40}\b(not|n't|nothing|never|no|who)\b",
        OrderTopic.NOT_SHIPPED: r"\b(ship\w*|dispatch\w*|sent out|gone out)\b",
        OrderTopic.PAYMENT: r"\b(pay|payment)\b",
        OrderTopic.DELIVERY_TIME: r"\b(when|how long|how much longer|what time)\b|\bby (mon|tues|"
        r"wednes|thurs|fri|satur|sun|tomorrow|tonight)",
        OrderTopic.PARCEL: (
            r"\b(parcel|package|delivery|deliver\w*|courier|tracking|arriv\w*|where)\b"
        ),
    },
)
