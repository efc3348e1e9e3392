"""Follow-ups made self-contained and corrections taken at their word; rules only, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.text import is_function_token, tokens

_FOLLOW_UP = re.compile(
    r"^(那|那么|那个|这个|它|还有|另外|然后|所以)"
    r"|^.{1,8}呢[??!。]?$|算不算|算吗"
    r"|^(一般|大概|大约|通常|最多|最少|最快|最晚)(?!怎么|可以|能)"
    r"|^(and|so|then|what about|how about|what if|is it|does it|can it|it|that|this)\b"
)
_LONGEST_FOLLOW_UP = 14
_LONGEST_ENGLISH_FOLLOW_UP = 8
_OPENING = re.compile(r"^(那么|那|还有|另外|然后|所以|and|so|then|what about|how about)\s*")
_COURTESIES = (
    r"(?:在吗|在不在|有人(?:在)?吗|你好|您好|亲+|哈喽|嗨|(?:我?想)?(?:请)?问(?:一下|下|个问题|一个问题)?"
    r"|打扰(?:一下|了)?|麻烦(?:一下|了|问一下|问下)?|谢+(?:您|你|啦|了|哈|呀)*|感谢|好(?:的|滴|嘞)?(?:呀|吧|哦)?|行吧?"
    r"|嗯+|哦+|噢+|急+|在线等|(?:我)?(?:知道|明白)了|hi(?: there)?|hello|hey(?: there)?|please"
    r"|(?:great |ok )?thanks?(?: you)?(?: so much| a lot)?|ok|okay|great|oh|well|so|quick question)"
)
_COURTESY = re.compile(rf"^{_COURTESIES}$")
_BACK = (
    r"(?:话说回来|(?:说|回)(?:回|到|回到)?(?:刚才|刚刚|之前|前面)(?:说|问|提)?(?:的|到)?|(?:刚才|刚刚|之前|前面)(?:说|问|提)的"
    r"|逗你(?:的|玩)|开玩笑的?|(?:说|问)正事|言归正传|对了|by the way|anyway|back to)"
)
_BEFORE_IT = re.compile(rf"^(?:(?:{_COURTESIES}|{_BACK})(?:[\s,，。.!:：~]+|(?=那)))+(?=..)")
_CLOSING = re.compile(r"呢[??!。]?$|[??!。]+$")


def is_follow_up(text: str) -> bool:
    """Whether a text in normal form leans on what was said before it."""
    if not _FOLLOW_UP.search(text):
        return False
    if re.search(r"[\u4e00-\u9fff]", text):
        return len(text) <= _LONGEST_FOLLOW_UP
    return len(text.split()) <= _LONGEST_ENGLISH_FOLLOW_UP


def is_courtesy(text: str) -> bool:
    """Whether a text in normal form only greets, thanks or announces a question."""
    return bool(_COURTESY.match(text.strip(" ,;。.!?~")))


def without_opening(text: str) -> str:
    """A text in normal form without the courtesies and turns of phrase that lead up to it."""
    return _BEFORE_IT.sub("", text)


def named(text: str) -> frozenset[str]:
    """What a follow-up names beyond asking: the single characters or words of its matter."""
    return frozenset(t for t in tokens(_ASKING.sub(" ", _bare(text))) if _is_word(t))


def covered(text: str, words: str) -> float:
    """The share of what a follow-up names that stands in `words`; 1 where it names nothing."""
    new = named(text)
    return len(new & set(tokens(words))) / len(new) if new else 1.0


def asks_alike(text: str, title: str) -> bool:
    """Whether both ask for the same kind of thing: a time, a sum, a person, a way."""
    return any(kind.search(text) and kind.search(title) for kind in _KINDS)


_KINDS = [
    re.compile(kind)
    for kind in (
        r"什么时候|几时|何时|哪天|几号|几月|多久|多长时间|几[天年个]"
        r"|when\b|how (?:long|soon|many days)",
        r"多少钱|几块|几元|贵不贵|怎么卖|how much|cost",
        r"谁|who",
        r"怎么|怎样|如何|how (?:do|can|to)\b",
    )
]
_ASKING = re.compile(
    "|".join(kind.pattern for kind in _KINDS) + "|一般|大概|大约|通常|要是|如果|万一|算不算"
)


def _bare(text: str) -> str:
    return _CLOSING.sub("", _OPENING.sub("", text)).strip()


def _is_word(token: str) -> bool:
    # Single characters, since 补上 and 补货 share what matters; runs of letters are no words.
    return not is_function_token(token) and not token.startswith("#") and not _PAIR.match(token)


_PAIR = re.compile("[\u4e00-\u9fff]{2}")

_CORRECTION = re.compile(
    r"(?P<head>^|.*[\s,，.。!?？])(?:啊|哎|呃|噢|哦|oh)?\s*"
    r"(?:不对|不是(?:这个|那个|的|啦|哦)?|说错了?|打错了?|搞错了|no|sorry|wait|not that|not this)"
    r"[\s,，.。!]*(?:不对|说错了|打错了|是我(?:说|打)错了)?[\s,，.。!]*"
    r"(?:我(?:是)?(?:想)?(?:问|说|指|要问|意思)的?是|我是说|我是问|应该是|而是|是|i meant?|i mean)"
    r"[\s,，:：]*(?P<meant>.+)$"
)
_SHORTEST_MEANT = 2


def corrected(text: str) -> str | None:
    """What is meant instead: 专票 of 不是这个，我问的是专票; None where nothing is corrected."""
    found = _CORRECTION.match(text)
    if not found:
        return None
    meant = found["meant"].strip()
    return meant if len(meant) >= _SHORTEST_MEANT else None


def _head(text: str) -> str:
    """What stands before a correction in the same breath, if that says anything."""
    found = _CORRECTION.match(text)
    head = found["head"].strip(" ,，.。!") if found else ""
    return "" if len(head) < _SHORTEST_HEAD or is_courtesy(head) else head


_SHORTEST_HEAD = 4
_LONGEST_NAME = 8


def speaks_of(words: str, name: str) -> bool:
    """Whether `words` hold a short name such as 加湿器 or kettle, by pairs of characters."""
    if len(name) > _LONGEST_NAME or any(c.isdigit() for c in name):
        return True
    pairs = {t for t in tokens(name) if _PAIR.match(t) or (t.isascii() and not t.startswith("#"))}
    pairs = {t for t in pairs if not is_function_token(t)}
    return not pairs or len(pairs & set(tokens(words))) >= _COVERED * len(pairs)


_COVERED = 0.5


def readings(text: str, asked_before: Sequence[str], *, leans: bool = False) -> list[str]:
    """The questions a text may stand for, most literal first.

    A correction also stands for just what it puts in place of the question before, and for that
    question with it.
    `asked_before` are the customer's earlier questions of this session, oldest first. A follow-up
    such as 那运费呢 also reads as the last full question with the new words behind it, and as
    its bare matter with them; so does whatever is known to lean on the question before.
    """
    asked_before = [each for each in asked_before if not is_courtesy(each)]
    full = next((q for q in reversed(asked_before) if not is_follow_up(q)), "")
    full = full or "".join(asked_before[-1:])
    meant = corrected(text)
    if meant is not None:
        full = _head(text) or full
        return [text, meant, f"{_CLOSING.sub('', full)} {meant}"] if full else [text, meant]
    if not full or not (leans or is_follow_up(text)):
        return [text]
    new = _bare(text) or text
    found = [text, f"{_CLOSING.sub('', full)} {new}"]
    matter = _ABOUT_IT.sub("", _CLOSING.sub("", full)).strip(" ,，。")
    if 1 < len(matter) <= _LONGEST_NAME and not matter.isascii():
        # 怎么申请退货, 那运费呢: the 退货运费, not how one applies.
        found.append(matter + new)
    return found


_ABOUT_IT = re.compile(
    r"请问|我想|想要?|怎么样?|怎样|如何|能不能|可不可以|可以|能|支持|申请|办理?|需要|是不是|有没有|有|什么时候|多久|多长时间"
    r"|多少钱|多少|几天|什么|你们|我的|吗|呢|么|嘛|的|了|要"
)


_ORDINALS = {
    **{"一": 0, "二": 1, "两": 1, "三": 2, "四": 3},
    **{"first": 0, "second": 1, "third": 2, "fourth": 3},
}
_PICK = re.compile(
    r"^(?:选|要|就|我选|我要|option|number|no\.?|the)?\s*第?\s*([1-4一二两三四]|first|second|third|fourth)\s*"
    r"(?:个|项|条|种|one|option)?[.。!)]?$"
)


def picked(text: str, options: int) -> int | None:
    """Which of `options` choices a short answer such as 2, 第三个 or "the second one" means."""
    found = _PICK.match(text.strip())
    if not found:
        return None
    word = found.group(1)
    index = int(word) - 1 if word.isdigit() else _ORDINALS[word]
    return index if index < options else None
