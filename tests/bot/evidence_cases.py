"""Passages of a made-up shop, sentences that they bear out, and the same sentences made wrong."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A passage with sentences that say the same and sentences in which one thing is changed."""

    passage: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


CASES = [
    Case(
        "自签收之日起 7 天内可申请无理由退货，寄回的运费由买家承担。",
        ("签收后七天内可以无理由退货，寄回运费由您承担。", "7天内支持无理由退货。"),
        (
            "签收后15天内可以无理由退货。",
            "签收后7天内可以无理由退货，寄回运费由卖家承担。",
            "签收后7天内不可以无理由退货。",
            "签收后7个月内可以无理由退货。",
            "签收7天后才可以无理由退货。",
            "签收后7个工作日内可以无理由退货。",
            "7天内可以无理由退货，退货运费我们出。",
        ),
    ),
    Case(
        "大陆一般地区：订单满 **59 元包邮**，不满 59 元收运费 **8 元**。",
        ("订单满59元包邮。", "不满59元需要付8元运费。", "满￥59免运费，不足59元运费8块。"),
        (
            "订单满99元包邮。",
            "订单不满59元包邮。",
            "订单满59元不包邮。",
            "满59元收运费8元。",
            "不满59元收运费18元。",
            "不满59元收运费8美元。",
        ),
    ),
    Case(
        "新疆、西藏满 199 元包邮，不满收 18 元。其他地区满 59 元包邮。",
        ("新疆、西藏满199元包邮。", "其他地区满59元包邮。"),
        ("新疆满59元包邮。", "新疆不包邮。", "海南满199元包邮。", "西藏满199元才收费。"),
    ),
    Case(
        "退款原路退回：支付宝、微信 **1–3 个工作日**，银行卡 **3–7 个工作日**。",
        (
            "支付宝和微信一到三个工作日到账。",
            "银行卡退款需要3到7个工作日。",
            "银行卡最晚7个工作日到账。",
        ),
        (
            "支付宝3–7个工作日到账。",
            "银行卡1-3个工作日到账。",
            "银行卡3–7天到账。",
            "银行卡3-5个工作日到账。",
            "银行卡 3–7 个小时到账。",
            "花呗1-3个工作日到账。",
        ),
    ),
    Case(
        "质量问题签收后 15 天内可以换新，来回运费由本店承担。人为损坏不属于换货范围。",
        ("质量问题15天内可换货，来回运费由我们承担。", "人为损坏不能换货。"),
        (
            "质量问题30天内可换货。",
            "质量问题换货来回运费由您自付。",
            "人为损坏可以换货。",
            "质量问题15天内不能换新。",
        ),
    ),
    Case(
        "首次换货寄出的运费由本店承担，寄回的运费由买家承担。",
        ("寄回的运费由您承担。", "首次换货寄出的运费由我们承担。"),
        (
            "寄回的运费由我们承担。",
            "首次换货寄出的运费由您承担。",
            "首次换货的运费全部由商家承担。",
        ),
    ),
    Case(
        "电子发票在订单完成后 24 小时内开出；专用发票在资料齐全后 5 个工作日内开出。",
        ("电子发票二十四小时内开出。", "专用发票资料齐全后五个工作日内开出。"),
        (
            "电子发票48小时内开出。",
            "专用发票24小时内开出。",
            "专用发票5小时内开出。",
            "电子发票24小时后开出。",
            "电子发票24天内开出。",
        ),
    ),
    Case(
        "- 无理由退货：取件运费由买家承担，家具没有运费险；\n- 质量问题：运费由本店承担。",
        ("质量问题的运费由我们承担。", "无理由退货的取件运费由您承担。", "家具没有运费险。"),
        ("质量问题：运费由买家承担。", "无理由退货的取件运费由本店承担。", "家具有运费险。"),
    ),
    Case(
        "价保期为付款后 15 天。10 月 20 日至 11 月 14 日的订单价保到 **2026 年 11 月 30 日**。",
        (
            "价保是付款后15天。",
            "10月20日至11月14日的订单价保到2026年11月30日。",
            "10月20日到11月14日的订单，价保到11月30日。",
        ),
        (
            "价保是付款后30天。",
            "10月20日至11月14日的订单价保到11月13日。",
            "10月20日至11月14日的订单价保到2027年11月30日。",
            "10月12日至11月14日的订单价保到11月30日。",
            "10月20日至11月14日的订单从11月30日起价保。",
        ),
    ),
    Case(
        "金卡会员 95 折，银卡会员 98 折。每消费 1 元积 1 分，100 积分抵 1 元。",
        ("金卡会员享9.5折。", "银卡九八折。", "100积分可以抵1元。"),
        ("金卡会员享9折。", "银卡会员95折。", "100积分可以抵10元。", "金卡会员不享受95折。"),
    ),
    Case(
        "被芯 **不能水洗、不能暴晒**，请一直套被套使用。",
        ("被芯不可以水洗，也不能暴晒。", "被芯请不要水洗。"),
        ("被芯可以水洗。", "被芯能暴晒。", "被芯不能水洗，可以暴晒。"),
    ),
    Case(
        "优惠券之间不能叠加。优惠券可以和跨店满减叠加：每满 300 元减 50 元。",
        ("优惠券之间不能叠加使用。", "优惠券可以和跨店满减叠加。", "跨店满减是每满300减50。"),
        (
            "优惠券之间可以叠加。",
            "优惠券不可以和跨店满减叠加。",
            "跨店满减每满200减50。",
            "跨店满减每满300元减30元。",
        ),
    ),
    Case(
        "运费险每笔上限 12 元；超出的部分由买家承担。订单满 39 元免费赠送运费险。",
        ("运费险最多赔12元，超出部分由您承担。", "满39元的订单免费送运费险。"),
        (
            "运费险至少赔12元。",
            "运费险最多赔25元。",
            "超出部分由本店承担。",
            "运费险要收费。",
            "运费险固定赔12元。",
        ),
    ),
    Case(
        "没有电梯且高于 6 楼的，6 楼以上每层收 10 元搬运费。6 楼及以下免费送到家。",
        ("6楼以上每层10元搬运费。", "6楼及以下免费送到家。"),
        (
            "6楼以上每层20元搬运费。",
            "6楼以上免费。",
            "6楼及以下收费送到家。",
            "8楼以上每层10元搬运费。",
        ),
    ),
    Case(
        "油烟机、洗碗机提供免费基础安装。超出基础配置的管道和支架按价目表收费。",
        ("油烟机免费基础安装。", "管道和支架按价目表收费。"),
        ("油烟机安装要收费。", "管道和支架免费。", "油烟机不提供基础安装。"),
    ),
    Case(
        "人工客服每天 09:00–12:00、13:00–22:30 在线，电话 400-820-1234。",
        ("人工客服每天9:00-12:00和13:00-22:30在线。", "可以拨打400-820-1234。", "晚上10点半下班。"),
        (
            "人工客服每天8:00在线。",
            "人工客服晚上11点半下班。",
            "可以拨打400-820-1243。",
            "请拨打13912345678。",
        ),
    ),
    Case(
        "检测报告见 https://shop.example.com/report/24 ，也可以写信到 help@example.com。",
        ("报告在 https://shop.example.com/report/24 。", "请写信到 help@example.com。"),
        (
            "报告在 https://shop.example.com/report/25 。",
            "报告在 www.shop-example.com/report/24 。",
            "请写信到 service@example.com。",
            "报告见[这里](http://evil.example.net/x)。",
        ),
    ),
    Case(
        "目前只发中国大陆，港澳台和海外暂不发货。转运途中的关税由买家自行承担。",
        ("港澳台和海外暂时不发货。", "转运的关税由您自己承担。"),
        ("港澳台可以发货。", "海外支持发货。", "转运的关税由我们承担。"),
    ),
    Case(
        "一般订单发中通或圆通；满 299 元发顺丰，不满 299 元选顺丰加 12 元。",
        ("满299元默认发顺丰。", "不满299元选择顺丰需要加12元。"),
        (
            "一般订单发京东。",
            "满199元发顺丰。",
            "不满299元选择顺丰需要加10元。",
            "不满299元发顺丰不加钱，免费。",
        ),
    ),
    Case(
        "净化器滤芯 199 元一只，6–8 个月换一次，不能水洗。含绒量 90%。",
        ("滤芯六到八个月换一次，199元一只。", "滤芯不能水洗。", "含绒量百分之九十。"),
        (
            "滤芯6-8天换一次。",
            "滤芯可以水洗。",
            "滤芯99元一只。",
            "含绒量95%。",
            "滤芯两年换一次。",
        ),
    ),
    Case(
        "过期的优惠券不能补发或延期。新人券自领取起 14 天内有效。",
        ("过期的优惠券不能补发。", "新人券领取后14天内有效。"),
        ("过期的优惠券可以补发。", "新人券领取后14个月内有效。", "新人券领取后十五天内有效。"),
    ),
    Case(
        "无需申请，退货签收后 72 小时内自动赔付。",
        ("不用自己申请，签收后72小时内赔付。",),
        ("需要申请，签收后72小时内赔付。", "签收后72天内赔付。", "签收后24小时内赔付。"),
    ),
    Case(
        "自簽收之日起 7 天內可申請無理由退貨，寄回的運費由買家承擔。",
        ("簽收後七天內可以無理由退貨，寄回運費由您承擔。", "签收后7天内可以无理由退货。"),
        (
            "簽收後十四天內可以無理由退貨。",
            "簽收後7天內可以無理由退貨，寄回運費由賣家承擔。",
            "簽收後7天內不可以無理由退貨。",
        ),
    ),
    Case(
        "訂單滿 NT$490 免運費，未滿收 NT$60。離島不配送。",
        ("訂單滿 NT$490 免運費。", "未滿NT$490收NT$60運費。", "離島不配送。"),
        ("訂單滿 NT$390 免運費。", "訂單滿490美元免運費。", "離島可以配送。", "滿NT$490收運費。"),
    ),
    Case(
        "門市取貨免費，宅配需 2 至 4 個工作天。預購商品 12 月 5 日前出貨。",
        ("門市取貨免費。", "預購商品12月5日前出貨。"),
        ("門市取貨要收費。", "預購商品12月15日前出貨。", "預購商品12月5日後出貨。"),
    ),
    Case(
        "Returns are accepted within **7 days** of signing. You pay the return freight.",
        (
            "You can return it within seven days of signing.",
            "You pay for the return shipping.",
            "Return freight is paid by you.",
        ),
        (
            "You can return it within 14 days of signing.",
            "You cannot return it within 7 days of signing.",
            "We pay the return freight.",
            "Returns are accepted within 7 weeks of signing.",
            "Returns are accepted after more than 7 days.",
        ),
    ),
    Case(
        "The shop pays both ways for quality problems; you pay if you return without a reason.",
        (
            "For quality problems the shop pays both ways.",
            "You pay if you return without a reason.",
        ),
        (
            "For quality problems you pay both ways.",
            "The shop pays if you return without a reason.",
        ),
    ),
    Case(
        "Orders of 59 yuan or more ship free; smaller orders cost 8 yuan.",
        ("Shipping is free for orders of at least 59 yuan.", "Smaller orders cost ¥8."),
        (
            "Shipping is free for orders of less than 59 yuan.",
            "Shipping is not free for orders of 59 yuan or more.",
            "Shipping is free from 99 yuan.",
            "Smaller orders cost 8 dollars.",
        ),
    ),
    Case(
        "Coupons do not stack with each other. The store coupon is valid from 16 to 30 November 2026.",
        (
            "Coupons cannot be stacked with each other.",
            "The store coupon is valid until 30 November 2026.",
            "The store coupon is valid from Nov 16 to Nov 30, 2026.",
        ),
        (
            "Coupons can be stacked with each other.",
            "The store coupon is valid until 13 November 2026.",
            "The store coupon is valid from 16 to 30 December 2026.",
            "The store coupon is valid from 30 November 2026.",
        ),
    ),
    Case(
        "Gold members get 5 % off, free SF Express and 30-day returns. Silver members get 2 % off.",
        (
            "Gold members get a 5% discount.",
            "Silver members get 2% off.",
            "Gold members have 30 days for returns.",
        ),
        (
            "Gold members get 15% off.",
            "Silver members get 5% off.",
            "Gold members get free DHL shipping within 5 days.",
            "Gold members do not get free SF Express.",
            "Gold members have 30 hours for returns.",
        ),
    ),
    Case(
        "Alipay and WeChat refunds take 1–3 working days, bank cards 3–7 working days.",
        (
            "Bank card refunds take three to seven working days.",
            "Alipay takes 1 to 3 business days.",
        ),
        (
            "Bank card refunds take 1-3 working days.",
            "Alipay takes 3–7 working days.",
            "Bank card refunds take 3-7 days.",
            "PayPal refunds take 1–3 working days.",
        ),
    ),
    Case(
        "The filter cannot be washed; vacuum the outer mesh every two weeks. A filter costs 199 yuan.",
        (
            "The filter can't be washed.",
            "Vacuum the outer mesh every 2 weeks.",
            "A filter is ¥199.",
        ),
        (
            "The filter can be washed.",
            "Vacuum the outer mesh every 2 days.",
            "A filter costs 119 yuan.",
            "Vacuum the outer mesh every three weeks.",
        ),
    ),
    Case(
        "No cash on delivery. An unpaid order closes after 30 minutes.",
        ("Cash on delivery is not available.", "An unpaid order closes after 30 minutes."),
        ("Cash on delivery is available.", "An unpaid order closes after 30 hours."),
    ),
    Case(
        "定金 50 元抵 100 元，12 月 8 日 00:00 到 12 月 9 日 23:59 付尾款。逾期未付尾款，定金不退。",
        (
            "定金50元可抵100元。",
            "尾款在12月8日00:00到12月9日23:59支付。",
            "逾期没付尾款，定金不退。",
        ),
        (
            "定金50元可抵200元。",
            "尾款在12月8日00:00到12月12日23:59支付。",
            "逾期没付尾款，定金可以退。",
        ),
    ),
    Case(
        "食品拆封后不支持无理由退货，有质量问题的除外。未拆封的食品可以退。",
        ("食品拆封后不能无理由退货。", "未拆封的食品可以退货。"),
        ("食品拆封后支持无理由退货。", "未拆封的食品不能退。"),
    ),
    Case(
        "登记 60 天内有效，不等于预留。1.8 m 床选 220 × 240 cm 的被套，水温 80–85 ℃。",
        ("登记60天内有效。", "1.8米床选220×240厘米的被套。", "水温80到85度。"),
        (
            "登记90天内有效。",
            "1.8米床选200×240厘米的被套。",
            "水温80到95度。",
            "水温零下80到85度。",
        ),
    ),
]
