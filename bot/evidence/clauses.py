"""Clauses of a text: what each speaks of and denies, and which clauses speak of the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from bot.evidence.concepts import CONCEPTS, NAMES, SUBJECTS
from bot.evidence.facts import Facts, facts
from bot.evidence.payers import Payer, payer_of
from bot.evidence.spelling import plain

SHARED_VALUE = 0.5
"""What a quantity in common adds to the likeness of two clauses."""

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_CLAUSE = re.compile(
    r"[,，](?!\s?20\d\d)|、(?=不[能可得会要用在]|可以|无需|请勿)|(?<![\d])\.(?!\d)|(?:但是?|不过|而(?!且)|否则|其中)"
    r"|\b(?:but|otherwise|whereas|while)\b"
    r"|\band (?=(?:you|we|i|the (?:shop|seller|buyer|customer))\b)"
)
_LISTED = re.compile(r"、")
_RULE = re.compile(r"[^\d]+\d")
_HEADING = re.compile(r"[:：]\s*$")
_QUESTION = re.compile(r"[?？]$|(?:吗|呢|么)[。]?$")

# 不满 and the like are bounds, 无理由 is a name, 不仅 adds: none of them denies.
_NO_DENIAL = re.compile(
    r"不满|未满|不足|不到|不超过?|不高于|不低于|不少于|不多于|不大于|不小于|无理由|不仅|不但|不论|不管|无论|"
    r"不同|不错|不客气|不好意思|不便|不合适|不限于|差不多|不再?另?(?:额外)?(?:收取?|收费|加收)(?:任何)?费?用?|免收|无需付费|"
    r"not only|no (?:more|less|later|longer) than|not (?:more|less|later) than|"
    r"no matter|no[- ]reason|without (?:giving )?(?:a |any )?reason|"
    r"(?:no|without|any) (?:extra |additional )?(?:charge|cost|fee)s?\b|not exceed"
)
_FREE = re.compile(
    r"不再?另?(?:额外)?(?:收取?|收费|加收)(?:任何)?费?用?|免收|无需付费|免费|包邮|免邮|免运费|白送|赠送|"
    r"(?:no|without|any) (?:extra |additional )?(?:charge|cost|fee)s?\b|"
    r"\bfree\b(?! insurance)|complimentary"
)
_PAID = re.compile(
    r"收费|付费|有偿|加收|另收|收取|自费|(?<!不)收(?=\d|运费|邮费|费)"
    r"|(?<!no )(?<!extra )\bcharge[sd]?\b|for a fee"
)
_DENIAL = re.compile(
    r"(?:不可以|不能够?|不可|不支持|不予|不会|不得|不提供|不接受|不适用|不参加|不参与|不享受|不包括|不包含|不含|"
    r"不需要?|不必|不用|不要|不允许|不行|不建议|不在|不属于|不|无法|无需|无须|不用|没有|没|暂无|禁止|谢绝|"
    r"请勿|勿|切勿|未|尚未|非(?=质量|人为|本)|除外|无(?!线|人机|论))"
    r"|\b(?:not|never|cannot|can't|won't|don't|doesn't|isn't|aren't|didn't|without|unable|excluded|"
    r"excluding|except|nor|neither|no)\b|n't\b|\bun(?=opened|used|washed|sealed|paid|shipped)|\bnon-"
)
_ASPECT = re.compile(r"未|尚未|没|非|\bun|\bnon-")
_TURN = re.compile(
    r"的|可以|即可|也能|都能|就|仍|\bcan\b|\bbut\b|\bif\b|\bunless\b|\b(?:you|we|they)\b|、(?=不|可|无)"
)
_OF_A_NOUN = re.compile(r"未|尚未|没|没有|暂无|无|非|\bun|\bnon-")
"""These deny the next word or two, the others whatever is left of the clause."""
_WORD_END = re.compile(r"\s")
_ASPECT_TURN = re.compile(r"[、和且并与]|\band\b")
_TAIL = re.compile(
    r"\b(?:available|possible|allowed|supported|accepted|offered|applicable|included|covered|valid)\b"
)
_STANCE = re.compile(
    r"可以|可(?=退|换|用|享|选|叠|机|水|申|开|改)|能(?!耗|量|效)|支持|允许|接受|提供|享受|需要|必须|须|免费|包邮|"
    r"\bcan\b|\bmay\b|\bmust\b|\bneed(?:s|ed)?\b|\ballow\w*|\bsupport\w*|\baccept\w*|\bfree\b|\boffer\w*"
)
_EMPTY = re.compile(
    r"可以|即可|能够?|支持|需要|必须|须|应当|的话|请|您好?|你|我们|本店|店铺|买家|卖家|买方|卖方|商家|顾客|消费者|承担|负担|支付|自付|自理|亲|哦|呢|呀|哈|吧|了|着|过|的|地|得|"
    r"在|是|为|由|将|会|就|都|也|还|则|如果?|若|当|时|后|前|内|起|以|之|及|和|与|或|并|且|以上|以下|以内|"
    r"一般|通常|目前|现在|均|各|每|该|此|这|那|有|对|从|到|至|向|于|按|按照|根据|等|个|要|所有|任何|所|只|仅|满|"
    r"统一|默认|另外|同时|自动|进行|提供|享受|情况|相关|具体|大约|大概|约"
)
_ENGLISH_EMPTY = frozenset(
    "a an the is are am be been being was were do does did can could may might must will would "
    "shall should to of in on at by for from with as into about and or if so than then there here "
    "it its this that these those i we us our you your they them their he she any some all each "
    "every just only also please within up least most more less have has had get gets not no never "
    "pay pays paid cover covers covered bear bears buyer seller shop customer "
    "cannot without t s ll re ve once when while need needs after before".split()
)
_WORD = re.compile(r"[a-z]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


class Said(IntEnum):
    """How a clause uses a word: as it is, under a denial, or as not yet so (未拆封, unopened)."""

    PLAIN = 0
    DENIED = 1
    NOT_YET = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its facts, its words with how they are used, and the words around it."""

    text: str
    facts: Facts
    words: dict[str, Said]
    around: frozenset[str]
    payer: Payer | None
    free: bool | None
    stance: bool
    denies: bool
    question: bool


