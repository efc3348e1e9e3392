"""Two servers, two workers, one PostgreSQL and one Chroma server hold 200 conversations."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url

from tests.bot.command_line import Kefu, until
from tests.faults.cluster import SECRET, Cluster
from tests.postgres import Postgres
from tests.server import Customer

CONVERSATIONS = 200
AT_ONCE = 40
PATIENCE_S = 120

QUESTIONS = (
    "满多少包邮",
    "下单后多久发货？",
    "支持七天无理由退货吗？",
    "怎么开发票？",
    "有运费险吗？",
)


class Visitor:
    """A customer who writes through one server and listens at another."""

    def __init__(self, speaking: httpx.AsyncClient, listening: httpx.AsyncClient) -> None:
        self._speaking = speaking
        self._listening = listening

    async def talk(self, questions: tuple[str, ...]) -> list[dict[str, object]]:
        """The bot's replies, one for each question."""
        opened = (await self._speaking.post("/api/customer/session", json={})).json()
        self.id = opened["conversation"]["id"]
        headers = {"Authorization": f"Bearer {opened['token']}"}
        replies: list[dict[str, object]] = []
        async with self._listening.stream(
            "GET", "/api/customer/events?after=0", headers=headers
        ) as stream:
            lines = stream.aiter_lines()
            for number, text in enumerate(questions):
                body = {
                    "client_message_id": f"m{number}",
                    "parts": [{"type": "text", "text": text}],
                }
                sent = await self._speaking.post(
                    "/api/customer/messages", json=body, headers=headers
                )
                assert sent.status_code == 201, sent.text
                async for line in lines:
                    if not line.startswith("data:"):
                        continue
                    message = json.loads(line[5:]).get("message")
                    if message and message["sender"]["kind"] == "bot":
                        replies.append(message)
                        break
        return replies


async def rows(url: str, query: str) -> list[asyncpg.Record]:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        found: list[asyncpg.Record] = await connection.fetch(query)
        return found
    finally:
        await connection.close()


async def test_two_servers_and_two_workers_hold_two_hundred_conversations(
    some_processes: Cluster,
) -> None:
    servers = [some_processes.serve() for _ in range(2)]
    workers = [some_processes.work() for _ in range(2)]
    gate = asyncio.Semaphore(AT_ONCE)
    clients = [
        httpx.AsyncClient(
            base_url=server.url,
            timeout=PATIENCE_S,
            trust_env=False,
            limits=httpx.Limits(max_connections=None),
        )
        for server in servers
    ]

    async def one(number: int) -> list[dict[str, object]]:
        visitor = Visitor(clients[number % 2], clients[1 - number % 2])
        first = number % len(QUESTIONS)
        async with gate:
            return await visitor.talk((QUESTIONS[first], QUESTIONS[first - 1]))

    async with asyncio.timeout(PATIENCE_S):
        replies = await asyncio.gather(*(one(number) for number in range(CONVERSATIONS)))
    for client in clients:
        await client.aclose()

    assert [len(each) for each in replies] == [2] * CONVERSATIONS
    stored = await rows(
        some_processes.url,
        "SELECT conversation_id, seq, sender_kind, outcome FROM message ORDER BY 1, 2",
    )
    assert len(stored) == CONVERSATIONS * 4
    assert all(row["outcome"] for row in stored if row["sender_kind"] == "customer")
    # The customer and the bot in turn, each of them once.
    assert [row["seq"] for row in stored] == [1, 2, 3, 4] * CONVERSATIONS
    assert [row["sender_kind"] for row in stored] == ["customer", "bot"] * (2 * CONVERSATIONS)
    # Servers without workers of their own: every turn was a worker's, and both had some.
    by_worker = [worker.log.read_text().count("reply.settled") for worker in workers]
    assert sum(by_worker) == 2 * CONVERSATIONS
    assert min(by_worker) > 0


def test_a_worker_that_is_asked_to_stop_gives_its_turns_to_the_next(
    some_processes: Cluster,
) -> None:
    server, leaving = some_processes.serve(), some_processes.work()
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        customer = Customer(client)
        assert customer.ask("满多少包邮")
        assert leaving.stop() == 0
        customer.say("怎么开发票？")
        some_processes.work()
        assert customer.next_message("bot")["sources"]


def test_a_new_version_reaches_every_process_without_a_restart(some_processes: Cluster) -> None:
    servers = [some_processes.serve(KEFU_WORKERS="2") for _ in range(2)]
    versions = {httpx.get(f"{s.url}/healthz", trust_env=False).json()["version"] for s in servers}
    [before] = versions
    folder = some_processes.folder / "more"
    folder.mkdir()
    (folder / "more.md").write_text("# 你们有实体店吗？ {#store}\n\n没有，只在网上卖。\n")
    kefu = Kefu(servers[0].data, dict(some_processes.variables))
    kefu.good("kb", "import", folder)
    kefu.good("kb", "publish")
    for server in servers:
        with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
            until(
                lambda client=client: client.get("/healthz").json()["version"] != before,
                "the new version",
            )
            reply = Customer(client).ask("你们有实体店吗？")
            assert [source["article_id"] for source in reply["sources"]] == ["store"]


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, ["KEFU_DATABASE_URL", "KEFU_CHROMA_URL", "KEFU_SECRET"]),
        ({"KEFU_DATABASE_URL": "postgresql://db/kefu"}, ["KEFU_CHROMA_URL", "KEFU_SECRET"]),
        (
            {"KEFU_CHROMA_URL": "http://chroma:8000", "KEFU_SECRET": SECRET},
            ["KEFU_DATABASE_URL"],
        ),
    ],
)
def test_a_worker_that_could_not_share_says_what_to_set(
    variables: dict[str, str], missing: list[str], tmp_path: Path
) -> None:
    done = Kefu(tmp_path / "data", variables)("worker")
    assert done.code == 2
    for name in missing:
        assert name in done.words


def test_a_second_server_with_embedded_chroma_is_refused(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = postgres.database()
    first, second = (
        Kefu(
            tmp_path_factory.mktemp("alone") / "data",
            {"KEFU_DATABASE_URL": url, "KEFU_SECRET": SECRET},
        )
        for _ in range(2)
    )
    with first.serving():
        done = second("serve", "--port", "0")
        assert done.code == 3
        assert "set KEFU_CHROMA_URL" in done.words


def test_a_second_server_on_the_same_sqlite_file_is_refused(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("one-file")
    variables = {"KEFU_DATABASE_URL": f"sqlite:///{folder / 'kefu.db'}"}
    first, second = (Kefu(tmp_path_factory.mktemp("own") / "data", variables) for _ in range(2))
    with first.serving():
        done = second("serve", "--port", "0")
        assert done.code == 3
        assert "stop it" in done.words
