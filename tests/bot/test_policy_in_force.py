"""The shop's own list: read from the shop file, refused with its line, the same for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.decision import Kind
from bot.drafts import Drafts
from bot.errors import BadSettings
from bot.eval_targets import SAMPLE_DAY, shop_articles
from bot.policy import BadPolicyList, Policy, PolicyList, Severity, stops
from bot.request import Request
from bot.settings import SAMPLE
from bot.shop import load_shop
from knowledge.article import Article, ArticleId
from tests.bot.command_line import KefuHere

OWN = """\
version: shop-7
rules: {promise: warn}
add:
  - phrase: 祖传秘方
    rule: our_words
    why: 总部不允许。
allow:
  - phrase: 顶级玩家系列
contacts: [shop.example.com]
"""


def shop_with(folder: Path, content: str) -> Path:
    (folder / "own.yaml").write_text(content, "utf-8")
    table = yaml.safe_load((SAMPLE / "shop.yaml").read_text("utf-8"))
    table["paths"] = {"policy": "own.yaml"}
    file = folder / "shop.yaml"
    file.write_text(yaml.safe_dump(table, allow_unicode=True), "utf-8")
    return file


def test_a_shop_without_a_list_has_the_shipped_one(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, OWN)
    shop.write_text(shop.read_text("utf-8").replace("policy: own.yaml", "faq: x"), "utf-8")
    assert load_shop(shop).policy() == Policy()
    assert Policy().summary().startswith("version 1, as shipped")


def test_a_shop_file_names_the_list(tmp_path: Path) -> None:
    policy = load_shop(shop_with(tmp_path, OWN)).policy()
    assert policy.version == "1+shop-7"
    assert policy.summary() == (
        "version 1+shop-7, 1 own rule, 1 exception, 1 own contact, promise warn"
    )
    assert [each.rule for each in policy.check("祖传秘方，全网最低价")] == [
        "our_words",
        "superlative",
    ]
    assert policy.check("顶级玩家系列，见 https://shop.example.com/a") == []


async def test_the_bot_does_not_say_what_the_shop_forbids() -> None:
    policy = Policy(PolicyList.read(yaml.safe_load(OWN)))
    article = Article(id=ArticleId("a"), title="这款怎么样？", answer="按祖传秘方制作。")
    request = Request(messages=[[{"type": "text", "text": "怎么样"}]], at=SAMPLE_DAY)
    decision = await Drafts(policy=policy).answer(request, article, (), 0.9, "怎么样")
    assert (decision.kind, decision.reason) == (Kind.HAND_OVER, "policy_restriction")
    assert decision.record["policy"]["version"] == "1+shop-7"


def test_what_the_customer_wrote_may_be_said_back_but_only_numbers() -> None:
    asked = ["我的号码 13812345678，我在 evil.example.com 看到的"]
    assert stops(Policy().check("13812345678 对吗？"))
    assert Policy().check("13812345678 对吗？", mentioned=asked) == []
    assert stops(Policy().check("请到 https://evil.example.com/pay", mentioned=asked))
    assert stops(Policy().check("保证明天到", mentioned=["你们保证明天到吗"]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("🎉 这是 最🔥好 的面料 🎉", "是 最🔥好"),
        ("详情见 https://evil.example.com/a ，谢谢", "evil.example.com/a"),
        ("客服热线 400-123-4567。", "400-123-4567"),
    ],
)
def test_a_finding_says_where_its_words_stand(text: str, words: str) -> None:
    [finding] = Policy().check(text)
    told = finding.to_json()
    assert told["words"] == text[told["start"] : told["end"]] == words


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ("version: 1\nadd:\n  - phrase: 秘方\n   rule: x\n", 4, "no valid YAML"),
        ("version: 1\nforbid: []\n", 2, "unknown key 'forbid'"),
        ("# ours\n\nrules:\n  promise: warn\n", 1, "version is missing"),
        ("version: 1\nrules:\n  promise: warn\n  slang: off\n", 4, "unknown rule 'slang'"),
        (OWN + "add: []\n", 10, "a second time"),
        ("version: 1\nadd:\n- {phrase: 秘方, rule: a, why: b}\n- {rule: a}\n", 4, "row 2"),
        ("version: 1\nallow:\n- phrase: 一二\n\n- pattern: '('\n", 5, "does not compile"),
        ("version: 1\ncontacts:\n- shop.example.com\n- 12\n", 4, "in quotes"),
        ("version: 2026-13-40\n", 1, "put it in quotes"),
        ("version: 1\nallow: &again [*again]\n", 2, "expected 'phrase"),
    ],
)
def test_a_wrong_list_is_refused_with_file_and_line(
    tmp_path: Path, content: str, line: int, told: str
) -> None:
    shop = load_shop(shop_with(tmp_path, content))
    with pytest.raises(BadPolicyList) as refused:
        shop.policy()
    assert f"own.yaml, line {line}: " in str(refused.value)
    assert told in str(refused.value)
    assert isinstance(refused.value, BadSettings)


def test_a_list_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    shop = load_shop(shop_with(tmp_path, OWN))
    (tmp_path / "own.yaml").unlink()
    with pytest.raises(BadPolicyList, match=r"create it, or take paths\.policy out"):
        shop.policy()


# --- the command line ------------------------------------------------------------------------


def test_the_doctor_says_which_policy_is_in_force(tmp_path: Path) -> None:
    kefu = KefuHere(tmp_path / "data")
    shop = shop_with(tmp_path, OWN)
    assert "1+shop-7, 1 own rule" in kefu("doctor", KEFU_SHOP_FILE=str(shop), COLUMNS="200").out


def test_the_doctor_names_the_line_of_a_list_that_is_wrong(tmp_path: Path) -> None:
    shop = shop_with(tmp_path, "version: 1\nforbid: []\n")
    done = KefuHere(tmp_path / "data")("doctor", KEFU_SHOP_FILE=str(shop), COLUMNS="300")
    assert "line 2: unknown key 'forbid'" in " ".join(done.out.split())
    assert done.code == 3


# --- the sample shop -------------------------------------------------------------------------


def sample() -> Policy:
    return load_shop(SAMPLE / "shop.yaml").policy()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("给您内部价", "price_claim"),
        ("我们比别家便宜", "rivals"),
        ("这款全网最低价", "superlative"),
        ("顶级面料", "superlative"),
    ],
)
def test_the_sample_shop_stops(text: str, rule: str) -> None:
    [finding] = sample().check(text)
    assert (finding.rule, finding.severity) == (rule, Severity.STOP)


def test_the_sample_shop_only_warns_of_a_careless_phrase() -> None:
    [finding] = sample().check("您随便退")
    assert finding.severity is Severity.WARN


@pytest.mark.parametrize(
    "text", ["最快明天送达", "您最好提前预约", "比上一款厚一些", "店内价格以页面为准"]
)
def test_the_sample_shop_lets_pass(text: str) -> None:
    assert sample().check(text) == []


def test_no_article_of_the_sample_shop_meets_its_own_list() -> None:
    policy = sample()
    for article in shop_articles(SAMPLE / "shop.yaml"):
        assert policy.check(article.answer, promised_by=[article.answer]) == [], article.id