@lru_cache(maxsize=512)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text, each knowing the words of its sentence and of the heading above."""
    found: list[Clause] = []
    heading: frozenset[str] = frozenset()
    for line in plain(text).split("\n"):
        if not line.strip():
            continue
        for sentence in _SENTENCE.findall(line):
            pieces = [piece for piece in _pieces(sentence.strip()) if _says_something(piece)]
            inside = frozenset(word for piece in pieces for word in _words(piece, facts(piece)))
            asks = _QUESTION.search(sentence.strip()) is not None
            found += [_clause(piece, inside | heading, asks) for piece in pieces]
        if _HEADING.search(line) or not found or all(each.question for each in found):
            heading = frozenset(word for piece in [line] for word in _words(piece, facts(piece)))
    return tuple(found)


def _pieces(sentence: str) -> list[str]:
    """A sentence cut into clauses, also where 、 parts two rules: 银卡 98 折、金卡 95 折."""
    found: list[str] = []
    for clause in _CLAUSE.split(sentence):
        left = ""
        for item in _LISTED.split(clause):
            if left and any(char.isdigit() for char in left) and _RULE.match(item):
                found.append(left)
                left = item
            else:
                left = f"{left}、{item}" if left else item
        found.append(left)
    return found


def _says_something(piece: str) -> bool:
    return any(char.isalnum() for char in piece)


def _clause(piece: str, around: frozenset[str], asks: bool) -> Clause:
    known = facts(piece)
    words = _words(piece, known)
    return Clause(
        text=piece.strip(),
        facts=known,
        words=words,
        around=around,
        payer=payer_of(piece),
        free=_free(piece),
        stance=_STANCE.search(piece) is not None,
        denies=_DENIAL.search(_NO_DENIAL.sub(" ", piece)) is not None,
        question=asks,
    )


def _free(piece: str) -> bool | None:
    """Whether the clause says that something costs nothing, or that it costs; None if neither."""
    found = _FREE.search(piece)
    if found:
        before = piece[max(0, found.start() - 8) : found.start()]
        return re.search(r"(?:不|非|不是|没有|\bnot |n't |\bno )$", before) is None
    return False if _PAID.search(piece) else None


def _words(piece: str, known: Facts) -> dict[str, Said]:
    """The words that carry a topic, and how the clause uses them."""
    rest = _NO_DENIAL.sub(lambda m: " " * len(m[0]), known.rest)
    use = _uses(rest)
    found: dict[str, Said] = {}
    letters = list(_DENIAL.sub(lambda m: " " * len(m[0]), rest))
    for name, pattern in CONCEPTS:
        for match in pattern.finditer(piece if len(piece) == len(rest) else rest):
            found[name] = max(found.get(name, Said.PLAIN), use[match.start()])
            letters[match.start() : match.end()] = " " * (match.end() - match.start())
    left = _EMPTY.sub(lambda m: " " * len(m[0]), "".join(letters))
    for run in _HAN.finditer(left):
        word = run[0]
        for i in range(max(1, len(word) - 1)):
            found[word[i : i + 2]] = use[run.start() + i]
    for run in _WORD.finditer(left):
        if run[0] not in _ENGLISH_EMPTY and len(run[0]) > 1:
            found[_stem(run[0])] = use[run.start()]
    return found


def _uses(text: str) -> list[Said]:
    """For each character how it is used: a denial reaches forwards, or back if nothing follows."""
    uses = [Said.PLAIN] * (len(text) + 1)
    for match in _DENIAL.finditer(text):
        turn = _TURN.search(text, match.end())
        end = turn.start() if turn else len(text)
        use = Said.NOT_YET if _ASPECT.fullmatch(match[0]) else Said.DENIED
        if _OF_A_NOUN.fullmatch(match[0]):
            near = (_WORD_END if match[0].isascii() else _ASPECT_TURN).search(text, match.end())
            end = min(end, near.start() if near else end)
        if _has_topic(text[match.end() : end]):
            scope = range(match.end(), end)
        elif _has_topic(text[match.end() :]):
            continue
        else:
            scope = range(match.start())
        for i in scope:
            uses[i] = Said.PLAIN if uses[i] is use else use
    return uses


def _has_topic(text: str) -> bool:
    left = _EMPTY.sub("", _TAIL.sub("", text))
    return any(word not in _ENGLISH_EMPTY for word in re.findall(r"[a-z]+|[^\W_]", left))


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def names_in(text: str) -> set[str]:
    """Couriers, ways to pay, platforms and regions that a text names."""
    spelt = plain(text)
    return {name for name, pattern in CONCEPTS if name in NAMES and pattern.search(spelt)}


class Passages:
    """The clauses that may bear out a statement."""

    def __init__(self, texts: Sequence[str]) -> None:
        # What a title asks is no evidence of what is so.
        self.clauses = [each for text in texts for each in clauses(text) if not each.question]
        self._frequency = Counter(word for each in self.clauses for word in each.words)
        self.words = frozenset(
            word for each in self.clauses for word in (*each.words, *each.around)
        )

    def closest(self, to: Clause, among: Iterable[Clause] | None = None) -> list[Clause]:
        """The clauses that speak most of the same; several if they do so equally, none if none."""
        best, found = 0.0, []
        for each in self.clauses if among is None else among:
            score = self.likeness(to, each)
            if score > best + 1e-9:
                best, found = score, [each]
            elif found and score > best - 1e-9:
                found.append(each)
        return found

    def likeness(self, first: Clause, second: Clause) -> float:
        """How much of `first` stands in `second`; rare words count more, words around it less."""
        near = {word for word, use in first.words.items() if _same_use(second.words.get(word), use)}
        around = (second.around - second.words.keys()) & first.words.keys()
        context = (first.around - first.words.keys()) & (second.around | second.words.keys())
        strange = second.words.keys() - first.around - first.words.keys()
        shared = len(first.facts.values & second.facts.values)
        return (
            self._weigh(near)
            + 0.5 * self._weigh(around)
            + 0.3 * self._weigh(context)
            - 0.05 * min(6, len(strange))
            + SHARED_VALUE * shared
        )

    def _weigh(self, words: Iterable[str]) -> float:
        return sum(
            (2.5 if word in SUBJECTS else 1) / max(1, self._frequency[word]) for word in words
        )


def _same_use(given: Said | None, said: Said) -> bool:
    return given is not None and (given is Said.NOT_YET) == (said is Said.NOT_YET)
