"""Browsers that are gone, people who are silent: what goes back into the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handoff.conversation import ConversationId
from handoff.distribution import (
    Held,
    OnDuty,
    Presence,
    Reassignment,
    WhyBack,
    presence_at,
    to_reassign,
)
from tests.handoff.test_distribution import MEI, NOON, ago


@pytest.mark.parametrize(
    ("said", "seen", "expected"),
    [
        (Presence.ONLINE, 1.5, Presence.ONLINE),
        (Presence.ONLINE, 1.6, Presence.LAPSED),
        (Presence.BUSY, 9, Presence.LAPSED),
        (Presence.AWAY, 9, Presence.AWAY),
        (Presence.ONLINE, None, Presence.LAPSED),
    ],
)
def test_a_browser_that_is_gone_lapses(
    said: Presence, seen: float | None, expected: Presence
) -> None:
    seen_at = None if seen is None else ago(seen)
    lapses = timedelta(seconds=90)
    assert presence_at(said, seen_at, at=NOON, lapses_after=lapses) is expected


def held(*, assigned: float, spoke: float | None, waits: bool = True) -> Held:
    return Held(
        ConversationId("c"),
        MEI.id,
        ago(assigned),
        None if spoke is None else ago(spoke),
        ago(1) if waits else None,
    )


AWAY = replace(MEI, presence=Presence.AWAY)
LAPSED = replace(MEI, presence=Presence.LAPSED)


@pytest.mark.parametrize(
    ("one", "holder", "why_back", "why"),
    [
        (held(assigned=3, spoke=None), MEI, WhyBack.SILENT, "assigned and then ignored"),
        (held(assigned=2.9, spoke=None), MEI, None, "there is still time"),
        (held(assigned=3, spoke=9), MEI, WhyBack.SILENT, "a word of an earlier time is none"),
        (held(assigned=30, spoke=20), MEI, None, "a later silence is theirs to end"),
        (held(assigned=30, spoke=20), LAPSED, WhyBack.LAPSED, "gone while the customer waits"),
        (held(assigned=30, spoke=20), AWAY, WhyBack.LAPSED, "or on a break"),
        (held(assigned=30, spoke=0, waits=False), LAPSED, None, "the customer has the word"),
        (held(assigned=1, spoke=None, waits=False), LAPSED, WhyBack.LAPSED, "never met them"),
        (held(assigned=1, spoke=None), None, WhyBack.LAPSED, "the account is gone"),
    ],
)
def test_what_goes_back_into_the_queue(
    one: Held, holder: OnDuty | None, why_back: WhyBack | None, why: str
) -> None:
    people = [] if holder is None else [holder]
    found = to_reassign([one], people, NOON, silent_after=timedelta(minutes=3))
    expected = [] if why_back is None else [Reassignment(one.conversation, one.person, why_back)]
    assert found == expected, why
