"""What every vector index promises: in memory, embedded Chroma, and a real Chroma server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.dense import ChromaIndex, ExactIndex, VectorServerAway
from knowledge.errors import IndexBroken
from knowledge.ports import Matrix, VectorIndex
from tests.chroma import Chroma, running_chroma

DIMENSIONS = 32


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_chroma(tmp_path_factory.mktemp("chroma-server")) as server:
        yield server.url


@pytest.fixture(params=["exact", "chroma", "chroma server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[VectorIndex]:
    if request.param == "exact":
        yield ExactIndex()
        return
    if request.param == "chroma":
        chroma = ChromaIndex(tmp_path / "chroma")
    else:
        chroma = ChromaIndex.server(request.getfixturevalue("chroma_server"))
    yield chroma
    chroma.close()


def unit(rows: int, seed: int = 1) -> Matrix:
    vectors = np.random.default_rng(seed).normal(size=(rows, DIMENSIONS)).astype(np.float32)
    result: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def test_the_nearest_rows_come_first_with_their_cosine(index: VectorIndex) -> None:
    vectors = unit(200)
    index.build("nearest", vectors)
    (found,) = index.query("nearest", vectors[7:8], 5)
    cosines = vectors @ vectors[7]
    assert [key for key, _ in found] == np.argsort(-cosines)[:5].tolist()
    assert [cosine for _, cosine in found] == pytest.approx(sorted(cosines)[::-1][:5], abs=1e-3)


def test_several_questions_are_answered_in_their_order(index: VectorIndex) -> None:
    vectors = unit(50)
    index.build("several", vectors)
    found = index.query("several", vectors[[3, 30, 11]], 1)
    assert [row[0][0] for row in found] == [3, 30, 11]


def test_asking_for_more_rows_than_there_are_gives_all(index: VectorIndex) -> None:
    index.build("small", unit(3))
    assert {key for key, _ in index.query("small", unit(1, 9), 50)[0]} == {0, 1, 2}


def test_more_rows_than_one_batch_are_all_there(index: VectorIndex) -> None:
    vectors = unit(6000)
    seen: list[tuple[int, int]] = []
    index.build("batches", vectors, lambda done, total: seen.append((done, total)))
    assert index.exists("batches", 6000)
    assert [index.query("batches", vectors[i : i + 1], 1)[0][0][0] for i in (0, 5461, 5999)] == [
        0,
        5461,
        5999,
    ]
    assert seen[-1] == (6000, 6000)


def test_building_again_replaces_everything(index: VectorIndex) -> None:
    index.build("replaced", unit(40))
    vectors = unit(5, seed=2)
    index.build("replaced", vectors)
    assert index.exists("replaced", 5)
    assert not index.exists("replaced", 40)
    assert index.query("replaced", vectors[4:5], 1)[0][0][0] == 4


def test_versions_do_not_see_each_other(index: VectorIndex) -> None:
    old, new = unit(10, 3), unit(10, 4)
    index.build("version-1", old)
    index.build("version-2", new)
    assert index.query("version-1", old[2:3], 1)[0][0] == (2, pytest.approx(1, abs=1e-3))
    assert index.query("version-2", old[2:3], 1)[0][0][1] < 0.9


def test_a_collection_with_missing_rows_does_not_count_as_there(index: VectorIndex) -> None:
    index.build("partial", unit(4))
    assert not index.exists("partial", 5)
    assert not index.exists("never-built", 0)


def test_a_dropped_collection_is_gone_and_dropping_twice_is_harmless(index: VectorIndex) -> None:
    index.build("dropped", unit(4))
    index.drop("dropped")
    index.drop("dropped")
    assert not index.exists("dropped", 4)
    with pytest.raises(IndexBroken, match="dropped"):
        index.query("dropped", unit(1), 1)


def test_empty_knowledge_gives_no_neighbours(index: VectorIndex) -> None:
    index.build("empty", np.empty((0, DIMENSIONS), dtype=np.float32))
    assert index.exists("empty", 0)
    assert index.query("empty", unit(2), 5) == [[], []]


def test_embedded_chroma_finds_its_rows_after_a_restart(tmp_path: Path) -> None:
    vectors = unit(30)
    before = ChromaIndex(tmp_path / "chroma")
    before.build("kept", vectors)
    before.close()
    after = ChromaIndex(tmp_path / "chroma")
    assert after.exists("kept", 30)
    assert after.query("kept", vectors[8:9], 1)[0][0][0] == 8
    after.close()


def test_a_server_that_is_away_is_named(tmp_path: Path) -> None:
    away = Chroma(tmp_path).url
    with pytest.raises(VectorServerAway, match=away):
        ChromaIndex.server(away).query("any", unit(1), 1)
