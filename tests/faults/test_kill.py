"""The server is killed again and again under traffic: nothing is lost, nothing said twice."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bot.command_line import Kefu, ServerProcess, linked_copy, until
from tests.server import Customer

KILLS = 5
CUSTOMERS = 4
# Acknowledgements between a start and the kill: enough for some turns to be under way.
BETWEEN_KILLS = 6
LONGEST_BURST = 2

# The bot answers each of these by itself.
QUESTIONS = (
    "满多少包邮",
    "下单后多久发货？",
    "支持七天无理由退货吗？",
    "可以包礼盒吗？要多少钱？",
    "怎么开发票？",
    "实物和图片有色差吗？",
    "有运费险吗？",
)


@dataclass
class Acknowledged:
    """What the server confirmed: (conversation, client message id) and the words."""

    messages: dict[tuple[str, str], str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, conversation: str, message_id: str, text: str) -> None:
        with self.lock:
            assert (conversation, message_id) not in self.messages
            self.messages[conversation, message_id] = text

    def __len__(self) -> int:
        with self.lock:
            return len(self.messages)


class Traffic:
    """Customers who write a burst, hear the answer, and write again, whatever happens."""

    def __init__(self, kefu: Kefu) -> None:
        self.kefu = kefu
        self.acknowledged = Acknowledged()
        self.failures: list[BaseException] = []
        self._stopped = threading.Event()
        self._up = threading.Event()
        self._own: dict[str, int] = {}
        self._url = ""
        self._threads = [
            threading.Thread(target=self._customer, args=(number,)) for number in range(CUSTOMERS)
        ]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def server_is(self, server: ServerProcess | None) -> None:
        if server is None:
            self._up.clear()
            return
        self._url = server.url
        self._up.set()

    def stop(self) -> None:
        self._stopped.set()
        self._up.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _customer(self, number: int) -> None:
        try:
            self._talk(number)
        except (AssertionError, httpx.HTTPError, OSError) as error:
            self.failures.append(error)

    def _talk(self, number: int) -> None:
        token: str | None = None
        questions = itertools.cycle(QUESTIONS[number:] + QUESTIONS[:number])
        waiting: list[tuple[str, str]] = []
        sent = itertools.count()
        while not self._stopped.is_set():
            self._up.wait()
            try:
                with httpx.Client(base_url=self._url, timeout=10, trust_env=False) as client:
                    customer = Customer(client) if token is None else Resumed(client, token)
                    token = customer.opened["token"]
                    self._write(customer, questions, waiting, sent)
            except httpx.TransportError:
                # Killed: what was not acknowledged is sent again, under its own id.
                continue

    def _write(
        self,
        customer: Customer,
        questions: Iterator[str],
        waiting: list[tuple[str, str]],
        sent: Iterator[int],
    ) -> None:
        while not self._stopped.is_set():
            if not waiting:
                waiting += [
                    (f"m{next(sent)}", next(questions))
                    for _ in range(1 + next(sent) % LONGEST_BURST)
                ]
            while waiting:
                message_id, text = waiting[0]
                answer = customer.post({"type": "text", "text": text}, message_id=message_id)
                assert answer.status_code in (200, 201), answer.text
                self.acknowledged.add(customer.id, message_id, text)
                self._own[customer.id] = answer.json()["message"]["seq"]
                waiting.pop(0)
            while customer.next_message("bot")["seq"] < self._own[customer.id]:
                pass


class Resumed(Customer):
    """A customer whose page is loaded again and hears everything from the beginning."""

    def __init__(self, client: httpx.Client, token: str) -> None:
        self.client = client
        self.opened = {"token": token}
        self.resume()
        self.seen = 0
        self._sent = 0


class Store:
    """What the database file holds after all."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.row_factory = sqlite3.Row

    def rows(self, query: str) -> list[sqlite3.Row]:
        return self._connection.execute(query).fetchall()

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def kefu(sample_data: Path, tmp_path: Path) -> Kefu:
    """A lease of 4 s: what a killed process was working on is taken over soon."""
    data = linked_copy(sample_data, tmp_path / "data")
    return Kefu(data, {"KEFU_DEADLINE": "2", "KEFU_WORKERS": "2"})


