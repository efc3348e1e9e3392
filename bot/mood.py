"""Dissatisfaction that builds up over a conversation, before anybody is openly angry.

A pure score: each of the customer's messages shows signs of more or less weight, older ones count
less, and thanks wipe the slate clean. A message that shows no sign never scores at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.followup import corrected, is_follow_up
from bot.request import Said
from knowledge.text import is_function_token, normalise, tokens

FADE = 0.8
"""What is left of a sign by the customer's next message."""
MOST = 1.25
"""What a single message can add at most: below the threshold, since it has to build up."""

_UNANSWERED = re.compile(
    r"答非所问|牛头不对马嘴|驴唇不对马嘴|文不对题|(?:没有?|不)(?:回答|答)(?:我|上|到)|没有?回答|没有?解决"
    r"|没(?:有)?(?:看|听|读|搞|弄)(?:懂|明白)|(?:看|听|读)不(?:懂|明白)(?:我|人话|字|中文|吗|么)"
    r"|(?:不是|没)(?:在)?问(?:你)?(?:这|那)|问的(?:不|又不|根本不)是(?:这|那)|不是我(?:想|要)?问的"
    r"|(?:根本|完全)(?:没|不)(?:回答|答|解决|理解|懂)|没(?:有)?帮[到上]|复制粘贴|车轱辘话|废话"
    r"|(?:回答|回复|说|发|答)(?:得|的)?(?:这些|什么)?(?:都|根本|完全)?(?:没有?用|没帮助|啥用没有|不对)"
    r"|(?:都|还是|全|等于)没(?:有)?(?:说|用(?!过|上|掉|完|到|的|券|了|着))|(?:说|讲)了(?:等于|半天|白说)"
    r"|又是这(?:个|句|些|段|套)|重复(?:这|那|来)|(?:说|问)了?(?:多少|好?几)(?:遍|次)|问了半天"
    r"|\b(?:didn'?t|did not|not|never|haven'?t|hasn'?t) (?:really )?answer(?:ed|ing)?\b"
    r"|\bnot what i (?:asked|meant|mean|want)|\b(?:un|not )helpful\b|\bnot helping\b|\bno help\b"
    r"|\b(?:doesn'?t|didn'?t|does not|did not|isn'?t|won'?t) help\b|\buseless\b|\bmakes no sense\b"
    r"|\byou (?:don'?t|do not|didn'?t) (?:understand|get it|read|listen)|\bstop repeating\b"
    r"|\b(?:wrong|irrelevant) answer\b|\bsame (?:answer|thing|text|reply) again\b"
    r"|\bhow many times\b|\balready (?:told|asked|said)\b"
)
_SHORT_NO = re.compile(
    r"^(?:(?:都|全)?试过了?[\s,]*)?(?:这?(?:都|也|还是|根本|完全|啥)?"
    r"(?:不对|没有?用|不行|不是(?:这个|这样|的)?|没帮助|看不懂|不懂|错了|白问了?)"
    r"|无语|真?服了|晕|醉了|呵呵|唉+|哎+|算了吧?|没法聊|seriously"
    r"|wrong|not (?:that|this|it)|wtf|ugh|smh|sigh|whatever|forget it)"
    r"(?:啊|了|吧|呀|的|呢|死|!|\?|\.|。|,|~|…)*$"
)
_IMPATIENT = re.compile(
    r"快(?:点|些|一点)(?:啊|呀|吧|行|好|$|[!。,])|(?:能不能|可不可以|麻烦)快|赶紧|抓紧|急死|到底"
    r"|等了?(?:半天|好久|多久了|这么久|老半天)|(?:人|客服)呢|说话(?:啊|呀|$)|不理(?:我|人)|回(?:我|话|复)(?:啊|呀)"
    r"|(?:第)?[三四五3-5]遍|\bhurry\b|\bcome on\b|\bstill waiting\b|\banswer me\b|\bhello\?"
    r"|\bfor the (?:third|last|second) time\b|\banyone there\b"
)
_RELIEVED = re.compile(
    r"谢|明白了|知道了|清楚了|懂了|好的|好滴|解决了|可以了|搞定|太好了|不错"
    r"|\b(?:thanks?|thx|great|perfect|got it|solved|cheers)\b"
)
_MARKS = re.compile(r"[?？!！]{3,}|[?？][!！]|[!！][?？]|[。.]{6,}")
_MARKS_TWO = re.compile(r"[?？!！]{2,}")
# No codes and sizes: SY-DJ01, XL, OK.
_WORDS = re.compile(r"(?<![\w-])[A-Za-z]{3,}(?![\w-])")

