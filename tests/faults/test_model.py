"""A language model that fails in every way there is: the customer hears what is true."""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx
import pytest

from tests.bot.command_line import until
from tests.faults.model import GOOD, QUESTION, hanging
from tests.faults.places import WithModel
from tests.faults.traffic import Traffic
from tests.faults.trial import Trial
from tests.faults.visitor import Visitor
from tests.model_server import Behaviour, Fails, Garbage, Says
from tests.server import MEI, DeskPerson

A_FEW = 4
# What the article says, whoever words it.
TRUE = "59 元包邮"


def later(seconds: float) -> Behaviour:
    """Answers rightly, but lets the customer wait in the middle."""
    now = threading.Event()
    timer = threading.Timer(seconds, now.set)
    timer.daemon = True
    timer.start()
    return Says(GOOD, until=now)


@pytest.mark.parametrize(
    ("fault", "ways"),
    [
        ("the model hangs", [hanging]),
        (
            "the model says 429",
            [lambda: Fails(429, "0"), lambda: Fails(429, "60"), lambda: Fails(429)],
        ),
        (
            "the model sends garbage",
            [
                Garbage,
                lambda: Garbage(b"data: {\n\ndata: [1]\n\n", "text/event-stream"),
                lambda: Garbage(b"\xff\xfe\x00", "application/json"),
                lambda: Says(["\x00\ufffd" * 40]),
            ],
        ),
        (
            "the model's stream is cut",
            [
                lambda: Says(GOOD[:1], cut=True),
                lambda: Says(["大陆"], cut=True),
                lambda: Says(GOOD[:1], finish="length"),
                lambda: Says([], cut=True),
                lambda: Says(GOOD[:1], finish=None),
            ],
        ),
    ],
    ids=["hangs", "429", "garbage", "truncated"],
)
def test_whatever_the_model_does_every_customer_hears_what_the_article_says(
    with_model: WithModel, trial: Trial, fault: str, ways: list[Callable[[], Behaviour]]
) -> None:
    # Sometimes it works, so that good and broken answers are under way at the same time.
    behaviours = [*ways, *ways, lambda: later(0.05)]
    with_model.model.behave(lambda: trial.chance.choice(behaviours)())
    with trial.under(fault, with_model.place, questions=(QUESTION,)) as customers:
        for _ in trial.rounds(short=2):
            customers.go_on_until(A_FEW)
    with_model.model.behave(lambda: Says(GOOD))
    said = [
        "".join(part.get("text", "") for part in row["parts"]).replace("**", "")
        for row in trial.rows.messages
        if row["sender_kind"] == "bot"
    ]
    assert said
    assert [text for text in said if TRUE not in text] == []


def test_a_claim_in_the_middle_of_a_generated_answer_leaves_it_unsaid(
    with_model: WithModel, trial: Trial
) -> None:
    async def asked(customers: Traffic) -> Visitor:
        visitor = await customers.arrive()
        await visitor.say(QUESTION)
        return visitor

    with (
        trial.under(
            "a claim in the middle of an answer", with_model.place, customers=0
        ) as customers,
        httpx.Client(base_url=with_model.place.urls()[0], timeout=30, trust_env=False) as client,
    ):
        mei = DeskPerson(client, MEI)
        for _ in trial.rounds(short=5):
            go_on = threading.Event()
            with_model.model.behave(lambda go_on=go_on: Says(GOOD, until=go_on))
            before = len(with_model.model.requests)
            visitor = customers.do(asked(customers))
            until(lambda before=before: len(with_model.model.requests) > before, "the model's turn")
            # The rest of the answer and the claim come at the same time.
            releasing = threading.Timer(trial.chance.uniform(0, 0.03), go_on.set)
            releasing.start()
            assert mei.do(visitor.id, "claim").status_code == 200
            releasing.join()
            customers.do(visitor.say("还在吗？"))
    with_model.model.behave(lambda: Says(GOOD))
