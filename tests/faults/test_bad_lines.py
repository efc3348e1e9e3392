"""Connections break and pages come and go, with nothing wrong at the servers."""

from __future__ import annotations

from tests.faults.places import Place
from tests.faults.trial import Trial
from tests.faults.visitor import Manners

A_FEW = 12


def test_the_same_message_over_several_connections_at_once_is_stored_and_answered_once(
    place: Place, trial: Trial
) -> None:
    manners = Manners(copies=3, cut_while_sending=0.3)
    with trial.under("the same message sent three times at once", place, manners=manners) as them:
        for _ in trial.rounds(short=4):
            them.go_on_until(A_FEW)


def test_pages_that_drop_out_and_resume_all_the_time_show_what_the_log_says(
    place: Place, trial: Trial
) -> None:
    manners = Manners(pages=8, drop_while_listening=0.6, reload=0.4)
    with trial.under("eight pages each, all reconnecting", place, manners=manners) as them:
        for _ in trial.rounds(short=2):
            them.go_on_until(A_FEW)
