"""In which order the queue is served: by head starts on one clock, so that nobody starves.

Each conversation is placed at the moment from which its waiting counts, less a head start for its
reason's urgency and its customer's tags; a promised time places it, too. Who stands earlier is
served first. The place never changes while it waits, so the order is that of an index in the store,
and nobody who came more than the longest head start later (in service time) ever gets ahead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from handoff.conversation import ConversationId
from handoff.hours import Hours
from handoff.reasons import urgency

# Position of the four urgencies, ordinary to at once.
_HEAD_STARTS = (timedelta(), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class HeadStarts:
    """What a shop may set. Of several tags the greatest counts, so that tags do not add up.

    `by_urgency`: for urgency 0 to 3, not falling. `before_promise`: a conversation with a promised
    time stands where one would that came this long before it; take the usual wait.
    """

    by_urgency: tuple[timedelta, timedelta, timedelta, timedelta] = _HEAD_STARTS
    by_tag: Mapping[str, timedelta] = field(
        default_factory=lambda: {"vip": timedelta(minutes=5)}, hash=False
    )
    before_promise: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        falling = any(b < a for a, b in zip(self.by_urgency, self.by_urgency[1:], strict=False))
        if falling or min((*self.by_urgency, *self.by_tag.values())) < timedelta():
            raise ValueError("head starts are not negative and do not fall with urgency")

    @property
    def longest(self) -> timedelta:
        """The most by which anybody can get ahead of whoever came before."""
        return self.by_urgency[-1] + max(self.by_tag.values(), default=timedelta())


@dataclass(frozen=True, slots=True)
class Queued:
    """A conversation in the queue.

    `since`: when it first came into the queue; a transfer or a silent colleague does not put it
    back. `counts_from`: see `waiting_counts_from`.
    """

    conversation: ConversationId
    reason: str | None
    since: datetime
    counts_from: datetime
    tags: frozenset[str] = frozenset()
    promised_at: datetime | None = None


Place = tuple[datetime, datetime, str]


def waiting_counts_from(since: datetime, hours: Hours) -> datetime:
    """Service time only: whoever came overnight waits from the opening.

    So in the morning the queue opens ordered by urgency, and by arrival among equals.
    """
    return hours.next_opening(since) or since


def place(queued: Queued, head_starts: HeadStarts) -> Place:
    """The key to sort by, all in UTC; total, as ids differ."""
    early = head_starts.by_urgency[urgency(queued.reason)]
    early += max((head_starts.by_tag.get(t, timedelta()) for t in queued.tags), default=timedelta())
    stands = queued.counts_from - early
    if queued.promised_at is not None:
        stands = min(stands, queued.promised_at - head_starts.before_promise)
    return stands.astimezone(UTC), queued.since.astimezone(UTC), queued.conversation


def in_order(queue: Iterable[Queued], head_starts: HeadStarts) -> list[Queued]:
    """Who is served first stands first; the same for any order of the input."""
    return sorted(queue, key=lambda queued: place(queued, head_starts))


def why_here(queued: Queued, head_starts: HeadStarts) -> dict[str, timedelta]:
    """The head starts that put it where it stands, by `urgency`, tag and `promise`."""
    parts = {"urgency": head_starts.by_urgency[urgency(queued.reason)]}
    tag = max(queued.tags, key=lambda t: (head_starts.by_tag.get(t, timedelta()), t), default=None)
    if tag is not None and tag in head_starts.by_tag:
        parts[f"tag:{tag}"] = head_starts.by_tag[tag]
    stands, _, _ = place(queued, head_starts)
    promise = queued.counts_from.astimezone(UTC) - sum(parts.values(), timedelta()) - stands
    if promise:
        parts["promise"] = promise
    return {why: early for why, early in parts.items() if early}
