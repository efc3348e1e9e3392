"""Import, publish, roll back, withdraw: the life of a shop's knowledge on SQLite."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from knowledge.article import Article, ArticleId, Stage
from knowledge.errors import KnowledgeError, UnknownArticle, UnknownVersion
from knowledge.head import FileReport, ImportReport
from knowledge.importing import read
from knowledge.library import Library
from knowledge.versions import Action, Publication, VersionId, served_before

from .conftest import SHANGHAI, LetterEmbedder
from .shop import Shop


@pytest.fixture
def shop(library: Library, embedder: LetterEmbedder, shop_folder: Path) -> Shop:
    return Shop(library, embedder, shop_folder)


def only(report: ImportReport) -> FileReport:
    (file,) = report.files
    return file


async def test_an_import_says_what_is_new_changed_unchanged_and_removed(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。", invoice="电子发票。", points="一元一分。")
    first = only(await shop.imports("faq.md"))
    shop.writes("faq.md", refund="十天可退。", invoice="电子发票。", coupon="不叠加。")
    second = only(await shop.imports("faq.md"))

    assert set(first.added) == {"refund", "invoice", "points"}
    assert second.added == ("coupon",)
    assert second.changed == ("refund",)
    assert second.unchanged == ("invoice",)
    assert second.removed == ("points",)
    assert [item.article.id for item in await shop.library.list_articles()] == [
        "coupon",
        "invoice",
        "refund",
    ]


async def test_importing_an_unchanged_folder_again_changes_nothing(shop: Shop) -> None:
    shop.writes("a.md", refund="七天可退。")
    shop.writes("b.md", invoice="电子发票。")
    await shop.imports()
    before = await shop.library.list_articles()

    assert (await shop.imports()).changes == 0
    assert await shop.library.list_articles() == before


async def test_importing_never_embeds(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()

    assert shop.embedder.embedded == []
    assert not shop.indexes.exists()


async def test_a_refused_row_loses_neither_its_older_text_nor_other_rows(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。", invoice="电子发票。")
    await shop.imports()
    faq = shop.files / "faq.md"
    broken = "## 退款 {#refund}\n```yaml article\nvalid_until: soon\n```\n改了。\n"
    faq.write_text(f"{broken}\n## 发票 {{#invoice}}\n纸质发票。\n", "utf-8")
    file = only(await shop.imports("faq.md"))

    assert [refusal.article for refusal in file.refused] == ["refund"]
    assert file.removed == ()
    assert (await shop.library.article(ArticleId("refund"))).article.answer == "七天可退。"
    assert (await shop.library.article(ArticleId("invoice"))).article.answer == "纸质发票。"


async def test_a_file_that_cannot_be_read_any_more_removes_nothing(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    (shop.files / "faq.md").write_bytes(b"\xff\x00\x81junk\x00\x00")
    file = only(await shop.imports())

    assert file.refused
    assert file.removed == ()
    assert await shop.library.article(ArticleId("refund"))


async def test_a_file_deleted_from_the_folder_takes_its_articles_with_it(shop: Shop) -> None:
    shop.writes("a.md", refund="七天可退。")
    shop.writes("old.md", invoice="电子发票。")
    await shop.imports()
    (shop.files / "old.md").unlink()
    report = await shop.imports()

    gone = [file for file in report.files if file.gone]
    assert [(file.shown, file.removed) for file in gone] == [("old.md", ("invoice",))]
    with pytest.raises(UnknownArticle):
        await shop.library.article(ArticleId("invoice"))


async def test_an_article_moved_to_another_file_is_neither_lost_nor_new(shop: Shop) -> None:
    shop.writes("a.md", refund="七天可退。", invoice="电子发票。")
    await shop.imports()
    old_name = (shop.files / "a.md").resolve().as_posix()
    shop.writes("a.md", refund="七天可退。")
    shop.writes("b.md", invoice="电子发票。")
    report = await shop.imports()

    assert report.changes == 0
    assert [f.taken_over for f in report.files if f.taken_over] == [(("invoice", old_name),)]
    (shop.files / "a.md").unlink()
    await shop.imports()
    assert [item.article.id for item in await shop.library.list_articles()] == ["invoice"]


async def test_an_import_that_fails_half_way_changes_nothing(shop: Shop) -> None:
    shop.writes("a.md", refund="七天可退。")

    def files() -> object:
        yield from read(shop.files / "a.md", zone=SHANGHAI)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        await shop.library.import_articles(files())  # type: ignore[arg-type]
    assert await shop.library.list_articles() == []


async def test_nothing_imported_is_served_before_it_is_published(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    assert await shop.serves() is None

    version = await shop.publishes(note="first")
    shop.writes("faq.md", refund="十天可退。")
    await shop.imports()

    assert await shop.serves() == version
    assert await shop.answers() == {"refund": "七天可退。"}
    assert await shop.publishes() != version
    assert await shop.answers() == {"refund": "十天可退。"}


async def test_an_empty_library_cannot_be_published(shop: Shop) -> None:
    with pytest.raises(KnowledgeError, match="kefu kb import"):
        await shop.publishes()


async def test_publishing_without_a_change_keeps_the_version_unless_forced(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    version = await shop.publishes()

    assert await shop.publishes() == version
    assert await shop.publishes(force=True) != version


async def test_publishing_twice_at_once_makes_one_version(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    first, second = await asyncio.gather(shop.publishes(), shop.publishes())

    assert first == second == await shop.serves()


async def test_an_index_missed_by_two_at_once_is_built_for_both(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    await shop.publishes()
    shutil.rmtree(shop.indexes)

    answers = await asyncio.gather(shop.answers(), shop.answers())
    assert answers == [{"refund": "七天可退。"}] * 2


async def test_another_embedder_is_a_reason_to_publish(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    version = await shop.publishes()
    shop.embedder = LetterEmbedder("letters-2")

    assert await shop.publishes() != version
    assert shop.embedder.embedded


async def test_only_texts_never_embedded_before_are_embedded(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。", invoice="电子发票。")
    await shop.imports()
    await shop.publishes()
    shop.embedder.embedded.clear()
    shop.writes("faq.md", refund="七天可退。", invoice="纸质发票。")
    await shop.imports()
    await shop.publishes()

    assert len(shop.embedder.embedded) == 1
    assert "纸质发票" in shop.embedder.embedded[0]


async def test_progress_grows_to_its_total(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。", invoice="电子发票。")
    await shop.imports()
    await shop.publishes()

    shares = [done / total for done, total in shop.steps]
    assert shares == sorted(shares)
    assert shares[-1] == 1


async def test_a_crash_while_publishing_leaves_the_old_version_served(
    shop: Shop, library: Library
) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    version = await shop.publishes()
    shop.writes("faq.md", refund="十天可退。")
    await shop.imports()
    shop.embedder.failing_after = 0

    with pytest.raises(OSError, match="power"):
        await shop.publishes()
    assert await shop.serves() == version
    assert await shop.answers() == {"refund": "七天可退。"}
    assert [v.id for v in await library.versions()] == [version]

    shop.embedder.failing_after = None
    assert await shop.publishes() == await shop.serves() != version


async def test_rolling_back_serves_the_version_before(shop: Shop) -> None:
    served = []
    for answer in ("七天可退。", "十天可退。", "不退。"):
        shop.writes("faq.md", refund=answer)
        await shop.imports()
        served.append(await shop.publishes())

    assert await shop.goes_back() == served[1]
    assert await shop.answers() == {"refund": "十天可退。"}
    assert await shop.goes_back() == served[0]
    with pytest.raises(UnknownVersion, match="before"):
        await shop.goes_back()
    assert await shop.goes_back(served[2]) == served[2]
    assert [(v.id, v.published) for v in await shop.library.versions()] == [
        (served[2], True),
        (served[1], False),
        (served[0], False),
    ]


async def test_rolling_back_needs_no_embedding_even_without_the_index(shop: Shop) -> None:
    for answer in ("一。", "二。", "三。", "四。", "五。"):
        shop.writes("faq.md", refund=answer)
        await shop.imports()
        await shop.publishes()
    shop.embedder.failing_after = 0
    first = (await shop.library.versions())[-1]
    assert not (shop.indexes / first.index_name(shop.embedder.name)).exists()

    await shop.goes_back(first.id)
    assert await shop.answers() == {"refund": "一。"}


@pytest.mark.parametrize(
    ("log", "stack"),
    [
        ("p1 p2 p3", [1, 2, 3]),
        ("p1 p2 r1 p3", [1, 3]),
        ("p1 p2 p3 r1 r3", [1, 3]),
        ("p1 p2 p3 r2", [1, 2]),
        ("", []),
    ],
)
def test_going_back_never_returns_to_what_was_left_on_purpose(log: str, stack: list[int]) -> None:
    actions = {"p": Action.PUBLISH, "r": Action.ROLLBACK}
    entries = [Publication(VersionId(int(e[1:])), actions[e[0]]) for e in log.split()]

    assert served_before(entries) == stack


async def test_a_version_that_does_not_exist_cannot_be_served(shop: Shop) -> None:
    with pytest.raises(UnknownVersion, match="kefu kb versions"):
        await shop.goes_back(VersionId(99))
    with pytest.raises(UnknownVersion):
        await shop.library.articles(VersionId(99))


async def test_a_version_that_was_never_finished_cannot_be_served(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    shop.embedder.failing_after = 0
    with pytest.raises(OSError, match="power"):
        await shop.publishes()

    with pytest.raises(UnknownVersion, match="never finished"):
        await shop.goes_back(VersionId(1))


async def test_a_broken_index_is_built_anew_without_embedding(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    await shop.publishes()
    shop.embedder.failing_after = 0
    for file in shop.indexes.rglob("*.npy"):
        file.write_bytes(b"junk")

    assert await shop.answers() == {"refund": "七天可退。"}


async def test_a_withdrawn_article_stays_withdrawn_whatever_is_imported(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    await shop.publishes()
    await shop.library.withdraw(ArticleId("refund"), "wrong period")
    shop.writes("faq.md", refund="十天可退。")
    file = only(await shop.imports("faq.md"))
    await shop.publishes()

    assert file.changed == file.withdrawn == ("refund",)
    assert await shop.library.withdrawn() == {"refund"}
    assert (await shop.library.withdrawals())[0].reason == "wrong period"
    assert (await shop.library.list_articles(withdrawn=True))[0].withdrawn

    await shop.library.restore(ArticleId("refund"))
    assert await shop.library.withdrawn() == frozenset()


async def test_an_unknown_article_cannot_be_withdrawn_or_restored(shop: Shop) -> None:
    with pytest.raises(UnknownArticle, match="kefu kb list"):
        await shop.library.withdraw(ArticleId("nothing"), "typo")
    with pytest.raises(UnknownArticle):
        await shop.library.restore(ArticleId("nothing"))


async def test_an_article_only_in_the_served_version_can_still_be_withdrawn(shop: Shop) -> None:
    shop.writes("faq.md", refund="七天可退。", invoice="电子发票。")
    await shop.imports()
    await shop.publishes()
    shop.writes("faq.md", invoice="电子发票。")
    await shop.imports()

    await shop.library.withdraw(ArticleId("refund"), "still served")
    assert await shop.library.withdrawn() == {"refund"}


async def test_shops_in_one_database_do_not_see_each_other(
    shop: Shop, engine: AsyncEngine, clock: Callable[[], datetime], shop_folder: Path
) -> None:
    other = Shop(Library(engine, shop="other", clock=clock), shop.embedder, shop_folder)
    shop.writes("faq.md", refund="七天可退。")
    await shop.imports()
    version = await shop.publishes()
    await shop.library.withdraw(ArticleId("refund"), "test")

    assert await other.library.list_articles() == []
    assert await other.serves() is None
    assert await other.library.withdrawn() == frozenset()
    with pytest.raises(UnknownVersion):
        await other.goes_back(version)
    await other.imports()
    assert await other.publishes() != version
    assert await shop.serves() == version


async def test_articles_are_listed_by_what_they_say_and_are(shop: Shop) -> None:
    (shop.files / "faq.md").write_text(
        "---\ncategory: 退货\nstage: after_sale\n---\n## 怎么退？ {#refund}\n七天可退。\n"
        "## How to return {#return-en}\n```yaml article\ncategory: Returns\n```\nWithin 7 days.\n",
        "utf-8",
    )
    await shop.imports()

    async def ids(**filters: object) -> list[str]:
        found = await shop.library.list_articles(**filters)  # type: ignore[arg-type]
        return [item.article.id for item in found]

    assert await ids(text="WITHIN 7") == ["return-en"]
    assert await ids(category="退货") == ["refund"]
    assert await ids(language="en") == ["return-en"]
    assert await ids(stage=Stage.AFTER_SALE) == ["refund", "return-en"]
    assert await ids(stage=Stage.PRE_SALE) == []


async def test_what_is_stored_is_what_was_imported(shop: Shop) -> None:
    (shop.files / "faq.md").write_text(
        "## 价保？ {#price}\n```yaml article\nvariants: [降价了]\nchannels: [web]\n"
        "products: [SY-1]\nvalid_from: 2026-10-20\nvalid_until: 2026-11-14T23:59:59+08:00\n"
        "applies_by: order_time\n"
        "hand_over: true\nneeds_order: true\nsource: 《价保》\ntags: [价保]\n```\n可以。\n",
        "utf-8",
    )
    await shop.imports()
    imported: Article = next(iter(read(shop.files, zone=SHANGHAI))).articles[0]
    version = await shop.publishes()

    assert list(await shop.library.articles(version)) == [imported]
    listed = await shop.library.article(ArticleId("price"))
    assert listed.article.revision == imported.revision
    assert listed.imported_at.tzinfo is UTC


async def test_more_articles_than_one_statement_takes(shop: Shop, engine: AsyncEngine) -> None:
    lines = [f'{{"id": "q{n}", "question": "问题{n}", "answer": "答{n}"}}' for n in range(2_500)]
    (shop.files / "faq.jsonl").write_text("\n".join(lines), "utf-8")
    await shop.imports()
    await shop.publishes()
    (shop.files / "faq.jsonl").write_text(lines[0], "utf-8")
    report = await shop.imports()

    assert report.changes == 2_499
    assert len(await shop.answers()) == 2_500
    async with engine.connect() as connection:
        stored = await connection.execute(text("SELECT count(*) FROM text_vector"))
        assert stored.scalar_one() == len(set(shop.embedder.embedded))
