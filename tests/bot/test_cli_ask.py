"""`kefu ask` and `kefu chat` without a server: one question, one decision."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.command_line import Kefu, KefuHere, linked_copy


@pytest.fixture(scope="module")
def shop(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Kefu:
    """The sample shop, published; for tests that change nothing."""
    return Kefu(linked_copy(sample_data, tmp_path_factory.mktemp("ask") / "data"))


def test_the_whole_decision_as_json_and_nothing_else_on_standard_output(shop: Kefu) -> None:
    done = shop.good("ask", "满多少包邮", "--json")
    answer = done.json()
    assert answer["kind"] == "answer"
    assert "59" in answer["text"]
    assert [source["article_id"] for source in answer["sources"]] == ["freight-fee"]
    assert 0.5 < answer["confidence"] <= 1
    assert done.err == ""


def test_an_answer_for_people_shows_its_source(shop: Kefu) -> None:
    done = shop.good("ask", "满多少包邮")
    assert "59 元" in done.out
    assert "[1] 运费多少？满多少包邮？ — 《快递与运费说明》" in done.out
    assert "answer · confidence 0." in done.out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no words"),
        (" \n\t ", "no words"),
        ("好" * 4001, "longer than 4,000 characters"),
        ("好\x1b[31m", "control characters"),
        ("\x01\x02", "control characters"),
        pytest.param("\udcff\udcfe", "control characters", id="bytes that are no text"),
    ],
)
@pytest.mark.parametrize("command", [("ask",), ("ask", "--json")])
def test_a_text_that_cannot_be_taken(
    tmp_path: Path, command: tuple[str, ...], text: str, why: str
) -> None:
    done = KefuHere(tmp_path / "data")(*command, text)
    assert (done.code, done.out) == (2, "")
    assert why in done.words


def test_asking_before_anything_is_published_says_what_to_do(tmp_path: Path) -> None:
    done = KefuHere(tmp_path / "data")("ask", "满多少包邮")
    assert (done.code, done.out) == (2, "")
    assert "`kefu kb import PATH`" in done.words
    assert "`kefu kb publish`" in done.words


def test_a_chat_ends_with_its_input_and_survives_a_bad_line(shop: Kefu) -> None:
    done = shop.good("chat", typed="满多少包邮\n\x01\x02\n那新疆呢\n")
    assert "59 元" in done.out
    assert "control characters" in done.out
    assert "199 元" in done.out


def test_two_processes_do_not_share_a_data_folder(shop: Kefu) -> None:
    with subprocess.Popen(
        [*shop.command, "chat"],
        env=shop.environment(PYTHONUNBUFFERED="1"),
        cwd=shop.data.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as chat:
        assert chat.stdout is not None
        assert chat.stdout.read(1) == b">", "the chat has not begun"
        done = KefuHere(shop.data)("ask", "满多少包邮")
        chat.communicate(timeout=60)
    assert done.code == 3
    assert str(shop.data) in done.words.replace(" ", "")
    assert "KEFU_DATA" in done.words


_LOADED = """
import sys
sys.argv = ["kefu", "ask", "满多少包邮", "--json"]
from bot.cli import main
try:
    main()
finally:
    heavy = {"torch", "langchain", "langchain_core", "transformers", "sklearn", "markitdown"}
    print(*sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_asking_loads_no_language_model_framework(shop: Kefu) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED],
        env=shop.environment(),
        cwd=shop.data.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == ""
