"""The checker finds what it is there for: each way to break a good run is a mutant."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.acknowledgements import Acknowledgement
from tests.faults.checker import Heard, Kind, Page, problems
from tests.faults.rows import Rows

HELD = "held"


@dataclass
class Run:
    """A good run: the bot answers twice, a person takes over and speaks. Mutants change it."""

    conversation: dict[str, Any] = field(
        default_factory=lambda: {
            "conversation_id": HELD,
            "holder": "agent",
            "epoch": 1,
            "last_seq": 0,
            "event_seq": 0,
        }
    )
    messages: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[Acknowledgement] = field(default_factory=list)
    page: Page = field(default_factory=lambda: Page(HELD))

    def event(self, kind: str, stored: dict[str, Any], told: dict[str, Any] | None = None) -> None:
        seq = self.conversation["event_seq"] = self.conversation["event_seq"] + 1
        row = {"id": 10 + seq, "conversation_id": HELD, "seq": seq, "type": kind}
        self.events.append({**row, "payload": stored})
        self.page.heard.append(Heard(seq, kind, deepcopy(told or stored)))

    def message(self, sender: str, **more: Any) -> dict[str, Any]:
        seq = self.conversation["last_seq"] = self.conversation["last_seq"] + 1
        row = {
            "id": f"id-{seq}",
            "conversation_id": HELD,
            "seq": seq,
            "sender_kind": sender,
            "parts": [{"type": "text", "text": f"words {seq}"}],
            "client_message_id": f"m{seq}" if sender == "customer" else None,
            "settled_by": None,
            "outcome": None,
            **more,
        }
        self.messages.append(row)
        told = {"id": row["id"], "seq": seq, "sender": {"kind": sender}, "parts": row["parts"]}
        self.event("message.created", {"message": told})
        if sender == "customer":
            text, sent = f"words {seq}", str(row["client_message_id"])
            self.acknowledged.append(Acknowledgement(HELD, sent, text, row["id"], seq))
        return row

    def answered(self, *asked: dict[str, Any]) -> None:
        reply = self.message("bot")
        for each in asked:
            each |= {"settled_by": reply["id"], "outcome": "answer"}
        self.decisions.append(
            {
                "id": f"d-{reply['seq']}",
                "conversation_id": HELD,
                "epoch": 0,
                "first_seq": asked[0]["seq"],
                "last_seq": asked[-1]["seq"],
                "reply_id": reply["id"],
                "kind": "answer",
            }
        )

    def taken_over(self) -> None:
        state = {"holder": "agent", "epoch": 1}
        self.event("conversation.updated", {**state, "by": "mei"}, {"conversation": state})

    def problems(self) -> set[Kind]:
        rows = Rows([self.conversation], self.messages, self.decisions, self.events)
        return {each.kind for each in problems(self.acknowledged, rows, [self.page])}


def good_run() -> Run:
    run = Run()
    run.answered(run.message("customer"), run.message("customer"))
    run.answered(run.message("customer"))
    run.message("customer", outcome="with_person")
    run.taken_over()
    run.message("person")
    return run


def test_a_good_run_has_no_problems() -> None:
    assert good_run().problems() == set()


def a_lost_message(run: Run) -> None:
    del run.messages[3]


def a_lost_message_whose_number_was_given_again(run: Run) -> None:
    run.acknowledged.append(Acknowledgement(HELD, "m99", "never stored", "id-99", 4))


def other_words(run: Run) -> None:
    run.messages[0]["parts"] = [{"type": "text", "text": "not what was said"}]


def an_acknowledged_place_that_is_not_the_stored_one(run: Run) -> None:
    first = run.acknowledged[0]
    run.acknowledged[0] = Acknowledgement(HELD, "m1", first.text, first.message_id, 2)


def a_doubled_message(run: Run) -> None:
    run.answered(run.message("customer", client_message_id="m1"))


def a_reply_said_for_two_decisions(run: Run) -> None:
    run.decisions[1]["reply_id"] = run.decisions[0]["reply_id"]


def a_turn_decided_twice(run: Run) -> None:
    run.decisions.append({**run.decisions[0], "id": "d-again", "reply_id": "id-9"})


def a_missing_outcome(run: Run) -> None:
    run.messages[0] |= {"outcome": None, "settled_by": None}


def a_person_who_settled_what_the_bot_answered(run: Run) -> None:
    run.messages[0] |= {"outcome": "with_person", "settled_by": None}


def an_outcome_that_was_not_the_decision(run: Run) -> None:
    run.messages[0]["outcome"] = "hand_over"


def a_reply_that_nobody_decided(run: Run) -> None:
    del run.decisions[1]


def a_decision_that_was_never_said(run: Run) -> None:
    run.decisions.append({**run.decisions[1], "first_seq": 6, "last_seq": 6, "reply_id": "id-6"})


def a_gap_in_the_messages(run: Run) -> None:
    run.messages[-1]["seq"] += 1


def a_gap_at_the_end_of_the_events(run: Run) -> None:
    del run.events[-1]


def events_in_another_order(run: Run) -> None:
    first, second = run.events[0], run.events[1]
    first["payload"], second["payload"] = second["payload"], first["payload"]


def events_in_another_order_over_the_shop(run: Run) -> None:
    first, second = run.events[0], run.events[1]
    first["id"], second["id"] = second["id"], first["id"]


def a_bot_message_after_the_takeover(run: Run) -> None:
    run.answered(run.message("customer"))


def a_reply_that_was_decided_under_another_epoch(run: Run) -> None:
    run.decisions[1]["epoch"] = 1


def a_person_who_speaks_without_holding(run: Run) -> None:
    run.events[-1], run.events[-2] = (
        {**run.events[-1], "seq": run.events[-2]["seq"]},
        {**run.events[-2], "seq": run.events[-1]["seq"]},
    )


def a_change_of_holder_that_the_log_does_not_tell(run: Run) -> None:
    run.conversation |= {"holder": "nobody", "epoch": 2}


def a_listener_that_missed_something(run: Run) -> None:
    del run.page.heard[2]


def a_listener_that_heard_something_twice(run: Run) -> None:
    run.page.heard.insert(3, run.page.heard[2])


def a_listener_that_heard_in_another_order(run: Run) -> None:
    run.page.heard[1], run.page.heard[2] = run.page.heard[2], run.page.heard[1]


def a_listener_that_was_told_other_words(run: Run) -> None:
    run.page.heard[0].data["message"]["parts"] = [{"type": "text", "text": "other"}]


def a_listener_that_began_with_less_than_its_cursor_says(run: Run) -> None:
    run.page.after = run.page.heard.pop(0).seq


def a_listener_that_shows_an_old_holder(run: Run) -> None:
    run.page.heard[-2].data["conversation"]["holder"] = "bot"


@pytest.mark.parametrize(
    ("mutate", "kind"),
    [
        (a_lost_message, Kind.LOST),
        (a_lost_message_whose_number_was_given_again, Kind.LOST),
        (other_words, Kind.ALTERED),
        (an_acknowledged_place_that_is_not_the_stored_one, Kind.ALTERED),
        (a_doubled_message, Kind.DOUBLED),
        (a_reply_said_for_two_decisions, Kind.DOUBLED),
        (a_turn_decided_twice, Kind.DOUBLED),
        (a_missing_outcome, Kind.NO_OUTCOME),
        (a_person_who_settled_what_the_bot_answered, Kind.WRONG_OUTCOME),
        (an_outcome_that_was_not_the_decision, Kind.WRONG_OUTCOME),
        (a_reply_that_nobody_decided, Kind.UNEXPLAINED_REPLY),
        (a_decision_that_was_never_said, Kind.UNEXPLAINED_REPLY),
        (a_gap_in_the_messages, Kind.GAP),
        (a_gap_at_the_end_of_the_events, Kind.GAP),
        (events_in_another_order, Kind.ORDER),
        (events_in_another_order_over_the_shop, Kind.ORDER),
        (a_bot_message_after_the_takeover, Kind.AFTER_TAKEOVER),
        (a_reply_that_was_decided_under_another_epoch, Kind.AFTER_TAKEOVER),
        (a_person_who_speaks_without_holding, Kind.ORDER),
        (a_change_of_holder_that_the_log_does_not_tell, Kind.ORDER),
        (a_listener_that_missed_something, Kind.LISTENER),
        (a_listener_that_heard_something_twice, Kind.LISTENER),
        (a_listener_that_heard_in_another_order, Kind.LISTENER),
        (a_listener_that_was_told_other_words, Kind.LISTENER),
        (a_listener_that_began_with_less_than_its_cursor_says, Kind.LISTENER),
        (a_listener_that_shows_an_old_holder, Kind.LISTENER),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_each_way_to_break_a_run_is_found(mutate: Callable[[Run], None], kind: Kind) -> None:
    run = good_run()
    mutate(run)
    assert kind in run.problems()


def test_a_turn_that_is_still_due_is_no_outcome() -> None:
    due = Rows(due=[{"conversation_id": HELD, "attempts": 1, "lease_token": None}])
    assert [each.kind for each in problems([], due)] == [Kind.NO_OUTCOME]
