"""Matters that a person must see at once, recognised by what is said rather than how."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A risky matter: its name in records, and the words that give it away."""

    name: str
    pattern: re.Pattern[str]


def _topic(name: str, *alternatives: str) -> Topic:
    return Topic(name, re.compile("|".join(alternatives)))


# Texts arrive in normal form: Simplified, lower case, half width.
_TOPICS = (
    _topic(
        "injury",
        r"(烫|划|割|夹|砸|电|摔|扎|咬|弄|刮|压|炸|磕)伤",
        r"受伤|流血|骨折|出血|缝针|住院|急诊|送医|就医|去医院|医药费|被电(到|了)|触电|中毒",
        r"(手|脚|眼睛|皮肤|脸|孩子|宝宝).{0,6}(烫到|割破|划破|起泡|烂了)",
        r"过敏了|皮肤过敏|(引起|导致|造成|出现|严重).{0,4}过敏|过敏反应|起(了)?(红)?疹|红肿|浑身痒|长疹子",
        r"\b(injur(y|ed|ies)|bleeding|burn(t|ed) (my|his|her|me|our)|electric shock|electrocuted"
        r"|hospital|emergency room|allergic reaction|poison(ed|ing)|got hurt|rash (on|all over))\b",
    ),
    _topic(
        "fire",
        r"着火|起火|冒烟|爆炸|炸了|自燃|烧起来|烧焦|漏电|短路|燃气泄漏|漏气",
        r"\b(caught fire|on fire|explo(ded|sion)|smok(e|ing) (is |came |coming )?(out|from)|sparks?"
        r"|short.?circuit|electric leakage|overheat(ed|ing) and)\b",
    ),
    _topic(
        "food_safety",
        r"吃坏|拉肚子|腹泻|上吐下泻|呕吐|食物中毒|食品安全|(有|吃出|发现).{0,6}(虫子|异物|头发|玻璃|铁丝|蟑螂|霉)",
        r"发霉了|长霉|过期食品|(吃|喝)了.{0,10}(难受|肚子疼|不舒服|恶心)",
        r"\b(food poisoning|threw up|vomit(ed|ing)?|diarrh|mou?ldy|found (a |an )?(bug|insect|worm|hair"
        r"|glass|metal) in)",
    ),
    _topic(
        "legal",
        r"律师|起诉|法院|打官司|告你们|告到|法律途径|法律责任|立案|报警|公安|派出所|诉讼|走司法",
        r"\b(lawyer|attorney|sue you|suing|lawsuit|legal action|small claims|press charges|police)\b",
    ),
    _topic(
        "regulator",
        r"12315|12345|消协|消费者协会|工商(局|所|部门)|市监局|市场监(督|管)|质监|黑猫投诉|食药监|监管部门|银保监",
        r"\b(consumer (protection|affairs|rights)|trading standards|better business bureau|bbb"
        r"|ombudsman|regulator|\bftc\b|chargeback)\b",
    ),
    _topic(
        "punitive_claim",
        r"退一赔[一二两三四五十\d]|假一赔[十三\d].{0,6}(赔|要求|兑现)|三倍赔偿|十倍赔偿|职业打假|打假人|存证|公证处|惩罚性赔偿",
    ),
    _topic(
        "press",
        r"记者|媒体|电视台|曝光|上热搜|发到(网上|抖音|小红书|微博)|315晚会|找.{0,3}新闻",
        r"\b(journalist|reporter|newspaper|go(ing)? (public|viral)|the press|tv station"
        r"|expose you|post (this|it) (all over|everywhere|on (twitter|tiktok|reddit|facebook)))\b",
    ),
    _topic(
        "minor",
        r"(孩子|小孩|宝宝|婴儿|儿子|女儿|娃|儿童).{0,8}(误食|吞(了|下)|吃(了|下)(包装|干燥剂|零件)|卡住|受伤|烫|噎)",
        r"(孩子|小孩|未成年|儿子|女儿|娃).{0,8}(偷偷|自己|乱|拿(我|大人)的?手机).{0,6}(买|下单|付款|充值)|未成年人?.{0,6}(退款|消费|下单)",
        r"\b(my (son|daughter|kid|child|baby|toddler) (swallowed|ate|choked|got hurt|burn"
        r"|ordered without|bought without))",
    ),
    _topic(
        "self_harm",
        r"不想活|自杀|去死算了|活不下去",
        r"\b(kill myself|suicide|end my life)\b",
    ),
)

# Asking about the goods beforehand is not a report of harm.
_HARMLESS = re.compile(
    r"(会不会|会|容易|能不能防|防|怕|担心|是否)(引起|导致)?.{0,2}(过敏|漏电|起火|烫伤|爆炸|短路|发霉|夹伤)"
    r"|(过敏|敏感)(体质|肌|人群|皮肤).{0,8}(能|可以|适合|用)|(防|抗)(过敏|漏电|烫|霉|爆)"
    r"|律师(证|袍|楼|事务所上班)|法院(附近|路)|派出所(旁|对面|附近)|医院(附近|对面|旁边|里.{0,4}(用|能))"
    r"|police (station|uniform) (near|next)|(is|are|will) (it|this|they) .{0,20}(cause|safe)"
)

_REVIEW_THREAT = re.compile(
    r"(给|打|写|发|来|就|要|等着).{0,6}(差评|中差评|一星|1星|负评)|差评(伺候|见|警告|送上|走起)|追评"
    r"|\b(one|1|bad|negative)[- ]?star|\b(bad|negative|terrible) review\b"
)
_REVIEW_HARMLESS = re.compile(
    r"差评(率|多|怎么|能|可以|在哪|是不是|有没有)|看到?.{0,6}差评|好多差评|why .{0,12}reviews?"
)


def risk_in(text: str) -> str | None:
    """The name of the first risky topic that a text in normal form reports, or None."""
    if _HARMLESS.search(text):
        text = _HARMLESS.sub(" ", text)
    return next((topic.name for topic in _TOPICS if topic.pattern.search(text)), None)


def threatens_review(text: str) -> bool:
    """Whether a text in normal form threatens a bad review (asking about reviews is no threat)."""
    return bool(_REVIEW_THREAT.search(text)) and not _REVIEW_HARMLESS.search(text)
