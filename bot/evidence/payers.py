"""Who pays, as far as a clause says."""

from __future__ import annotations

import re
from enum import StrEnum


class Payer(StrEnum):
    """Either side of a purchase; BOTH when one clause names both."""

    CUSTOMER = "customer"
    SHOP = "shop"
    BOTH = "both"


_VERB = r"(?:承担|负担|自付|自理|支付|付|出(?!现|具|售|示|厂|货)|负责|补)"
_GAP = r"[^,;。您你买卖商本我顾客店]{0,6}?"
_CUSTOMER = re.compile(
    rf"(?:买家|买方|顾客|客户|消费者|用户|您|你|自己|自行){_GAP}{_VERB}|自付|自理|自费|自行承担"
    r"|\b(?:you|buyers?|customers?)(?:'ll)? (?:\w+ )?(?:pays?|covers?|bears?|paying)\b"
    r"|at your (?:own )?(?:cost|expense)"
    r"|(?:paid|covered|borne|payable) by (?:you|the (?:buyer|customer))|(?:on|for) your account"
    r"|(?:cost|expense|responsibility) (?:is|are) yours"
)
_SHOP = re.compile(
    rf"(?:卖家|卖方|商家|本店|店铺|店家|我们|我店|我方|平台){_GAP}{_VERB}"
    r"|\b(?:we|(?:the )?(?:shop|seller|store|merchant))(?:'ll)? (?:\w+ )?"
    r"(?:pays?|covers?|bears?|paying)\b"
    r"|at our (?:own )?(?:cost|expense)|on us\b"
    r"|(?:paid|covered|borne|payable) by (?:us|the (?:shop|seller|store|merchant))"
)


def payer_of(clause: str) -> Payer | None:
    """Who pays according to a clause in plain spelling; None when it does not say."""
    customer, shop = _CUSTOMER.search(clause), _SHOP.search(clause)
    if customer and shop:
        return Payer.BOTH
    if customer:
        return Payer.CUSTOMER
    return Payer.SHOP if shop else None
