"""Words of shops that say the same in other words or in the other language, as one token each.

They let 寄回运费 meet "return postage". Those in NAMES are names: an answer that drops one into a
text that has none of it is wrong whatever else it says.
"""

from __future__ import annotations

import re

_CONCEPTS = {
    "return": r"退货|退换货|退换|退回|退掉|退(?!款|钱|税|烧|休|还)"
    r"|\breturn(?:s|ed|ing|able)?\b|sen[dt] (?:it |them )?back",
    "refund": r"退款|退钱|返还|\brefund\w*|money back",
    "exchange": r"换货|退换|更换|调换|换(?!季|算)|\bexchang\w+|\bswap\w*",
    "freight": r"运费(?!险)|邮费|快递费|物流费|邮资|包邮|免邮"
    r"|\bfreight\b(?! insurance)|postage|shipping|delivery (?:fee|cost|charge)s?",
    "insurance": r"运费险|退货险|保险|insurance",
    "fee": r"费用|手续费|\bfees?\b|\bcosts?\b",
    "quality": r"质量问题|质量|瑕疵|\bquality\b|defect\w*|faulty",
    "wrong goods": r"发错货?|错发|wrong (?:goods|item)",
    "signed": r"签收|收货|收到|\bsign(?:ed|ing|s)?\b|receipt|receiv\w+|delivered",
    "ship": r"发货|发出|寄出|送出|\bship(?:s|ped)?\b|dispatch\w*|sen[dt] out|send the new",
    "send back": r"寄回|退回|回寄|way back"
    r"|sen[dt] (?:it |them )?back|return (?:freight|shipping|postage)",
    "both ways": r"来回|往返|双程|both ways|round trip",
    "invoice": r"发票|开票|专票|\binvoices?\b|fapiao",
    "coupon": r"优惠券|代金券|券|\bcoupons?\b|vouchers?",
    "stack": r"叠加|同享|同时使用|一起用|合并使用|\bcombin\w+|\bstack\w*",
    "install": r"安装|\binstall(?!ments?|s?ments)\w*",
    "warranty": r"保修|质保|warrant\w+",
    "repair": r"维修|修理|报修|\brepair\w*",
    "deposit": r"定金|\bdeposits?\b",
    "balance": r"尾款|\bbalance\b",
    "bank card": r"银行卡|bank cards?",
    "account": r"账户|账号|\baccounts?\b",
    "order": r"订单|下单|\border(?:s|ed)?\b",
    "wash": r"水洗|机洗|手洗|洗涤|清洗|洗(?!衣|碗|洁|手)|\bwash\w*",
    "cancel": r"取消|\bcancel\w*",
    "points": r"积分|\bpoints?\b",
    "gold": r"金卡|金牌|\bgold\b",
    "silver": r"银卡|\bsilver\b",
    "door": r"上门|\bdoor(?:step)?\b",
    "furniture": r"家具|\bfurniture\b",
    "presale": r"预售|pre-?sale|pre-?order",
    "price protection": r"价保|保价|价格保护|price (?:protection|guarantee)",
    "opened": r"拆封|拆开|开封|\bopened\b|\bunseal\w*",
    "use": r"使用|用过|\bus(?:e|ed|ing)\b",
    "tags": r"吊牌|\btags?\b",
    "packaging": r"包装|packag\w+",
    "stock": r"有货|现货|库存|in stock|available",
    "elevator": r"电梯|\belevator\b",
    "floor": r"楼|层|\bfloors?\b",
    "customised": r"定制|custom(?:ised|ized|-made)",
    "food": r"食品|\bfood\b",
    "free": r"免费|包邮|免邮|免运费|免收|白送|赠送|\bfree\b|complimentary",
    "reason": r"无理由|七天无理由|without (?:giving )?(?:a |any )?reason|no[- ]reason",
    "discount": r"打折|折扣|优惠(?!券)|\bdiscounts?\b",
    "apply": r"申请|\bappl(?:y|ied|ies|ication)\b",
    "remote": r"偏远|\bremote\b",
    "work": r"人工(?!智能)|staff|\bperson\b",
}
_NAMED = {
    "sf": r"顺丰|\bsf express\b|\bsf\b",
    "zto": r"中通|\bzto\b",
    "yto": r"圆通|\byto\b",
    "sto": r"申通|\bsto\b",
    "yunda": r"韵达|yunda",
    "jd": r"京东|\bjd\b",
    "post": r"邮政|\bems\b|china post",
    "deppon": r"德邦|deppon",
    "jt": r"极兔|j&t",
    "cainiao": r"菜鸟|cainiao",
    "alipay": r"支付宝|alipay",
    "wechat": r"微信|wechat",
    "huabei": r"花呗|huabei",
    "credit card": r"信用卡|credit cards?",
    "unionpay": r"银联|云闪付|unionpay",
    "paypal": r"paypal",
    "cod": r"货到付款|cash on delivery",
    "taobao": r"淘宝|天猫|taobao|tmall",
    "pdd": r"拼多多|pinduoduo",
    "douyin": r"抖音|douyin|tiktok",
    "hong kong": r"香港|港澳|hong kong",
    "macau": r"澳门|港澳|maca[uo]",
    "taiwan": r"台湾|港澳台|taiwan",
    "xinjiang": r"新疆|xinjiang",
    "tibet": r"西藏|tibet",
    "inner mongolia": r"内蒙古?|inner mongolia",
    "qinghai": r"青海|qinghai",
    "ningxia": r"宁夏|ningxia",
    "gansu": r"甘肃|gansu",
    "hainan": r"海南|hainan",
    "abroad": r"海外|国外|境外|overseas|abroad",
    "jiangsu": r"江苏|江浙沪|jiangsu",
    "zhejiang": r"浙江|江浙沪|zhejiang",
    "shanghai": r"上海|江浙沪|shanghai",
    "beijing": r"北京|beijing",
    "guangdong": r"广东|guangdong",
    "sichuan": r"四川|sichuan",
    "yunnan": r"云南|yunnan",
}
NAMES = frozenset(_NAMED)
SUBJECTS = NAMES | {"bank card", "gold", "silver", "furniture", "food", "customised", "remote"}
"""What rules are made for: sharing one of these says more than sharing a verb."""
CONCEPTS = tuple((name, re.compile(words)) for name, words in (_CONCEPTS | _NAMED).items())
