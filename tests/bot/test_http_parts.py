"""Parts of the HTTP side on their own: markup, live feed, streams, problems."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot import errors as bot_errors
from bot.errors import BotError, TooManyRequests
from bot.feed import EVERYTHING, Feed, Listener
from bot.http import problems
from bot.http.markup import dressed, render
from bot.http.streams import Row, stream
from handoff import errors as handoff_errors
from handoff.errors import HandoffError
from knowledge import errors as knowledge_errors
from knowledge.errors import KnowledgeError

# Markup


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("满 **59 元**包邮", "<p>满 <strong>59 元</strong>包邮</p>\n"),
        ("一行\n又一行", "<p>一行<br>\n又一行</p>\n"),
        ("- 甲\n- 乙", "<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>\n"),
        pytest.param(
            "~~59~~ 99",
            "<p><s>59</s> 99</p>\n",
            # Without its line, the old price reads as the price.
        ),
    ],
)
def test_what_an_article_may_look_like(markdown: str, html: str) -> None:
    assert render(markdown) == html


def test_a_link_to_the_web_opens_safely() -> None:
    html = render("[退货](https://example.com/return?a=1&b=2)")
    assert 'href="https://example.com/return?a=1&amp;b=2"' in html
    assert 'rel="noopener noreferrer nofollow"' in html


def test_a_table_stays_a_table() -> None:
    html = render("| 地区 | 运费 |\n|---|---|\n| 大陆 | 8 元 |")
    assert "<td>8 元</td>" in html


_TAGS = re.compile(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
_HARMLESS = set("p br strong em ul ol li a code pre blockquote s del hr h3 h4 h5 h6".split()) | set(
    "table thead tbody tr th td".split()
)
_ATTRIBUTES = re.compile(r"([a-zA-Z:-]+)\s*=")


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](file:///etc/passwd)",
        "[x](//evil.example)",
        "![x](https://evil.example/pixel.gif)",
        "![x](javascript:alert(1))",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        '[x](https://a.example "onmouseover=alert(1) \\" onclick=alert(1)")',
        "`<script>alert(1)</script>`",
        "```html\n<script>alert(1)</script>\n```",
        "| <img src=x onerror=alert(1)> |\n|---|\n| <b onclick=alert(1)>x</b> |",
        "<!-- --><script>alert(1)</script>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<style>*{background:url(//evil.example)}</style>",
        "<form action=//evil.example><input name=password></form>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "# <script>alert(1)</script>",
        "\x00<scr\x00ipt>alert(1)</script>",
        "<" * 2000,
        "[" * 2000,
        "> " * 500 + "x",
        "*" * 3000,
    ],
)
def test_hostile_text_becomes_harmless(markdown: str) -> None:
    html = render(markdown)
    for tag, rest in _TAGS.findall(html):
        assert tag in _HARMLESS, html
        assert set(_ATTRIBUTES.findall(re.sub(r'"[^"]*"', '""', rest))) <= {
            "href",
            "rel",
            "title",
        }, html
    for address in re.findall(r'href="([^"]*)"', html):
        assert re.match("(https?:)?//", address), html


def test_only_markdown_parts_are_rendered() -> None:
    message = {
        "id": "m1",
        "parts": [
            {"type": "text", "text": "<b>**hi**</b>"},
            {"type": "text", "text": "**hi**", "format": "markdown"},
        ],
    }
    assert dressed(message) == {
        "id": "m1",
        "parts": [
            {"type": "text", "text": "<b>**hi**</b>"},
            {"type": "text", "text": "**hi**", "html": "<p><strong>hi</strong></p>\n"},
        ],
    }


# The live feed


async def test_a_commit_wakes_who_listens_to_its_conversation_or_to_everything() -> None:
    feed = Feed()
    async with feed.listen("a") as a, feed.listen("b") as b, feed.listen(EVERYTHING) as desk:
        feed.wake("a")
        async with asyncio.timeout(5):
            assert await a.wait(60)
            assert await desk.wait(60)
        # Nobody woke this one: it returns because its time is up.
        assert not await b.wait(0)


async def test_a_wake_up_before_the_wait_is_not_lost() -> None:
    listener = Listener()
    listener.wake()
    async with asyncio.timeout(5):
        assert await listener.wait(60)
    assert not await listener.wait(0)


async def test_what_is_shown_is_taken_once_in_order_and_only_by_its_conversation() -> None:
    feed = Feed()
    async with feed.listen("a") as a, feed.listen("b") as b, feed.listen(EVERYTHING) as desk:
        feed.show("a", "typing", {"on": True})
        feed.show("a", "draft.delta", {"text": "您"})
        assert a.take() == [("typing", {"on": True}), ("draft.delta", {"text": "您"})]
        assert a.take() == []
        assert b.take() == desk.take() == []


async def test_a_listener_that_does_not_read_loses_drafts_and_not_memory() -> None:
    feed = Feed()
    async with feed.listen("a") as listener:
        for number in range(10_000):
            feed.show("a", "draft.delta", {"number": number})
        kept = listener.take()
        assert [payload["number"] for _, payload in kept] == list(range(len(kept)))
        assert len(kept) < 1000
        feed.show("a", "draft.delta", {"number": "after"})
        assert listener.take() == [("draft.delta", {"number": "after"})]


async def test_who_left_is_forgotten() -> None:
    feed = Feed()
    for number in range(100):
        async with feed.listen(f"conversation {number}"):
            pass
    assert not feed._listeners
    feed.wake("conversation 1")
    feed.show("conversation 1", "typing", {})


# Streams


class Log:
    """A conversation's events, written by the test; a read waits for the gate."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.asked = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, after: int) -> list[Row]:
        self.asked.set()
        await self.gate.wait()
        return [row for row in self.rows if row[0] > after]

    def write(self, kind: str, **payload: Any) -> None:
        self.rows.append((len(self.rows) + 1, kind, payload))


