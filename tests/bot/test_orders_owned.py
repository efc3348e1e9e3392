"""Which texts are about an order once it is known what the customer has ordered."""

from __future__ import annotations

import pytest

from bot.orders.own import order_topic_for
from bot.orders.topics import OrderTopic, order_topic
from knowledge.text import normalise
from tests.bot.orders_of_the_sample import PRODUCTS, all_orders

OWN = [
    # customer, text, topic, why
    ("C1012", "茶叶放哪儿了 没见人敲门啊", "parcel", "放哪了 tells of something brought"),
    ("C1012", "龙井是搁柜子里了么", "parcel", "搁…了 tells of something brought"),
    ("C1012", "龙井给我扔驿站了吧", "parcel", "left at a pick-up point"),
    ("C1012", "茶叶是不是丢门卫那了", "parcel", "left with somebody"),
    ("C1012", "龍井係咪擺咗喺快遞櫃", "parcel", "Cantonese, Traditional"),
    ("C1012", "龙井送哪去了 家里没人收到", "parcel", "送哪去了"),
    ("C1012", "is the longjing tea in the locker or was it left at the door", "parcel", "English"),
    ("C1014", "which city is my wool shirt in right now", "parcel", "my, right now"),
    ("C1014", "any news on my merino top", "parcel", "my"),
    ("C1014", "羊毛衫现在到哪个城市了", "parcel", "a city it has reached"),
    ("C1014", "打底衫在金华停了三天了吧", "parcel", "lies in one place for days"),
    ("C1007", "被子卡在兰州好多天 一动不动", "parcel", "lies in one place for days"),
    ("C1007", "在兰州赖着不走了是吧", "parcel", "no goods named, but the town of the last scan"),
    ("C1007", "咋还停在兰州嘞", "parcel", "the town of the last scan"),
    ("C1007", "蚕丝被好几天没动静了", "parcel", "days without a sign"),
    ("C1007", "蠶絲被跑哪去咗", "parcel", "Cantonese, Traditional"),
    ("C1007", "the duvet has not moved since tuesday", "parcel", "days without a sign"),
    ("C1007", "still sitting in 兰州?", "parcel", "English with the town of the last scan"),
    ("C1007", "把我被子的快递号发我哈", "parcel", "asks for the number"),
    ("C1007", "单号给我下", "parcel", "asks for the number"),
    ("C1007", "运单号报一下呗", "parcel", "asks for the number"),
    ("C1007", "麻烦发我一下物流单号", "parcel", "the number last"),
    ("C1007", "can you send me the tracking number", "parcel", "asks for the number"),
    ("C1007", "SF0000000001301", "parcel", "the tracking number of an own parcel"),
    ("C1009", "破壁机到了没", "parcel", "arrived or not"),
    ("C1009", "破壁机送没送啊", "parcel", "A-not-A"),
    ("C1009", "破壁机今儿能送来伐", "delivery_time", "今儿 and 伐 are dialect"),
    ("C1009", "破壁机明儿能到不", "delivery_time", "明儿 is 明天"),
    ("C1009", "破壁机礼拜几能收到", "delivery_time", "a day of the week"),
    ("C1009", "will the blender be here tonight", "delivery_time", "tonight"),
    ("C1009", "破壁机一动不动", "parcel", "still on its way, so it cannot have a fault"),
    ("C1007", "蚕丝被为啥一直不动", "parcel", "still on its way"),
    ("C1012", "我龙井呢，咋没影儿", "parcel", "nowhere to be seen"),
    ("C1012", "快递员把茶叶给谁了", "parcel", "given to somebody"),
    ("C1001", "羽绒服到杭州了没", "parcel", "a town reached or not"),
    ("C1014", "has the merino base layer reached hangzhou", "parcel", "a town reached or not"),
    ("C1006", "水壶是不是寄丢了", "parcel", "lost"),
    ("C1012", "四件套今天能发出去不", "not_shipped", "today"),
    ("C1001", "加湿器发货没", "not_shipped", "done or not"),
    ("C1004", "酒红那件要补多少钱", "presale_balance", "who owes a balance"),
    ("C1012", "床头柜钱退哪了", "refund", "the money"),
    ("C1012", "床头柜取消成功没", "cancelled", "done or not"),
    ("C1010", "where is my 484", "refund", "the amount of the refund"),
    ("C1008", "吸尘器检查完了没", "return_progress", "the warehouse checks returns"),
    ("C1011", "换的30码裤子呢", "exchange_progress", "the new one"),
    ("C1006", "马桶盖发票开出来没", "invoice", "done or not"),
    ("C1014", "is the air purifier still covered", "warranty", "still"),
    ("C1003", "洗碗机还能退吗", "can_return", "洗 in 洗碗机 is not 洗过"),
    ("C1013", "坚果还有几天到", "delivery_time", "what is still to wait"),
    ("C1013", "烏龍茶邊日到呀", "delivery_time", "Traditional, 邊日 is 哪天"),
    ("C1001", "加湿器寄出了没", "not_shipped", "done or not"),
    ("C1001", "加湿器啥时候给我寄", "not_shipped", "to me"),
    ("C1001", "has the humidifier been sent out", "not_shipped", "done or not"),
    ("C1012", "床头柜不要了，钱退了吗", "refund", "the money of something given up"),
    ("C1007", "棉被都走了一个礼拜了咋还在路上", "parcel", "still on its way"),
    ("C1007", "新疆这边被子还得等几天", "delivery_time", "still waiting"),
    ("C1001", "加湿器打包了没", "not_shipped", "done or not"),
    ("C1004", "定金付了后面啥时候付剩下的", "presale_balance", "who owes a balance"),
    ("C1005", "四件套发票开过没", "invoice", "done or not"),
    ("C1008", "吸尘器验货通过没有", "return_progress", "the warehouse checks returns"),
    ("C1003", "洗碗机明天几点装", "installation", "tomorrow"),
    ("C1013", "沙发过了退货期没", "can_return", "one order's day"),
    ("C1003", "打底衫我买了几件", "items", "what was ordered"),
    ("C1001", "加湿器付了钱最晚哪天给我寄", "not_shipped", "the money is paid, not awaited"),
    ("C1004", "预售的几号发", "not_shipped", "has one presale order"),
    ("C1005", "刚拍的炸锅，几点之前得付", "payment", "just ordered, not paid"),
    ("C1005", "炸锅啥时候之前要付钱", "payment", "until when"),
    ("C1005", "炸锅还来得及付不", "payment", "still in time"),
    ("C1005", "炸锅那单实际要给多少钱来着", "payment", "that order"),
    ("C1005", "空气炸锅实付多少", "payment", "what was really to pay"),
    ("C1005", "319块几点前付", "payment", "the amount of the unpaid order"),
    ("C1005", "what time do I have to pay for the air fryer by", "payment", "until when"),
    ("C1004", "我交过50了 尾款还欠几多", "presale_balance", "几多 is dialect"),
    ("C1004", "尾款啥时候付", "presale_balance", "who owes a balance means that one"),
    ("C1004", "尾款还差多少", "presale_balance", "who owes a balance means that one"),
    ("C1004", "定金交过了，还要补多少", "presale_balance", "a deposit is paid"),
    ("C1004", "幾時可以畀尾款", "presale_balance", "Cantonese, Traditional"),
    ("C1004", "how much balance is left to pay", "presale_balance", "English"),
    ("C1012", "床头柜不是不要了吗 钱呢", "refund", "the money of something given up"),
    ("C1012", "床头柜的钱哪去了", "refund", "the money"),
    ("C1012", "419退了没", "refund", "the amount of the refund"),
    ("C1011", "坏的那台破壁机 459啥时候退我", "refund", "goods and amount"),
    ("C1011", "459什么时候退给我", "refund", "the amount of the refund"),
    ("C1011", "破壁机几时退钱", "refund", "this one is on its way back"),
    ("C1011", "when do i get the 459 back", "refund", "the amount of the refund"),
    ("C1010", "484块多久能退", "refund", "the amount of the refund"),
    ("C1010", "退我的484呢", "refund", "the amount of the refund"),
    ("C1008", "881块几天能到账", "refund", "881 stands for 881.02"),
    ("C1008", "881.02到账没", "refund", "to the fen"),
    ("C1008", "吸尘器钱怎么还没影", "refund", "the money"),
    ("C1008", "吸尘器仓库收到没有呀", "return_progress", "the warehouse receives returns"),
    ("C1008", "吸尘器你们签收了吗", "return_progress", "you received"),
    ("C1008", "吸尘器寄回去到了没", "return_progress", "sent back"),
    ("C1008", "吸塵器倉庫驗完未", "return_progress", "Cantonese, Traditional"),
    ("C1008", "did the warehouse get the vacuum back yet", "return_progress", "English"),
    ("C1003", "我买的油烟机 保到哪一年", "warranty", "bought"),
    ("C1003", "油烟机还在保不", "warranty", "still"),
    ("C1003", "油烟机过保没", "warranty", "still"),
    ("C1003", "我那台油烟机保修几年", "warranty", "mine"),
    ("C1014", "rice cooker out of warranty already?", "warranty", "already"),
    ("C1006", "买马桶盖那次，法票开了么", "invoice", "法票 is a typing slip"),
    ("C1006", "马桶盖发飘开好没", "invoice", "发飘 is a typing slip"),
    ("C1013", "沙发发票啥时候能开出来", "invoice", "a day"),
    ("C1003", "装洗碗机约的是哪天来着", "installation", "an appointment is made"),
    ("C1003", "洗碗机周几来装", "installation", "a day"),
    ("C1003", "洗碗机安装约在几号", "installation", "an appointment is made"),
    ("C1003", "what day is the dishwasher being fitted", "installation", "English"),
    ("C1008", "书柜到了，安装约上没", "installation", "done or not"),
    ("C1008", "书柜安装排上了吗", "installation", "done or not"),
    ("C1008", "书柜有人来装没", "installation", "done or not"),
    ("C1002", "袜子当时选的啥色来着", "items", "what was chosen then"),
    ("C1010", "羽绒服拍的是几码", "items", "what was ordered"),
    ("C1011", "裤子换的30码送到了木有", "exchange_progress", "the new one"),
]

