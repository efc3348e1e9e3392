"""The messages to the model, built from the prompt files; data stays between its fences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.generation.privacy import masked
from bot.wording import Locale
from bot.writing import Passage

NO_ANSWER = "NO_ANSWER"
FENCE = "««"
"""Begins every line between which there is data; no text inside has it, nor may an answer."""

_FOLDER = Path(__file__).parent.parent / "prompts"
_LANGUAGES: dict[Locale, str] = {
    "zh-Hans": "Simplified Chinese (简体中文)",
    "zh-Hant": "Traditional Chinese as written in Taiwan (繁體中文)",
    "en": "English",
}
_SENDERS = {"customer": "customer", "bot": "shop", "person": "shop", "agent": "shop"}
_LONGEST_MESSAGE = 1_000


def messages(
    question: str,
    locale: Locale,
    passages: Sequence[Passage],
    history: Sequence[tuple[str, str]],
) -> list[tuple[str, str]]:
    """The system message and one message with everything that is data."""
    language = _LANGUAGES[locale]
    shown = "\n".join(
        _prompt("passage").format(
            marker=passage.marker,
            title=_fenced(passage.article.title),
            answer=_fenced(passage.article.answer),
        )
        for passage in passages
    )
    earlier = "\n".join(
        f"{_SENDERS.get(sender, 'shop')}: {_said(text)}" for sender, text in history if text
    )
    data = _prompt("question").format(
        passages=shown, history=earlier or "(none)", question=_said(question), language=language
    )
    return [("system", _prompt("answer").format(language=language)), ("user", data)]


def _said(text: str) -> str:
    return _fenced(masked(text[:_LONGEST_MESSAGE]))


def _fenced(text: str) -> str:
    """The text without anything that could be taken for a fence or for a marker of ours."""
    return text.replace("«", "‹").replace(NO_ANSWER, "NO ANSWER").strip()


@cache
def _prompt(name: str) -> str:
    return (_FOLDER / f"{name}.md").read_text(encoding="utf-8").strip()
