"""Markdown: the shop's own format, and documents that know nothing of it."""

from datetime import datetime
from pathlib import Path

import pytest

from knowledge.article import AppliesBy, Article, Scope, Stage
from knowledge.importing import SourceFile

from .conftest import SHANGHAI, read_one

RULES = """---
category: 退货
stage: after_sale
tags: [退货, 售后]
source: 《退换货规则》
---
# 退换货规则

本页说明退换货。

## 七天无理由退货怎么申请？ {#return-7days-apply}

```yaml article
variants:
  - 不想要了怎么退
  - 买了不喜欢可以退吗
```

在订单页点 **申请退货**：

- 选择原因
- 等待审核 <!-- 审核一般很快 -->

### 需要什么

吊牌完好。

## 双11 价保 {#price-protection}

```yaml article
valid_from: 2026-10-20
valid_until: 2026-11-30
applies_by: order_time
products: [SY-DJ01, SY-MR02]
channels: web
needs_order: true
hand_over: true
language: zh-Hant
```

可以申请价保。

## 忘了写编号的一条

照样算一条。
"""


@pytest.fixture
def rules(tmp_path: Path) -> SourceFile:
    return markdown(tmp_path, RULES)


def markdown(folder: Path, text: str, name: str = "rules.md") -> SourceFile:
    (folder / name).write_text(text, "utf-8")
    return read_one(folder / name)


def titles(file: SourceFile) -> list[str]:
    return [article.title for article in file.articles]


def only(file: SourceFile) -> Article:
    (article,) = file.articles
    assert file.refused == ()
    return article


def test_a_heading_with_an_id_is_an_article_with_the_defaults_of_the_file(
    rules: SourceFile,
) -> None:
    article = rules.articles[0]

    assert article.id == "return-7days-apply"
    assert article.title == "七天无理由退货怎么申请？"
    assert article.variants == ("不想要了怎么退", "买了不喜欢可以退吗")
    assert (article.category, article.stage, article.tags, article.source) == (
        "退货",
        Stage.AFTER_SALE,
        ("退货", "售后"),
        "《退换货规则》",
    )


def test_the_answer_is_the_markdown_without_fence_and_notes_among_editors(
    rules: SourceFile,
) -> None:
    answer = rules.articles[0].answer

    assert answer.startswith("在订单页点 **申请退货**：\n\n- 选择原因\n- 等待审核")
    assert "yaml" not in answer
    assert "审核一般很快" not in answer


def test_deeper_headings_belong_to_the_answer_of_an_article_with_an_id(rules: SourceFile) -> None:
    assert rules.articles[0].answer.endswith("### 需要什么\n\n吊牌完好。")


def test_the_fence_says_when_and_where_an_article_holds(rules: SourceFile) -> None:
    article = rules.articles[1]

    assert article.valid_from == datetime(2026, 10, 20, tzinfo=SHANGHAI)
    assert article.valid_until == datetime(2026, 11, 30, 23, 59, 59, tzinfo=SHANGHAI)
    assert article.applies_by is AppliesBy.ORDER
    assert article.scope == Scope(channels=("web",), products=("SY-DJ01", "SY-MR02"))
    assert (article.needs_order, article.hand_over, article.language) == (True, True, "zh-Hant")


def test_a_heading_without_id_gets_one_that_stays(rules: SourceFile, tmp_path: Path) -> None:
    article = rules.articles[2]
    again = markdown(tmp_path, RULES.replace("照样算一条", "改了一个字"))

    assert article.title == "忘了写编号的一条"
    assert article.id.startswith("rules-")
    assert again.articles[2].id == article.id
    assert again.articles[2].revision != article.revision


def test_the_introduction_is_no_article_but_is_not_passed_over_in_silence(
    rules: SourceFile,
) -> None:
    assert len(rules.articles) == 3
    assert rules.notes == ("rules.md, line 7: introduction, no article",)


@pytest.mark.parametrize(
    ("fence", "advice"),
    [
        ("contact: 138", "it may have variants"),
        ("valid_until: 2026-02-30", "2026-11-30"),
        ("valid_until: next week", "2026-11-30"),
        ("valid_from: 2026-12-01\nvalid_until: 2026-11-01", "lies before"),
        ("stage: sometimes", "pre_sale"),
        ("hand_over: perhaps", "true"),
        ("applies_by: mood", "order_time"),
        ("language: klingon language", "zh, zh-Hant or en"),
        ("variants: {a: b}", "list of texts"),
        ("variants:\n  - [a, b]", "one text"),
        ("stage: [any]", "one text"),
        ("tags: [退货", "no valid YAML"),
        ("just text", "key: value"),
        ("title: other", "it may have"),
    ],
)
def test_a_wrong_fence_refuses_its_article_and_no_other(
    fence: str, advice: str, tmp_path: Path
) -> None:
    good = "## 好的 {#good}\n可以。\n"
    bad = f"## 坏的 {{#bad}}\n```yaml article\n{fence}\n```\n可以。\n"
    file = markdown(tmp_path, bad + good)

    (refusal,) = file.refused
    assert titles(file) == ["好的"]
    assert refusal.article == "bad"
    assert refusal.where == "rules.md, line 1, “坏的”"
    assert advice in refusal.why


