"""What a shop sets: which setting holds where, topics, modes, texts, and the version."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.reasons import Reason
from handoff.rulebook import Circumstances, Mode, Rulebook, Topic, parse_rulebook
from handoff.rules import Rules, Signals

# A Saturday noon in Shanghai.
NOON = datetime.fromisoformat("2026-11-21T12:00:00+08:00")


def there(channel: str = "web", at: str = "", **more: object) -> Circumstances:
    moment = datetime.fromisoformat(at) if at else NOON
    return Circumstances(channel, moment, **more)  # type: ignore[arg-type]


LAYERS = parse_rulebook(
    """
    rules:
      anger: {threshold: 0.6}
      dissatisfaction: false
      repeated_miss: {allowed: 2}
    overrides:
      - when: {channel: [douyin, web]}
        rules: {anger: {threshold: 0.5}}
      - when: {channel: douyin, tags: [vip]}
        rules: {anger: {threshold: 0.3}}
      - when: {stage: after_sale}
        rules: {anger: {threshold: 0.4}, dissatisfaction: true}
      - when: {hours: 22:00-06:00, days: [fri, sat]}
        rules: {repeated_miss: {allowed: 0}}
    """
)


def test_an_empty_rulebook_is_as_shipped() -> None:
    for text in ("", "{}", "# nothing yet\n"):
        assert parse_rulebook(text).rules_for(there()) == Rules()
        assert parse_rulebook(text) == Rulebook()


@pytest.mark.parametrize(
    ("circumstances", "threshold", "why"),
    [
        (there("phone"), 0.6, "no override fits: the base"),
        (there("web"), 0.5, "an override goes before the base"),
        (there("douyin", tags=frozenset({"vip"})), 0.3, "two conditions go before one"),
        (there("douyin", tags=frozenset({"new"})), 0.5, "all conditions have to fit"),
        (there("web", stage="after_sale"), 0.4, "equally specific: the one further down"),
        (
            there("douyin", stage="after_sale", tags=frozenset({"vip"})),
            0.3,
            "the more specific, although it stands further up",
        ),
    ],
)
def test_the_most_specific_override_holds(
    circumstances: Circumstances, threshold: float, why: str
) -> None:
    assert LAYERS.rules_for(circumstances).anger_threshold == threshold, why


def test_each_setting_is_looked_for_by_itself() -> None:
    rules = LAYERS.rules_for(there("douyin", stage="after_sale", tags=frozenset({"vip"})))
    assert rules.anger_threshold == 0.3
    assert Reason.DISSATISFACTION not in rules.off, "from the less specific one, after the sale"
    assert rules.misses_allowed == 2, "from the base"


@pytest.mark.parametrize(
    ("at", "allowed", "why"),
    [
        ("2026-11-20T21:59:59+08:00", 2, "before the window"),
        ("2026-11-20T22:00:00+08:00", 0, "Friday night begins"),
        ("2026-11-21T05:59:59+08:00", 0, "and lasts into Saturday"),
        ("2026-11-21T06:00:00+08:00", 2, "until six"),
        ("2026-11-22T05:59:59+08:00", 0, "Saturday's night, on Sunday morning"),
        ("2026-11-22T23:00:00+08:00", 2, "Sunday night is not listed"),
        ("2026-11-20T05:00:00+08:00", 2, "nor is Thursday's night"),
        ("2026-11-20T14:00:00+00:00", 0, "22:00 in the rulebook's own zone"),
    ],
)
def test_hours_past_midnight_belong_to_the_day_on_which_they_began(
    at: str, allowed: int, why: str
) -> None:
    assert LAYERS.rules_for(there("phone", at)).misses_allowed == allowed, why


def test_a_threshold_of_nought_stays_nought() -> None:
    book = parse_rulebook("rules: {anger: {threshold: 0.0}, repeated_miss: {allowed: 0}}")
    assert book.rules_for(there()).anger_threshold == 0
    assert book.rules_for(there()).misses_allowed == 0


def test_switched_off_and_on_again_for_some() -> None:
    book = parse_rulebook(
        """
        rules: {review_threat: off}
        overrides:
          - when: {tags: vip}
            rules: {review_threat: {enabled: true}}
        """
    )
    threat = Signals(review_threat=True)
    assert book.verdict(threat, there()) is None
    assert book.verdict(threat, there(tags=frozenset({"vip"}))) is not None


TOPICS = parse_rulebook(
    """
    topics:
      always:
        categories: [warranty]
        tags: [customs]
        articles: [recall-2026]
      never:
        categories: [coupons]
        tags: [simple]
        articles: [warranty-how-long]
    rules: {policy_restriction: false}
    """
)


@pytest.mark.parametrize(
    ("topic", "rule", "why"),
    [
        (Topic("a", "warranty"), "topic:always:warranty", "by category"),
        (Topic("a", "other", frozenset({"customs"})), "topic:always:customs", "by tag"),
        (Topic("recall-2026"), "topic:always:recall-2026", "by id"),
        (Topic("warranty-how-long", "warranty"), None, "an id goes before a category"),
        (Topic("a", "warranty", frozenset({"simple"})), None, "a tag goes before a category"),
        (Topic("a", "x", frozenset({"simple", "customs"})), "topic:always:customs", "in doubt"),
        (Topic("a", "other"), None, "not listed, and the reason is off"),
        (None, None, "no article at all"),
    ],
)
def test_topics_that_always_or_never_go_to_a_person(
    topic: Topic | None, rule: str | None, why: str
) -> None:
    found = TOPICS.verdict(Signals(), there(), topic)
    assert (found.rule if found else None) == rule, why


def test_a_topic_that_stays_with_the_bot_does_not_silence_the_customer() -> None:
    coupons = Topic("a", "coupons")
    unsure = Signals(person_only_topic=True, unknown=True, shop_matter=True, misses=3)
    assert TOPICS.verdict(unsure, there(), coupons) is None
    for signals, reason in [
        (Signals(asks_for_person=True), Reason.CUSTOMER_REQUEST),
        (Signals(anger=1), Reason.ANGER),
        (Signals(risk="injury"), Reason.HIGH_RISK),
    ]:
        found = TOPICS.verdict(signals, there(), coupons)
        assert found is not None
        assert found.reason is reason


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from([LAYERS, TOPICS, Rulebook()]),
    st.sampled_from([None, Topic("a", "coupons"), Topic("warranty-how-long")]),
    st.floats(0, 1),
    st.booleans(),
)
def test_whatever_a_shop_sets_high_risk_goes_to_a_person(
    book: Rulebook, topic: Topic | None, score: float, asks: bool
) -> None:
    signals = Signals(risk="legal", anger=score, asks_for_person=asks, confidence=score)
    found = book.verdict(signals, there(), topic)
    assert found is not None
    assert found.reason is Reason.HIGH_RISK


CAREFUL = parse_rulebook(
    """
    rules: {low_confidence: {threshold: 0.7}}
    overload: {queue_cap: 50, confidence_threshold: 0.9, offer_tickets: true}
    """
)


@pytest.mark.parametrize(
    ("confidence", "overloaded", "handed_over", "why"),
    [
        (0.7, False, False, "at the threshold the bot answers"),
        (0.69, False, True, "below it a person does"),
        (0.8, True, True, "while overloaded the bot is more careful"),
        (0.9, True, False, "and answers what it is sure of"),
    ],
)
def test_an_overloaded_shop_answers_more_carefully(
    confidence: float, overloaded: bool, handed_over: bool, why: str
) -> None:
    signals = Signals(confidence=confidence, shop_matter=True)
    found = CAREFUL.verdict(signals, there(overloaded=overloaded), Topic("a"))
    assert (found is not None) is handed_over, why
    assert CAREFUL.overload.queue_cap == 50


def test_small_talk_without_an_article_is_not_below_any_threshold() -> None:
    assert CAREFUL.verdict(Signals(shop_matter=True), there()) is None


MODES = parse_rulebook(
    """
    modes:
      default: auto
      overrides:
        - {when: {channel: douyin}, mode: assist}
        - {when: {channel: douyin, hours: 09:00-18:00, days: [mon]}, mode: human}
        - {when: {hours: 09:00-18:00, days: [mon]}, mode: assist}
    """
)


@pytest.mark.parametrize(
    ("channel", "at", "mode"),
    [
        ("web", "2026-11-21T12:00:00+08:00", Mode.AUTO),
        ("douyin", "2026-11-21T12:00:00+08:00", Mode.ASSIST),
        ("douyin", "2026-11-23T09:00:00+08:00", Mode.HUMAN),
        ("douyin", "2026-11-23T18:00:00+08:00", Mode.ASSIST),
        ("web", "2026-11-23T17:59:59+08:00", Mode.ASSIST),
    ],
)
def test_the_mode_of_a_channel_at_an_hour(channel: str, at: str, mode: Mode) -> None:
    assert MODES.mode_for(channel, datetime.fromisoformat(at)) is mode


def test_a_shops_own_texts() -> None:
    book = parse_rulebook(
        """
        texts:
          queued:
            zh-Hans: 您排在第 {position} 位，大约还要 {minutes} 分钟。
            en: You are number {position}.
        """
    )
    said = book.text("queued", "zh-Hans", position=3, minutes=5)
    assert said == "您排在第 3 位，大约还要 5 分钟。"
    assert book.text("queued", "en", position=3, minutes=None) == "You are number 3."
    assert book.text("queued", "zh-Hans", position=3, minutes=None) is None, "no half sentences"
    assert book.text("queued", "zh-Hant", position=3) is None, "the shipped one, not Simplified"
    assert book.text("night", "en") is None


def test_the_version_goes_by_content_and_not_by_how_it_is_written() -> None:
    one = parse_rulebook("rules:\n  anger: {threshold: 0.5}\ntopics: {never: {tags: [a, b]}}")
    same = parse_rulebook(
        "# tuned in November\ntopics:\n  never: {tags: [b, a]}\nrules: {anger: {threshold: 0.50}}"
    )
    other = parse_rulebook("rules: {anger: {threshold: 0.51}}")
    assert one.version == same.version
    assert one.version != other.version
    assert len(one.version) == 12


def test_the_order_of_overrides_is_content() -> None:
    rows = ["{when: {channel: a}, mode: human}", "{when: {hours: 09:00-10:00}, mode: assist}"]
    books = [
        parse_rulebook(f"modes: {{overrides: [{', '.join(order)}]}}")
        for order in (rows, rows[::-1])
    ]
    assert books[0].version != books[1].version
