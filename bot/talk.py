"""The bot's own replies: small talk, asking back, declining, handing over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.decision import Decision, Kind, text_part
from bot.request import Request
from bot.wording import Locale, say
from handoff.reasons import Reason
from handoff.rules import Verdict
from knowledge.article import Article

ASK_PERSON = "person"
"""Id of the choice that asks for a person."""

_SMALL_TALK = (
    ("are_you_a_bot", r"机器人|真人|人工智能|ai吗|\b(bot|robot|human|real person|ai)\b"),
    ("thanks", r"谢|感谢|辛苦|多谢|thank|thx|cheers|appreciate"),
    ("bye", r"再见|拜拜|88|晚安|没有?(别的)?(事|问题)了|\b(bye|goodbye|good night|see you)\b"),
    (
        "greeting",
        r"你好|您好|在吗|在不在|有人(在)?吗|[早下晚][上午]好|哈喽|嗨|亲"
        r"|\b(hi|hello|hey|good (morning|evening|afternoon))\b",
    ),
    (
        "ok",
        r"^(好的?|好滴|行|可以|嗯+|哦+|知道了|明白|收到"
        r"|ok|okay|k|got it|sure|fine|alright|i see)\W*$",
    ),
)


def small_talk_in(text: str) -> str | None:
    """Which kind of small talk the words show, if they do."""
    return next((key for key, pattern in _SMALL_TALK if re.search(pattern, text)), None)


def small_talk(request: Request, text: str, shop: str) -> Decision:
    """An answer in kind to a greeting, thanks and the like."""
    key = small_talk_in(text) or "emotion"
    return Decision(Kind.ANSWER, [text_part(say(key, request.wording, shop=shop))])


def emotion(request: Request) -> Decision:
    """Something without words came in: the bot says that it is there."""
    return Decision(Kind.ANSWER, [text_part(say("emotion", request.wording))])


def clarify(request: Request, articles: Sequence[Article], confidence: float) -> Decision:
    """One question back, with the likely articles as choices and a way to a person."""
    locale = request.wording
    options = [{"id": article.id, "text": article.title} for article in articles]
    options.append({"id": ASK_PERSON, "text": say("choose_person", locale)})
    return Decision(
        Kind.CLARIFY,
        [{"type": "choices", "prompt": say("choose", locale), "options": options}],
        offered=tuple(article.id for article in articles),
        confidence=confidence,
    )


def decline(request: Request, *, off_topic: bool, confidence: float) -> Decision:
    """The bot says that it does not know; it never guesses."""
    locale = request.wording
    if off_topic:
        parts = [text_part(say("decline_off_topic", locale))]
    else:
        parts = [text_part(say("decline", locale)), _person_button(locale)]
    return Decision(Kind.DECLINE, parts, missed=True, confidence=confidence)


def rejected(request: Request) -> Decision:
    """The customer says that the last answer was not what they asked for."""
    parts = [text_part(say("rejected", request.wording)), _person_button(request.wording)]
    return Decision(Kind.DECLINE, parts, missed=True)


def decline_language(request: Request) -> Decision:
    """A language that the bot does not serve."""
    parts = [text_part(say("decline_language", request.wording)), _person_button(request.wording)]
    return Decision(Kind.DECLINE, parts, missed=True)


def _person_button(locale: Locale) -> dict[str, Any]:
    option = {"id": ASK_PERSON, "text": say("ask_person_button", locale)}
    return {"type": "choices", "prompt": "", "options": [option]}


_SAFETY = {"injury", "fire", "food_safety", "minor", "self_harm"}


def hand_over(
    request: Request,
    verdict: Verdict,
    risk: str | None = None,
    *,
    confidence: float = 0.0,
    meanwhile: Article | None = None,
) -> Decision:
    """To a person, with what the customer should know meanwhile.

    The words about the transfer itself are added by whoever stores the decision, since only the
    transaction that moves the conversation knows whether it does.
    """
    parts = []
    if risk in _SAFETY:
        parts.append(text_part(say(f"safety_{risk}", request.wording)))
    cited: tuple[str, ...] = ()
    if meanwhile is not None:
        parts.append(text_part(meanwhile.answer))
        cited = (meanwhile.id,)
    return Decision(
        Kind.HAND_OVER,
        parts,
        cited=cited,
        sources=source_list([meanwhile]) if meanwhile else (),
        reason=verdict.reason.value,
        rule=verdict.rule,
        score=verdict.score,
        confidence=confidence,
        missed=verdict.reason in (Reason.LOW_CONFIDENCE, Reason.REPEATED_MISS),
    )


def source_list(articles: Sequence[Article]) -> list[dict[str, Any]]:
    """The sources of a reply, numbered from 1."""
    return [
        {"n": n, "article_id": a.id, "title": a.title, "source": a.source}
        for n, a in enumerate(articles, 1)
    ]


def transfer_words(reason: str, locale: Locale) -> str:
    """The sentence that says the conversation has been passed on."""
    key = f"hand_over_{reason}"
    try:
        return say(key, locale)
    except KeyError:
        return say("hand_over_other", locale)


def deferred_words(opens: str | None, locale: Locale, *, again: bool) -> str:
    """The sentence that says that nobody is there now and when somebody will be."""
    key = "deferred_again" if again else "deferred"
    return say(key, locale, opens=opens or say("soon", locale))
