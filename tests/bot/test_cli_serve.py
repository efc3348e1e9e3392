"""Commands beside a running `kefu serve`, and how it starts and stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.command_line import GIFT, Kefu, KefuHere, ServerProcess, linked_copy, until
from tests.server import Customer

# What the product promises, of a withdrawal as of a stop.
PROMISED_S = 5.0


@pytest.fixture(scope="module")
def server(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server process for tests that keep out of each other's way."""
    data = linked_copy(sample_data, tmp_path_factory.mktemp("serve") / "data")
    with Kefu(data).serving() as running:
        yield running


@pytest.fixture
def kefu(server: ServerProcess) -> Kefu:
    """Its command line."""
    return KefuHere(server.data)


def test_a_question_through_the_server_is_decided_as_without_one(kefu: Kefu) -> None:
    done = Kefu(kefu.data).good("ask", "满多少包邮", "--json")
    answer = done.json()
    assert answer["kind"] == "answer"
    assert [source["article_id"] for source in answer["sources"]] == ["freight-fee"]
    assert done.err == ""
    assert kefu.json("kb", "search", "满多少包邮")["hits"][0]["id"] == "freight-fee"


def test_bad_input_is_refused_before_it_reaches_the_server(kefu: Kefu) -> None:
    assert kefu("ask", "好" * 4001).code == 2
    assert kefu("kb", "rollback", "77").code == 2


def test_a_second_server_over_the_same_folder_says_what_to_do(server: ServerProcess) -> None:
    done = Kefu(server.data)("serve", "--port", "0")
    assert done.code == 3
    assert "another kefu process uses the data folder" in done.words
    assert "KEFU_DATA" in done.words
    assert httpx.get(f"{server.url}/healthz", trust_env=False).status_code == 200


def test_new_knowledge_is_served_without_a_restart(kefu: Kefu, tmp_path: Path) -> None:
    before = kefu.json("kb", "versions")[0]["version"]
    question = "你们有会发光的独角兽礼盒吗"
    text = GIFT.replace("可以包礼盒吗？", question).replace("#gift", "#unicorn")
    (tmp_path / "unicorn.md").write_text(text, encoding="utf-8")
    kefu.good("kb", "import", tmp_path / "unicorn.md")
    assert kefu.json("kb", "publish") == {"version": before + 1}
    assert kefu.json("ask", question)["sources"][0]["article_id"] == "unicorn"
    assert kefu.json("kb", "rollback") == {"version": before}
    assert kefu.json("kb", "search", question)["version"] == str(before)


def test_a_withdrawn_article_is_in_no_answer_within_the_promised_time(
    server: ServerProcess, kefu: Kefu
) -> None:
    def cited() -> set[str]:
        answer = kefu.json("ask", "下单后多久发货？")
        return {source["article_id"] for source in answer["sources"]}

    assert cited() == {"ship-dispatch-time"}
    kefu.good("kb", "withdraw", "ship-dispatch-time")
    began = time.monotonic()
    until(lambda: "ship-dispatch-time" not in cited(), "the withdrawal")
    assert time.monotonic() - began < PROMISED_S
    kefu.good("kb", "restore", "ship-dispatch-time")
    until(lambda: "ship-dispatch-time" in cited(), "the restoration")


def test_doctor_sees_the_server(server: ServerProcess, kefu: Kefu) -> None:
    shown = kefu.good("doctor").out
    assert "✓  server" in shown
    assert server.url in shown


def test_the_control_token_is_for_its_owner_only(server: ServerProcess) -> None:
    assert (server.data / "server.json").stat().st_mode & 0o077 == 0
    answer = httpx.post(f"{server.url}/api/control/ask", json={"text": "?"}, trust_env=False)
    assert answer.status_code == 401


def test_a_server_stops_in_time_and_in_order_although_somebody_listens(
    sample_data: Path, tmp_path: Path
) -> None:
    kefu = Kefu(linked_copy(sample_data, tmp_path / "data"))
    with (
        kefu.serving() as server,
        httpx.Client(base_url=server.url, trust_env=False, timeout=20) as client,
    ):
        customer = Customer(client)
        heard, ended = threading.Event(), threading.Event()

        def listen() -> None:
            for _ in customer.events(after=0):
                heard.set()
            ended.set()

        listening = threading.Thread(target=listen)
        listening.start()
        customer.say("满多少包邮")
        assert heard.wait(20)
        assert server.terminate() < PROMISED_S
        assert server.process.returncode == 0
        assert ended.wait(PROMISED_S), "the stream was torn, not ended"
        listening.join()
    assert "ERROR" not in server.log.read_text()
    # Nothing that would mislead the next command is left behind.
    assert not (kefu.data / "server.json").exists()
    assert "not running" in KefuHere(kefu.data).good("doctor").out
