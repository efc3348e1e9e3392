"""Spreadsheets and CSV, as shops really keep them, and JSON Lines."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from knowledge.article import Article, Scope, Stage
from knowledge.importing import SourceFile, read

from .conftest import SHANGHAI, read_one


def workbook(folder: Path, *rows: Sequence[Any], name: str = "faq.xlsx") -> SourceFile:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return read_one(folder / name)


def csv(folder: Path, content: str | bytes, name: str = "faq.csv") -> SourceFile:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return read_one(folder / name)


def lines(folder: Path, *rows: object) -> SourceFile:
    texts = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "faq.jsonl").write_text("\n".join(texts), "utf-8")
    return read_one(folder / "faq.jsonl")


def only(file: SourceFile) -> Article:
    (article,) = file.articles
    assert file.refused == ()
    return article


HEADER = "编号 问题 相似问法 答案 阶段 分类 标签 商品 生效时间 失效时间 语言 转人工 需要订单"


def test_a_sheet_with_chinese_columns_gives_whole_articles(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        HEADER.split(),
        [
            "double12-deposit",
            " 定金能退吗？ ",
            "1. 定金可以退吗\n2、不付尾款会怎样",
            "不退。\r\n非本店原因。",
            "售前",
            "活动",
            "双12,预售",
            "SY-DJ01，SY-SF25",
            datetime(2026, 11, 28, 20),
            datetime(2026, 12, 9),
            "中文",
            "是",
            None,
        ],
    )

    assert only(file) == Article(
        id=only(file).id,
        title="定金能退吗？",
        answer="不退。\n非本店原因。",
        variants=("定金可以退吗", "不付尾款会怎样"),
        stage=Stage.PRE_SALE,
        category="活动",
        tags=("双12", "预售"),
        scope=Scope(products=("SY-DJ01", "SY-SF25")),
        valid_from=datetime(2026, 11, 28, 20, tzinfo=SHANGHAI),
        valid_until=datetime(2026, 12, 9, 23, 59, 59, tzinfo=SHANGHAI),
        hand_over=True,
    )
    assert only(file).id == "double12-deposit"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("问题", "答案"),
        ("标准问法", "回复"),
        ("*问题（必填）", "答案："),
        ("Question", "Answer"),
        ("Q", "A"),
        (" standard question ", "ANSWERS"),
    ],
)
def test_columns_are_known_by_the_names_people_give_them(
    question: str, answer: str, tmp_path: Path
) -> None:
    assert (
        only(workbook(tmp_path, [question, answer], ["怎么退？", "这样退。"])).answer == "这样退。"
    )


def test_a_heading_above_the_table_and_empty_rows_do_no_harm(tmp_path: Path) -> None:
    file = workbook(
        tmp_path, ["本店常见问题"], [], ["问题", "答案"], [], ["怎么退？", "这样。"], [None, " "]
    )

    assert only(file).title == "怎么退？"


def test_a_sheet_without_a_question_column_is_refused_with_the_columns_it_has(
    tmp_path: Path,
) -> None:
    file = workbook(tmp_path, ["姓名", "电话"], ["a", "b"])

    assert file.articles == ()
    assert not file.complete
    assert "Found: 姓名, 电话" in file.refused[0].why


def test_two_columns_that_mean_the_same_are_refused(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["问题", "标题", "答案"], ["a", "b", "c"])

    assert "问题, 标题; keep one" in file.refused[0].why


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["问题", "答案", "负责人"], ["怎么退？", "这样。", "小王"])

    assert only(file)
    assert file.notes == ("faq.xlsx, sheet Sheet: not used: 负责人",)


def test_every_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    first.append(["问题", "答案"])
    first.append(["怎么退？", "这样。"])
    for name in ("换货", "草稿", "名单"):
        book.create_sheet(name)
    book["换货"].append(["问题", "答案"])
    book["换货"].append(["怎么换？", "那样。"])
    book["草稿"].append(["问题", "答案"])
    book["草稿"].append(["别看", "没写完"])
    book["草稿"].sheet_state = "hidden"
    book["名单"].append(["姓名"])
    book.save(tmp_path / "faq.xlsx")
    file = read_one(tmp_path / "faq.xlsx")

    assert [article.title for article in file.articles] == ["怎么退？", "怎么换？"]
    assert any("草稿: hidden" in note for note in file.notes)
    assert any("名单" in note for note in file.notes)


def test_a_formula_counts_as_the_value_it_shows(tmp_path: Path) -> None:
    file = workbook(tmp_path, ["问题", "答案"], ["怎么退？", "=1+1"], ["怎么换？", "那样。"])

    # Nobody has opened the workbook, so no value is stored beside the formula.
    assert [article.title for article in file.articles] == ["怎么换？"]
    assert "no answer" in file.refused[0].why


def test_text_that_looks_like_a_formula_stays_text_in_csv(tmp_path: Path) -> None:
    assert only(csv(tmp_path, "问题,答案\n公式是什么,=SUM(A1)\n")).answer == "=SUM(A1)"


def test_numbers_in_cells_read_as_people_wrote_them(tmp_path: Path) -> None:
    article = only(workbook(tmp_path, ["编号", "问题", "答案"], [12.0, "电话是多少", 4001]))

    assert (article.id, article.answer) == ("12", "4001")


def test_a_bad_row_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        ["编号", "问题", "答案", "阶段", "失效时间"],
        ["a", "一？", "答", "售后", None],
        ["b", None, "没有问题", None, None],
        ["c", "没有答案？", None, None, None],
        ["d", "阶段不对？", "答", "随时随地", None],
        ["e", "时间不对？", "答", None, "2026-13-01"],
        ["a", "编号重复？", "答", None, None],
        ["f", "六？", "答", "通用", "2026/12/01 20:00"],
    )

    assert [article.id for article in file.articles] == ["a", "f"]
    assert [(r.where.removeprefix("faq.xlsx, sheet Sheet, "), r.article) for r in file.refused] == [
        ("row 3", "b"),
        ("row 4", "c"),
        ("row 5", "d"),
        ("row 6", "e"),
        ("row 7", "a"),
    ]
    assert "stands already at faq.xlsx, sheet Sheet, row 2" in file.refused[-1].why


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"]
)
def test_a_csv_may_have_any_encoding_that_office_programs_write(
    encoding: str, tmp_path: Path
) -> None:
    text = "question,答案\n怎么退货？,七天内在订单页申请，鬃毛刷除外。\n"

    assert only(csv(tmp_path, text.encode(encoding))).answer == "七天内在订单页申请，鬃毛刷除外。"


@pytest.mark.parametrize("encoding", ["big5", "shift_jis"])
def test_text_in_another_encoding_is_refused_instead_of_read_as_nonsense(
    encoding: str, tmp_path: Path
) -> None:
    texts = {
        "big5": "問題,答案\n怎麼退貨,七天內可以申請退貨，請到訂單頁面辦理手續\n",
        "shift_jis": "question,answer\n返品,七日以内に返品できます。ありがとうございます\n",
    }
    file = csv(tmp_path, texts[encoding].encode(encoding))

    assert file.articles == ()
    assert "UTF-8" in file.refused[0].why


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_separator_is_found_out(separator: str, tmp_path: Path) -> None:
    text = f"问题{separator}答案{separator}标签\n怎么退{separator}这样{separator}退货\n"

    assert only(csv(tmp_path, text)).tags == ("退货",)


def test_an_answer_in_quotes_may_have_lines_and_separators(tmp_path: Path) -> None:
    assert only(csv(tmp_path, '问题,答案\n怎么退,"一,\n二""三"""\n')).answer == '一,\n二"三"'


