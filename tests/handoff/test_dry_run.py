"""A dry run says what another rulebook would have done with past turns."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.dry_run import PastTurn, Tally, count_by_reason, dry_run
from handoff.rulebook import Circumstances, Rulebook, Topic, parse_rulebook
from handoff.rules import Signals

NOON = datetime.fromisoformat("2026-11-21T12:00:00+08:00")
OLD = Rulebook()


def turn(name: str, signals: Signals, *, channel: str = "web", minutes: int = 0) -> PastTurn:
    at = NOON + timedelta(minutes=minutes)
    return PastTurn(name, 1, signals, Circumstances(channel, at), Topic("a", "warranty"))


PAST = [
    turn("calm", Signals(anger=0.1)),
    turn("cross", Signals(anger=0.4)),
    turn("furious", Signals(anger=0.9)),
    turn("asks", Signals(asks_for_person=True, anger=0.4)),
]


def test_the_same_rulebook_changes_nothing() -> None:
    assert dry_run(OLD, Rulebook(), PAST) == []


def test_a_lower_threshold_is_told_turn_by_turn() -> None:
    changes = dry_run(OLD, parse_rulebook("rules: {anger: {threshold: 0.3}}"), PAST)
    assert [str(change) for change in changes] == [
        "cross#1: handed over (anger, anger>=0.3) instead of answered by the bot"
    ]
    assert count_by_reason(changes) == {"anger": Tally(gained=1)}


def test_another_reason_is_a_change_that_counts_on_both_sides() -> None:
    new = parse_rulebook("rules: {customer_request: off, anger: {threshold: 0.3}}")
    changes = dry_run(OLD, new, PAST)
    assert [change.turn.conversation_id for change in changes] == ["cross", "asks"]
    counts = count_by_reason(changes)
    assert counts == {"anger": Tally(gained=2), "customer_request": Tally(lost=1)}


def test_another_mode_is_a_change_of_its_own() -> None:
    new = parse_rulebook("modes: {overrides: [{when: {hours: 12:00-12:10}, mode: human}]}")
    past = [turn("at noon", Signals()), turn("later", Signals(), minutes=10)]
    changes = dry_run(OLD, new, past)
    assert [str(change) for change in changes] == [
        "at noon#1: answered by a person (mode human) instead of answered by the bot"
    ]
    assert count_by_reason(changes) == {"mode": Tally(gained=1)}


def test_from_one_mode_with_people_to_another_no_turn_is_gained_or_lost() -> None:
    assist, human = (parse_rulebook(f"modes: {{default: {mode}}}") for mode in ("assist", "human"))
    changes = dry_run(assist, human, PAST)
    assert len(changes) == len(PAST)
    assert count_by_reason(changes) == {}


SIGNALS = st.builds(
    Signals,
    anger=st.floats(0, 1),
    dissatisfaction=st.floats(0, 3),
    asks_for_person=st.booleans(),
    unknown=st.booleans(),
    misses=st.integers(0, 3),
    confidence=st.floats(0, 1),
    shop_matter=st.booleans(),
)
BOOKS = st.sampled_from(
    [
        OLD,
        parse_rulebook("rules: {anger: {threshold: 0.2}, repeated_miss: false}"),
        parse_rulebook("topics: {always: {categories: [warranty]}}"),
        parse_rulebook("overrides: [{when: {channel: web}, rules: {customer_request: false}}]"),
        parse_rulebook("modes: {default: assist}"),
    ]
)


@settings(max_examples=40, deadline=None)
@given(BOOKS, BOOKS, st.lists(SIGNALS, max_size=8))
def test_going_back_undoes_every_change(
    old: Rulebook, new: Rulebook, signals: list[Signals]
) -> None:
    past = [turn(str(at), each) for at, each in enumerate(signals)]
    there, back = dry_run(old, new, past), dry_run(new, old, past)
    assert [change.turn for change in there] == [change.turn for change in back]
    counts = count_by_reason(there)
    assert {k: (t.lost, t.gained) for k, t in counts.items()} == {
        k: (t.gained, t.lost) for k, t in count_by_reason(back).items()
    }
    gained, lost = (sum(getattr(t, k) for t in counts.values()) for k in ("gained", "lost"))
    assert gained - lost == sum(
        (c.after is not None or c.mode_after != "auto")
        - (c.before is not None or c.mode_before != "auto")
        for c in there
    )
