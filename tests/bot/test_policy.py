"""What may be said: both directions, what an article allows, and a shop's own list."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.policy import VERSION, BadPolicyList, PolicyList, Severity, check, stops, version_with
from bot.policy.table import TABLE
from knowledge.importing.folder import read
from tests.bot.policy_cases import ALLOWED, STOPPED

BOT = Path(bot.__file__).parent


def rules_of(text: str, **given: Any) -> list[str]:
    return [str(finding.rule) for finding in check(text, **given)]


@pytest.mark.parametrize(("rule", "text", "reason"), STOPPED)
def test_stops(rule: str, text: str, reason: str) -> None:
    assert rule in rules_of(text), reason
    assert stops(check(text))


@pytest.mark.parametrize(("text", "reason"), ALLOWED)
def test_lets_pass(text: str, reason: str) -> None:
    assert check(text) == [], reason


def test_the_list_is_tested_in_both_directions() -> None:
    assert len(STOPPED) >= 60
    assert len(ALLOWED) >= 80


# --- what the shop's texts allow -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "article", "allowed", "reason"),
    [
        ("保证48小时内发货", "本店承诺 48 小时内发货。", True, "the same promise"),
        ("我们保证两天内发货", "本店保证 2 天内发货。", True, "the same number in words"),
        ("保证24小时内发货", "本店承诺 48 小时内发货。", False, "another number"),
        ("保证48小时内送达", "本店承诺 48 小时内发货。", False, "sending is not arriving"),
        ("保证明天送达", "杭州保证次日送达。", True, "another word for tomorrow"),
        ("保证拦截成功", "快递拦截不保证成功。", False, "the article denies it"),
        ("这款终身保修", "本店净水器机身终身保修。", True, "the article gives it"),
        ("这款终身保修", "本店净水器保修 3 年。", False, "the article gives years"),
        ("给您补偿5元", "晚发一天，补偿您 5 元优惠券。", True, "the article gives the amount"),
        ("给您补偿50元", "晚发一天，补偿您 5 元优惠券。", False, "another amount"),
        ("假一赔十", "本店商品假一赔十。", True, "the article gives it"),
        ("It has a lifetime warranty", "该商品终身保修。", True, "an article in Chinese"),
        ("We guarantee delivery in 3 days", "We guarantee delivery in 5 days.", False, "days"),
        ("客服热线 400-123-4567", "客服热线：400 123 4567", True, "the article gives the number"),
        ("客服热线 400-123-4568", "客服热线：400 123 4567", False, "another number"),
        ("见 https://shop.example.com/help", "帮助页：shop.example.com/help", True, "the link"),
        ("见 https://evil.example.com/help", "帮助页：shop.example.com/help", False, "another"),
        ("这是最好的面料", "这是最好的面料。", False, "no article makes a superlative lawful"),
        ("能治疗颈椎病", "本品能治疗颈椎病。", False, "no article makes a claim lawful"),
        ("加我微信", "加我微信。", False, "words that lead away stay forbidden"),
    ],
)
def test_a_promise_number_or_link_needs_the_article(
    text: str, article: str, allowed: bool, reason: str
) -> None:
    assert (check(text, promised_by=[article]) == []) is allowed, reason


def test_two_sentences_do_not_add_up_to_a_promise() -> None:
    article = "本店承诺 48 小时内发货。补发的商品 24 小时内处理。"
    assert rules_of("保证24小时内发货", promised_by=[article]) == ["promise"]


# --- what is reported ------------------------------------------------------------------------


def test_a_finding_shows_the_words_as_they_were_written() -> None:
    text = "这件衣服是 最🔥好 的，您看看。"
    (finding,) = check(text)
    assert finding.words == "是 最🔥好"
    assert finding.words in text
    assert finding.severity is Severity.STOP
    assert "广告法" in finding.why


def test_findings_come_in_order_and_name_a_stretch_once() -> None:
    text = "全网最低价！保证明天送到，加我微信。"
    assert rules_of(text) == ["superlative", "promise", "off_platform"]


def test_what_stands_in_two_sentences_does_not_grow_together() -> None:
    assert check("尺码这件最大。好评很多") == []
    assert check("| 发往国家 | 级别 |") == []
    assert check("请选择最\n好的，我来看看") == []


def test_the_shipped_list_and_the_code_carry_the_same_version() -> None:
    assert str(yaml.safe_load(TABLE.read_text("utf-8"))["version"]) == VERSION


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    for finding in check(text):
        assert finding.words


@pytest.mark.parametrize(
    "unit", ["最", "不", "保证", "加我", "1 ", "能治疗", "a.", "the best ", "微", "请"]
)
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    started = time.perf_counter()
    check(unit * (4000 // len(unit)))
    assert time.perf_counter() - started < 2.0


# --- the shop's own texts --------------------------------------------------------------------


def _sentences(table: Any) -> Iterator[str]:
    if isinstance(table, dict):
        for value in table.values():
            yield from _sentences(value)
    elif isinstance(table, list):
        for value in table:
            yield from _sentences(value)
    elif isinstance(table, str):
        yield table


@pytest.mark.parametrize("file", ["policies", "faq.xlsx"])
def test_no_article_of_the_sample_shop_is_stopped(file: str) -> None:
    articles = [
        article for source in read(BOT / "sample" / file, zone=UTC) for article in source.articles
    ]
    assert len(articles) > 50
    for article in articles:
        assert check(f"{article.title}\n{article.answer}") == [], article.id


@pytest.mark.parametrize("file", ["wording.yaml", "orders/texts.yaml", "sample/products.yaml"])
def test_nothing_that_the_bot_says_by_itself_is_stopped(file: str) -> None:
    for sentence in _sentences(yaml.safe_load((BOT / file).read_text("utf-8"))):
        assert check(sentence) == [], sentence


# --- a shop's own list -----------------------------------------------------------------------


def shop_list(**table: Any) -> PolicyList:
    return PolicyList.read({"version": "shop-1", **table})


def test_a_shop_stops_a_phrase_of_its_own_in_any_disguise() -> None:
    extra = shop_list(add=[{"phrase": "祖传秘方", "rule": "our_words", "why": "总部不允许。"}])
    (finding,) = check("這是祖 傳·秘方", extra=extra)
    assert (finding.rule, finding.words, finding.why) == ("our_words", "祖 傳·秘方", "总部不允许。")


def test_a_latin_phrase_is_a_word_and_no_part_of_one() -> None:
    extra = shop_list(add=[{"phrase": "Acme", "rule": "rivals", "why": "No other shops."}])
    assert rules_of("Better than ACME!", extra=extra) == ["rivals"]
    assert check("acmeology", extra=extra) == []


def test_a_phrase_that_only_warns_does_not_stop_the_bot() -> None:
    row = {"phrase": "随便买", "rule": "tone", "why": "语气。", "severity": "warn"}
    findings = check("您随便买", extra=shop_list(add=[row]))
    assert [finding.severity for finding in findings] == [Severity.WARN]
    assert not stops(findings)


def test_a_shop_softens_a_rule_or_turns_it_off() -> None:
    text = "这是顶级面料，能治疗颈椎病"
    extra = shop_list(rules={"superlative": "warn", "medical_claim": "off"})
    (finding,) = check(text, extra=extra)
    assert (finding.rule, finding.severity) == ("superlative", Severity.WARN)


def test_a_shop_allows_a_phrase_and_only_that() -> None:
    extra = shop_list(allow=[{"phrase": "顶级玩家系列", "why": "商品名称"}])
    assert check("顶级玩家系列有货", extra=extra) == []
    assert rules_of("顶级玩家系列是顶级面料", extra=extra) == ["superlative"]


def test_a_shop_names_its_own_domains_and_numbers() -> None:
    extra = shop_list(contacts=["shop.example.com", "400-123-4567"])
    assert check("见 https://help.shop.example.com/a 或拨打 4001234567", extra=extra) == []
    assert rules_of("见 https://shop.example.com.evil.com/a", extra=extra) == ["off_platform"]


def test_the_version_names_both_lists() -> None:
    assert version_with(None) == VERSION
    assert version_with(shop_list()) == f"{VERSION}+shop-1"


def test_a_list_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("version: 3\nrules: {promise: off}\n", "utf-8")
    extra = PolicyList.load(file)
    assert extra.version == "3"
    assert check("保证明天送到", extra=extra) == []


def test_the_list_in_the_documentation_does_what_it_says() -> None:
    page = (BOT.parent / "docs" / "policy.md").read_text("utf-8")
    example = page.split("```yaml\n", 1)[1].split("```", 1)[0]
    extra = PolicyList.read(yaml.safe_load(example))
    assert rules_of("祖传秘方，加厚款", extra=extra) == ["medical_claim"]
    assert check("顶级玩家系列，详见 https://help.shop.example.com/size", extra=extra) == []
    assert not stops(check("给您补偿20元", extra=extra))
    assert not stops(check("比某某家便宜", extra=extra))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no such file"),
        ("version: [", "no valid YAML"),
        ("- a\n", "expected a mapping"),
        ("rules: {}\n", "version is missing"),
        ("version: 1\nforbid: []\n", "unknown key 'forbid'"),
        ("version: 1\nrules: {slang: off}\n", "unknown rule 'slang'"),
        ("version: 1\nrules: {promise: loud}\n", "write stop, warn or off"),
        ("version: 1\nrules: {promise: [off]}\n", "write stop, warn or off"),
        ("version: 1\nrules: [promise]\n", "rules must map"),
        ("version: 1\nadd: x\n", "start each row with"),
        ("version: 1\nadd: [x]\n", "add, row 1"),
        ("version: 1\nadd: [{rule: a, why: b}]\n", "either phrase"),
        ("version: 1\nadd: [{phrase: 最, rule: a, why: b}]\n", "too short"),
        ("version: 1\nadd: [{pattern: '(', rule: a, why: b}]\n", "does not compile"),
        ("version: 1\nadd: [{pattern: 'a*', rule: a, why: b}]\n", "matches an empty text"),
        ("version: 1\nadd: [{phrase: 秘方, why: b}]\n", "rule is missing"),
        ("version: 1\nadd: [{phrase: 秘方, rule: a}]\n", "why is missing"),
        ("version: 1\nadd: [{phrase: 秘方, rule: a, why: b, severity: x}]\n", "stop or warn"),
        ("version: 1\nadd: [{phrase: 秘方, rule: a, because: b}]\n", "unknown key 'because'"),
        ("version: 1\ncontacts: [12]\n", "in quotes"),
    ],
)
def test_a_wrong_list_is_refused_with_what_to_do(
    tmp_path: Path, content: str | None, told: str
) -> None:
    file = tmp_path / "policy.yaml"
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(BadPolicyList, match=r"policy\.yaml") as refused:
        PolicyList.load(file)
    assert told in str(refused.value)
