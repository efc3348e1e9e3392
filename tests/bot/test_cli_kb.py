"""`kefu kb …`: the shop's knowledge from files to a published version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.bot.command_line import FREIGHT, GIFT, HOURS, Kefu, KefuHere, linked_copy


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with three articles in two files."""
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "freight.md").write_text(FREIGHT, encoding="utf-8")
    (folder / "more.md").write_text(GIFT + "\n" + HOURS, encoding="utf-8")
    return folder


@pytest.fixture
def kefu(tmp_path: Path) -> Kefu:
    return KefuHere(tmp_path / "data")


@pytest.fixture
def ready_embedder(sample_data: Path, tmp_path: Path) -> Path:
    """An empty data folder whose embedder is prepared already."""
    data = tmp_path / "data"
    data.mkdir()
    linked_copy(sample_data / "cache", data / "cache")
    return data


def vectors_in(data: Path) -> int:
    with sqlite3.connect(data / "kefu.db") as database:
        count: int = database.execute("SELECT count(*) FROM text_vector").fetchone()[0]
    return count


def test_importing_reports_every_file(kefu: Kefu, files: Path) -> None:
    [rows] = kefu.json("kb", "import", files)
    assert {row["file"]: row["added"] for row in rows} == {"freight.md": 1, "more.md": 2}


def test_importing_the_same_again_changes_nothing(kefu: Kefu, files: Path) -> None:
    kefu.good("kb", "import", files)
    [rows] = kefu.json("kb", "import", files)
    assert [(r["added"], r["changed"], r["unchanged"], r["removed"]) for r in rows] == [
        (0, 0, 1, 0),
        (0, 0, 2, 0),
    ]


def test_what_cannot_be_read_is_refused_by_name_and_everything_else_is_kept(
    kefu: Kefu, files: Path
) -> None:
    (files / "broken.jsonl").write_text('{"question": "能刻字吗"}\n{not json\n', encoding="utf-8")
    done = kefu("kb", "import", files)
    assert done.code == 2
    assert "refused: broken.jsonl, " in done.out
    assert {row["id"] for row in kefu.json("kb", "list")} >= {"freight", "gift", "hours"}


def test_a_path_that_is_not_there_is_named_and_nothing_is_made(kefu: Kefu) -> None:
    done = kefu("kb", "import", "nowhere.md")
    assert done.code == 2
    assert "there is no file or folder nowhere.md" in done.words
    assert not kefu.data.exists()


def test_a_list_in_a_pipe_has_one_whole_line_for_each_article(kefu: Kefu, tmp_path: Path) -> None:
    name = "an-article-with-a-very-long-id-that-no-narrow-terminal-would-show-in-one-piece"
    long = tmp_path / "long.md"
    long.write_text(f"# 一个问题？ {{#{name}}}\n\n一个回答。\n", encoding="utf-8")
    kefu.good("kb", "import", long)
    header, line = kefu.good("kb", "list").out.splitlines()
    assert header.split()[:2] == ["id", "title"]
    assert line.split()[0] == name


def test_a_list_by_words(kefu: Kefu, files: Path) -> None:
    kefu.good("kb", "import", files)
    assert [row["id"] for row in kefu.json("kb", "list", "--text", "礼盒")] == ["gift"]
    assert "No articles yet" not in kefu.good("kb", "list", "--text", "礼盒").out


def test_articles_that_say_the_same_twice_are_named(kefu: Kefu, files: Path) -> None:
    kefu.good("kb", "import", files)
    assert kefu.json("kb", "check") == []
    (files / "again.md").write_text(GIFT.replace("#gift", "#gift-again"), encoding="utf-8")
    kefu.good("kb", "import", files)
    done = kefu("kb", "check")
    assert done.code == 1
    assert "gift-again" in done.out


WORDS = "misspellings:\n  邮钱: 运费\nproducts:\n  X1: {name: 礼盒, nicknames: [礼品盒]}\n"


def test_words_are_imported_beside_articles_and_listed_with_where_they_come_from(
    kefu: Kefu, files: Path
) -> None:
    table = files / "words.yaml"
    table.write_text(WORDS, encoding="utf-8")
    [rows] = kefu.json("kb", "import", files)
    assert {row["file"]: row["added"] for row in rows}["words.yaml"] == 3
    assert kefu.json("kb", "words", "--draft") == [
        {"kind": kind, "word": word, "standard": meant, "product": product, "from": str(table)}
        for kind, word, meant, product in (
            ("misspelling", "邮钱", "运费", ""),
            ("product", "礼盒", "礼盒", "X1"),
            ("nickname", "礼品盒", "礼盒", "X1"),
        )
    ]
    everything = kefu.json("kb", "words", "--draft", "--shipped")
    assert {"kefu", str(table)} == {row["from"] for row in everything}
    [mine] = [row for row in everything if row["word"] == "邮钱"]
    assert mine["from"] == str(table), "the shop's own meaning stands before the shipped one"
    done = kefu("kb", "words")
    assert (done.code, "kefu kb publish" in done.words) == (2, True)