def test_two_fences_under_one_heading_are_refused(tmp_path: Path) -> None:
    fence = "```yaml article\nstage: any\n```\n"
    file = markdown(tmp_path, f"## 一 {{#one}}\n{fence}\n{fence}\n答\n")

    assert "two `article` fences" in file.refused[0].why


def test_a_fence_above_the_first_heading_is_refused(tmp_path: Path) -> None:
    file = markdown(tmp_path, "```yaml article\nstage: any\n```\n\n## 一问 {#one}\n答\n")

    assert titles(file) == ["一问"]
    assert "above the first heading" in file.refused[0].why


@pytest.mark.parametrize(
    ("front", "advice"),
    [
        ("stage: [any", "no valid YAML"),
        ("- a\n- b", "key: value"),
        ("valid_untill: 2026-11-30", "write `valid_until`"),
        ("x: " + "y" * 20_001, "shorten"),
        ("a: " + "[" * 2_000, "no valid YAML"),
    ],
)
def test_defaults_that_cannot_be_read_refuse_the_file(
    front: str, advice: str, tmp_path: Path
) -> None:
    file = markdown(tmp_path, f"---\n{front}\n---\n## 一 {{#one}}\n答\n")

    assert file.articles == ()
    assert not file.complete
    assert advice in file.refused[0].why


def test_front_matter_of_other_programs_does_no_harm(tmp_path: Path) -> None:
    file = markdown(
        tmp_path, "---\ntitle: 退货\nlayout: page\ndate: 2020-13-45\n---\n## 多久？\n七天。\n"
    )

    assert only(file).source == "退货"


def test_an_article_without_an_answer_is_refused(tmp_path: Path) -> None:
    file = markdown(tmp_path, "## 空的 {#empty}\n\n## 好的 {#good}\n可以。\n")

    assert titles(file) == ["好的"]
    assert "no answer" in file.refused[0].why


def test_every_heading_with_text_of_an_ordinary_document_is_an_article(tmp_path: Path) -> None:
    file = markdown(
        tmp_path,
        "# 退货政策\n\n本政策自签收起算。\n\n## 哪些商品不能退货\n\n定制商品。\n\n"
        "## 费用\n\n买家承担。\n\n## 空的一节\n\n### 如何申请退款\n\n在订单页。\n",
    )

    assert titles(file) == ["退货政策", "哪些商品不能退货", "退货政策：费用", "如何申请退款"]
    assert {article.source for article in file.articles} == {"退货政策"}


def test_a_heading_that_stands_twice_carries_the_one_above_it(tmp_path: Path) -> None:
    file = markdown(
        tmp_path, "# A\n## 小家电\n### 保修时间多长\n一年。\n## 大家具\n### 保修时间多长\n两年。\n"
    )

    assert titles(file) == ["小家电：保修时间多长", "大家具：保修时间多长"]


def test_english_headings_of_one_word_carry_the_one_above_them(tmp_path: Path) -> None:
    file = markdown(
        tmp_path, "# Refund policy\n## Exceptions\nFood.\n## When do I get it back?\nSoon.\n"
    )

    assert titles(file) == ["Refund policy: Exceptions", "When do I get it back?"]
    assert {article.language for article in file.articles} == {"en"}


def test_ids_of_ordinary_headings_do_not_depend_on_their_neighbours(tmp_path: Path) -> None:
    one = markdown(tmp_path, "# A\n## 怎么退货呢\n这样。\n")
    two = markdown(tmp_path, "# A\n## 怎么换货呢\n那样。\n## 怎么退货呢\n这样。\n")

    assert one.articles[0].id == two.articles[1].id


def test_the_same_heading_twice_gives_two_articles(tmp_path: Path) -> None:
    file = markdown(tmp_path, "# A\n## 怎么退货呢\n这样。\n## 怎么退货呢\n或者这样。\n")

    assert len({article.id for article in file.articles}) == 2


def test_headings_inside_code_are_no_headings(tmp_path: Path) -> None:
    file = markdown(tmp_path, "## 怎么写标题呢\n```\n## 这样\n```\n")

    assert only(file).answer == "```\n## 这样\n```"


def test_marks_in_a_heading_are_not_part_of_the_question(tmp_path: Path) -> None:
    file = markdown(tmp_path, "## **怎么** `退货` [申请](https://example.com) a_b_c? ##\n这样。\n")

    assert only(file).title == "怎么 退货 申请 a_b_c?"


def test_a_document_without_headings_is_one_article_named_after_its_file(tmp_path: Path) -> None:
    assert only(markdown(tmp_path, "只有一段话。\n", "运费说明.md")).title == "运费说明"


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    plain = markdown(tmp_path, RULES)
    (tmp_path / "rules.md").write_bytes(b"\xef\xbb\xbf" + RULES.replace("\n", "\r\n").encode())

    assert read_one(tmp_path / "rules.md").articles == plain.articles


def test_pictures_that_carry_their_bytes_are_left_out(tmp_path: Path) -> None:
    file = markdown(tmp_path, "## 尺码表在哪里看\n![表](data:image/png;base64,AAAA)\n见商品页。\n")

    assert only(file).answer == "见商品页。"
