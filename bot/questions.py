"""Several questions in one message told apart; rules only, no model.

A message is cut where somebody starts a new matter (另外, 还有, also) and between clauses that each
ask something. A clause that only tells something stays with the question it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.followup import corrected, is_courtesy
from knowledge.text import normalise

MOST = 3
"""What goes beyond stays together with the last question, so that nothing gets lost."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question in normal form; `leans` where what stands before it may belong to it."""

    text: str
    leans: bool


_MORE = (
    r"另外(?:再)?(?:想)?(?:请)?(?:问一下|问下|问)?|还有(?:就是|一个问题|个问题|一点)?(?!没有?|货|库存|券|活动|优惠)"
    r"|(?:顺便|顺带)?再?(?:想)?问(?:一下|下|一个|个)|(?:顺便|顺带)(?:再)?问|对了|以及"
    r"|and also|also|plus|besides|one more (?:thing|question)|another (?:thing|question)"
)
_JOINT = re.compile(rf"(?:^|(?<=[\s,.;。!?、]))(?:{_MORE})(?=[^a-z]|$)[\s,:;。]*")
_SENTENCE = re.compile(r"(?<=[?!。;])|(?<=[a-z]\.)\s")
_CLAUSES = re.compile(
    r"[,\n]|(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff\d])"
    r"|\s+and\s+(?=(?:what|how|when|where|which|who|why|is|are|do|does|can|could|will|would)\b)"
)
_ASKS = re.compile(
    r"[?吗]|想(?:问|知道|了解|咨询)(?:问|一?下)?(?=\w)|[么嘛不没否呢]$|没有$|怎[么样]|如何|咋|啥|什么|谁|(?<!好)几[天个时点号件种次年月级成]|哪|多少|多[久大重长高远快]"
    r"|为何|几时|能否|是否|可否|(?P<v>[\u4e00-\u9fff])[不没](?P=v)|有无"
    r"|^(?:so |and |but )*(?:what|how|when|where|which|who|why|is|are|do|does|did|can|could|will"
    r"|would|should|may)\b"
)
_REQUESTS = re.compile(
    r"帮我|给我|我[想要](?!问|是)|麻烦|\bi (?:want|need|would like)\b|\bplease\b"
)
# What is left of a question without these says what it is about.
_NO_MATTER = re.compile(
    r"[的了吗呢啊吧呀么嘛哦哈是我你您他她它们这那都也还又很太请问想要会能可以怎什为没不有个一下几就行得给给说]"
    r"|[^\w]|\b(?:what|how|when|where|which|who|why|is|are|do|does|did|can|could|will|would|should"
    r"|i|you|it|that|this|the|a|an|to|of|and|so|long|much|many|me|my|have|get)\b"
)
_LEAST_MATTER = 2


def questions(lines: Sequence[str]) -> list[Question]:
    """The questions of waiting messages, in order; empty where it is only one."""
    plain = [text for line in lines if (text := normalise(line))]
    if any(corrected(text) for text in (*plain, " ".join(plain))):
        # What was said first is taken back, so it does not ask for an answer of its own.
        return []
    found: list[Question] = []
    told: list[str] = []
    for piece in _JOINT.split("\n".join(plain)):
        found += _asked(piece, told)
    if told and found:
        found[-1] = _longer(found[-1], told)
    if len(found) > MOST:
        found[MOST - 1 :] = [_longer(found[MOST - 1], [q.text for q in found[MOST:]])]
    return found if len(found) > 1 else []


def _longer(question: Question, more: Sequence[str]) -> Question:
    return Question(" ".join([question.text, *more]), question.leans)


def _asked(piece: str, told: list[str]) -> list[Question]:
    """The questions of a piece that is about something new, each with what is told around it.

    `told` holds what was told before without a question.
    """
    clauses = _clauses(piece)
    asks = [bool(_ASKS.search(text)) for text, _ in clauses]
    if not any(asks):
        # 帮我改个地址 asks for something, though not in the form of a question.
        asks = [bool(_REQUESTS.search(text)) for text, _ in clauses]
    found: list[Question] = []
    story = False
    for (text, cut), asking in zip(clauses, asks, strict=True):
        if not asking:
            told.append(text)
            story = True
        elif found and not told and not names_a_matter(text):
            found[-1] = _longer(found[-1], [text])
        else:
            found.append(Question(" ".join([*told, text]), leans=bool(found) and (cut or story)))
            told.clear()
    if found and told:
        found[-1] = _longer(found[-1], told)
        told.clear()
    return found


def _clauses(piece: str) -> list[tuple[str, bool]]:
    """Clauses without courtesies; with each, whether only a pause cut it off what precedes."""
    found: list[tuple[str, bool]] = []
    for sentence in _SENTENCE.split(piece):
        cut = False
        for part in _CLAUSES.split(sentence):
            clause = part.strip(" ,;。!\n")
            if clause and not is_courtesy(clause):
                found.append((clause, cut))
                cut = True
    return found


def names_a_matter(text: str) -> bool:
    """Whether a question in normal form says what it is about: 能退吗 hardly does."""
    rest = _NO_MATTER.sub("", text)
    return len(rest) >= _LEAST_MATTER
