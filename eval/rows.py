"""The rows of the three measuring forms: knowledge, queries, texts, conversations.

Unknown keys are ignored here, so that public data sets with columns of their own can be read as
they are. Case files are stricter, see `eval.case`.
"""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(pattern=r"\S")]


def _nothing_for_null(value: Any) -> Any:
    return () if value is None else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_nothing_for_null)]


class Row(BaseModel):
    """A row of a JSON Lines file."""

    # Ids such as 576 are common in public sets and mean the text "576".
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class KbRow(Row):
    """One article of a knowledge base as the measuring forms know it."""

    id: Text
    question: str | None = None
    variants: Texts = ()
    answer: str | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(text and text.strip() for text in (self.question, *self.variants, self.answer)):
            raise ValueError("an article needs a question, a variant or an answer")
        return self


class QueryRow(Row):
    """One question for the search, with the articles that answer it."""

    query: Text
    history: Texts = ()
    gold_ids: Texts = ()
    in_scope: bool

    @model_validator(mode="after")
    def _gold_if_in_scope(self) -> Self:
        if self.in_scope and not self.gold_ids:
            raise ValueError("in_scope is true but gold_ids is empty: name the right articles")
        return self


class TextRow(Row):
    """One customer message and whether its writer is angry."""

    text: Text
    angry: bool
    history: Texts = ()


class ConversationRow(Row):
    """The customer's messages of one conversation and whether a person must take it."""

    turns: Annotated[tuple[Text, ...], BeforeValidator(_nothing_for_null)]
    must_hand_over: bool
    reason: str | None = None

    @model_validator(mode="after")
    def _has_turns(self) -> Self:
        if not self.turns:
            raise ValueError("turns is empty: give the customer's messages, oldest first")
        return self
