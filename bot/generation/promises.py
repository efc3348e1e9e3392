"""Claims that the bot did or will do something: only the program does things, never a text."""

from __future__ import annotations

import re

from knowledge.text import normalise

_TRANSFER = re.compile(
    r"(?:正在|马上|这就|现在|立即|立刻|稍后|已经?|我来|我会|我将|帮您?|为您?|给您?|替您)[^,。;!?]{0,8}"
    r"(?:转接|转人工|转给|转到人工|接通|接入|联系(?:人工|专员|客服)|安排(?:人工|专员|客服))"
    r"|(?:人工|客服|专员|同事)[^,。;!?]{0,6}(?:稍后|马上|会尽快|将)[^,。;!?]{0,4}"
    r"(?:联系您|回复您|接入|为您)"
    r"|\b(?:transferr?ing|connecting|forwarding|escalat\w+|putting|handing|passing)"
    r" (?:you|this|your)"
    r"|\b(?:i(?:'ll| will| have|'ve| am|'m)|let me|we(?:'ll| will| have|'ve)) (?:\w+ )?"
    r"(?:transfer|connect|forward|escalate|put you|hand you|pass)"
    r"|\b(?:agent|colleague|representative|someone) (?:will|is going to) (?:\w+ )?"
    r"(?:contact|reach|call|join|be with)"
)
_DEED = re.compile(
    r"(?:已经?|正在|马上|这就|我来|我会|我将|我这边)(?:为|帮|给|替)(?:您|你)[^,。;!?]{0,4}"
    r"(?:办理|提交|申请|登记|记录|备注|反馈|催|取消|修改|退款|退货|查询?|核实|核对|处理|安排|升级|"
    r"预约|发送|补发)"
    r"|\bi(?:'ve| have|'ll| will| am|'m) (?:now |just |already )?"
    r"(?:cancel|refund|book|not(?:ed|ing)\b|check|look|submit|process|updat|arrang|sent|send)\w*"
)


def claimed_deed(sentence: str) -> str | None:
    """The words by which a sentence claims a transfer to a person or another deed of the bot."""
    spelt = normalise(sentence).replace("，", ",").replace("。", ".")
    found = _TRANSFER.search(spelt) or _DEED.search(spelt)
    return found[0] if found else None
