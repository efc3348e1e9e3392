from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.case_files import RawCase, raw_cases
from eval.lint import NEAR_COPY, lint
from eval.rows import KbRow
from eval.scripted import ScriptedTargets
from tests.eval.builders import Shell, write_jsonl

KB = [KbRow(id="refund", question="七天无理由退货怎么申请", variants=("怎么退",))]


def row(id_: str, text: str, **keys: Any) -> dict[str, Any]:
    return {"id": id_, "turns": [text], "article": "refund", **keys}


def rules(tmp_path: Path, *rows: dict[str, Any], kb: list[KbRow] | None = None) -> list[str]:
    path = write_jsonl(tmp_path / "cases.jsonl", rows)
    return [f"{each.line} {each.rule}" for each in lint(list(raw_cases([path])), kb or [])]


def test_sound_cases_have_no_findings(tmp_path: Path) -> None:
    assert rules(tmp_path, row("a", "买大了想退"), row("b", "颜色不喜欢"), kb=KB) == []


def test_a_duplicate_is_found_behind_script_width_and_punctuation(tmp_path: Path) -> None:
    found = rules(tmp_path, row("a", "什么时候发货"), row("b", "什麼時候發貨？！"))
    assert found == ["2 duplicate"]


@pytest.mark.parametrize(
    "context",
    [{"customer": "c2"}, {"product": "p2"}, {"at": "2026-11-25T00:00:00+08:00"}],
)
def test_the_same_words_in_another_situation_are_no_duplicate(
    tmp_path: Path, context: dict[str, Any]
) -> None:
    assert rules(tmp_path, row("a", "到哪了"), row("b", "到哪了", **context)) == []


def test_emoji_alone_are_not_all_the_same(tmp_path: Path) -> None:
    assert rules(tmp_path, row("a", "😡"), row("b", "👍")) == []


def test_every_fault_of_a_bad_row_is_told(tmp_path: Path) -> None:
    assert rules(tmp_path, {"text": "x", "turns": ["退"]}) == ["1 bad-row", "1 bad-row"]


def test_a_repeated_id_is_found(tmp_path: Path) -> None:
    assert rules(tmp_path, row("a", "买大了想退"), row("a", "颜色不喜欢")) == ["2 repeated-id"]


def test_an_article_to_fit_on_is_not_reported_on(tmp_path: Path) -> None:
    found = rules(tmp_path, row("a", "买大了想退", part="fit"), row("b", "颜色不喜欢"))
    assert found == ["2 article-in-both-parts"]


def test_an_article_in_both_parts_is_told_once(tmp_path: Path) -> None:
    fitted = row("a", "买大了想退", part="fit")
    found = rules(tmp_path, fitted, row("b", "颜色不喜欢"), row("c", "不想要了"))
    assert found == ["2 article-in-both-parts"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("怎麼退？", "copy"),  # a variant, in Traditional
        ("七天无理由退货怎么申请啊", "near-copy"),
        ("7天无理由退货怎么申请", "copy"),
    ],
)
def test_a_message_taken_from_an_article_is_found(tmp_path: Path, text: str, rule: str) -> None:
    assert rules(tmp_path, row("a", text), kb=KB) == [f"1 {rule}"]


SHORT = st.text("退货款发", min_size=2, max_size=9)


@given(SHORT, st.lists(SHORT, min_size=1, max_size=5))
def test_looking_only_at_rare_letter_pairs_misses_no_near_copy(
    text: str, titles: list[str]
) -> None:
    def pairs(form: str) -> set[str]:
        return {"".join(pair) for pair in pairwise(form)}

    def likeness(title: str) -> float:
        left, right = pairs(text), pairs(title)
        return 2 * len(left & right) / (len(left) + len(right))

    kb = [KbRow(id="refund", question=title) for title in titles]
    found = lint([RawCase(Path("c.jsonl"), 1, row("a", text))], kb)
    if text in titles:
        assert [each.rule for each in found] == ["copy"]
    else:
        expected = ["near-copy"] if max(map(likeness, titles)) >= NEAR_COPY else []
        assert [each.rule for each in found] == expected


def test_an_article_that_the_knowledge_lacks_is_found(tmp_path: Path) -> None:
    assert rules(tmp_path, row("a", "买大了", article="return"), kb=KB) == ["1 unknown-article"]


@pytest.mark.parametrize(("text", "exit_code"), [("买大了想退", 0), ("怎么退", 1)])
def test_findings_are_exit_code_one(tmp_path: Path, text: str, exit_code: int) -> None:
    cases = write_jsonl(tmp_path / "cases.jsonl", [row("a", text)])
    kb = write_jsonl(tmp_path / "kb.jsonl", [each.model_dump() for each in KB])
    found = Shell(ScriptedTargets())("lint", cases, "--kb", kb, "--json")
    assert found.exit_code == exit_code
    assert found.json["cases"] == 1
    assert len(found.json["findings"]) == exit_code


def test_no_cases_at_all_is_exit_code_two(tmp_path: Path) -> None:
    assert Shell(ScriptedTargets())("lint", tmp_path).exit_code == 2


def test_the_schema_is_printed_as_json() -> None:
    assert Shell(ScriptedTargets())("schema").json["type"] == "array"
