"""How Chinese texts, folded to one spelling, tell of an own order."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.orders.chinese_delivery import DELIVERY
from bot.orders.chinese_rights import RIGHTS
from bot.orders.rule import Rule, either

# 我要 and 我想 tell a wish, 我这边 a place: none of them says that an order exists.
OWN = re.compile(
    either(
        r"我的(?!地区|城市|地址|身高|体重|皮肤|房|厨|卧)|我(这|那)(一?(单|笔|个|件|次|订单)|箱|台|"
        r"条|套|张|双|盒)|我那?(?=快递|包裹|物流|货|件|订单|退款|换货|发票|尾款|单子)|我家那?(?=[个台张套件条床]|某某)",
        r"我.{0,8}(买|拍|订|定|下|付|交)(的|了|过|单)(?!话)|(这|那)(一)?(单|笔|个订单)|"
        r"已(经)?(下单|付款|付了|拍下|买了)",
        r"刚刚?(买|拍|下单|付)(的|了|完)?|(昨|前|今)(天|晚|儿)?.{0,3}(下|买|拍|付)(的|了)|(帮|给|"
        r"替)我(查|看|瞅|问)",
        r"我.{0,6}等了?.{0,4}(天|周|小时|久|星期|礼拜)|我都等|下的单|我个|我.{0,4}那(件|单|个订单)|"
        r"都.{0,4}(天|周|小时|星期|礼拜)了",
        r"(买|拍|订|下单).{0,8}(那|这|上)(一)?(次|回|单|会)|(上次|上回|之前|当时)(买|拍|订|下单|付|"
        r"选)的?",
    )
)

# How something works, or what would be if: an article answers that.
GENERAL = re.compile(
    either(
        r"如果|要是|假如|假设|万一|一般|通常|正常情况|平时|会不会自动|会自动",
        r"怎么(样)?(申请|操作|办理|取消(?!了)|修改|改|撤|查(?!不)|看(?!不|着|我)|预约|联系(?!不)|"
        r"填|付|用|处理|投诉|算)|如何",
        r"(在|从)?哪个?(查|看|申请|填|下载|点|找|改|开)|哪里能|想(改|换|取消)|(能|可以|可不可以|"
        r"能不能).{0,4}(改|取消|拦截|合并|加急)",
    )
)

# The first that fits counts, so what is narrow stands before what is wide.
RULES: Mapping[str, Rule] = {**RIGHTS, **DELIVERY}