def killed_and_restarted_under_traffic(kefu: Kefu) -> Acknowledged:
    traffic = Traffic(kefu)
    server = kefu.start()
    try:
        traffic.server_is(server)
        traffic.begin()
        for _ in range(KILLS):
            enough = len(traffic.acknowledged) + BETWEEN_KILLS
            until(
                lambda enough=enough: traffic.failures or len(traffic.acknowledged) >= enough,
                "traffic",
            )
            traffic.server_is(None)
            server.kill()
            server = kefu.start()
            traffic.server_is(server)
        traffic.stop()
        until(lambda: not unsettled(kefu.data), "an outcome of every message")
        server.terminate()
    finally:
        traffic.stop()
        server.kill()
    assert traffic.failures == []
    return traffic.acknowledged


def unsettled(data: Path) -> int:
    store = Store(data / "kefu.db")
    [row] = store.rows("SELECT count(*) AS n FROM reply_due")
    store.close()
    return int(row["n"])


def test_nothing_acknowledged_is_lost_or_answered_twice_over_five_kills(kefu: Kefu) -> None:
    acknowledged = killed_and_restarted_under_traffic(kefu)
    assert len(acknowledged) >= KILLS * BETWEEN_KILLS

    store = Store(kefu.data / "kefu.db")
    messages = store.rows("SELECT * FROM message ORDER BY conversation_id, seq")
    decisions = store.rows("SELECT * FROM decision ORDER BY conversation_id, first_seq")
    conversations = store.rows("SELECT * FROM conversation")
    events = store.rows("SELECT conversation_id, seq FROM event ORDER BY conversation_id, seq")
    [integrity] = store.rows("PRAGMA integrity_check")
    store.close()
    assert integrity[0] == "ok"

    asked = [row for row in messages if row["sender_kind"] == "customer"]
    replies = [row for row in messages if row["sender_kind"] == "bot"]
    stored = Counter((row["conversation_id"], row["client_message_id"]) for row in asked)
    assert set(acknowledged.messages) <= set(stored), "acknowledged, but not stored"
    assert set(stored.values()) == {1}, "stored twice"
    words = {(r["conversation_id"], r["client_message_id"]): r["parts"] for r in asked}
    for key, text in acknowledged.messages.items():
        assert json.loads(words[key]) == [{"type": "text", "text": text}]

    every_message_has_one_outcome(asked, decisions, conversations)
    no_reply_is_said_twice(asked, replies, decisions)
    counted_without_a_gap(messages, events, conversations)


def every_message_has_one_outcome(
    asked: list[Any], decisions: list[Any], conversations: list[Any]
) -> None:
    with_people = {row["id"] for row in conversations if row["holder"] != "bot"}
    for row in asked:
        covering = [
            decision
            for decision in decisions
            if decision["conversation_id"] == row["conversation_id"]
            and decision["first_seq"] <= row["seq"] <= decision["last_seq"]
        ]
        if row["conversation_id"] in with_people and not covering:
            continue
        assert row["outcome"], dict(row)
        assert len(covering) == 1, dict(row)
        assert (covering[0]["kind"], covering[0]["reply_id"]) == (row["outcome"], row["settled_by"])


def no_reply_is_said_twice(asked: list[Any], replies: list[Any], decisions: list[Any]) -> None:
    assert len(replies) == len(decisions)
    assert {row["id"] for row in replies} == {row["settled_by"] for row in asked} - {None}


def counted_without_a_gap(messages: list[Any], events: list[Any], conversations: list[Any]) -> None:
    """What a listener resumes by: every number once, up to what the conversation says."""
    for conversation in conversations:
        for rows, last in ((messages, "last_seq"), (events, "event_seq")):
            numbers = [r["seq"] for r in rows if r["conversation_id"] == conversation["id"]]
            assert numbers == list(range(1, conversation[last] + 1))
