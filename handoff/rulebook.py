"""What a shop sets about handing over, asked by circumstances: rules, topics, modes, texts.

Which setting holds: each one (say, the threshold of anger) is taken from the most specific override
that fits and sets it; an override is the more specific the more kinds of condition (stage, channel,
hours, days, tags) it names; of two that are equally specific, the one further down the file wins.
What no override sets stands under `rules`, and what that leaves out is as shipped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handoff.reasons import Reason
from handoff.rulebook_file import OverloadPolicy, ReasonSetting, RulebookDocument, TopicList, When
from handoff.rulebook_reading import read_document
from handoff.rules import Rules, Signals, Verdict, reason_to_hand_over

# What a topic that the shop keeps with the bot does not go to a person for.
_OF_THE_TOPIC = frozenset({Reason.POLICY_RESTRICTION, Reason.LOW_CONFIDENCE, Reason.REPEATED_MISS})
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Mode(StrEnum):
    """Who answers on a channel: the bot, a person with its drafts, or a person alone."""

    AUTO = "auto"
    ASSIST = "assist"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where, when and with whom a turn takes place. `stage` is pre_sale, after_sale or None."""

    channel: str
    at: datetime
    stage: str | None = None
    tags: frozenset[str] = frozenset()
    overloaded: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """The article that a turn is about."""

    article: str
    category: str | None = None
    tags: frozenset[str] = frozenset()