NOT_OWN = [
    # customer, text, why no order is meant though the customer has ordered the thing
    ("C1001", "羽绒服掉毛吗", "the thing itself"),
    ("C1001", "羽绒服保不保暖", "保暖 is no 保修"),
    ("C1001", "羽绒服能机洗吗", "care"),
    ("C1001", "羽绒服170穿什么码", "choosing a size"),
    ("C1001", "羽绒服买哪个颜色好看", "choosing a colour"),
    ("C1001", "羽绒服选什么码", "choosing a size"),
    ("C1001", "羽绒服充绒量多少", "the thing itself"),
    ("C1001", "羽绒服雾蓝什么时候补货", "the shop's stock"),
    ("C1001", "加湿器怎么清洗", "care"),
    ("C1001", "加湿器多久换一次水", "care"),
    ("C1001", "加湿器一晚上要加几次水", "use"),
    ("C1001", "加湿器水加到哪", "use"),
    ("C1001", "加湿器不出雾了", "a fault"),
    ("C1001", "加湿器放哪里效果好", "use"),
    ("C1001", "现在拍加湿器什么时候到", "not ordered yet"),
    ("C1001", "加湿器多少钱", "a price"),
    ("C1001", "does the humidifier make noise", "the thing itself"),
    ("C1001", "how do I clean the humidifier", "care"),
    ("C1001", "where is the humidifier made", "the thing itself"),
    ("C1013", "沙发能承重多少", "the thing itself"),
    ("C1013", "沙发多久发黄", "发黄 is not 发货"),
    ("C1013", "什么时候买沙发便宜", "沙发 is not 发货"),
    ("C1013", "沙发几天能散味", "the thing itself"),
    ("C1013", "沙发面料能拆洗吗", "care"),
    ("C1013", "沙发能放到电梯里吗", "carrying it up"),
    ("C1013", "沙发质保几年", "a rule for all"),
    ("C1013", "沙发几天能送到", "this one has long arrived, so it is about another"),
    ("C1013", "坚果开袋了放多久", "storing food"),
    ("C1013", "坚果什么时候生产的", "the thing itself"),
    ("C1007", "被子多大尺寸", "the thing itself"),
    ("C1007", "被子能晒吗", "care"),
    ("C1007", "蚕丝被多久发硬", "the thing itself"),
    ("C1007", "被子压在箱子里三天会坏吗", "storing it"),
    ("C1007", "被子掉到水里了怎么洗", "care"),
    ("C1007", "兰州能送吗", "a region, not a parcel"),
    ("C1007", "寄兰州要几天", "a region, not a parcel"),
    ("C1009", "破壁机声音大吗", "the thing itself"),
    ("C1011", "破壁机一动不动", "a fault"),
    ("C1011", "破壁机用了三天不动了", "a fault"),
    ("C1009", "破壁机打豆浆要几分钟", "use"),
    ("C1009", "破壁机能打到多细", "the thing itself"),
    ("C1011", "破壁机刀头卡住了", "a fault"),
    ("C1009", "is the blender dishwasher safe", "care"),
    ("C1003", "洗碗机尺寸", "the thing itself"),
    ("C1003", "洗碗机安装要多长时间", "in general"),
    ("C1003", "洗碗机安装需要预约吗", "in general"),
    ("C1003", "洗碗机怎么安装", "how to"),
    ("C1003", "洗碗机盐加到哪个位置", "use"),
    ("C1003", "洗碗机安装要给多少钱", "a fee"),
    ("C1003", "油烟机保修几年", "a rule for all"),
    ("C1003", "油烟机支持保修吗", "a rule for all"),
    ("C1003", "油烟机清洗要付多少钱", "a fee"),
    ("C1003", "how long does the dishwasher warranty last", "a rule for all"),
    ("C1014", "电饭煲还保温吗", "保温 is no 保修"),
    ("C1014", "电饭煲煮到什么时候算熟", "use"),
    ("C1014", "电饭煲几天能到", "this one arrived last year, so it is about another"),
    ("C1014", "打底衫放柜子里长毛了", "care"),
    ("C1014", "羊毛打底衫起球吗", "the thing itself"),
    ("C1005", "炸锅多少钱", "a price"),
    ("C1005", "炸锅一次能炸几块鸡翅", "use"),
    ("C1005", "几点前付款今天能发", "when parcels leave"),
    ("C1005", "满319减多少", "a discount"),
    ("C1004", "尾款能用券吗", "a rule"),
    ("C1004", "双12的尾款什么时候付", "another sale"),
    ("C1004", "不付尾款定金退吗", "a rule"),
    ("C1012", "龙井放哪里保存", "storing food"),
    ("C1012", "茶叶放冰箱里吗", "storing food"),
    ("C1012", "茶叶是哪年的", "the thing itself"),
    ("C1012", "床头柜要自己装吗", "the thing itself"),
    ("C1012", "床头柜抽屉卡住了", "a fault"),
    ("C1012", "床头柜多少钱呢", "a price"),
    ("C1010", "退款多久到账", "a rule, whoever asks"),
    ("C1010", "484块的羽绒服掉毛吗", "an amount, but the thing itself"),
    ("C1010", "300块多久能退", "no refund of that amount"),
    ("C1010", "羽绒服几天内能退", "a rule"),
    ("C1008", "吸尘器充电充到什么时候", "use"),
    ("C1008", "吸尘器滚刷卡住了不动", "a fault"),
    ("C1008", "吸尘器仓库有货吗", "the shop's stock"),
    ("C1008", "书柜要固定在墙上吗", "the thing itself"),
    ("C1008", "书柜放阳台会变形吗", "the thing itself"),
    ("C1006", "马桶盖水温能调到多少", "the thing itself"),
    ("C1006", "马桶盖装得上我家马桶吗", "the thing itself"),
    ("C1003", "两件打底衫一共多少钱", "a price"),
    ("C1003", "打底衫买几件有优惠", "a discount"),
    ("C1009", "破壁机几点用不扰民", "use"),
    ("C1002", "裤子几码对应多少腰围", "choosing a size"),
    ("C1002", "乳胶枕多久发黄", "发黄 is not 发货"),
    ("C1002", "袜子能穿到几月", "use"),
]

