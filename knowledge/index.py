"""One published knowledge version, ready to be searched; everything here can be rebuilt."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.article import Article
from knowledge.eligibility import Eligibility
from knowledge.entries import Entry, entries, is_headless, texts_of
from knowledge.errors import IndexBroken
from knowledge.lexical import LexicalIndex
from knowledge.metric import Metric, metric_for
from knowledge.ports import Matrix, Progress, VectorIndex

__all__ = ["VersionIndex", "texts_of"]

# Part of every manifest: an index of another layout is built anew instead of misread.
_LAYOUT = 2
_MANIFEST = "manifest.json"
_SLICE = 512


class VersionIndex:
    """An immutable snapshot of articles with their rows, vectors and words.

    `rows` of one article lie beside each other; `first_row[a]` to `first_row[a + 1]` are those
    of article a. `vectors` are float16 and memory-mapped, row for row; `learned` are the same
    rows in the learned metric, or the vectors themselves where none fits the embedder.
    """

    def __init__(
        self,
        name: str,
        embedder: str,
        articles: Sequence[Article],
        rows: Sequence[Entry],
        vectors: npt.NDArray[np.float16],
        lexical: LexicalIndex,
        vector_index: VectorIndex,
        metric: Metric | None = None,
        learned: npt.NDArray[np.float16] | None = None,
    ) -> None:
        self.name = name
        self.embedder = embedder
        self.articles = tuple(articles)
        self.rows = tuple(rows)
        self.vectors = vectors
        self.metric = metric
        self.learned = vectors if learned is None else learned
        self.lexical = lexical
        self.vector_index = vector_index
        self.owners = np.array([row.owner for row in rows], dtype=np.int32)
        self.kinds = np.array([int(row.kind) for row in rows], dtype=np.int8)
        self.first_row = np.searchsorted(self.owners, np.arange(len(articles) + 1))
        self.headless = np.array([is_headless(article) for article in articles], dtype=bool)
        self.languages = np.array([article.language[:2] for article in articles], dtype="U2")
        self.eligibility = Eligibility(articles)

    @classmethod
    def build(
        cls,
        folder: Path,
        name: str,
        articles: Sequence[Article],
        vectors_for: Callable[[Sequence[str]], Matrix],
        vector_index: VectorIndex,
        progress: Progress | None = None,
        *,
        embedder: str = "",
        metric: Metric | None = None,
    ) -> VersionIndex:
        """Build and store the index `name` below `folder`, replacing what is there.

        `vectors_for` gives unit vectors for texts of `texts_of`; `name` is also the name of the
        collection in `vector_index`. `progress` counts rows: first vectors, then the vector
        index, so its total is twice the number of rows. `metric` is the one shipped for the
        embedder unless another is given.
        """
        metric = metric or metric_for(embedder)
        rows = entries(articles)
        vectors = _vectors(rows, vectors_for, progress)
        lexical = LexicalIndex.build([row.text for row in rows], _owners(rows))
        manifest = _manifest(articles, rows, embedder, metric)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
        try:
            np.save(fresh / "vectors.npy", vectors)
            if metric is not None:
                learned = metric.project(vectors.astype(np.float32), [row.text for row in rows])
                np.save(fresh / "learned.npy", learned.astype(np.float16))
            lexical.save(fresh / "lexical")
            (fresh / _MANIFEST).write_text(json.dumps(manifest), "utf-8")
            shutil.rmtree(folder / name, ignore_errors=True)
            fresh.rename(folder / name)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        # A name stands for its vectors: a server's collection that somebody else built will do.
        if not vector_index.exists(name, len(rows)):
            _fill(vector_index, name, vectors, progress)
        return cls.load(folder, name, articles, vector_index, embedder=embedder, metric=metric)

    @classmethod
    def load(
        cls,
        folder: Path,
        name: str,
        articles: Sequence[Article],
        vector_index: VectorIndex,
        *,
        embedder: str | None = None,
        metric: Metric | None = None,
    ) -> VersionIndex:
        """Open a stored index. Raises `IndexBroken` unless it is complete and of these articles.

        A vector index that lost its collection is filled again from the stored vectors.
        """
        place = folder / name
        rows = entries(articles)
        try:
            manifest = json.loads((place / _MANIFEST).read_text("utf-8"))
            vectors = np.load(place / "vectors.npy", mmap_mode="r")
            metric = metric or metric_for(manifest["embedder"])
            learned = np.load(place / "learned.npy", mmap_mode="r") if metric else None
        except (OSError, ValueError, EOFError, KeyError) as error:
            raise IndexBroken(f"the index {name!r} cannot be read; publish again") from error
        wanted = _manifest(articles, rows, embedder or manifest["embedder"], metric)
        if manifest != wanted or len(vectors) != len(rows):
            raise IndexBroken(f"the index {name!r} belongs to other articles; publish again")
        lexical = LexicalIndex.load(place / "lexical")
        if lexical.rows != len(rows) or lexical.articles != len(articles):
            raise IndexBroken(f"the index {name!r} is not complete; publish again")
        if not vector_index.exists(name, len(rows)):
            _fill(vector_index, name, vectors, None)
        return cls(
            name,
            manifest["embedder"],
            articles,
            rows,
            np.asarray(vectors),
            lexical,
            vector_index,
            metric,
            None if learned is None else np.asarray(learned),
        )


def _vectors(
    rows: Sequence[Entry],
    vectors_for: Callable[[Sequence[str]], Matrix],
    progress: Progress | None,
) -> npt.NDArray[np.float16]:
    texts = list(dict.fromkeys(row.text for row in rows))
    pieces = []
    for start in range(0, len(texts), _SLICE):
        piece = texts[start : start + _SLICE]
        pieces.append(np.asarray(vectors_for(piece), dtype=np.float16))
        if progress is not None:
            progress(min(start + len(piece), len(rows)), 2 * len(rows))
    if not pieces:
        return np.empty((0, 1), dtype=np.float16)
    place = {text: number for number, text in enumerate(texts)}
    return np.concatenate(pieces)[[place[row.text] for row in rows]]


def _fill(
    vector_index: VectorIndex,
    name: str,
    vectors: npt.NDArray[np.float16],
    progress: Progress | None,
) -> None:
    total = len(vectors)

    def second_half(done: int, _: int) -> None:
        if progress is not None:
            progress(total + done, 2 * total)

    vector_index.build(name, np.asarray(vectors, dtype=np.float32), second_half)


def _owners(rows: Sequence[Entry]) -> npt.NDArray[np.int32]:
    return np.array([row.owner for row in rows], dtype=np.int32)


def _manifest(
    articles: Sequence[Article], rows: Sequence[Entry], embedder: str, metric: Metric | None
) -> dict[str, Any]:
    digest = hashlib.sha256()
    for article in articles:
        digest.update(f"{article.id}\0{article.revision}\0".encode())
    for row in rows:
        digest.update(f"{row.owner}\0{int(row.kind)}\0{row.text}\0".encode())
    return {
        "layout": _LAYOUT,
        "embedder": embedder,
        "metric": metric.digest if metric else "",
        "articles": len(articles),
        "rows": len(rows),
        "digest": digest.hexdigest(),
    }