def test_a_table_of_words_with_a_mistake_is_refused_by_its_line(kefu: Kefu, files: Path) -> None:
    (files / "words.yaml").write_text("synonyms:\n  - [运费]\n", encoding="utf-8")
    done = kefu("kb", "import", files)
    assert done.code == 2
    assert "words.yaml, line 2: a group needs two words or more" in done.out
    assert {row["id"] for row in kefu.json("kb", "list")} == {"freight", "gift", "hours"}


def test_words_that_lead_to_no_article_are_named(kefu: Kefu, files: Path) -> None:
    (files / "words.yaml").write_text(WORDS, encoding="utf-8")
    kefu.good("kb", "import", files)
    assert kefu.json("kb", "check") == []
    (files / "words.yaml").write_text("misspellings: {虑芯: 滤芯}\n", encoding="utf-8")
    kefu.good("kb", "import", files)
    done = kefu("kb", "check")
    assert (done.code, "no article says 滤芯" in done.out) == (1, True)


def test_words_are_served_with_their_version_and_taken_back_with_it(
    ready_embedder: Path, files: Path
) -> None:
    kefu, here = Kefu(ready_embedder), KefuHere(ready_embedder)

    def read() -> str:
        question: str = kefu.json("kb", "search", "礼品盒多少钱")["question"]
        return question

    kefu.good("kb", "import", files)
    kefu.good("kb", "publish")
    (files / "words.yaml").write_text(WORDS, encoding="utf-8")
    here.good("kb", "import", files)
    assert (read(), here.json("kb", "words")) == ("礼品盒多少钱", [])
    assert kefu.json("kb", "publish") == {"version": 2}
    assert read() == "礼盒多少钱"
    assert [row["word"] for row in here.json("kb", "words")] == ["邮钱", "礼盒", "礼品盒"]
    assert kefu.json("kb", "rollback") == {"version": 1}
    assert (read(), here.json("kb", "words")) == ("礼品盒多少钱", [])


def test_nothing_to_publish_and_no_version_to_go_back_to(kefu: Kefu) -> None:
    done = kefu("kb", "publish")
    assert (done.code, "`kefu kb import PATH`" in done.words) == (2, True)
    assert kefu.json("kb", "versions") == []
    done = kefu("kb", "rollback")
    assert (done.code, "`kefu kb versions`" in done.words) == (2, True)


def test_from_files_to_versions_and_back(ready_embedder: Path, files: Path) -> None:
    kefu, here = Kefu(ready_embedder), KefuHere(ready_embedder)
    kefu.good("kb", "import", files)
    assert kefu.json("kb", "publish", "--note", "first") == {"version": 1}
    embedded = vectors_in(kefu.data)
    assert embedded > 0

    # Nothing has changed: no version, nothing embedded.
    assert kefu.json("kb", "publish") == {"version": 1}
    assert vectors_in(kefu.data) == embedded

    (files / "freight.md").write_text(FREIGHT.replace("59", "99"), encoding="utf-8")
    here.good("kb", "import", files)
    assert kefu.json("kb", "publish") == {"version": 2}
    assert embedded < vectors_in(kefu.data) <= embedded + 2, "only the changed article is embedded"

    assert kefu.json("kb", "rollback") == {"version": 1}
    rows = here.json("kb", "versions")
    assert [(row["version"], row["published"], row["note"]) for row in rows] == [
        (2, False, ""),
        (1, True, "first"),
    ]
    done = kefu("kb", "rollback", "77")
    assert (done.code, done.out) == (2, "")
    assert "there is no knowledge version 77" in done.words
    assert "`kefu kb versions`" in done.words


def test_a_withdrawn_article_is_not_found_until_it_is_restored(
    sample_data: Path, tmp_path: Path
) -> None:
    kefu = Kefu(linked_copy(sample_data, tmp_path / "data"))
    here = KefuHere(kefu.data)

    def found() -> list[str]:
        hits = kefu.json("kb", "search", "满多少包邮", "--limit", "50")["hits"]
        return [hit["id"] for hit in hits]

    done = here.good("kb", "withdraw", "freight-fee", "--reason", "wrong amount")
    assert "kefu kb restore freight-fee" in done.out
    [row] = [row for row in here.json("kb", "list") if row["id"] == "freight-fee"]
    assert row["withdrawn"]
    assert "freight-fee" not in found()
    here.good("kb", "restore", "freight-fee")
    assert found()[0] == "freight-fee"


def test_withdrawing_what_is_not_there_is_an_error(kefu: Kefu, files: Path) -> None:
    kefu.good("kb", "import", files)
    done = kefu("kb", "withdraw", "nothing-like-it")
    assert done.code == 2
    assert "`kefu kb list`" in done.words
