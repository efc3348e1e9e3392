"""A case: what a customer says, and what a right reply looks like."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    StringConstraints,
    Tag,
    model_validator,
)

from eval.target import Incoming

Text = Annotated[str, StringConstraints(pattern=r"\S")]
# A tag spelled out-of-scope would silently change what a case means.
TagName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
DispositionName = Literal["answer", "clarify", "act", "hand_over", "decline"]

KIND_NAMES = ("in_scope_direct", "own_order", "burst_picture", "out_of_scope", "must_hand_over")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is right for one scored turn, with all defaults filled in."""

    dispositions: frozenset[str]
    gold: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    must_hand_over: bool = False


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Picture(_Strict):
    """A picture that the customer sends, by name."""

    image: Text


class Expect(_Strict):
    """What a right reply looks like, as written in a case file."""

    dispositions: tuple[DispositionName, ...] | None = None
    facts: tuple[Text | tuple[Text, ...], ...] = ()
    forbidden: tuple[Text, ...] = ()
    reason: tuple[Text, ...] = ()

    def groups(self) -> tuple[tuple[str, ...], ...]:
        """The fact groups, a plain string being a group of one."""
        return tuple((fact,) if isinstance(fact, str) else fact for fact in self.facts)


def _form_of_message(value: Any) -> str:
    return "text" if isinstance(value, str) else "picture"


def _form_of_turn(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "burst"
    if isinstance(value, dict):
        return "picture" if "image" in value else "exchange"
    if isinstance(value, BaseModel):
        return "picture" if isinstance(value, Picture) else "exchange"
    return "text"


Message = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Picture, Tag("picture")],
    Discriminator(_form_of_message),
]


class Exchange(_Strict):
    """A turn that is scored by an expectation of its own."""

    say: Message | tuple[Message, ...]
    article: Text | tuple[Text, ...] | None = None
    expect: Expect


Turn = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[tuple[Message, ...], Tag("burst")]
    | Annotated[Picture, Tag("picture")]
    | Annotated[Exchange, Tag("exchange")],
    Discriminator(_form_of_turn),
]


class Case(_Strict):
    """One conversation with the bot and what is right in it."""

    id: Text
    part: Literal["fit", "report"] = "report"
    language: Text = "zh"
    tags: tuple[TagName, ...] = ()
    customer: Text | None = None
    channel: Text | None = None
    product: Text | None = None
    at: AwareDatetime | None = None
    turns: tuple[Turn, ...]
    article: Text | tuple[Text, ...] | None = None
    expect: Expect | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not self.turns or not all(_messages(turn) for turn in self.turns):
            raise ValueError("a turn is missing or empty: write what the customer says")
        if "out_of_scope" in self.tags and self.article:
            raise ValueError("out_of_scope with an article: drop the tag or the article")
        self.expectations()
        return self

    @property
    def kind(self) -> str:
        """The slice that the case counts in: the first that fits, so that slices do not overlap."""
        if self.expectations()[max(self.expectations())].must_hand_over:
            return "must_hand_over"
        if "out_of_scope" in self.tags:
            return "out_of_scope"
        if "order" in self.tags:
            return "own_order"
        if {"burst", "picture"} & set(self.tags) or self._is_burst_or_picture():
            return "burst_picture"
        return "in_scope_direct"

    def _is_burst_or_picture(self) -> bool:
        turns = [_messages(turn) for turn in self.turns]
        return any(len(turn) > 1 or isinstance(turn[0], Picture) for turn in turns)

    def bursts(self) -> tuple[tuple[Incoming, ...], ...]:
        """What to send, turn by turn."""
        return tuple(
            tuple(Incoming((_part(message),)) for message in _messages(turn)) for turn in self.turns
        )

    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The texts of each turn; pictures left out."""
        return tuple(
            tuple(message for message in _messages(turn) if isinstance(message, str))
            for turn in self.turns
        )

    def gold(self) -> tuple[str, ...]:
        """Every article that some turn of the case may be answered with."""
        turns = [turn.article for turn in self.turns if isinstance(turn, Exchange)]
        return tuple(dict.fromkeys(id_ for each in (*turns, self.article) for id_ in _ids(each)))

    def expectations(self) -> dict[int, Expectation]:
        """What is right, by turn: those with an expectation of their own, and the last.

        The last turn goes by the case's own article and expect. When the case has neither and other
        turns carry theirs, only those are scored.
        """
        last = len(self.turns) - 1
        found = {
            place: _expectation(turn.expect, _ids(turn.article), frozenset())
            for place, turn in enumerate(self.turns[:-1])
            if isinstance(turn, Exchange)
        }
        turn = self.turns[last]
        tags = frozenset(self.tags)
        if isinstance(turn, Exchange):
            if self.expect is not None:
                raise ValueError("the last turn and the case both carry expect: keep one")
            found[last] = _expectation(turn.expect, _ids(turn.article or self.article), tags)
        elif self.expect or self.article or tags & {"out_of_scope", "must_hand_over"} or not found:
            found[last] = _expectation(self.expect or Expect(), _ids(self.article), tags)
        return found


def _messages(turn: Any) -> tuple[str | Picture, ...]:
    said = turn.say if isinstance(turn, Exchange) else turn
    return said if isinstance(said, tuple) else (said,)


def _part(message: str | Picture) -> dict[str, object]:
    if isinstance(message, str):
        return {"type": "text", "text": message}
    return {"type": "image", "name": message.image}


def _ids(article: str | tuple[str, ...] | None) -> tuple[str, ...]:
    if article is None:
        return ()
    return (article,) if isinstance(article, str) else article


def _expectation(expect: Expect, gold: tuple[str, ...], tags: frozenset[str]) -> Expectation:
    dispositions = frozenset(expect.dispositions or _default_dispositions(gold, tags))
    if not dispositions:
        raise ValueError(
            "nothing says what is right: name an article, give expect.dispositions, "
            "or tag the case out_of_scope or must_hand_over"
        )
    if "must_hand_over" in tags and "hand_over" not in dispositions:
        raise ValueError("tagged must_hand_over but dispositions lack hand_over: correct one")
    if expect.reason and "hand_over" not in dispositions:
        raise ValueError("reason is given but dispositions lack hand_over: correct one")
    return Expectation(
        dispositions=dispositions,
        gold=gold,
        facts=expect.groups(),
        forbidden=expect.forbidden,
        reasons=expect.reason,
        must_hand_over="must_hand_over" in tags or dispositions == {"hand_over"},
    )


def _default_dispositions(gold: tuple[str, ...], tags: frozenset[str]) -> tuple[str, ...]:
    if "must_hand_over" in tags:
        return ("hand_over",)
    if "out_of_scope" in tags:
        return ("decline", "hand_over")
    return ("answer",) if gold else ()
