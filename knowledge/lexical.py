"""The words of every row: BM25 over them, and how far a question and a row cover each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.errors import IndexBroken
from knowledge.text import is_function_token, tokens

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]

_ARRAYS = ("terms", "offsets", "weights", "article_terms", "article_offsets", "row_weights")
_K1, _B = 1.5, 0.9
# What a token says about the topic, beside its rarity: grammar little, a single Chinese
# character less than a pair or a word.
_FUNCTION_WEIGHT = 0.15
_CHARACTER_WEIGHT = 0.4
_LETTERS_WEIGHT = 0.15
_GRAMMAR_SHARE = 0.7


class LexicalIndex:
    """Token counts of the rows of one knowledge version; immutable once built or loaded."""

    def __init__(self, bm25: Any, vocabulary: dict[str, int], arrays: dict[str, Any]) -> None:
        self._bm25 = bm25
        self._vocabulary = vocabulary
        self._arrays = arrays
        self._weights: Floats = arrays["weights"]
        self.row_weights: Floats = arrays["row_weights"]
        self.articles = len(arrays["article_offsets"]) - 1
        self._unknown_rarity = float(_rarity(np.zeros(1), self.articles)[0])

    @classmethod
    def build(cls, texts: Sequence[str], owners: Ints) -> LexicalIndex:
        """Index the rows; `owners[i]` is the article of row i, and articles come in order.

        BM25 and rarity look at whole articles: a word in ten variants of one article is not a
        common word.
        """
        import bm25s

        vocabulary: dict[str, int] = {}
        rows = [
            np.array(
                [vocabulary.setdefault(token, len(vocabulary)) for token in tokens(text)],
                dtype=np.int32,
            )
            for text in texts
        ]
        # bm25s cannot hold an article or a vocabulary without any token.
        empty = vocabulary.setdefault("", len(vocabulary))
        total = int(owners[-1]) + 1 if len(owners) else 0
        articles: list[list[int]] = [[] for _ in range(total)]
        for owner, row in zip(owners.tolist(), rows, strict=True):
            articles[owner].extend(row.tolist())
        bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        counted = [words or [empty] for words in articles] or [[empty]]
        bm25.index((counted, vocabulary), show_progress=False)
        terms, offsets = _flat(rows)
        article_terms, article_offsets = _flat(articles)
        frequencies = np.bincount(article_terms, minlength=len(vocabulary))
        importance = np.array([_importance(token) for token in vocabulary], dtype=np.float32)
        weights = (_rarity(frequencies, total) * importance).astype(np.float32)
        arrays = {
            "terms": terms,
            "offsets": offsets,
            "weights": weights,
            "article_terms": article_terms,
            "article_offsets": article_offsets,
            "row_weights": _sums(weights, terms, offsets),
        }
        return cls(bm25, vocabulary, arrays)

    def save(self, folder: Path) -> None:
        """Write everything below `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._bm25.save(folder / "bm25", show_progress=False)
        for name, values in self._arrays.items():
            np.save(folder / f"{name}.npy", values)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Open what `save` wrote, memory-mapped. Raises `IndexBroken`."""
        import bm25s

        try:
            bm25 = bm25s.BM25.load(folder / "bm25", mmap=True, show_progress=False)
            arrays = {
                name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS
            }
        except (OSError, ValueError, EOFError, KeyError, TypeError) as error:
            raise IndexBroken(f"the lexical index in {folder.name} cannot be read") from error
        if len(arrays["weights"]) != len(bm25.vocab_dict):
            raise IndexBroken(f"the lexical index in {folder.name} is not complete")
        return cls(bm25, bm25.vocab_dict, arrays)

    @property
    def rows(self) -> int:
        """How many rows are indexed."""
        return len(self._arrays["offsets"]) - 1

    def ask(self, text: str) -> LexicalQuestion:
        """Prepare a question."""
        words = tokens(text)
        unique = list(dict.fromkeys(words))
        known = {word: self._vocabulary[word] for word in unique if word in self._vocabulary}
        unknown = [word for word in unique if word not in self._vocabulary]
        unknown_weight = self._unknown_rarity * sum(map(_importance, unknown))
        return LexicalQuestion(self, unique, known, unknown_weight)


class LexicalQuestion:
    """One question against one index."""

    def __init__(
        self,
        index: LexicalIndex,
        words: list[str],
        known: dict[str, int],
        unknown_weight: float,
    ) -> None:
        self._index = index
        self.words = words
        self._known = known
        self._sparse = np.zeros(len(index._weights), dtype=np.float32)
        numbers = np.array(list(known.values()), dtype=np.intp)
        self._sparse[numbers] = index._weights[numbers]
        self.known_weight = float(self._sparse.sum())
        self.weight = self.known_weight + unknown_weight
        """Importance of all its words together; those the knowledge never uses count too."""

    def bm25(self) -> Floats:
        """BM25 of every article."""
        scores = np.zeros(self._index.articles, dtype=np.float32)
        for grammar, share in ((False, 1.0), (True, _GRAMMAR_SHARE)):
            ids = [
                number for word, number in self._known.items() if is_function_token(word) is grammar
            ]
            if ids and len(scores):
                scores += share * self._index._bm25.get_scores_from_ids(ids)
        return scores

    def shared_by_rows(self, rows: Places) -> Floats:
        """For each of the rows the importance of the words it shares with the question."""
        arrays = self._index._arrays
        return self._shared(arrays["terms"], arrays["offsets"], rows)

    def shared_by_articles(self, articles: Places) -> Floats:
        """The same for whole articles, wherever in them the words stand."""
        arrays = self._index._arrays
        return self._shared(arrays["article_terms"], arrays["article_offsets"], articles)

    def _shared(self, terms: Ints, offsets: npt.NDArray[np.int64], wanted: Places) -> Floats:
        lengths = offsets[wanted + 1] - offsets[wanted]
        starts = np.cumsum(lengths) - lengths
        places = np.arange(int(lengths.sum())) + np.repeat(offsets[wanted] - starts, lengths)
        hits = self._sparse[terms[places]]
        sums = np.zeros(len(wanted), dtype=np.float32)
        full = lengths > 0
        if full.any():
            sums[full] = np.add.reduceat(hits, starts[full])
        return sums

    @property
    def unknown_share(self) -> float:
        """How much of the question's importance lies in words the knowledge never uses."""
        return 1 - self.known_weight / self.weight if self.weight else 1.0


def _importance(token: str) -> float:
    if not token:
        return 0.0
    if is_function_token(token):
        return _FUNCTION_WEIGHT
    if token.startswith("#"):
        return _LETTERS_WEIGHT
    return _CHARACTER_WEIGHT if len(token) == 1 and not token.isascii() else 1.0


def _rarity(frequencies: npt.NDArray[Any], articles: int) -> Floats:
    rarity: Floats = np.log1p((articles - frequencies + 0.5) / (frequencies + 0.5))
    return rarity


def _flat(lists: Sequence[Any]) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The distinct numbers of each list, one list after the other, and where each begins."""
    unique = [np.unique(np.asarray(numbers, dtype=np.int32)) for numbers in lists]
    offsets = np.zeros(len(unique) + 1, dtype=np.int64)
    np.cumsum([len(numbers) for numbers in unique], out=offsets[1:])
    return np.concatenate([*unique, np.empty(0, dtype=np.int32)]), offsets


def _sums(weights: Floats, terms: Ints, offsets: npt.NDArray[np.int64]) -> Floats:
    running = np.concatenate([[0.0], np.cumsum(weights[terms], dtype=float)])
    sums: Floats = np.diff(running[offsets]).astype(np.float32)
    return sums