def test_a_quotation_mark_that_is_never_closed_is_named(tmp_path: Path) -> None:
    rest = "下一行,答\n" * 30_000
    file = csv(tmp_path, f'问题,答案\n一？,答\n二？,"没有关\n{rest}')

    assert [article.title for article in file.articles] == ["一？"]
    assert "not closed" in file.refused[0].why
    assert not file.complete


def test_an_id_made_from_the_question_survives_a_new_answer_and_a_new_order(
    tmp_path: Path,
) -> None:
    before = csv(tmp_path, "问题,答案\n怎么退,七天\n怎么换,十五天\n")
    after = csv(tmp_path, "问题,答案\n怎么换,十五天\n怎么退,十天\n")

    assert {a.title: a.id for a in before.articles} == {a.title: a.id for a in after.articles}


def test_a_line_of_json_has_the_keys_of_an_article(tmp_path: Path) -> None:
    article = only(
        lines(
            tmp_path,
            {
                "id": 7,
                "question": "怎么退？",
                "variants": ["如何退", "如何退", "怎么退？"],
                "answer": "这样。",
                "source": "客服手册",
                "hand_over": True,
                "label": "ignored",
            },
        )
    )

    assert (article.id, article.variants) == ("7", ("如何退",))
    assert (article.source, article.hand_over) == ("客服手册", True)


def test_an_answer_without_a_question_is_called_after_its_first_sentence(tmp_path: Path) -> None:
    article = only(
        lines(tmp_path, {"id": "1", "question": None, "answer": "运费八元。满 59 元免。"})
    )

    assert article.title == "运费八元。"


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        ("{not json", "one object a line"),
        ("[1, 2]", "no object"),
        ("[" * 100_000, "one object a line"),
        ("1" * 5_000, "one object a line"),
        ({"id": "x", "question": "怎么退？", "answer": None}, "no answer"),
        ({"id": "x", "question": "怎么退？", "answer": ["a"]}, "not a list"),
        ({"id": ["x"], "question": "怎么退？", "answer": "a"}, "not a list"),
        ({"id": "x" * 201, "question": "怎么退？", "answer": "a"}, "at most 200"),
        ({"id": "x", "question": "怎" * 501, "answer": "a"}, "shorten"),
        ({"id": "x", "question": "怎么退？", "answer": "a" * 20_001}, "split it"),
        ({"id": "x", "question": "怎么退？", "answer": "a", "valid_untl": "x"}, "`valid_until`"),
        ('{"id": "x", "question": "怎么退", "answer": "\\ud800"}', "broken characters"),
        ({"id": "x", "question": "怎么退", "answer": "七���可退"}, "broken characters"),
    ],
)
def test_a_bad_line_is_refused_with_advice_and_the_others_are_kept(
    row: object, advice: str, tmp_path: Path
) -> None:
    file = lines(tmp_path, row, "", {"id": "good", "question": "怎么换？", "answer": "那样。"})

    (refusal,) = file.refused
    assert refusal.where == "faq.jsonl, line 1"
    assert advice in refusal.why
    assert [article.id for article in file.articles] == ["good"]


def test_questions_without_answers_can_be_kept_to_measure_search(tmp_path: Path) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text('{"id": "x", "question": "怎么退？", "answer": null}', "utf-8")
    (file,) = read(path, zone=SHANGHAI, allow_without_answer=True)

    assert [(article.title, article.answer) for article in file.articles] == [("怎么退？", "")]


def test_control_characters_never_reach_the_database(tmp_path: Path) -> None:
    article = only(
        lines(tmp_path, {"question": "怎么\x00退\u202e？", "answer": "这\x07样\n\t好。"})
    )

    assert (article.title, article.answer) == ("怎么退？", "这样\n\t好。")