class Destination(StrEnum):
    """Where a topic goes because of what it is about."""

    ALWAYS_PERSON = "always"
    NEVER_PERSON = "never"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of a shop's rules. `version` hashes the content, so a comment changes nothing."""

    document: RulebookDocument = field(default_factory=RulebookDocument)

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits; equal for equal content."""
        content = self.document.model_dump(mode="json", exclude_defaults=True)
        canonical = json.dumps(_ordered(content), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    @property
    def zone(self) -> ZoneInfo:
        """Whose hours and days `when` speaks of."""
        return ZoneInfo(self.document.time_zone)

    @property
    def overload(self) -> OverloadPolicy:
        """What changes while the queue is full."""
        return self.document.overload

    def rules_for(self, circumstances: Circumstances) -> Rules:
        """The thresholds and switches that hold there and then."""
        settings = self._settings(circumstances)
        shipped = Rules()
        off = {reason for reason, setting in settings.items() if setting.enabled is False}
        anger = _of(settings, Reason.ANGER).threshold
        dissatisfaction = _of(settings, Reason.DISSATISFACTION).threshold
        allowed = _of(settings, Reason.REPEATED_MISS).allowed
        return Rules(
            # Nought is a threshold, too.
            shipped.anger_threshold if anger is None else anger,
            shipped.dissatisfaction_threshold if dissatisfaction is None else dissatisfaction,
            shipped.misses_allowed if allowed is None else allowed,
            frozenset(off),
        )

    def answer_threshold(self, circumstances: Circumstances) -> float | None:
        """The confidence below which the bot does not answer; None keeps the evaluated one.

        Use the greater of this and the evaluated one: a shop makes the bot more careful, never
        less. While overloaded, the greater of the two that the shop sets.
        """
        usual = _of(self._settings(circumstances), Reason.LOW_CONFIDENCE).threshold
        busy = self.overload.confidence_threshold if circumstances.overloaded else None
        return max((t for t in (usual, busy) if t is not None), default=None)

    def mode_for(self, channel: str, at: datetime) -> Mode:
        """Who answers on a channel at this moment; the same precedence as for rules."""
        circumstances = Circumstances(channel, at)
        ranked = [
            (each.when.specificity, place, each.mode)
            for place, each in enumerate(self.document.modes.overrides)
            if self._fits(each.when, circumstances)
        ]
        return Mode(max(ranked)[2] if ranked else self.document.modes.default)

    def destination(self, topic: Topic) -> tuple[Destination, str] | None:
        """Where the shop sends a topic, and by which entry; None leaves it to the rules.

        An article's id goes before its tags, those before its category; `always` before `never`.
        """
        topics = self.document.topics
        for of in (_by_article, _by_tag, _by_category):
            for destination, listed in (
                (Destination.ALWAYS_PERSON, topics.always),
                (Destination.NEVER_PERSON, topics.never),
            ):
                entry = of(listed, topic)
                if entry is not None:
                    return destination, f"topic:{destination.value}:{entry}"
        return None

    def verdict(
        self, signals: Signals, circumstances: Circumstances, topic: Topic | None = None
    ) -> Verdict | None:
        """Whether this turn goes to a person, and why; None means the bot may go on.

        A topic that never goes to a person still does when the customer asks for one, is angry, or
        anything is at risk: those are about the customer, not about the topic.
        """
        rules = self.rules_for(circumstances)
        threshold = self.answer_threshold(circumstances)
        if topic is not None and threshold is not None and signals.confidence < threshold:
            signals = replace(signals, unknown=True)
        sent = None if topic is None else self.destination(topic)
        if sent is None:
            return reason_to_hand_over(signals, rules)
        if sent[0] is Destination.NEVER_PERSON:
            signals = replace(signals, person_only_topic=False)
            return reason_to_hand_over(signals, replace(rules, off=rules.off | _OF_THE_TOPIC))
        rules = replace(rules, off=rules.off - {Reason.POLICY_RESTRICTION})
        found = reason_to_hand_over(replace(signals, person_only_topic=True), rules)
        if found is not None and found.reason is Reason.POLICY_RESTRICTION:
            return replace(found, rule=sent[1])
        return found

    def text(self, kind: str, locale: str, **values: object) -> str | None:
        """The shop's own text (queued, busy, night, overload), filled in; None: the shipped one.

        A shop that wrote none for a language gets the shipped one, not another language's. So does
        one whose text needs a value that is not known now: half a sentence is worse.
        """
        texts = {str(k): v for k, v in self.document.texts.items()}.get(kind, {})
        text = {str(k): v for k, v in texts.items()}.get(locale)
        if text is None:
            return None
        try:
            return text.format_map({k: v for k, v in values.items() if v is not None})
        except KeyError:
            return None

    def _settings(self, circumstances: Circumstances) -> dict[Reason, ReasonSetting]:
        fitting = [o for o in self.document.overrides if self._fits(o.when, circumstances)]
        # Sorting keeps the order of the file among equals, so the last to be laid on top wins.
        fitting.sort(key=lambda override: override.when.specificity)
        settings = dict(self.document.rules)
        for override in fitting:
            for reason, setting in override.rules.items():
                settings[reason] = _laid_over(settings.get(reason), setting)
        return settings

    def _fits(self, when: When, circumstances: Circumstances) -> bool:
        if when.stage and circumstances.stage not in when.stage:
            return False
        if when.channel and circumstances.channel not in when.channel:
            return False
        if when.tags and not circumstances.tags & set(when.tags):
            return False
        if not when.hours and not when.days:
            return True
        local = circumstances.at.astimezone(self.zone)
        day = local.date()
        if when.hours:
            begins, ends = (time.fromisoformat(part) for part in when.hours.split("-"))
            clock = local.time()
            if begins < ends:
                if not begins <= clock < ends:
                    return False
            elif clock < ends:
                # Past midnight: the night belongs to the day on which it began.
                day -= timedelta(days=1)
            elif clock < begins:
                return False
        return not when.days or _DAYS[day.weekday()] in when.days


def parse_rulebook(text: str) -> Rulebook:
    """From YAML; raises BadRulebook that names each mistake with its line and what to write."""
    return Rulebook(read_document(text))


def _of(settings: dict[Reason, ReasonSetting], reason: Reason) -> ReasonSetting:
    return settings.get(reason) or ReasonSetting()


def _laid_over(below: ReasonSetting | None, above: ReasonSetting) -> ReasonSetting:
    if below is None:
        return above
    return below.model_copy(update=above.model_dump(exclude_none=True))


def _by_article(listed: TopicList, topic: Topic) -> str | None:
    return topic.article if topic.article in listed.articles else None


def _by_tag(listed: TopicList, topic: Topic) -> str | None:
    return min(topic.tags & listed.tags, default=None)


def _by_category(listed: TopicList, topic: Topic) -> str | None:
    return topic.category if topic.category in listed.categories else None


def _ordered(value: object) -> object:
    """Lists that are sets, or one of each, in one order; the order of overrides means something."""
    if isinstance(value, dict):
        return {key: _ordered(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = [_ordered(each) for each in value]
        texts = [each for each in items if isinstance(each, str)]
        return sorted(texts) if len(texts) == len(items) else items
    return value
