"""Questions with slips put right: a word of the same sound (退宽 for 退款), a word left in pinyin.

Only words that the knowledge asks about are put in, and a word that it knows is never taken out.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from knowledge.pinyin import Sounds, readings
from knowledge.text import is_function_token

_HAN_RUN = re.compile("[\u4e00-\u9fff]+")
_LATIN_WORD = re.compile("[a-z]+")
_LATIN_RUN = re.compile(r"(?<![a-z0-9’])[a-z]+(?:[ '][a-z]+)*(?![a-z0-9’])")
_MARKS = " ?!.,~"
_NUMERALS = frozenset("零一二两三四五六七八九十百千万几第半")
# How much rarer slips are than two characters that stand side by side by chance.
_ONE_SLIP, _TWO_SLIPS = 0.01, 0.001
# To replace both characters takes a word that is asked about again and again.
_OFTEN = 4
# Shorter ones are likelier abbreviations or sizes.
_SHORTEST_TYPED = 4


class Spelling:
    """The words of one knowledge version by their sound; does not change once made."""

    def __init__(
        self,
        asked: Iterable[str],
        told: Iterable[str] = (),
        standard_of: Mapping[str, str] | None = None,
    ) -> None:
        """Titles and variants, answers, and the customers' words with what they are read as.

        All in normal form.
        """
        self._pairs: Counter[str] = Counter()
        self._characters: Counter[str] = Counter()
        self._latin: set[str] = set()
        for text in asked:
            self._pairs.update(set(_pairs(text)))
            self._characters.update("".join(_HAN_RUN.findall(text)))
            self._latin.update(_LATIN_WORD.findall(text))
        self._known = set(self._pairs)
        for text in itertools.chain(told, standard_of or ()):
            self._known.update(_pairs(text))
            self._latin.update(_LATIN_WORD.findall(text))
        self._often = self._pairs | _as_often(self._pairs, standard_of or {})
        self._sounds = Sounds(self._often)
        self._length = self._characters.total()

    def corrected(self, text: str) -> str:
        """A text in normal form as it was probably meant; most come back as they are."""
        if _HAN_RUN.search(text) is None:
            bare = text.strip(_MARKS)
            # A text that is pinyin in part only is likelier English.
            read = self._read(bare) if _LATIN_RUN.fullmatch(bare) else None
            return text.replace(bare, read) if read else text
        text = _HAN_RUN.sub(lambda run: self._same_sound(run.group()), text)
        return _LATIN_RUN.sub(self._typed, text)

    def _same_sound(self, run: str) -> str:
        # The commonest word first; what it settles is not looked at again.
        for _, at, meant in sorted(self._changes(run), reverse=True):
            if run[at : at + 2] not in self._known and self._is_slip(run, at, meant):
                run = run[:at] + meant + run[at + 2 :]
        return run

    def _changes(self, run: str) -> Iterator[tuple[int, int, str]]:
        for at, pair in enumerate(_pairs(run)):
            if pair in self._known or not _is_topic(pair):
                continue
            for meant in self._sounds.alike(pair):
                if _is_topic(meant) and self._is_slip(run, at, meant):
                    yield self._often[meant], at, meant

    def _is_slip(self, run: str, at: int, meant: str) -> bool:
        """Whether the pair there is `meant` rather than two neighbours that never met before."""
        first, second = run[at], run[at + 1]
        # A character that stands in a word of the knowledge is no slip.
        if first != meant[0] and run[max(at - 1, 0) : at + 1] in self._known:
            return False
        if second != meant[1] and run[at + 1 : at + 3] in self._known:
            return False
        both = first != meant[0] and second != meant[1]
        if both and self._pairs[meant] < _OFTEN:
            return False
        by_chance = max(self._characters[first], 0.5) * max(self._characters[second], 0.5)
        slips = self._often[meant] * (_TWO_SLIPS if both else _ONE_SLIP)
        return slips * self._length > by_chance

    def _typed(self, run: re.Match[str]) -> str:
        letters = run.group()
        if whole := self._read(letters):
            return whole
        return _LATIN_WORD.sub(lambda word: self._read(word.group()) or word.group(), letters)

    def _read(self, letters: str) -> str | None:
        """Pinyin as characters, where words of the knowledge cover all of it; else None."""
        words = _LATIN_WORD.findall(letters)
        if sum(map(len, words)) < _SHORTEST_TYPED or not self._latin.isdisjoint(words):
            return None
        text = self._sounds.read(letters)
        return text if any(not is_function_token(pair) for pair in _pairs(text)) else None


def _as_often(pairs: Counter[str], standard_of: Mapping[str, str]) -> Counter[str]:
    """邮费 counts as often as the 运费 it is read as; 退宽, which sounds like 退款, never."""
    found: Counter[str] = Counter()
    for word, meant in standard_of.items():
        often = min((pairs[pair] for pair in _pairs(meant)), default=0)
        if often and not _sounds_like(word, meant):
            found |= Counter(dict.fromkeys(_pairs(word), often))
    return found


def _sounds_like(word: str, other: str) -> bool:
    return len(word) == len(other) and all(
        a == b or not set(readings(a)).isdisjoint(readings(b))
        for a, b in zip(word, other, strict=True)
    )


def _is_topic(pair: str) -> bool:
    return not any(character in _NUMERALS or is_function_token(character) for character in pair)


def _pairs(text: str) -> list[str]:
    runs = _HAN_RUN.findall(text)
    return [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
