import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eval.case_files import read_cases
from eval.errors import ScriptExhausted, TargetUnavailable
from eval.runner import run
from eval.scripted import ScriptedTarget, ScriptedTargets, Step
from eval.target import Dialogue, Incoming, Reply
from tests.eval.builders import Shell, reply, write_jsonl

ANSWER = reply(text="七天内可退", cited=["refund"])


def row(id_: str, **keys: Any) -> dict[str, Any]:
    return {"id": id_, "turns": ["怎么退"], "article": "refund", **keys}


def shell(script: Mapping[str, Sequence[Step]]) -> tuple[Shell, ScriptedTargets, ScriptedTarget]:
    bot = ScriptedTarget(script)
    targets = ScriptedTargets(of_bot=bot)
    return Shell(targets), targets, bot


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_jsonl(
        tmp_path / "cases.jsonl",
        [row("a"), row("b", part="fit", tags=["typo"]), row("c", tags=["dialect"])],
    )


def test_json_is_one_object_on_standard_output_and_nothing_else(cases: Path) -> None:
    kefu, _, bot = shell({"a": [ANSWER], "b": [reply("decline")], "c": [ANSWER]})
    found = kefu("run", cases, "--json")
    assert found.exit_code == 0
    assert found.stdout.count("\n") == 1
    assert found.json["target"] == "scripted"
    assert found.json["metrics"]["right"] == {
        "value": 0.666667,
        "count": 2,
        "of": 3,
        "low": 0.207660,
        "high": 0.938508,
    }
    assert found.json["slices"]["overall"]["declined"] == 1
    assert found.json["gate"] is None
    assert bot.closed


@pytest.mark.parametrize(
    ("options", "played"),
    [
        ([], ["a", "b", "c"]),
        (["--part", "fit"], ["b"]),
        (["--part", "report"], ["a", "c"]),
        (["--tag", "typo", "--tag", "dialect"], ["b", "c"]),
        (["--limit", "2"], ["a", "b"]),
        (["--part", "report", "--limit", "1"], ["a"]),
    ],
)
def test_cases_are_chosen_by_part_tag_and_number(
    cases: Path, options: list[str], played: list[str]
) -> None:
    kefu, _, bot = shell({"a": [ANSWER], "b": [ANSWER], "c": [ANSWER]})
    assert kefu("run", cases, *options).exit_code == 0
    assert [each.case_id for each in bot.opened] == played


def test_the_bot_hears_who_asks_where_and_when_and_a_burst_as_one_turn(tmp_path: Path) -> None:
    keys = {"customer": "c01", "channel": "web", "product": "p1", "at": "2026-11-21T20:00:00+08:00"}
    turns = ["在吗", ["坏了", {"image": "x.jpg"}]]
    path = write_jsonl(tmp_path / "c.jsonl", [row("a", turns=turns, **keys)])
    kefu, targets, bot = shell({"a": [reply(), ANSWER]})
    kefu("run", path, "--knowledge", "v7")
    [opened] = bot.opened
    assert (opened.customer, opened.channel, opened.product) == ("c01", "web", "p1")
    assert opened.at == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert opened.bursts == [
        (Incoming(({"type": "text", "text": "在吗"},)),),
        (
            Incoming(({"type": "text", "text": "坏了"},)),
            Incoming(({"type": "image", "name": "x.jpg"},)),
        ),
    ]
    assert targets.knowledge == "v7"


