"""Whether a promise stands in the texts that an answer rests on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evidence.spelling import plain
from bot.policy.spelling import compared
from bot.policy.table import Row, Section

_SENTENCE = re.compile(r"[^。!?;\n]+")
_CLAUSE_END = re.compile(r"[,。!?;\n]")
_FIGURE = re.compile(
    r"\d+(?:\.\d+)?(?:%|个?小时|分钟|个?工作日|个?月|[元块天日年周倍折件张])?"
    r"|今天|明天|后天|今晚|当天|次日|隔天|下周|\btoday\b|\btomorrow\b|\btonight\b"
)
_SAME_FIGURE = str.maketrans({"块": "元", "日": "天", "个": ""})
_SAME_DAY = {"次日": "明天", "隔天": "明天", "tomorrow": "明天", "今天": "当天", "today": "当天"}


def stands(
    section: Section,
    row: Row,
    text: str,
    found: re.Match[str],
    promised_by: Sequence[str],
    deeds: Sequence[re.Pattern[str]],
) -> bool:
    """Whether a sentence of `promised_by` promises the same: the same kind, deeds and figures."""
    promise = _clause(text, found)
    same = section.of_kind(row.kind)
    figures = _figures(promise)
    done = {deed for deed in deeds if deed.search(found[0])}
    for given in promised_by:
        for sentence in _SENTENCE.findall(compared(given)[1]):
            # The cheapest question first: a whole shop's articles may be asked.
            if not all(deed.search(sentence) for deed in done):
                continue
            if next(same.matches(sentence), None) and figures <= _figures(sentence):
                return True
    return False


def _clause(text: str, found: re.Match[str]) -> str:
    start = max((end.end() for end in _CLAUSE_END.finditer(text, 0, found.start())), default=0)
    end = _CLAUSE_END.search(text, found.end())
    return text[start : end.start() if end else len(text)]


def _figures(text: str) -> set[str]:
    found = (_SAME_DAY.get(figure, figure) for figure in _FIGURE.findall(plain(text)))
    return {figure.translate(_SAME_FIGURE) for figure in found}