# Something is asked behind the complaint: 你没看懂，我问的是专票.
_ASKED_AFTER = re.compile(r"[,。!?\s](?:我|那|怎么)|[,.!?]\s*(?:what|how|when|where|i) ")
_LONGEST_REJECTION = 40
_LONGEST_CHINESE_REJECTION = 12

_COMPLAINT = 1.0
_SAID_NO = 0.9
_IMPATIENCE = 0.7
_REPEATED = 0.7
_SHOUTED = 0.6
_MARKED = 0.5
_MISSED = 0.4
_ALIKE = 0.6


def dissatisfaction(now: Sequence[str], earlier: Sequence[Said], misses: int = 0) -> float:
    """How much has built up by the waiting messages `now`, as typed; 0 where these show nothing.

    `earlier` is the session so far, oldest first; what stands before a person's last message is
    past. `misses` counts the replies in a row that had no answer.
    """
    said = _since_the_last_person(earlier)
    current = "\n".join(now)
    signs = shown(current, said)
    if not signs:
        return 0.0
    built = 0.0
    for place, text in enumerate(said):
        built = FADE * built + shown(text, said[:place])
        if _relieved(text):
            built = 0.0
    return FADE * built + signs + _MISSED * min(misses, 2)


def shown(typed: str, before: Sequence[str]) -> float:
    """The weight of the signs in one message, given the customer's messages before it."""
    text = normalise(typed)
    if not any(c.isalnum() for c in text):
        return _IMPATIENCE if "?" in text or "!" in text else 0.0
    if _relieved(text):
        return 0.0
    weight = 0.0
    if _UNANSWERED.search(text):
        weight += _COMPLAINT
    elif _SHORT_NO.match(text):
        weight += _SAID_NO
    if _IMPATIENT.search(text):
        weight += _IMPATIENCE
    if _shouts(typed):
        weight += _SHOUTED
    if _asked_already(text, before):
        weight += _REPEATED
    if _MARKS.search(typed) or (weight and _MARKS_TWO.search(typed)):
        weight += _MARKED
    return min(weight, MOST)


def rejects(text: str) -> bool:
    """Whether a text in normal form turns the last answer down and asks nothing else."""
    if corrected(text) or _ASKED_AFTER.search(text):
        return False
    if _SHORT_NO.match(text):
        return True
    longest = _LONGEST_REJECTION if text.isascii() else _LONGEST_CHINESE_REJECTION
    return len(text) <= longest and bool(_UNANSWERED.search(text))


def _since_the_last_person(earlier: Sequence[Said]) -> list[str]:
    after = [place for place, said in enumerate(earlier, 1) if said.sender == "person"]
    return [said.text for said in earlier[after[-1] if after else 0 :] if said.sender == "customer"]


def _relieved(typed: str) -> bool:
    text = normalise(typed)
    return bool(_RELIEVED.search(text)) and not _UNANSWERED.search(text)


def _shouts(typed: str) -> bool:
    """Several words of Latin capitals; a lone one may be a name."""
    words = _WORDS.findall(typed)
    loud = [word for word in words if word.isupper()]
    return len(loud) >= 2 and sum(map(len, loud)) >= 0.7 * sum(map(len, words))


def _asked_already(text: str, before: Sequence[str]) -> bool:
    """Whether the same was asked before, be it in a slightly different form."""
    if corrected(text) or is_follow_up(text):
        return False
    matter = _matter(text)
    if len(matter) < 2:
        return False
    return any(_alike(matter, _matter(normalise(earlier))) for earlier in before)


def _matter(text: str) -> frozenset[str]:
    return frozenset(token for token in tokens(text) if not is_function_token(token))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    # 1米5的 and 1米8的 are different questions in nearly the same words.
    if {t for t in one if t.isdigit()} != {t for t in other if t.isdigit()}:
        return False
    return len(one & other) >= _ALIKE * len(one | other)