def test_the_results_hold_everything_needed_to_see_why(cases: Path, tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    wrong = reply(text="十五天", cited=["price"], confidence=0.7)
    kefu, _, _ = shell({"a": [wrong], "b": [ANSWER], "c": [ANSWER]})
    kefu("run", cases, "--results", path, "--parallel", "3")
    first, *others = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [first["id"], *(each["id"] for each in others)] == ["a", "b", "c"]
    assert (first["outcome"], first["why"]) == ("wrong", ["cites price, not refund"])
    assert first["line"] == 1
    [turn] = first["turns"]
    assert turn["said"] == [{"type": "text", "text": "怎么退"}]
    assert turn["expected"]["article"] == ["refund"]
    assert (turn["reply"]["text"], turn["reply"]["confidence"]) == ("十五天", 0.7)


def test_below_the_gate_is_exit_code_one_and_says_which(cases: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate.yaml"
    gate.write_text("in_scope_direct_right: {min: 0.75}\nwrong_rate: {max: 0}\n", "utf-8")
    kefu, _, _ = shell({"a": [ANSWER], "b": [reply("decline")], "c": [ANSWER]})
    found = kefu("run", cases, "--gate", gate, "--json")
    assert found.exit_code == 1
    assert "in_scope_direct_right: 0.6667, wanted at least 0.75" in found.stderr
    assert [each["passed"] for each in found.json["gate"]["checks"]] == [False, True]


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (TargetUnavailable("no answer from the bot; start it"), "no answer from the bot"),
        (ConnectionError("refused"), "the bot under test broke down: refused"),
        (reply("shrug"), "the bot's disposition is 'shrug'"),
        (reply(confidence=float("nan")), "not a finite number"),
    ],
)
def test_trouble_with_the_bot_is_exit_code_three_and_keeps_what_was_played(
    cases: Path, tmp_path: Path, step: Step, complaint: str
) -> None:
    path = tmp_path / "results.jsonl"
    kefu, _, bot = shell({"a": [ANSWER], "b": [step], "c": [ANSWER]})
    found = kefu("run", cases, "--results", path, "--json")
    assert (found.exit_code, found.stdout) == (3, "")
    assert complaint in found.stderr
    assert json.loads(path.read_text("utf-8").splitlines()[0])["id"] == "a"
    assert bot.closed


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "missing.yaml"],
        ["run"],
        ["run", "{cases}", "--tag", "nobody"],
        ["run", "{cases}", "--part", "best"],
        ["run", "{cases}", "--parallel", "0"],
        ["run", "{cases}", "--gate", "missing.yaml"],
        ["run", "{cases}", "--results", "missing/results.jsonl"],
    ],
)
def test_bad_usage_is_exit_code_two(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    kefu, _, _ = shell({"a": [ANSWER], "b": [ANSWER], "c": [ANSWER]})
    found = kefu(*(each.format(cases=cases) for each in arguments))
    assert (found.exit_code, found.stdout) == (2, "")


def test_a_bot_that_prints_does_not_spoil_the_json(cases: Path) -> None:
    class Chatty(ScriptedTarget):
        async def open(self, **about: Any) -> Any:
            print("loading …")  # noqa: T201
            return await super().open(**about)

    bot = Chatty({"a": [ANSWER], "b": [ANSWER], "c": [ANSWER]})
    assert Shell(ScriptedTargets(of_bot=bot))("run", cases, "--json").json["cases"] == 3


async def test_so_many_conversations_run_at_a_time_and_the_order_is_kept(tmp_path: Path) -> None:
    class Crowd(Dialogue):
        """Counts how many conversations wait for a reply at the same time."""

        def __init__(self) -> None:
            self.waiting = self.most = 0

        async def send(self, burst: Sequence[Incoming]) -> Reply:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            for _ in range(3):
                await asyncio.sleep(0)  # lets every other conversation have a go
            self.waiting -= 1
            return ANSWER

    class Bot(ScriptedTarget):
        async def open(self, **about: Any) -> Any:
            return crowd

    crowd = Crowd()
    path = write_jsonl(tmp_path / "c.jsonl", [row(str(number)) for number in range(6)])
    played = await run(read_cases([path]), Bot({}), parallel=2, on_done=lambda _: None)
    assert crowd.most == 2
    assert [each.located.case.id for each in played] == ["0", "1", "2", "3", "4", "5"]


async def test_a_scripted_bot_is_loud_when_its_script_says_nothing() -> None:
    about: dict[str, Any] = dict.fromkeys(("customer", "channel", "product", "at"))
    bot = ScriptedTarget({"a": []})
    dialogue = await bot.open(**about, case_id="a")
    with pytest.raises(ScriptExhausted, match="case a: no reply left for"):
        await dialogue.send([Incoming(({"type": "text", "text": "在吗"},))])
    with pytest.raises(ScriptExhausted, match="no script for case b"):
        await bot.open(**about, case_id="b")
