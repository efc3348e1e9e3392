"""The state machine: only the transitions of the design exist, each raises the epoch by one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from handoff.conversation import Conversation, ConversationId, Holder, PersonId
from handoff.errors import HandoffError
from tests.handoff.shop import NOON

MEI, LI = PersonId("mei"), PersonId("li")

Move = Callable[[Conversation], Conversation]

MOVES: dict[str, Move] = {
    "hand_over": lambda c: c.hand_over("anger", at=NOON),
    "wait_for_person": lambda c: c.wait_for_person("vip", at=NOON),
    "step_in": lambda c: c.step_in(MEI, reason="agent_takeover"),
    "assign": lambda c: c.assign(MEI),
    "leave_queue": lambda c: c.leave_queue(),
    "transfer": lambda c: c.transfer(LI, by=MEI),
    "requeue": lambda c: c.requeue(at=NOON, by=MEI),
    "return_to_bot": lambda c: c.return_to_bot(by=MEI, note="回访过了"),
    "close": lambda c: c.close(),
    "reopen": lambda c: c.reopen(),
}

LEGAL = {
    (Holder.BOT, "hand_over"): Holder.QUEUE,
    (Holder.BOT, "wait_for_person"): Holder.QUEUE,
    (Holder.NOBODY, "wait_for_person"): Holder.QUEUE,
    (Holder.BOT, "step_in"): Holder.AGENT,
    (Holder.QUEUE, "assign"): Holder.AGENT,
    (Holder.QUEUE, "leave_queue"): Holder.BOT,
    (Holder.AGENT, "transfer"): Holder.AGENT,
    (Holder.AGENT, "requeue"): Holder.QUEUE,
    (Holder.AGENT, "return_to_bot"): Holder.BOT,
    (Holder.BOT, "close"): Holder.NOBODY,
    (Holder.QUEUE, "close"): Holder.NOBODY,
    (Holder.AGENT, "close"): Holder.NOBODY,
    (Holder.NOBODY, "reopen"): Holder.BOT,
}


def held_by(holder: Holder) -> Conversation:
    agent = MEI if holder is Holder.AGENT else None
    return Conversation(ConversationId("c"), holder=holder, agent_id=agent, epoch=7, misses=1)


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("holder", list(Holder))
def test_only_the_transitions_of_the_design_exist(holder: Holder, move: str) -> None:
    before = held_by(holder)
    target = LEGAL.get((holder, move))
    if target is None:
        with pytest.raises(HandoffError):
            MOVES[move](before)
        return
    after = MOVES[move](before)
    assert after.holder is target
    assert after.epoch == before.epoch + 1


@pytest.mark.parametrize("move", ["transfer", "requeue", "return_to_bot"])
def test_only_the_holder_may_give_a_conversation_away(move: str) -> None:
    held_by_another = Conversation(ConversationId("c"), holder=Holder.AGENT, agent_id=LI)
    with pytest.raises(HandoffError):
        MOVES[move](held_by_another)


def test_writing_again_after_closing_begins_a_session_without_old_misses() -> None:
    closed = Conversation(ConversationId("c"), holder=Holder.NOBODY, session=1, misses=1)
    again = closed.reopen()
    assert (again.holder, again.session, again.misses) == (Holder.BOT, 2, 0)


def test_the_note_of_the_person_reaches_the_bot() -> None:
    assert held_by(Holder.AGENT).return_to_bot(by=MEI, note="答应补发").note == "答应补发"


class AnyHistory(RuleBasedStateMachine):
    """Whatever is tried in whatever order, the conversation stays sane."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation(ConversationId("c"))
        self.epochs = [0]

    @rule(move=st.sampled_from(sorted(MOVES)))
    def try_a_move(self, move: str) -> None:
        before = self.conversation
        try:
            self.conversation = MOVES[move](before)
        except HandoffError:
            assert (before.holder, move) not in LEGAL or before.agent_id not in (None, MEI)
            return
        assert LEGAL[(before.holder, move)] is self.conversation.holder
        self.epochs.append(self.conversation.epoch)

    @precondition(lambda self: self.conversation.holder is Holder.NOBODY)
    @rule()
    def the_customer_writes_again(self) -> None:
        self.conversation = self.conversation.reopen()
        self.epochs.append(self.conversation.epoch)

    @invariant()
    def every_epoch_is_one_higher_than_the_last(self) -> None:
        assert self.epochs == list(range(len(self.epochs)))

    @invariant()
    def a_person_holds_exactly_when_the_holder_is_a_person(self) -> None:
        assert (self.conversation.agent_id is not None) == (
            self.conversation.holder is Holder.AGENT
        )

    @invariant()
    def whoever_waits_has_waited_since_a_moment_and_for_a_reason(self) -> None:
        waits = self.conversation.holder is Holder.QUEUE
        assert (self.conversation.waiting_since is not None) == waits
        assert not waits or self.conversation.reason


TestAnyHistory = AnyHistory.TestCase


@given(st.text(max_size=40))
def test_a_reason_this_version_does_not_know_survives(reason: str) -> None:
    waiting = Conversation(ConversationId("c")).hand_over(reason, at=NOON)
    assert waiting.assign(MEI).reason == reason
