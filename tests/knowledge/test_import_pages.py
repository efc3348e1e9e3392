"""A whole page in one row becomes the questions it answers."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path

from knowledge.article import Article, ArticleId
from knowledge.importing import read
from knowledge.importing.page import cut

FILLER = "本店商品均由仓库统一打包发出，如有疑问请在订单页面查看。" * 12


def page(answer: str, title: str = "常见问题") -> Article:
    return Article(id=ArticleId("help/faq"), title=title, answer=answer, category="帮助")


def test_numbered_questions_become_articles_of_their_own() -> None:
    text = f"Q1：密码忘了怎么办？\nA1：点忘记密码。\n{FILLER}\nQ2：能开发票吗？\nA2：能，电子发票。"
    first, second = cut(page(text))
    assert (first.id, first.title) == ("help/faq#1", "密码忘了怎么办？")
    assert first.answer.startswith("点忘记密码。")
    assert (second.title, second.answer) == ("能开发票吗？", "能，电子发票。")
    assert second.source == "常见问题"
    assert second.category == "帮助"


def test_numbered_headings_become_articles_named_after_page_and_heading() -> None:
    text = f"总的说明。\n一．发票开具\n{FILLER}\n二、发票寄送\n随货寄出。"
    opening, issuing, sending = cut(page(text, "发票政策"))
    assert (opening.id, opening.answer) == ("help/faq", "总的说明。")
    assert (issuing.title, issuing.variants) == ("发票政策：发票开具", ("发票开具",))
    assert (sending.title, sending.answer) == ("发票政策：发票寄送", "随货寄出。")


def test_a_short_answer_stays_whole_whatever_its_shape() -> None:
    answer = "一、准备\n拆箱。\n二、安装\n拧紧。"
    assert [part.answer for part in cut(page(answer))] == [answer]


def test_a_long_text_without_structure_stays_whole() -> None:
    assert [part.answer for part in cut(page(FILLER))] == [FILLER]


def test_the_repeated_title_and_the_breadcrumb_go() -> None:
    [part] = cut(page("帮助\n>\n购物类\n>\n退款说明\n退款说明\n原路退回。", "退款说明"))
    assert part.answer == "原路退回。"


def test_importing_the_same_page_again_gives_the_same_articles(tmp_path: Path) -> None:
    text = f"Q1：密码忘了怎么办？\nA1：点忘记密码。\n{FILLER}\nQ2：能开发票吗？\nA2：能。"
    path = tmp_path / "pages.jsonl"
    path.write_text(json.dumps({"id": "faq", "question": "常见问题", "answer": text}), "utf-8")
    once, again = ([a for f in read(path, zone=UTC) for a in f.articles] for _ in range(2))
    assert once == again
    assert [article.id for article in once] == ["faq#1", "faq#2"]
