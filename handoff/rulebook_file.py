"""The shape of a rulebook's YAML document, its mistakes with their lines, and its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from handoff.reasons import Reason

Stage = Literal["pre_sale", "after_sale"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ModeName = Literal["auto", "assist", "human"]
TextKind = Literal["queued", "busy", "night", "overload"]
TextLocale = Literal["zh-Hans", "zh-Hant", "en"]

# What may stand in braces in each of the texts.
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"position", "minutes"}),
    "busy": frozenset({"position", "minutes"}),
    "night": frozenset({"opens", "ticket"}),
    "overload": frozenset({"position", "minutes", "ticket"}),
}
_BRACES = re.compile(r"\{([^{}]*)\}")
_THRESHOLDS: Mapping[Reason, str] = {
    Reason.ANGER: "threshold",
    Reason.DISSATISFACTION: "threshold",
    Reason.LOW_CONFIDENCE: "threshold",
    Reason.REPEATED_MISS: "allowed",
}
_PROBABILITIES = (Reason.ANGER, Reason.LOW_CONFIDENCE)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class _Strict(BaseModel):
    """Frozen; a key that does not exist is answered with those that do."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        allowed = [field.alias or name for name, field in cls.model_fields.items()]
        for key in value:
            if key not in allowed:
                raise _unknown("key", key, allowed)
        return value


def _unknown(what: str, key: object, allowed: list[str]) -> PydanticCustomError:
    near = get_close_matches(str(key), allowed, n=1)
    hint = f"did you mean {near[0]}?" if near else f"write one of {', '.join(allowed)}"
    if isinstance(key, bool):
        hint = (
            f"YAML reads on, yes, off and no as true and false; write one of {', '.join(allowed)}"
        )
    return PydanticCustomError(
        "unknown_key", "unknown {what} {key}: {hint}", {"what": what, "key": str(key), "hint": hint}
    )


class ReasonSetting(_Strict):
    """One reason to hand over. What is left out stays as it is; `true`/`false` alone switch it.

    `threshold`: for anger and low_confidence a probability from 0 to 1, for dissatisfaction a sum
    over the conversation (1 is one plain complaint). For low_confidence it can only make the bot
    more careful than the threshold its evaluation chose. `allowed`: for repeated_miss, the misses
    in a row that the bot may have.
    """

    enabled: bool | None = None
    threshold: float | None = Field(None, ge=0, le=100)
    allowed: int | None = Field(None, ge=0, le=20)

    @model_validator(mode="before")
    @classmethod
    def _switch(cls, value: object) -> object:
        return {"enabled": value} if isinstance(value, bool) else value


def _reasons(value: object) -> object:
    if isinstance(value, dict):
        for key in value:
            if key not in set(Reason):
                raise _unknown("reason", key, list(Reason))
    return value


Reasons = Annotated[dict[Reason, ReasonSetting], BeforeValidator(_reasons)]


class When(_Strict):
    """Where an override applies: all the keys that are given have to fit, one of each list."""

    stage: Annotated[tuple[Stage, ...], BeforeValidator(_listed)] = ()
    channel: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    hours: str | None = Field(
        None,
        pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$",
        description="22:00-06:00 in the rulebook's time zone; past midnight if the end is earlier.",
    )
    days: Annotated[tuple[Day, ...], BeforeValidator(_listed)] = ()
    tags: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()

    @model_validator(mode="after")
    def _some(self) -> When:
        if not self.specificity:
            raise PydanticCustomError(
                "no_condition",
                "an override needs at least one of stage, channel, hours, days or tags; "
                "what holds everywhere belongs under `rules`",
            )
        if self.hours and self.hours[:5] == self.hours[6:]:
            raise PydanticCustomError(
                "empty_hours",
                "hours begin and end at the same time: leave the key out for all day",
                {"key": "hours"},
            )
        return self

    @property
    def specificity(self) -> int:
        """How many kinds of condition it names; the more, the stronger."""
        return sum(bool(v) for v in (self.stage, self.channel, self.hours, self.days, self.tags))


class Override(_Strict):
    """Rules for some of the circumstances."""

    when: When
    rules: Reasons


