"""Nearest neighbours by cosine: in Chroma, embedded or as a server, or exactly in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from knowledge.errors import IndexBroken, KnowledgeError
from knowledge.ports import Matrix, Progress

# Chroma refuses larger batches.
_BATCH = 5000
_PATIENCE_SECONDS = 30
# The default of 100 loses about five points of recall at a hundred thousand rows.
_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}


class VectorServerAway(KnowledgeError):
    """The Chroma server does not answer; nothing is lost, try again when it does."""


class ChromaIndex:
    """Collections in Chroma, one for each knowledge version and embedder.

    With a path only one process may use the folder at a time: a second one would miss rows or
    damage the store. `ChromaIndex.server` has no such limit.
    """

    def __init__(self, path: Path | None, *, address: str | None = None) -> None:
        self._path = path
        self._address = address
        self._opened: Any = None
        self._collections: dict[str, tuple[Any, int]] = {}

    @classmethod
    def server(cls, address: str) -> ChromaIndex:
        """The same over a running Chroma server at http://host:port."""
        return cls(None, address=address)

    def build(self, name: str, vectors: Matrix, progress: Progress | None = None) -> None:
        """Create or replace the collection `name`; row i gets key i."""
        self.drop(name)
        with self._explained(name):
            collection = self._client().create_collection(
                name, embedding_function=None, configuration={"hnsw": _HNSW}
            )
            for start in range(0, len(vectors), _BATCH):
                rows = np.ascontiguousarray(vectors[start : start + _BATCH], dtype=np.float32)
                keys = [str(key) for key in range(start, start + len(rows))]
                collection.add(ids=keys, embeddings=rows)
                if progress is not None:
                    progress(start + len(rows), len(vectors))

    def query(self, name: str, vectors: Matrix, k: int) -> list[list[tuple[int, float]]]:
        """For each row up to k pairs (key, cosine), best first."""
        with self._explained(name):
            collection, rows = self._collection(name)
            if rows == 0 or k < 1 or not len(vectors):
                return [[] for _ in vectors]
            answer = collection.query(
                query_embeddings=np.ascontiguousarray(vectors, dtype=np.float32),
                n_results=min(k, rows),
                include=["distances"],
            )
        return [
            [(int(key), 1.0 - float(distance)) for key, distance in zip(keys, far, strict=True)]
            for keys, far in zip(answer["ids"], answer["distances"], strict=True)
        ]

    def exists(self, name: str, rows: int) -> bool:
        """Whether the collection is there with that many rows; a half-built one is not."""
        self._collections.pop(name, None)
        try:
            with self._explained(name):
                return self._collection(name)[1] == rows
        except IndexBroken:
            return False

    def drop(self, name: str) -> None:
        """Forget the collection, if it is there."""
        from chromadb.errors import NotFoundError

        self._collections.pop(name, None)
        with self._explained(name), contextlib.suppress(NotFoundError):
            self._client().delete_collection(name)

    def close(self) -> None:
        """Let go of files and connections; the next call opens them again."""
        self._collections.clear()
        if self._opened is not None:
            for session in self._sessions():
                session.close()
            self._opened.close()
            self._opened = None

    @contextlib.contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        """Turn what Chroma raises into what to do about it."""
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as error:
            self._collections.pop(name, None)
            raise IndexBroken(
                f"the vector index {name!r} cannot be read ({error}); publish the version again"
            ) from error
        except httpx.TransportError as error:
            raise self._away() from error

    def _collection(self, name: str) -> tuple[Any, int]:
        if name not in self._collections:
            collection = self._client().get_collection(name, embedding_function=None)
            self._collections[name] = (collection, collection.count())
        return self._collections[name]

    def _client(self) -> Any:
        if self._opened is not None:
            return self._opened
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if self._address is None:
            self._opened = chromadb.PersistentClient(path=str(self._path), settings=settings)
            return self._opened
        url = urlsplit(self._address)
        try:
            self._opened = chromadb.HttpClient(
                host=str(url.hostname),
                port=url.port or 8000,
                ssl=url.scheme == "https",
                settings=settings,
            )
        except ValueError as error:
            # That is how the client says that nothing answers.
            raise self._away() from error
        for session in self._sessions():
            # Chroma waits for ever; a customer would too.
            session.timeout = _PATIENCE_SECONDS
        return self._opened

    def _sessions(self) -> list[Any]:
        """The HTTP sessions of a server's client, which it offers no way to limit or close."""
        servers = [self._opened._server, self._opened._admin_client._server]
        return [server._session for server in servers if hasattr(server, "_session")]

    def _away(self) -> VectorServerAway:
        where = self._address or "embedded"
        return VectorServerAway(
            f"no Chroma server answers at {where}; start it or correct the address"
        )


class ExactIndex:
    """Every cosine computed, nothing stored: for small knowledge, previews and tests."""

    def __init__(self) -> None:
        self._rows: dict[str, Matrix] = {}

    def build(self, name: str, vectors: Matrix, progress: Progress | None = None) -> None:
        """Keep the vectors under `name`."""
        self._rows[name] = np.array(vectors, dtype=np.float32)
        if progress is not None and len(vectors):
            progress(len(vectors), len(vectors))

    def query(self, name: str, vectors: Matrix, k: int) -> list[list[tuple[int, float]]]:
        """For each row up to k pairs (key, cosine), best first."""
        if name not in self._rows:
            raise IndexBroken(f"there is no vector index {name!r}; publish the version again")
        rows = self._rows[name]
        if not len(rows) or k < 1:
            return [[] for _ in vectors]
        found = []
        for cosines in np.asarray(vectors, dtype=np.float32) @ rows.T:
            best = np.argsort(-cosines, kind="stable")[:k]
            found.append([(int(key), float(cosines[key])) for key in best])
        return found

    def exists(self, name: str, rows: int) -> bool:
        """Whether that many rows are kept under `name`."""
        return name in self._rows and len(self._rows[name]) == rows

    def drop(self, name: str) -> None:
        """Forget the vectors."""
        self._rows.pop(name, None)
