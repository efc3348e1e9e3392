"""Words of the shop are knowledge: imported with it, published with it, and taken back with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knowledge.errors import UnknownVersion
from knowledge.head import FileReport, ImportReport
from knowledge.importing.words import looks_like_words
from knowledge.library import Library
from knowledge.versions import VersionId
from knowledge.word_checks import Ambiguity, Chain, Unheard, ambiguities, chains, unheard
from knowledge.word_list import Word, WordKind, WordList, read_word_list
from knowledge.words import words_of
from tests.knowledge.conftest import LetterEmbedder, read_all, read_one
from tests.knowledge.shop import Shop
from tests.knowledge.words import article

COOKER = """
synonyms:
  - [退款, 退钱]
misspellings:
  虑芯: 滤芯
products:
  SY-DF11:
    name: 电饭煲
    nicknames: [电饭锅, 饭煲]
"""


@pytest.fixture
def shop(library: Library, embedder: LetterEmbedder, shop_folder: Path) -> Shop:
    return Shop(library, embedder, shop_folder)


def write(shop: Shop, text: str, name: str = "words.yaml") -> Path:
    path = shop.files / name
    path.write_text(text, "utf-8")
    return path


def about(report: ImportReport, name: str = "words.yaml") -> FileReport:
    [file] = [file for file in report.files if file.shown == name]
    return file


async def meanings(shop: Shop, version: VersionId | None = None) -> dict[str, str]:
    lists = await shop.library.words(version)
    return dict(words_of(lists.values()).standard_of)


async def served(shop: Shop) -> dict[str, str]:
    return await meanings(shop, await shop.serves())


# --- importing -------------------------------------------------------------------------------


async def test_a_table_of_words_is_imported_and_reported_like_a_file_of_articles(
    shop: Shop,
) -> None:
    shop.writes("faq.md", refund="七天可退。")
    write(shop, COOKER)
    first = about(await shop.imports())
    write(shop, COOKER.replace("虑芯: 滤芯", "虑芯: 滤网").replace(", 饭煲", ", 煮饭锅"))
    second = about(await shop.imports())

    assert first.added == ("退钱", "虑芯", "电饭煲", "电饭锅", "饭煲")
    assert (second.added, second.removed) == (("煮饭锅",), ("饭煲",))
    assert second.changed == ("虑芯",)
    assert second.unchanged == ("退钱", "电饭煲", "电饭锅")
    assert await meanings(shop) == {
        "退钱": "退款",
        "虑芯": "滤网",
        "电饭锅": "电饭煲",
        "煮饭锅": "电饭煲",
    }


async def test_importing_the_same_words_again_changes_nothing(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    write(shop, COOKER)
    await shop.imports()
    write(shop, "# the same, with a remark\n" + COOKER)
    assert (await shop.imports()).changes == 0


@pytest.mark.parametrize(
    ("table", "where", "why"),
    [
        ("synonyms:\n  - [退货险]\n", "words.yaml, line 2", "two words or more"),
        ("misspellings:\n  a: b\n  a: c\n", "words.yaml, line 3", "already means 'b'"),
        ("synonyms:\n  - [a, b\n", "words.yaml, line 3", "not YAML"),
        ("synonyms:\n  - [a, b]\nnicknames: {}\n", "words.yaml, line 3", "unknown section"),
        ("synonyms: " + "[" * 5000, "words.yaml", "not YAML"),
        ("synonyms:\n  - [a, \x07b]\n", "words.yaml", "not YAML"),
    ],
)
async def test_a_table_with_a_mistake_is_refused_by_line_and_the_old_one_is_kept(
    shop: Shop, table: str, where: str, why: str
) -> None:
    write(shop, COOKER)
    await shop.imports()
    write(shop, table)
    [refusal] = about(await shop.imports()).refused

    assert refusal.where == where
    assert why in refusal.why
    assert (await meanings(shop))["电饭锅"] == "电饭煲"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("products.yaml", "products:\n  - id: SY-DF11\n    name: 电饭煲\n"),
        ("shop.yaml", "name: 小店\npaths: {words: words.yaml}\n"),
        ("cases.yml", "- id: c-1\n  turns: [怎么退]\n"),
        ("broken.yaml", "name: [\n"),
    ],
)
def test_other_yaml_of_a_folder_is_left_alone(shop_folder: Path, name: str, text: str) -> None:
    (shop_folder / name).write_text(text, "utf-8")
    [file] = read_all(shop_folder)
    assert (file.refused, file.words) == ((), None)
    assert "no table of words" in (file.skipped or "")


@pytest.mark.parametrize(
    "text", [COOKER, "{misspellings: {虑芯: 滤芯}}", "products: {X1: {name: a}}"]
)
def test_a_table_is_known_by_its_form_and_not_by_its_name(shop_folder: Path, text: str) -> None:
    (shop_folder / "anything.yml").write_text(text, "utf-8")
    [file] = read_all(shop_folder)
    assert file.words is not None
    assert file.words.words


def test_yaml_that_is_named_by_itself_must_be_a_table_of_words(shop_folder: Path) -> None:
    path = shop_folder / "shop.yaml"
    path.write_text("name: 小店\n", "utf-8")
    [refusal] = read_one(path).refused
    assert (refusal.where, "unknown section 'name'" in refusal.why) == ("shop.yaml, line 1", True)


async def test_a_file_that_lost_its_content_takes_no_words_away_but_empty_sections_do(
    shop: Shop,
) -> None:
    path = write(shop, COOKER)
    await shop.imports("words.yaml")
    path.write_text("# nothing\n", "utf-8")
    assert "nothing to import" in about(await shop.imports("words.yaml")).refused[0].why
    assert await meanings(shop)

    path.write_text("synonyms: []\n", "utf-8")
    assert "no word of this file" in about(await shop.imports("words.yaml")).notes[0]
    assert await meanings(shop) == {}


async def test_a_file_deleted_from_the_folder_takes_its_words_with_it(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    path = write(shop, COOKER)
    await shop.imports()
    path.unlink()
    gone = about(await shop.imports())
    assert (gone.gone, "电饭锅" in gone.removed) == (True, True)
    assert await meanings(shop) == {}


async def test_a_word_belongs_to_the_file_that_it_was_imported_from_last(shop: Shop) -> None:
    old = write(shop, COOKER, "old.yaml")
    await shop.imports("old.yaml")
    write(shop, "misspellings: {虑芯: 滤网}", "new.yaml")
    report = about(await shop.imports("new.yaml"), "new.yaml")

    assert report.taken_over == (("虑芯", old.resolve().as_posix()),)
    assert (await meanings(shop))["虑芯"] == "滤网"
    assert ambiguities(await shop.library.words()) == []


# --- versions --------------------------------------------------------------------------------


async def test_words_are_in_force_from_publishing_and_go_with_their_version(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    without = await shop.publishes()
    write(shop, COOKER)
    await shop.imports()
    assert await served(shop) == {}, "imported is not published"

    with_words = await shop.publishes()
    assert with_words != without, "words alone are a reason for a version"
    assert (await served(shop))["电饭锅"] == "电饭煲"
    assert await shop.publishes() == with_words, "nothing has changed since"

    await shop.goes_back()
    assert await served(shop) == {}
    assert (await meanings(shop))["电饭锅"] == "电饭煲", "what was imported stays imported"


async def test_a_version_keeps_its_words_whatever_is_imported_later(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    path = write(shop, COOKER)
    await shop.imports()
    first = await shop.publishes()
    path.unlink()
    await shop.imports()
    second = await shop.publishes()

    assert (await meanings(shop, first))["退钱"] == "退款"
    assert await meanings(shop, second) == {}


async def test_new_words_need_nothing_embedded_again(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    await shop.publishes()
    shop.embedder.embedded.clear()
    write(shop, COOKER)
    await shop.imports()
    await shop.publishes()
    assert shop.embedder.embedded == []


async def test_a_crash_while_publishing_leaves_the_old_words_in_force(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    write(shop, COOKER)
    await shop.imports()
    await shop.publishes()
    shop.writes("faq.md", refund="十天可退。")
    write(shop, "misspellings: {虑芯: 滤网}")
    await shop.imports()
    shop.embedder.failing_after = 0

    with pytest.raises(OSError, match="power"):
        await shop.publishes()
    assert (await served(shop))["虑芯"] == "滤芯"


async def test_words_of_a_version_that_does_not_exist_are_an_error(shop: Shop) -> None:
    with pytest.raises(UnknownVersion):
        await shop.library.words(VersionId(7))


# --- what is stored and what is checked ------------------------------------------------------


def test_a_word_list_survives_its_json() -> None:
    words = read_word_list(COOKER)
    assert WordList.from_json(words.to_json()) == words
    assert words.words[2:4] == (
        Word(WordKind.PRODUCT, "电饭煲", "电饭煲", "SY-DF11"),
        Word(WordKind.NICKNAME, "电饭锅", "电饭煲", "SY-DF11"),
    )


def test_the_table_in_the_documentation_is_one() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "knowledge.md").read_text("utf-8")
    [example] = re.findall(r'^```yaml title="words.yaml"\n(.*?)^```$', page, re.M | re.DOTALL)
    assert looks_like_words(example)
    assert words_of([read_word_list(example)]).standard("电饭锅的虑芯") == "电饭煲的滤芯"


def test_words_that_files_disagree_about_are_found() -> None:
    lists = {
        "a.yaml": read_word_list("misspellings: {虑芯: 滤芯}\nproducts: {X1: {name: 锅}}"),
        "b.yaml": read_word_list("misspellings: {虑芯: 滤网}\nproducts: {X2: {name: 锅}}"),
    }
    assert ambiguities(lists) == [
        Ambiguity("虑芯", (("滤芯", "a.yaml"), ("滤网", "b.yaml"))),
        Ambiguity("锅", (("X1", "a.yaml"), ("X2", "b.yaml"))),
    ]


def test_a_word_that_means_a_word_which_means_another_is_found() -> None:
    lists = {
        "a.yaml": read_word_list("misspellings: {邮钱: 邮费}"),
        "b.yaml": read_word_list("misspellings: {邮费: 运费}"),
    }
    assert chains(lists) == [Chain("邮钱", "邮费", "运费", "a.yaml")]


def test_words_that_turn_a_question_away_from_every_article_are_found() -> None:
    lists = {"words.yaml": read_word_list(COOKER)}
    articles = [article("a", "電飯煲怎么用？"), article("b", "怎么退款？", "滤芯除外")]
    assert unheard(lists, articles) == []
    assert unheard(lists, articles[:1]) == [
        Unheard("退款", ("退钱",), "words.yaml"),
        Unheard("滤芯", ("虑芯",), "words.yaml"),
    ]
