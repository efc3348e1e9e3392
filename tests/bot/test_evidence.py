"""What counts as borne out by the shop's own text."""

from __future__ import annotations

import pytest

from bot.evidence import Kind, check
from tests.bot.evidence_cases import CASES

RIGHT = [(case.passage, text) for case in CASES for text in case.right]
WRONG = [(case.passage, text) for case in CASES for text in case.wrong]


@pytest.mark.parametrize(("passage", "sentence"), RIGHT)
def test_a_sentence_that_says_what_the_passage_says_passes(passage: str, sentence: str):
    assert check(sentence, [passage]) is None


@pytest.mark.parametrize(("passage", "sentence"), WRONG)
def test_a_sentence_with_one_thing_changed_is_refused(passage: str, sentence: str):
    assert check(sentence, [passage]) is not None
