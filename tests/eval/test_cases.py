import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eval.case import Case
from eval.case_files import read_cases, schema_text
from eval.errors import BadData, BadRow
from tests.eval.builders import case


def read(tmp_path: Path, text: str, name: str = "cases.yaml") -> list[Case]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [each.case for each in read_cases([path])]


def test_a_case_reads_the_same_from_yaml_and_from_json_lines(tmp_path: Path) -> None:
    row = {
        "id": "r1",
        "turns": ["你好", ["买了不合适", {"image": "tag.jpg"}]],
        "article": ["refund", "exchange"],
        "at": "2026-11-21T20:00:00+08:00",
        "expect": {"facts": [["7天", "七天"], "吊牌"]},
    }
    text = """
- id: r1
  at: 2026-11-21T20:00:00+08:00
  turns: [你好, [买了不合适, {image: tag.jpg}]]
  article: [refund, exchange]
  expect: {facts: [[7天, 七天], 吊牌]}
"""
    [from_yaml] = read(tmp_path, text)
    [from_json] = read(tmp_path, json.dumps(row, ensure_ascii=False), "cases.jsonl")
    assert from_yaml == from_json
    assert from_yaml.at == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert from_yaml.expectations()[1].facts == (("7天", "七天"), ("吊牌",))


@pytest.mark.parametrize(
    ("keys", "dispositions"),
    [
        ({"article": "a"}, {"answer"}),
        ({"article": None, "tags": ["out_of_scope"]}, {"decline", "hand_over"}),
        ({"tags": ["must_hand_over"]}, {"hand_over"}),
        ({"expect": {"dispositions": ["act", "answer"]}}, {"act", "answer"}),
    ],
)
def test_what_is_right_has_a_default(keys: dict[str, Any], dispositions: set[str]) -> None:
    assert case(**keys).expectations()[0].dispositions == dispositions


def test_only_the_last_turn_is_scored() -> None:
    assert list(case(turns=["在吗", "有人吗", "怎么退"]).expectations()) == [2]


def test_a_turn_with_an_expectation_of_its_own_is_scored_as_well() -> None:
    greeting = {"say": "在吗", "expect": {"dispositions": ["answer", "clarify"]}}
    assert list(case(turns=[greeting, "嗯", "怎么退"]).expectations()) == [0, 2]


def test_a_case_that_expects_nothing_itself_leaves_its_last_turn_unscored() -> None:
    asked = {"say": ["怎么退", "急"], "article": "refund", "expect": {"facts": ["7天"]}}
    one = case(turns=[asked, "谢谢"], article=None)
    assert list(one.expectations()) == [0]
    assert one.gold() == ("refund",)


@pytest.mark.parametrize(
    ("keys", "kind"),
    [
        ({}, "in_scope_direct"),
        ({"tags": ["order"]}, "own_order"),
        ({"tags": ["burst"]}, "burst_picture"),
        ({"turns": [["在吗", "怎么退"]]}, "burst_picture"),
        ({"turns": [{"image": "x.jpg"}]}, "burst_picture"),
        ({"tags": ["out_of_scope", "burst"], "article": None}, "out_of_scope"),
        ({"tags": ["must_hand_over", "order"]}, "must_hand_over"),
        ({"expect": {"dispositions": ["hand_over"]}}, "must_hand_over"),
    ],
)
def test_a_case_counts_in_one_slice(keys: dict[str, Any], kind: str) -> None:
    assert case(**keys).kind == kind


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("turns: [怎么退]\n  article: a", "id is missing; add id"),
        ("id: x\n  turns: [怎么退]\n  artcle: a", "unknown key artcle; remove or rename it"),
        ("id: x\n  turns: [怎么退]", "nothing says what is right; name an article"),
        ("id: x\n  turns: [no]\n  article: a", "turns.0.text is not a text; put the text in quo"),
        ("id: x\n  turns: []\n  article: a", "a turn is missing or empty; write what"),
        ("id: x\n  turns: [[]]\n  article: a", "a turn is missing or empty; write what"),
        ("id: x\n  turns: [' ']\n  article: a", "turns.0.text is empty; write the text"),
        ("id: x\n  turns: [退]\n  article: a\n  tags: [out-of-scope]", "tags.0"),
        ("id: x\n  turns: [退]\n  article: a\n  tags: [out_of_scope]", "drop the tag or the art"),
        ("id: x\n  turns: [退]\n  article: a\n  expect: {reason: [anger]}", "lack hand_over"),
        ("id: x\n  turns: [退]\n  article: a\n  at: 2026-11-21T20:00:00", "has no time zone"),
        ("id: x\n  id: y\n  turns: [退]\n  article: a", "the key id stands twice; keep one"),
        ("just a text", "not a mapping; write a case as keys and values"),
        ("id: [x", "not YAML"),
    ],
)
def test_a_bad_row_says_file_line_and_what_to_do(tmp_path: Path, row: str, complaint: str) -> None:
    good = "- id: good\n  turns: [退]\n  article: a\n"
    with pytest.raises(BadRow) as caught:
        read(tmp_path, f"{good}- {row}\n")
    assert complaint in str(caught.value)
    assert caught.value.line >= 4
    assert str(caught.value).startswith(str(tmp_path / "cases.yaml"))


def test_two_cases_never_share_an_id(tmp_path: Path) -> None:
    row = "- id: x\n  turns: [退]\n  article: a\n"
    with pytest.raises(BadRow, match=r"id x is taken by .*cases.yaml:1; give each"):
        read(tmp_path, row * 2)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[]"])
def test_a_file_without_cases_is_bad_data(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadData, match="no cases"):
        read(tmp_path, text)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="rename or convert"):
        read(tmp_path, "", "cases.csv")


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml"):
        (tmp_path / name).write_text(f"- {{id: {name}, turns: [退], article: a}}", "utf-8")
    assert [each.case.id for each in read_cases([tmp_path])] == ["a.yml", "b.yaml"]


def test_the_schema_describes_a_list_of_cases() -> None:
    schema = json.loads(schema_text())
    assert schema["type"] == "array"
    assert schema["items"]["required"] == ["id", "turns"]
    assert schema["items"]["additionalProperties"] is False
