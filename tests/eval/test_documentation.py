"""The examples in docs/evaluation.md are real: files are written, commands are run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.scripted import (
    ScriptedAnger,
    ScriptedHandoff,
    ScriptedSearch,
    ScriptedTarget,
    ScriptedTargets,
    ScriptedTuning,
)
from eval.target import Attempt, Ranking
from tests.eval.builders import Shell, reply

PAGE = Path(__file__).parents[2] / "docs" / "evaluation.md"
FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
REFUND = "签收后**七天**内，吊牌完好即可申请退货。"

ANSWERED = reply("answer", REFUND, cited=["return-7days"])
ASKED = reply("clarify", "您想问哪一个？", offered=["return-7days"])
SILENT = reply("decline", "这个我不了解。")


def targets() -> ScriptedTargets:
    return ScriptedTargets(
        of_bot=ScriptedTarget(
            {
                "return-how-01": [reply("answer", REFUND, cited=["return-7days"])],
                "ship-when-01": [reply("clarify", "您想问哪一个？", offered=["ship-within-48h"])],
                "order-where-01": [reply("act", "您的包裹已到杭州。")],
                "weather-01": [reply("decline", "这个我不了解。", took_ms=8)],
                "burn-01": [
                    reply("answer", "请换个插座试试。", cited=["charger-heat"]),
                    reply("hand_over", "已为您转接同事。", reason="high_risk"),
                ],
                "return-en-01": [
                    reply("answer", "Hi!"),
                    reply("answer", "Send it back.", cited=["exchange-size"]),
                ],
            }
        ),
        of_tuning=ScriptedTuning(
            {
                "coat-01": Attempt(0.93, ANSWERED, ASKED),
                "coat-02": Attempt(0.64, ANSWERED, ASKED),
                "coat-03": Attempt(0.52, reply("answer", "可以。", cited=["wash"]), SILENT),
                "coat-04": Attempt(0.12, SILENT, SILENT),
                "coat-05": Attempt(0.66, ANSWERED, ASKED),
            },
            threshold=0.7,
        ),
        of_search=ScriptedSearch(
            {
                "买大了能退不": Ranking(("return-7days", "ship-within-48h"), 0.91),
                "那多久呢": Ranking(("return-7days", "ship-within-48h"), 0.42),
                "帮我写首诗": Ranking(("ship-within-48h",), 0.12),
            }
        ),
        of_anger=ScriptedAnger(
            {
                "你们就是骗子！再也不来了": 0.97,
                "充电器坏了，怎么换": 0.21,
                "等了一周了，到底发不发": 0.48,
            },
            threshold=0.5,
        ),
        of_handoff=ScriptedHandoff(
            {"找人工": "customer_request", "插上就冒烟了": "low_confidence", "什么时候发货": None}
        ),
    )


def commands(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output that the page shows for it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def blocks() -> list[tuple[str, str, str]]:
    return FENCE.findall(PAGE.read_text(encoding="utf-8"))


def test_every_command_on_the_page_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _, title, body in blocks():
        if title:
            Path(title).write_text(body, encoding="utf-8")
    shell, ran = Shell(targets()), 0
    for language, _, body in blocks():
        for command, shown in commands(body) if language == "console" else ():
            if command == "echo $?":
                assert shown.strip() == str(shell.exit_code)
            else:
                printed = shell(*shlex.split(command.removeprefix("kefu eval "))).output
                assert _trimmed(printed) == _trimmed(shown), command
            ran += 1
    assert ran >= 8


def test_the_page_names_every_metric_and_every_outcome() -> None:
    from eval.metrics import METRIC_NAMES
    from eval.score import Outcome

    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in (*METRIC_NAMES, *Outcome) if f"`{name}`" not in page] == []


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]
