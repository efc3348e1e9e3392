"""Which messages report something that a person must see, and which only look like it."""

import pytest

from bot.risk import read_risks, risk_in, threatens_review
from knowledge.text import normalise

REPORTS = [
    ("茶壶盖一滑，开水浇我手背上了", "injury", "hot water over a body part"),
    ("孩子手指头卡抽屉里夹青了", "injury", "a finger caught"),
    ("把我手燎了", "injury", "把 and a hand, not a handle"),
    ("按一下开关胳膊都被电麻了", "injury", "current through a body part"),
    ("碰一下机身就麻手", "injury", "current through a housing"),
    ("书柜层板掉下来砸我头上了", "injury", "furniture fell on somebody"),
    ("穿了你家打底衫后背起了一片红疹", "injury", "skin reaction after wearing"),
    ("我牙被核桃壳崩掉半颗", "injury", "a broken tooth"),
    ("刚从医院回来，缝了四针", "injury", "doctors were needed"),
    ("新沙发的味熏得我头疼想吐", "injury", "fumes"),
    ("娃儿遭插座电了一哈", "injury", "Sichuan wording"),
    ("熱水瓶炸開，我媽的手燙傷了", "injury", "traditional characters"),
    ("I got a shock when I touched the metal handle", "injury", "English"),
    ("broke out in hives after wearing the wool top", "injury", "English"),
    ("净化器开着开着冒黑烟", "fire", "smoke"),
    ("充电器插上打火花，墙都熏黑了", "fire", "sparks"),
    ("吸尘器的电池包鼓起来了", "fire", "a swollen battery"),
    ("水壶底座一股烧塑料的味道", "fire", "burning smell"),
    ("家里差点着火", "fire", "点着火 inside 差点着火"),
    ("smoke is coming out of the dishwasher", "fire", "English"),
    ("坚果袋子里爬出来好几条虫", "food_safety", "insects"),
    ("茶叶里头混着头发", "food_safety", "hair"),
    ("饼干上长绿毛了", "food_safety", "mould"),
    ("吃了你家桃酥全家拉肚子", "food_safety", "illness after eating"),
    ("my kids got sick after eating your cookies", "food_safety", "English"),
    ("我娃把干燥剂吞下去了", "minor", "a child swallowed it"),
    ("八岁孩子偷偷用我手机买了台洗碗机", "minor_purchase", "a child bought it"),
    ("my 7 year old ordered a sofa on my phone", "minor_purchase", "English"),
    ("再拖下去我就走法律程序", "legal", "the law"),
    ("我已经报警了", "legal", "the police, not an alarm"),
    ("I'll see you in court", "legal", "English"),
    ("黑猫上见", "regulator", "a platform for complaints"),
    ("消保委那边我已经登记了", "regulator", "consumer council"),
    ("准备跟工商反映", "regulator", "the old name of the authority"),
    ("reporting you to the consumer protection agency", "regulator", "English"),
    ("食品没标生产日期，要求十倍赔偿", "punitive_claim", "a multiple of the price"),
    ("我是职业打假的，私了还是公了", "punitive_claim", "professional claimant"),
    ("我是晚报记者", "press", "a journalist"),
    ("把你们的聊天记录发到小红书", "press", "threatens to make it public"),
    ("I'm a reporter working on a story about your heaters", "press", "English"),
    ("活着没意思", "self_harm", "despair"),
]

CALM = [
    ("会不会漏电", "asked beforehand"),
    ("水壶会漏电吗", "asked beforehand"),
    ("要是过敏了能退吗", "only imagined"),
    ("敏感肌能用吗", "suits a condition"),
    ("坚果过敏能吃吗", "suits a condition"),
    ("拉肚子的时候能吃坚果吗", "suits a condition"),
    ("把手烫不烫", "a handle"),
    ("柜子把手掉了", "a handle that came off"),
    ("包装破了", "damage to goods"),
    ("我的箱子被砸了个洞", "damage to goods"),
    ("桌面划伤了一道", "damage to goods"),
    ("收到时玻璃杯碎了", "damage to goods"),
    ("第一次用有糊味正常吗", "smell of first use"),
    ("空气炸锅炸了20分钟还不熟", "炸 as cooking"),
    ("粥烧糊了怎么洗", "cooking"),
    ("电饭煲屏上蹦E3，是烧坏了吗", "a fault, no fire"),
    ("打不着火的燃气灶你们修吗", "着火 inside 打不着火"),
    ("洗碗机一直报警E4", "an appliance's alarm"),
    ("静电老电我怎么办", "static"),
    ("12315 就不用了", "refuses the authority"),
    ("律师函皮套有吗", "a product"),
    ("医院附近能送吗", "an address"),
    ("我在派出所上班 能送到单位不", "an address"),
    ("工商银行卡能付吗", "a bank"),
    ("转告你们仓库一声", "告你们 inside 转告你们"),
    ("假一赔三是什么意思", "asks about a promise"),
    ("小孩能用吗", "a child who uses it"),
    ("女儿帮我下的单，地址写错了", "a grown daughter"),
    ("发小红书有返现吗", "asks about a reward"),
    ("价格跳楼价", "a figure of speech"),
    ("吸尘器吸头发吗", "hair, not in food"),
    ("衣服掉色把我手染蓝了", "colour on a hand"),
    ("枕头太高脖子疼", "discomfort, no injury"),
    ("你们没打过电话过来", "过电 inside 打过电话"),
    ("will the handle burn my hand", "asked beforehand, English"),
    ("I have a nut allergy can I eat these", "suits a condition, English"),
    ("the glass was broken on arrival", "damage to goods, English"),
    ("can you deliver to a hospital", "an address, English"),
    ("I'm sick of waiting", "a figure of speech, English"),
    ("", "nothing at all"),
]


@pytest.mark.parametrize(("text", "topic", "why"), REPORTS)
def test_a_report_of_something_risky_is_recognised(text, topic, why):
    assert risk_in(normalise(text)) == topic, why


@pytest.mark.parametrize(("text", "why"), CALM)
def test_what_only_looks_risky_stays_calm(text, why):
    assert risk_in(normalise(text)) is None, why


def test_the_most_urgent_of_several_matters_is_named():
    assert risk_in(normalise("壶炸了烫伤我妈，明天12315见")) == "injury"


def test_a_pasted_document_takes_no_noticeable_time_and_its_beginning_counts():
    text = "插头冒火花。" + "这是一段很长的说明" * 20_000
    assert risk_in(text) == "fire"


@pytest.mark.parametrize(
    "text", ["差评走起", "没人回就等着差评,带图", "再不退我就给一星", "i will leave a bad review"]
)
def test_a_threatened_review_is_recognised(text):
    assert threatens_review(text)


@pytest.mark.parametrize(
    "text", ["怎么追评", "不小心给了差评能改吗", "为什么有这么多差评", "why so many bad reviews"]
)
def test_asking_about_reviews_is_no_threat(text):
    assert not threatens_review(text)


def test_words_of_the_table_are_spelt_out_inside_its_patterns():
    risks = read_risks(
        {
            "words": {"pet": "(?:猫|狗)"},
            "innocent": [{"why": "toys", "pattern": "玩具<pet>"}],
            "topics": {"bite": [{"why": "bitten", "pattern": "被<pet>咬"}]},
        }
    )
    assert risks.first_in("被狗咬") == "bite"
    assert risks.first_in("玩具狗被咬") is None


def test_an_unknown_word_in_the_table_is_refused():
    with pytest.raises(KeyError):
        read_risks({"words": {}, "innocent": [{"why": "", "pattern": "<pet>"}], "topics": {}})