class Listening:
    """Reads a stream event by event; comments only keep the line open."""

    def __init__(self, feed: Feed, log: Log, *, after: int = 0) -> None:
        self._events = aiter(stream(feed, "a", after, log.read).body_iterator)

    async def next(self) -> tuple[str | None, str | None, Any]:
        async with asyncio.timeout(5):
            event: Any = await anext(self._events)
            while event.data is None:
                event = await anext(self._events)
        return event.id, event.event, json.loads(event.data)


async def test_a_stream_gives_what_was_missed_then_what_happens_and_ends_with_the_server() -> None:
    feed, log = Feed(), Log()
    for text in ("甲", "乙", "丙"):
        log.write("message.created", text=text)
    listening = Listening(feed, log, after=1)
    assert await listening.next() == ("2", "message.created", {"text": "乙"})
    assert await listening.next() == ("3", "message.created", {"text": "丙"})

    log.asked.clear()
    coming = asyncio.create_task(listening.next())
    await asyncio.wait_for(log.asked.wait(), 5)
    log.write("message.created", text="丁")
    feed.wake("a")
    assert await coming == ("4", "message.created", {"text": "丁"})

    feed.close()
    with pytest.raises(StopAsyncIteration):
        await listening.next()


async def test_a_draft_has_no_id_and_comes_after_what_was_stored() -> None:
    feed, log = Feed(), Log()
    log.gate.clear()
    listening = Listening(feed, log)
    coming = asyncio.create_task(listening.next())
    await asyncio.wait_for(log.asked.wait(), 5)
    feed.show("a", "draft.delta", {"text": "您"})
    log.write("message.created", text="好的")
    log.gate.set()
    assert await coming == ("1", "message.created", {"text": "好的"})
    assert await listening.next() == (None, "draft.delta", {"text": "您"})
    feed.close()


async def test_whoever_may_no_longer_listen_gets_nothing_more() -> None:
    feed, log = Feed(), Log()
    welcome = True

    async def allowed() -> bool:
        return welcome

    log.write("message.created", text="甲")
    listening = aiter(stream(feed, "a", 0, log.read, allowed=allowed).body_iterator)
    assert [await anext(listening) for _ in range(2)][1].id == "1"
    welcome = False
    log.write("message.created", text="乙")
    feed.wake("a")
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(listening), 5)


# Problems


def everything_below(kind: type[Exception]) -> list[type[Exception]]:
    return [kind] + [
        deeper for below in kind.__subclasses__() for deeper in everything_below(below)
    ]


MAPPED = sorted(problems._STATUS, key=lambda kind: kind.__name__)


async def answer_to(error: Exception) -> httpx.Response:
    app = FastAPI()
    problems.install(app)

    @app.get("/fail")
    async def fail() -> None:
        raise error

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        return await client.get("/fail")


def document(answer: httpx.Response) -> Mapping[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"].startswith("urn:kefu:problem:")
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize("kind", MAPPED, ids=lambda kind: kind.__name__)
async def test_every_known_error_is_a_problem_that_says_what_is_wrong(
    kind: type[Exception],
) -> None:
    error = kind(7) if kind is TooManyRequests else kind()
    answer = await answer_to(error)
    status, slug = problems._STATUS[kind]
    assert answer.status_code == status
    assert document(answer)["type"] == f"urn:kefu:problem:{slug}"
    assert "Traceback" not in answer.text


async def test_too_many_requests_say_when_to_come_back() -> None:
    answer = await answer_to(TooManyRequests(7))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"


async def test_a_crash_tells_nothing_of_its_inside() -> None:
    answer = await answer_to(RuntimeError("password=hunter2"))
    assert answer.status_code == 500
    assert document(answer)["type"] == "urn:kefu:problem:internal"
    assert "hunter2" not in answer.text


async def test_what_a_customer_can_cause_is_never_a_crash() -> None:
    """Errors of a request have a status; those that only a set-up can have need none."""
    modules = (bot_errors, handoff_errors, knowledge_errors)
    known = {
        kind for root in (BotError, HandoffError, KnowledgeError) for kind in everything_below(root)
    }
    ours = {kind for kind in known if kind.__module__ in {module.__name__ for module in modules}}
    unmapped = {
        kind.__name__ for kind in ours if not any(base in problems._STATUS for base in kind.__mro__)
    }
    of_the_set_up = {"BadSettings", "Infrastructure", "PortTaken", "DataFolderInUse"}
    of_the_set_up |= {"WrongSchema", "DatabaseShared"}
    # Never raised themselves, only by way of those below them.
    roots = {"BotError", "HandoffError", "BadMessage"}
    # Caught where they happen.
    inside = {"ModelFailed", "LeaseLost", "OtherCustomer"}
    on_the_command_line = {"PersonExists", "BadThreshold"}
    assert unmapped <= of_the_set_up | roots | inside | on_the_command_line
