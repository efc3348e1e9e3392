"""Folders, HTML, Word and PDF, and everything that people throw at an import by mistake."""

import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from knowledge.errors import ImportRefused
from knowledge.importing import SourceFile, limits, read

from .conftest import SHANGHAI, read_all, read_one

GOOD = "## 怎么退货呢 {#refund}\n七天内申请。\n"

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def word(*paragraphs: tuple[str, str]) -> bytes:
    """The smallest Word file: paragraphs of (style, text)."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>',
        )
    return packed.getvalue()


def pdf(*lines: str) -> bytes:
    """The smallest PDF with some lines of text on one page."""
    shown = "".join(f"({line}) Tj 0 -20 Td " for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = "%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return (out + f"xref\n0 6\n0000000000 65535 f \n{table}" + end).encode()


def written(folder: Path, name: str, raw: bytes) -> SourceFile:
    (folder / name).write_bytes(raw)
    return read_one(folder / name)


def refusal(file: SourceFile) -> str:
    assert file.articles == ()
    assert not file.complete
    (refused,) = file.refused
    assert refused.where == file.shown
    return refused.why


def test_html_is_read_by_its_headings_without_scripts(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "help.html",
        "<html><head><meta charset='gbk'><style>p {}</style></head><body><h1>帮助中心</h1>"
        "<h2>怎么申请退货</h2><p>在<b>订单页</b>申请。</p><script>alert(1)</script>"
        "<h2>运费</h2><ul><li>8 元</li></ul></body></html>".encode(),
    )

    assert [(a.title, a.answer) for a in file.articles] == [
        ("怎么申请退货", "在**订单页**申请。"),
        ("帮助中心：运费", "* 8 元"),
    ]


def test_html_so_deep_that_it_breaks_readers_is_one_file_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<div>" * 20_000 + "深", "utf-8")
    (tmp_path / "b.md").write_text(GOOD, "utf-8")
    _, good = read_all(tmp_path)

    assert [article.id for article in good.articles] == ["refund"]


def test_word_is_read_by_its_headings(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "rules.docx",
        word(("Heading1", "售后规则"), ("Heading2", "怎么申请退货"), ("Normal", "七天内申请。")),
    )

    assert [(a.title, a.answer) for a in file.articles] == [("怎么申请退货", "七天内申请。")]


def test_a_pdf_without_marked_headings_is_cut_at_its_questions(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "rules.pdf",
        pdf("How do I return goods?", "Within seven days.", "Who pays the freight?", "We do."),
    )

    assert [(a.title, a.answer) for a in file.articles] == [
        ("How do I return goods?", "Within seven days."),
        ("Who pays the freight?", "We do."),
    ]


def test_plain_text_is_cut_at_numbered_headings_and_questions(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "rules.txt",
        "一、退货流程说明\n在订单页申请。\n1. 选择原因\n2. 寄回商品\n"
        "问：谁付运费？\n答：本店。\n".encode(),
    )

    assert [(a.title, a.answer) for a in file.articles] == [
        ("一、退货流程说明", "在订单页申请。\n1. 选择原因\n2. 寄回商品"),
        ("谁付运费？", "本店。"),
    ]


@pytest.mark.parametrize(
    ("name", "raw", "advice"),
    [
        ("empty.md", b"", "is empty"),
        ("blank.md", b" \n\n ", "no text"),
        ("heads.md", "# 只有\n## 标题\n".encode(), "nothing to import"),
        ("junk.csv", bytes(range(256)) * 40, "not text"),
        ("junk.md", os.urandom(64) + b"\x00\xff" * 500 + b"\x00", "not text"),
        ("latin.md", "## Où\nÀ la maison, déjà payé.\n".encode("latin-1"), "UTF-8"),
        ("half.md", GOOD.encode()[:-6], "UTF-8"),
        ("broken.xlsx", b"PK\x03\x04 and then nothing", "damaged"),
        ("renamed.xlsx", "问题,答案\n".encode(), "damaged"),
        ("broken.docx", b"PK\x03\x04 and then nothing", "damaged"),
        ("other.docx", b"", "is empty"),
        ("renamed.pdf", b"hello", "no PDF"),
        ("broken.pdf", b"%PDF-1.4\n garbage", ""),
        ("scan.pdf", pdf(), "no text"),
        ("slides.pptx", b"x", "are not read"),
        ("old.xls", b"x", "save it as .xlsx"),
        ("list.json", b"[]", ".jsonl"),
        ("README", b"x", "no suffix"),
    ],
)
def test_a_file_that_is_no_good_is_refused_with_advice(
    name: str, raw: bytes, advice: str, tmp_path: Path
) -> None:
    assert advice in refusal(written(tmp_path, name, raw))


def test_a_zip_that_is_no_workbook_or_document_is_refused(tmp_path: Path) -> None:
    for name in ("odd.xlsx", "odd.docx"):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("hello.txt", "hello")
        assert "damaged" in refusal(read_one(tmp_path / name))


def test_a_workbook_with_broken_xml_inside_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "good.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "good.xlsx") as good,
        zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad,
    ):
        for entry in good.namelist():
            content = good.read(entry)
            bad.writestr(entry, content[:-20] if entry.endswith("sheet1.xml") else content)

    assert "damaged" in refusal(read_one(tmp_path / "bad.xlsx"))


@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.docx"])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(name: str, tmp_path: Path) -> None:
    packed = zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with packed as archive:
        for number in range(3):
            archive.writestr(f"xl/{number}.xml", bytes(limits.MAX_UNPACKED // 2))

    assert "would unpack to 300 MB" in refusal(read_one(tmp_path / name))


def test_fifty_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    with (tmp_path / "huge.md").open("wb") as huge:
        # A sparse file: whoever reads it meets only zeros and would call it no text.
        huge.truncate(50 * 1024 * 1024)

    assert "has 50 MB; at most 20 MB" in refusal(read_one(tmp_path / "huge.md"))


def test_too_much_text_is_refused(tmp_path: Path) -> None:
    text = "## 一问一答\n" + "很长。" * 700_000

    assert "2,000,000" in refusal(written(tmp_path, "long.md", text.encode()))


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    rows = "问题,答案\n" + "".join(f"{n},答\n" for n in range(limits.MAX_ROWS + 1))

    assert "50,000 rows" in refusal(written(tmp_path, "long.csv", rows.encode()))


def test_a_section_that_is_too_long_is_refused_and_the_others_are_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "a.md", f"## 太长的一节\n{'长' * 20_001}\n{GOOD}".encode())

    assert [article.id for article in file.articles] == ["refund"]
    assert "split it" in file.refused[0].why


def test_a_path_that_is_not_there_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="check the path"):
        read(tmp_path / "nothing", zone=SHANGHAI)


def test_a_folder_is_read_in_order_with_everything_below_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.md").write_text("## 乙问题怎么办\n乙。\n", "utf-8")
    (tmp_path / "a.md").write_text("## 甲问题怎么办\n甲。\n", "utf-8")
    (tmp_path / "sub" / "c.csv").write_text("问题,答案\n丙,丙。\n", "utf-8")

    assert [file.shown for file in read_all(tmp_path)] == ["a.md", "b.md", "sub/c.csv"]


def test_hidden_files_and_unknown_formats_in_a_folder_are_skipped_with_a_reason(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.md").write_text(GOOD, "utf-8")
    for name in (".DS_Store", "~$faq.xlsx", "Thumbs.db", "photo.png", "old.doc"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.md").write_text(GOOD, "utf-8")
    files = read_all(tmp_path)

    assert [file.shown for file in files if file.articles] == ["a.md"]
    assert {file.shown: file.skipped for file in files if file.skipped} == {
        ".DS_Store": "hidden",
        ".git": "hidden",
        "Thumbs.db": "hidden",
        "old.doc": "save it as .docx",
        "photo.png": "not a format that is read",
        "~$faq.xlsx": "hidden",
    }
    assert not any(file.refused for file in files)


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text(GOOD, "utf-8")
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "link.md").symlink_to(outside)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.md")

    assert {file.shown: file.skipped for file in read_all(folder)} == {
        "link.md": "a link out of the folder",
        "pipe.md": "not a plain file",
    }


def test_an_id_in_two_files_belongs_to_the_first_and_the_second_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD, "utf-8")
    (tmp_path / "b.md").write_text(GOOD + "## 怎么换货呢 {#swap}\n十五天。\n", "utf-8")
    first, second = read_all(tmp_path)

    assert [article.id for article in first.articles] == ["refund"]
    assert [article.id for article in second.articles] == ["swap"]
    assert "stands already at a.md, line 1" in second.refused[0].why


def test_one_bad_file_loses_nothing_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"junk")
    (tmp_path / "b.md").write_text(GOOD, "utf-8")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.7 junk")

    assert [bool(file.articles) for file in read_all(tmp_path)] == [False, True, False]


def test_a_file_has_the_same_name_alone_and_in_its_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "a.md"
    path.write_text(GOOD, "utf-8")

    assert read_one(path).name == read_one(tmp_path).name
