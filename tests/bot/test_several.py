"""Several questions in one message: all of them are answered, or what is left is not lost."""

from __future__ import annotations

import pytest

from bot.decision import Decision, Kind, text_part
from bot.eval_targets import SAMPLE_DAY
from bot.questions import Question
from bot.request import Request
from bot.several import Asked, together, told_apart
from knowledge.article import Article, ArticleId
from knowledge.search import Found, Hit


def found(*ids: str, confidence: float = 0.9) -> Found:
    hits = [Hit(Article(ArticleId(id_), f"{id_}?", f"{id_}!"), 1.0, confidence) for id_ in ids]
    return Found(tuple(hits), confidence)


def answered(article: str, *, confidence: float = 0.9, leans: bool = False) -> Asked:
    source = {"n": 1, "article_id": article, "title": f"{article}?", "source": None}
    decision = Decision(Kind.ANSWER, [text_part(f"{article}!")], sources=[source], cited=(article,))
    return Asked(Question(article, leans), article, found(article, confidence=confidence), decision)


def choices(*articles: str) -> Decision:
    options = [{"id": id_, "text": f"{id_}?"} for id_ in (*articles, "person")]
    part = {"type": "choices", "prompt": "which?", "options": options}
    return Decision(Kind.CLARIFY, [part], offered=articles)


def unsure(article: str, decision: Decision, *, leans: bool = False) -> Asked:
    return Asked(Question(article, leans), article, found(article, confidence=0.3), decision)


REQUEST = Request(messages=[[{"type": "text", "text": "两个问题"}]], at=SAMPLE_DAY)
NOT_KNOWN = Decision(Kind.HAND_OVER, [], reason="low_confidence", rule="unsure", missed=True)
PEOPLE_ONLY = Decision(
    Kind.HAND_OVER, [text_part("lost!")], cited=("lost",), reason="policy_restriction", rule="r"
)


def test_two_sure_questions_are_told_apart() -> None:
    asked = [answered("a"), answered("b", confidence=0.8)]
    assert told_apart(asked, found("a", confidence=0.75)) == asked


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        # Both parts found the same article: it is one matter.
        ([answered("a"), answered("a")], found("a")),
        # What is unsure most likely means the article that is given anyway.
        ([answered("a"), unsure("a", choices("a", "b"))], found("a")),
        # The whole found something else, and surer.
        ([answered("a"), answered("b", confidence=0.75)], found("c", confidence=0.8)),
        # Nothing is sure.
        ([unsure("a", choices("a")), unsure("b", NOT_KNOWN)], found("a", confidence=0.4)),
        # Cut at a mere pause, and one half found nothing.
        ([answered("a"), unsure("b", NOT_KNOWN, leans=True)], found("a")),
    ],
)
def test_one_question_stays_one(asked: list[Asked], whole: Found) -> None:
    assert told_apart(asked, whole) == []


def test_what_is_unsure_is_asked_back_behind_the_sure_answer() -> None:
    asked = [unsure("b", choices("b", "c")), answered("a")]
    assert told_apart(asked, found("a")) == asked
    reply = together(REQUEST, asked)
    assert (reply.kind, reply.cited, reply.offered) == (Kind.CLARIFY, ("a",), ("b", "c"))
    answer, choice = reply.parts
    assert "a!" in answer["text"]
    assert choice["type"] == "choices"
    assert choice["prompt"] != "which?"
    assert not reply.missed


def test_what_nobody_knows_goes_to_a_person_with_the_sure_answer_given_meanwhile() -> None:
    reply = together(REQUEST, [answered("a"), unsure("b", NOT_KNOWN)])
    assert (reply.kind, reply.reason) == (Kind.HAND_OVER, "low_confidence")
    assert "a!" in reply.parts[0]["text"]
    assert len(reply.parts) == 2
    assert reply.missed


def test_a_topic_for_people_hands_over_and_keeps_both_texts() -> None:
    lost = Asked(Question("lost", False), "lost", found("lost"), PEOPLE_ONLY)
    reply = together(REQUEST, [lost, answered("a")])
    assert (reply.kind, reply.reason) == (Kind.HAND_OVER, "policy_restriction")
    assert reply.cited == ("lost", "a")
    assert ["lost!" in part["text"] for part in reply.parts] == [True, False]


def test_two_unsure_questions_make_one_choice_and_one_admission() -> None:
    asked = [answered("a"), unsure("b", choices("b")), unsure("c", choices("c"))]
    reply = together(REQUEST, asked)
    assert [part["type"] for part in reply.parts] == ["text", "text", "choices"]
    assert reply.offered == ("b",)


def test_an_own_order_and_a_shop_question_are_both_answered() -> None:
    card = {"type": "order_card", "order_id": "1"}
    order = Decision(Kind.ACT, [text_part("shipped"), card], record={"order_topic": "parcel"})
    asked = [Asked(Question("o", False), "o", found("x", confidence=0.2), order), answered("a")]
    assert told_apart(asked, found("a")) == asked
    reply = together(REQUEST, asked)
    assert reply.kind is Kind.ACT
    assert [part["type"] for part in reply.parts] == ["text", "order_card", "text"]
    assert reply.record["order_topic"] == "parcel"


def test_what_leans_on_a_question_about_an_own_order_means_that_order() -> None:
    order = Decision(Kind.ACT, [text_part("shipped")], record={"order_topic": "parcel"})
    one = Asked(Question("o", False), "o", found("x", confidence=0.2), order)
    assert told_apart([one, answered("a", leans=True)], found("a")) == []


def test_two_questions_about_own_orders_are_one() -> None:
    order = Decision(Kind.ACT, [text_part("shipped")], record={"order_topic": "parcel"})
    one = Asked(Question("o", False), "o", found("x", confidence=0.2), order)
    assert told_apart([one, one], found("x")) == []