class ModeSetting(_Strict):
    """Who answers: the bot, a person with the bot's drafts, or a person alone."""

    when: When
    mode: ModeName

    @model_validator(mode="after")
    def _about_place_and_time(self) -> ModeSetting:
        if self.when.stage or self.when.tags:
            raise PydanticCustomError(
                "mode_condition",
                "a mode goes by channel, hours and days only: stage and tags are not known yet "
                "when the first message comes",
            )
        return self


class Modes(_Strict):
    """The mode of all channels, and those of some of them or at some hours."""

    default: ModeName = "auto"
    overrides: tuple[ModeSetting, ...] = ()


class TopicList(_Strict):
    """Articles by their category, tags or ids."""

    categories: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()


class Topics(_Strict):
    """Topics that always, or never, go to a person because of what they are about."""

    always: TopicList = TopicList()
    never: TopicList = TopicList()


class OverloadPolicy(_Strict):
    """What changes while the queue is full."""

    queue_cap: int | None = Field(None, ge=1, description="Waiting conversations; none: no cap.")
    confidence_threshold: float | None = Field(
        None, ge=0, le=1, description="Below it the bot does not answer while overloaded."
    )
    offer_tickets: bool = True


class RulebookDocument(_Strict):
    """What a shop sets about handing over."""

    schema_version: Literal[1] = 1
    time_zone: str = "Asia/Shanghai"
    rules: Reasons = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    topics: Topics = Topics()
    modes: Modes = Modes()
    texts: dict[TextKind, dict[TextLocale, str]] = Field(default_factory=dict)
    overload: OverloadPolicy = OverloadPolicy()

    @model_validator(mode="after")
    def _sound(self) -> RulebookDocument:
        places = [("rules", self.rules)]
        places += [(f"overrides.{n}.rules", each.rules) for n, each in enumerate(self.overrides)]
        for where, rules in places:
            for reason, setting in rules.items():
                _check_setting(f"{where}.{reason.value}", reason, setting)
        for kind, texts in self.texts.items():
            for locale, text in texts.items():
                _check_text(f"texts.{kind}.{locale}", kind, text)
        return self


def _check_setting(where: str, reason: Reason, setting: ReasonSetting) -> None:
    if reason is Reason.HIGH_RISK and setting.enabled is False:
        raise _at(
            where,
            "high_risk cannot be switched off: injury, legal threats and the press always go to a "
            "person; take this line out",
        )
    for name in ("threshold", "allowed"):
        if getattr(setting, name) is not None and _THRESHOLDS.get(reason) != name:
            takes = _THRESHOLDS.get(reason)
            instead = f"it takes `{takes}`" if takes else "it can only be true or false"
            raise _at(f"{where}.{name}", f"{reason.value} has no `{name}`: {instead}")
    if reason in _PROBABILITIES and setting.threshold is not None and setting.threshold > 1:
        raise _at(f"{where}.threshold", "a probability: write a number from 0 to 1")


def _check_text(where: str, kind: str, text: str) -> None:
    allowed = PLACEHOLDERS[kind]
    if not text.strip():
        raise _at(where, "the text is empty: write one, or take the key out for the shipped text")
    for name in _BRACES.findall(text):
        if name not in allowed:
            raise _at(
                where,
                f"{{{name}}} is not known in the text for {kind}: "
                f"write {' or '.join('{' + each + '}' for each in sorted(allowed))}",
            )
    if set(_BRACES.sub("", text)) & set("{}"):
        raise _at(where, "a brace stands alone: placeholders are written as {position}")


def _at(where: str, said: str) -> PydanticCustomError:
    # Braces in pydantic's template would be filled in; so the whole sentence is a value.
    return PydanticCustomError("rulebook", "{said}", {"said": said, "where": where})


def rulebook_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a rulebook, for editors and for the desk's page."""
    schema = RulebookDocument.model_json_schema()
    setting = schema["$defs"]["ReasonSetting"]
    # The short form is understood before the shape is looked at, so pydantic does not know of it.
    described = {"title": setting.pop("title"), "description": setting.pop("description")}
    schema["$defs"]["ReasonSetting"] = described | {"anyOf": [{"type": "boolean"}, dict(setting)]}
    for condition in ("stage", "channel", "days", "tags"):
        many = schema["$defs"]["When"]["properties"][condition]
        shape = {key: many.pop(key) for key in ("type", "items") if key in many}
        many["anyOf"] = [shape["items"], shape]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "Rulebook of handing over",
    }
