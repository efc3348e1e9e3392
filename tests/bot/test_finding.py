"""The second look: off the event loop, only ever a help."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from bot.brain import open_brain, open_database
from bot.control import asked
from bot.finding import SecondLook, reader_name, reranker_name, second_look_of
from bot.settings import Settings
from knowledge.reranking import RerankerMissing, RerankingThread, Scores
from tests.contracts.test_reranker import finding, ids, tiny_cross_encoder
from tests.server import SATURDAY_EVENING, copy_of, settings_for

FOUND = finding(0.4, 0.3, 0.2)


class Scripted:
    """A reranker that does what the test says."""

    name = "scripted"

    def __init__(self, does: Callable[[Sequence[str]], Scores]) -> None:
        self._does = does
        self.asked: list[str] = []
        self.threads: set[str] = set()

    def scores(self, question: str, passages: Sequence[str]) -> Scores:
        self.asked.append(question)
        self.threads.add(threading.current_thread().name)
        return self._does(passages)


@contextmanager
def looking(
    does: Callable[[Sequence[str]], Scores], *, patience: float = 20, waiting: int = 16
) -> Iterator[tuple[SecondLook, Scripted]]:
    reranker = Scripted(does)
    look = SecondLook(RerankingThread(reranker, waiting=waiting), patience=patience)
    yield look, reranker
    look.close()


def last_first(passages: Sequence[str]) -> Scores:
    return np.arange(len(passages), dtype=np.float32)


async def test_a_finding_is_put_in_the_rerankers_order_on_a_thread_of_its_own() -> None:
    with looking(last_first) as (look, reranker):
        many = await asyncio.gather(*(look.at(FOUND, f"q{n}") for n in range(4)))
    assert {ids(found) for found in many} == {"cba"}
    assert reranker.asked == ["q0", "q1", "q2", "q3"]
    assert len(reranker.threads) == 1
    assert threading.current_thread().name not in reranker.threads


async def test_a_single_hit_is_not_read_again() -> None:
    with looking(last_first) as (look, reranker):
        assert await look.at(finding(0.5), "q") == finding(0.5)
    assert reranker.asked == []


def crashing(passages: Sequence[str]) -> Scores:
    raise RuntimeError(f"could not read {passages}")


def without_numbers(passages: Sequence[str]) -> Scores:
    return np.full(len(passages), np.nan, dtype=np.float32)


@pytest.mark.parametrize("does", [crashing, without_numbers])
async def test_a_failing_reranker_is_logged_without_words_and_changes_nothing(
    does: Callable[[Sequence[str]], Scores],
) -> None:
    with looking(does) as (look, _), capture_logs() as logs:
        assert await look.at(FOUND, "my secret question") == FOUND
    assert [entry["event"] for entry in logs] == ["reranker.failed"]
    assert "secret" not in str(logs)
    assert "title" not in str(logs)


async def test_a_slow_reranker_is_not_waited_for() -> None:
    released = threading.Event()

    def slow(passages: Sequence[str]) -> Scores:
        released.wait(20)
        return last_first(passages)

    with looking(slow, patience=0.05) as (look, _), capture_logs() as logs:
        assert await look.at(FOUND, "q") == FOUND
        released.set()
    assert [entry["event"] for entry in logs] == ["reranker.slow"]


async def test_with_too_many_in_line_the_search_alone_answers() -> None:
    released = threading.Event()

    def slow(passages: Sequence[str]) -> Scores:
        released.wait(20)
        return last_first(passages)

    with looking(slow, waiting=1) as (look, _):
        first = asyncio.create_task(look.at(FOUND, "first"))
        await asyncio.sleep(0)
        assert await look.at(FOUND, "second") == FOUND
        released.set()
        assert ids(await first) == "cba"


async def test_a_model_that_is_missing_is_said_once_and_not_loaded_again() -> None:
    def missing(passages: Sequence[str]) -> Scores:
        raise RerankerMissing("not there; check KEFU_RERANKER_MODEL")

    with looking(missing) as (look, reranker), capture_logs() as logs:
        await look.warm_up()
        assert await look.at(FOUND, "q") == FOUND
    assert [entry["event"] for entry in logs] == ["reranker.missing"]
    assert "KEFU_RERANKER_MODEL" in logs[0]["why"]
    assert len(reranker.asked) == 1


async def test_nothing_is_reranked_after_the_end() -> None:
    with looking(last_first) as (look, _):
        pass
    with capture_logs():
        assert await look.at(FOUND, "q") == FOUND


def test_there_is_a_second_look_only_where_a_model_is_set(tmp_path: Path) -> None:
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    assert second_look_of(plain) is None
    model = str(tmp_path / "bge-reranker")
    look = second_look_of(plain.model_copy(update={"reranker_model": model}))
    assert look is not None
    look.close()
    assert look.name == "ce-bge-reranker"


def test_the_reader_is_named_by_all_that_makes_its_confidences() -> None:
    def weights() -> str:
        return "1f2e"

    assert reader_name("use", weights=weights) == "use, weights 1f2e"
    plain = Settings(_env_file=None)  # type: ignore[call-arg]
    assert reranker_name(plain) is None
    reranker = reranker_name(plain.model_copy(update={"reranker_model": "shop/bge-reranker"}))
    assert reader_name("use", reranker, weights) == "use+ce-bge-reranker, weights 1f2e"
    assert reader_name("use", reranker) != reader_name("use", reranker, weights)


async def asked_about_freight(data: Path, model: Path) -> tuple[float, float, str]:
    """The confidence of the search, that of the turn with this reranker, and what it decided."""
    settings = settings_for(data, reranker_model=str(model))
    async with (
        open_database(settings) as database,
        open_brain(settings, database, for_one_question=True) as brain,
    ):
        await brain.served.refresh()
        serving = brain.served.current
        vector = await brain.embedding.embed_query("满多少包邮")
        found = serving.search("满多少包邮", vector, at=SATURDAY_EVENING)
        answer = await asked(brain, "满多少包邮", at=SATURDAY_EVENING)
    return found.confidence, answer["record"]["confidence"], answer["kind"]


async def test_the_turn_takes_the_second_look(sample_data: Path, tmp_path: Path) -> None:
    model = tiny_cross_encoder(tmp_path / "tiny")
    data = copy_of(sample_data, tmp_path / "data")
    searched, decided, _ = await asked_about_freight(data, model)
    assert decided != pytest.approx(searched, abs=1e-3)


async def test_without_its_model_the_bot_answers_all_the_same(
    sample_data: Path, tmp_path: Path
) -> None:
    data = copy_of(sample_data, tmp_path / "data")
    searched, decided, kind = await asked_about_freight(data, tmp_path / "nowhere")
    assert decided == pytest.approx(searched, abs=1e-3)
    assert kind == "answer"
