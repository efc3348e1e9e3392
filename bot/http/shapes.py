"""What crosses the border: request bodies, checked; examples show in the API docs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.errors import MessageEmpty, MessageTooLong
from bot.incoming import LONGEST_MESSAGE, checked_text, clean_text

_MOST_PARTS = 10


class Strict(BaseModel):
    """A body whose unknown fields are an error, not a typo that is silently ignored."""

    model_config = ConfigDict(extra="forbid")


def _example(**body: Any) -> ConfigDict:
    """Strict, with an example for the API docs."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [body]})


class Problem(BaseModel):
    """An error (RFC 9457): what is wrong and, in `detail`, what to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "urn:kefu:problem:already-claimed",
                    "title": "Someone else holds this conversation; reload the list to see who.",
                    "status": 409,
                    "detail": "Someone else holds this conversation; reload the list to see who.",
                }
            ]
        }
    )
    type: str
    title: str
    status: int
    detail: str


class TextPart(Strict):
    """Words."""

    type: Literal["text"]
    text: str


class ChoicePart(Strict):
    """An option that the customer chose."""

    type: Literal["choice"]
    id: Annotated[str, Field(max_length=200)]
    text: Annotated[str, Field(max_length=500)]


class ImagePart(Strict):
    """A picture that was uploaded before, or only its name."""

    type: Literal["image"]
    name: Annotated[str, Field(max_length=200)] = ""
    upload: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")] = None


IncomingPart = Annotated[TextPart | ChoicePart | ImagePart, Field(discriminator="type")]


class Page(Strict):
    """Where on the shop's site the customer is."""

    kind: Annotated[str, Field(max_length=40)] = "home"
    url: Annotated[str, Field(max_length=2000)] = ""
    title: Annotated[str, Field(max_length=300)] = ""
    product_id: Annotated[str | None, Field(max_length=100)] = None


class SessionBody(Strict):
    """Begin a conversation, or resume the one of the visitor token in the header."""

    model_config = _example(channel="web", locale="zh-CN", page={"kind": "home"})
    channel: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,40}$")] = "web"
    locale: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{2,20}$")] = "zh-CN"
    page: Page = Field(default_factory=Page)
    identity: Annotated[str | None, Field(max_length=4000)] = None


class MessageBody(Strict):
    """What the customer says. The same `client_message_id` again is stored once."""

    model_config = _example(
        client_message_id="5f0c6c1e-0001", parts=[{"type": "text", "text": "满多少包邮？"}]
    )
    client_message_id: Annotated[str, Field(min_length=1, max_length=80)]
    parts: Annotated[list[IncomingPart], Field(max_length=_MOST_PARTS)]

    def checked(self) -> list[dict[str, Any]]:
        """The parts, cleaned at their edges; raises MessageEmpty, …TooLong or …Unreadable."""
        parts = [part.model_dump(exclude_none=True) for part in self.parts]
        length = 0
        for part in parts:
            for key in ("text", "name"):
                if key in part:
                    part[key] = clean_text(part[key])
                    length += len(part[key])
        parts = [part for part in parts if part["type"] != "text" or part["text"]]
        if not parts:
            raise MessageEmpty
        if length > LONGEST_MESSAGE:
            raise MessageTooLong
        return parts


class RatingBody(Strict):
    """What the customer thinks of the session that is over."""

    model_config = _example(score=5, comment="很快，谢谢")

    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Annotated[str | None, Field(max_length=1000)] = None

    def checked(self) -> str | None:
        """The comment, None when it is blank; raises MessageUnreadable."""
        return clean_text(self.comment or "") or None


class SignInBody(Strict):
    """An account at the desk."""

    model_config = _example(email="mei@example.com", password="correct horse")

    email: Annotated[str, Field(max_length=200)]
    password: Annotated[str, Field(max_length=200)]


class PresenceBody(Strict):
    """Whether somebody is at the desk."""

    model_config = _example(state="online")

    state: Literal["online", "away"]


class OverrideBody(Strict):
    """Why a text is sent although the check of outgoing texts stops it."""

    rules: Annotated[
        list[Annotated[str, Field(max_length=200)]],
        Field(min_length=1, max_length=50, description="the `rules` that the refusal named"),
    ]
    reason: Annotated[
        str, Field(max_length=500, description="for the people of the shop; no customer sees it")
    ]

    def checked(self) -> str:
        """The reason; raises MessageUnreadable for binary data."""
        return clean_text(self.reason)

    @field_validator("reason")
    @classmethod
    def _is_given(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("give a reason")
        return value


class ReplyBody(Strict):
    """What a person answers. The same `client_message_id` again is said once."""

    model_config = _example(client_message_id="5f0c6c1e-0002", text="您好，我来帮您看看。")

    client_message_id: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[str, Field(max_length=20_000)]
    override: OverrideBody | None = None

    def checked(self) -> str:
        """The text; raises MessageEmpty, MessageTooLong or MessageUnreadable."""
        return checked_text(self.text)


class TypingBody(Strict):
    """Whether somebody is writing."""

    model_config = _example(on=True)

    on: bool


class ReturnBody(Strict):
    """A note for the bot, shown at the desk."""

    model_config = _example(note="已答应补发，单号明天给")

    note: Annotated[str | None, Field(max_length=2000)] = None


class DemoIdentityBody(Strict):
    """A customer of the demo shop."""

    model_config = _example(customer_id="C1001")

    customer_id: Annotated[str, Field(max_length=100)]