STRANGE = [
    # text, why nobody's order may answer it
    ("破壁机到了没", "ordered by others, not by this customer"),
    ("459什么时候退给我", "another customer's refund"),
    ("还停在兰州", "another customer's parcel"),
    ("尾款还差多少", "owes no balance"),
    ("SF0000000001301", "another customer's parcel"),
]


def _topic(customer: str, text: str) -> OrderTopic | None:
    return order_topic_for(normalise(text), all_orders()[customer], PRODUCTS)


@pytest.mark.parametrize(("customer", "text", "topic", "why"), OWN, ids=[row[1] for row in OWN])
def test_a_text_that_fits_something_ordered_is_about_that_order(
    customer: str, text: str, topic: str, why: str
) -> None:
    assert _topic(customer, text) is OrderTopic(topic), why


@pytest.mark.parametrize(("customer", "text", "why"), NOT_OWN, ids=[row[1] for row in NOT_OWN])
def test_a_question_about_the_thing_itself_stays_general_for_its_owner(
    customer: str, text: str, why: str
) -> None:
    assert _topic(customer, text) is None, why


@pytest.mark.parametrize(("text", "why"), STRANGE, ids=[row[0] for row in STRANGE])
def test_what_only_others_have_ordered_is_nobodys_business(text: str, why: str) -> None:
    assert _topic("C1001", text) is None, why


def test_without_orders_the_words_alone_decide() -> None:
    assert order_topic_for("我的快递到哪了", [], PRODUCTS) is OrderTopic.PARCEL
    assert order_topic_for("破壁机到了没", [], PRODUCTS) is None


def test_a_named_thing_is_not_needed_where_the_words_say_whose_it_is() -> None:
    assert order_topic("我买的油烟机保到哪一年") is OrderTopic.WARRANTY
    assert order_topic("油烟机保到哪一年") is None
    assert order_topic("油烟机保到哪一年", owned=True) is OrderTopic.WARRANTY
    assert order_topic("油烟机保修几年", owned=True) is None


def test_there_are_rows_enough_and_no_row_stands_twice() -> None:
    rows = [row[:2] for row in [*OWN, *NOT_OWN]]
    assert len(OWN) >= 60
    assert len(NOT_OWN) >= 60
    assert len(set(rows)) == len(rows)
