"""The threshold for answering, fitted to a shop's own cases: kept, in force, and out of force."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.database import Database
from bot.decision import Kind
from bot.dialogue import Dialogue
from bot.errors import BadThreshold
from bot.eval_targets import SAMPLE_DAY, BotTarget
from bot.finding import reader_name
from bot.served import Served
from bot.settings import SAMPLE
from bot.trail import Thresholds
from bot.tune_target import over_files
from bot.tuned import CONSERVATIVE, Tuned, Tunings, answer_threshold
from eval.errors import BadData
from eval.target import Attempt
from knowledge.fingerprint import fingerprint
from knowledge.index import VersionIndex
from knowledge.library import Library
from knowledge.versions import VersionId
from tests.bot.command_line import Kefu, KefuHere, linked_copy
from tests.knowledge.conftest import LetterEmbedder
from tests.knowledge.shop import Shop

FITTED_AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
ONE, TWO = VersionId(1), VersionId(2)


LETTERS = reader_name("letters-1")


def fitted(version: VersionId = ONE, reader: str = LETTERS, answer: float = 0.6) -> Tuned:
    return Tuned(version, reader, answer, 0.02, 300, FITTED_AT)


# --- which threshold is in force -------------------------------------------------------------


@pytest.mark.parametrize(
    ("tuned", "threshold", "why"),
    [
        ([], None, "nothing was ever fitted: as shipped"),
        ([fitted()], 0.6, "fitted for exactly this"),
        ([fitted(TWO, answer=0.9), fitted()], 0.6, "of several the one for this"),
        ([fitted(TWO)], CONSERVATIVE, "other articles have other confidences"),
        ([fitted(reader=reader_name("letters-2"))], CONSERVATIVE, "so has another embedder"),
        ([fitted(reader=reader_name("letters-1", "ce-1"))], CONSERVATIVE, "so has a reranker"),
        (
            [fitted(reader=reader_name("letters-1", weights=lambda: "0123abcd"))],
            CONSERVATIVE,
            "so have other weights of the search",
        ),
        ([fitted(reader="letters-1")], CONSERVATIVE, "fitted before the weights were noted"),
    ],
)
def test_a_fitted_threshold_holds_for_its_version_and_reader_only(
    tuned: list[Tuned], threshold: float | None, why: str
) -> None:
    assert answer_threshold(tuned, ONE, LETTERS) == threshold, why


def test_off_the_topic_the_bot_is_never_easier_to_convince() -> None:
    assert Thresholds().answering_from(0.9).answer_off_topic == 0.9
    assert Thresholds().answering_from(0.5).answer_off_topic == Thresholds().answer_off_topic


# --- the store, and what is served -----------------------------------------------------------


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'kefu.db'}")
    await database.migrate()
    yield database
    await database.aclose()


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    """A shop with one article, on the real schema."""
    files = tmp_path / "shop"
    files.mkdir()
    library = Library(database.engine, clock=lambda: FITTED_AT, reader=database.reader)
    made = Shop(library, LetterEmbedder(), files)
    made.writes("faq.md", refund="七天可退。")
    return made


@pytest.fixture
def tunings(database: Database) -> Tunings:
    return Tunings(database, shop="default")


def serving(shop: Shop, tunings: Tunings | None) -> Served:
    async def load(version: VersionId) -> VersionIndex:
        return await shop.library.load(version, shop.embedder, shop.vectors, shop.indexes)

    return Served(shop.library, load, tunings)


async def in_force(served: Served) -> float | None:
    await served.refresh()
    return served.current.answer_threshold


async def test_a_fitting_replaces_the_one_for_the_same_and_no_other(
    shop: Shop, tunings: Tunings
) -> None:
    await shop.imports()
    await shop.publishes()
    other = fitted(reader="letters-2", answer=0.9)
    for tuned in (fitted(), other, fitted(answer=0.65)):
        await tunings.keep(tuned)
    assert {(t.reader, t.answer) for t in await tunings.all()} == {
        (LETTERS, 0.65),
        ("letters-2", 0.9),
    }
    assert other in await tunings.all()


@pytest.mark.parametrize("answer", [0.0, 1.0, -0.5, float("nan")])
async def test_a_threshold_that_answers_everything_or_nothing_is_refused(
    tunings: Tunings, answer: float
) -> None:
    with pytest.raises(BadThreshold, match="above 0 and below 1"):
        await tunings.keep(fitted(answer=answer))
    assert await tunings.all() == []


async def test_a_running_server_follows_the_threshold_of_what_it_serves(
    shop: Shop, tunings: Tunings
) -> None:
    served = serving(shop, tunings)
    await shop.imports()
    first = await shop.publishes()
    assert await in_force(served) is None

    await tunings.keep(fitted(first))
    assert await in_force(served) == 0.6
    shop.writes("faq.md", refund="十天可退。")
    await shop.imports()
    await shop.publishes()
    assert await in_force(served) == CONSERVATIVE
    await shop.goes_back()
    assert await in_force(served) == 0.6


async def test_another_embedder_over_the_same_version_is_careful(
    shop: Shop, tunings: Tunings
) -> None:
    await shop.imports()
    await tunings.keep(fitted(await shop.publishes()))
    shop.embedder = LetterEmbedder("letters-2")
    assert await in_force(serving(shop, tunings)) == CONSERVATIVE


async def test_a_threshold_set_by_hand_is_not_overruled(shop: Shop, tunings: Tunings) -> None:
    await shop.imports()
    await tunings.keep(fitted(await shop.publishes()))
    assert await in_force(serving(shop, None)) is None


# --- the turn and the target -----------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot() -> AsyncIterator[BotTarget]:
    target = await BotTarget.of_shop(SAMPLE / "shop.yaml")
    try:
        yield target
    finally:
        await target.aclose()


async def attempt(bot: BotTarget, text: str) -> Attempt:
    return await over_files(bot).attempt(
        text, customer=None, channel=None, product=None, at=SAMPLE_DAY, case_id="c"
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_the_turn_answers_from_the_threshold_of_what_is_served(bot: BotTarget) -> None:
    async def decided(threshold: float | None) -> tuple[Kind, float]:
        dialogue = Dialogue(bot.turn, replace(bot.serving, answer_threshold=threshold))
        said = [[{"type": "text", "text": "满多少包邮"}]]
        decision, _ = await dialogue.send(said, at=SAMPLE_DAY)
        return decision.kind, decision.record["threshold"]

    assert await decided(0.1) == (Kind.ANSWER, 0.1)
    kind, threshold = await decided(0.999)
    assert (kind is Kind.ANSWER, threshold) == (False, 0.999)
    assert (await decided(None))[1] == Thresholds().answer, "the turn itself stays as it was"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_question_is_tried_on_both_sides_of_the_threshold(bot: BotTarget) -> None:
    found = await attempt(bot, "满多少包邮")
    assert (found.reply.disposition, found.reply.cited) == ("answer", ("freight-fee",))
    assert found.otherwise.disposition != "answer"
    assert 0.5 < found.confidence < 1


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["转人工", "我要打12315投诉你们"])
async def test_what_is_not_a_matter_of_confidence_is_the_same_on_both_sides(
    bot: BotTarget, text: str
) -> None:
    found = await attempt(bot, text)
    assert found.reply.disposition == found.otherwise.disposition
    assert found.reply.text == found.otherwise.text


@pytest.mark.asyncio(loop_scope="module")
async def test_a_threshold_for_files_cannot_be_kept(bot: BotTarget) -> None:
    with pytest.raises(BadData, match="leave --knowledge out"):
        await over_files(bot).keep(0.7, wrong_limit=0.02, questions=300)


# --- the command line ------------------------------------------------------------------------


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    rows = [
        {"id": "a", "part": "fit", "turns": ["满多少包邮"], "article": "freight-fee"},
        {"id": "b", "part": "fit", "turns": ["明天会下雨吗"], "tags": ["out_of_scope"]},
        {"id": "c", "turns": ["怎么申请退货呀"], "article": "return-how"},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_nothing_published_and_nothing_to_tune(tmp_path: Path, cases: Path) -> None:
    done = KefuHere(tmp_path / "data")("eval", "tune", cases)
    assert done.code == 2
    assert "kefu kb publish" in done.words
    assert "--knowledge" in done.words
    assert "Traceback" not in done.err


def test_from_a_shops_cases_to_the_threshold_that_its_customers_are_answered_from(
    sample_data: Path, tmp_path: Path, cases: Path
) -> None:
    data = linked_copy(sample_data, tmp_path / "data")
    kefu, here = Kefu(data), KefuHere(data)

    def threshold(**variables: str) -> float:
        found: float = kefu.json("kb", "search", "满多少包邮", **variables)["threshold"]
        return found

    assert "as shipped" in here.good("doctor").out
    found = here.json("eval", "tune", cases)
    assert (found["now"], found["enough"]) == (Thresholds().answer, False)
    refused = here("eval", "tune", cases, "--write")
    assert (refused.code, "nothing is written" in refused.words) == (1, True)

    done = here.good("eval", "tune", cases, "--write", "--force")
    assert f"From {found['chosen']:.3f} on the bot answers, for version 1" in done.out
    assert threshold() == found["chosen"]
    assert f"answers from {found['chosen']:g}, fitted to 2 questions" in here.good("doctor").out

    assert threshold(KEFU_ANSWER_THRESHOLD="0.9") == 0.9
    assert "set by KEFU_ANSWER_THRESHOLD" in here.good("doctor", KEFU_ANSWER_THRESHOLD="0.9").out

    with closing(sqlite3.connect(data / "kefu.db")) as database, database:
        database.execute(
            "update fitted_threshold set embedder = replace(embedder, ?, 'weights 01234567')",
            [f"weights {fingerprint()}"],
        )
    assert threshold() == CONSERVATIVE, "other weights have other confidences"
    done = here("doctor")
    assert done.code == 3
    assert "weights 01234567 reads it" in done.out
    assert f"weights {fingerprint()} reads it is served" in done.out
    here.good("eval", "tune", cases, "--write", "--force")
    assert threshold() == found["chosen"]

    kefu.good("kb", "publish", "--force")
    assert threshold() == CONSERVATIVE
    done = here("doctor")
    assert done.code == 3
    assert "was fitted for version 1" in done.out
    assert "`kefu eval tune CASES... --write`" in done.out


def test_a_threshold_of_zero_is_refused_in_words(tmp_path: Path) -> None:
    done = KefuHere(tmp_path / "data")("doctor", KEFU_ANSWER_THRESHOLD="0.0")
    assert done.code == 2
    assert "0 would answer everything" in done.words
