"""A mistake in a rulebook is answered with its line and with what to write instead."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from handoff.rulebook import parse_rulebook
from handoff.rulebook_file import rulebook_schema
from handoff.rulebook_reading import BadRulebook

EVERYTHING = """
schema_version: 1
time_zone: Asia/Shanghai
rules:
  anger: {threshold: 0.6}
  low_confidence: {enabled: true, threshold: 0.7}
  review_threat: off
  high_risk: true
overrides:
  - when: {stage: after_sale, channel: [web, douyin], hours: 22:00-06:00, days: [sat], tags: vip}
    rules: {dissatisfaction: {threshold: 2}, repeated_miss: {allowed: 0}}
topics:
  always: {categories: [warranty], tags: [], articles: [recall-2026]}
  never: {categories: [coupons]}
modes:
  default: auto
  overrides:
    - {when: {channel: douyin}, mode: assist}
texts:
  night: {zh-Hans: "同事 {opens} 回来，单号 {ticket}。", en: "Back at {opens}."}
overload: {queue_cap: 50, confidence_threshold: 0.85, offer_tickets: true}
"""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("rules:\n  anger: {threshold: 1.5}", 2, "a probability"),
        ("rules:\n  anger:\n    treshold: 0.5", 3, "did you mean threshold?"),
        ("rules:\n  anger: {on: false}", 2, "YAML reads on, yes, off and no as true and false"),
        ("rules:\n  angry: true", 2, "unknown reason angry: did you mean anger?"),
        ("rules:\n\n  high_risk: off", 3, "high_risk cannot be switched off"),
        (
            "overrides:\n  - when: {channel: a}\n    rules:\n      high_risk: {enabled: false}",
            4,
            "high_risk cannot be switched off",
        ),
        ("rules:\n  vip: {threshold: 0.5}", 2, "it can only be true or false"),
        ("rules:\n  anger: {allowed: 2}", 2, "it takes `threshold`"),
        ("rules:\n  repeated_miss: {allowed: -1}", 2, "greater than or equal to 0"),
        ("rules:\n  anger: [0.5]", 2, "write keys with values below it"),
        ("rule: {}", 1, "unknown key rule: did you mean rules?"),
        ("overrides:\n  - rules: {}", 2, "is missing; add it"),
        ("overrides:\n  - when: {}\n    rules: {}", 2, "at least one of stage"),
        ("overrides:\n  - when:\n      hours: 22:00 to 6\n    rules: {}", 3, "as 22:00-06:00"),
        ("overrides:\n  - when:\n      hours: 09:00-09:00\n    rules: {}", 3, "leave the key out"),
        ("overrides:\n  - when:\n      stage: presale\n    rules: {}", 3, "'pre_sale'"),
        ("overrides:\n  - when:\n      days: [mon, tusday]\n    rules: {}", 3, "not 'tusday'"),
        ("overrides:\n  - when:\n      tags: 7\n    rules: {}", 3, "write a list"),
        ("modes:\n  default: robot", 2, "'auto', 'assist' or 'human'"),
        ("modes:\n  overrides:\n    - {when: {tags: vip}, mode: human}", 3, "not known yet"),
        ("texts:\n  queued:\n    en: 'You are {place}'", 3, "write {minutes} or {position}"),
        ("texts:\n  queued:\n    en: '{position} {'", 3, "a brace stands alone"),
        ("texts:\n  queued:\n    en: ' '", 3, "the text is empty"),
        ("texts:\n  night:\n    en: 24", 3, "put it in quotes"),
        ("texts:\n  closed: {}", 2, "'queued', 'busy', 'night' or 'overload'"),
        ("overload:\n  queue_cap: 0", 2, "greater than or equal to 1"),
        ("time_zone: Asia/Atlantis", 1, "does not exist; write one as Asia/Shanghai"),
        ("rules:\n  anger: true\n  anger: false", 3, "stands here and in line 2"),
        ("rules: {anger: true", 1, "not valid YAML"),
        ("rules:\n\tanger: true", 2, "not valid YAML"),
        ("- rules", 1, "write keys with values below it"),
        ("schema_version: 2", 1, "write 1, not 2"),
        ("[" * 2000, None, "nested too deeply"),
        ("x" * 200_001, None, "longer than"),
    ],
)
def test_a_mistake_is_named(text: str, line: int | None, said: str) -> None:
    with pytest.raises(BadRulebook) as refused:
        parse_rulebook(text)
    problem = refused.value.problems[0]
    assert said in problem.message
    assert problem.line == line
    assert str(problem) in str(refused.value)


def test_several_mistakes_are_named_at_once() -> None:
    with pytest.raises(BadRulebook) as refused:
        parse_rulebook("modes:\n  default: robot\noverload:\n  queue_cap: 0\n")
    assert [problem.line for problem in refused.value.problems] == [2, 4]


def test_an_alias_that_stands_in_itself_is_refused_and_ends() -> None:
    with pytest.raises(BadRulebook):
        parse_rulebook("rules: &a\n  anger: *a\n")


def test_the_schema_accepts_what_is_read_and_refuses_what_is_not() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(rulebook_schema())
    parse_rulebook(EVERYTHING)
    assert list(validator.iter_errors(yaml.safe_load(EVERYTHING))) == []
    mistakes: list[dict[str, Any]] = [
        {"rule": {}},
        {"rules": {"angry": True}},
        {"overload": {"queue_cap": 0}},
    ]
    for wrong in mistakes:
        assert list(validator.iter_errors(wrong))


def test_every_key_has_a_shape_in_the_schema() -> None:
    shapes: dict[str, Any] = rulebook_schema()["$defs"]
    for shape in shapes.values():
        if "properties" in shape:
            assert shape["additionalProperties"] is False
