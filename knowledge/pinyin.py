"""How Chinese sounds, without tones: syllables of characters, and pinyin read as words."""

from __future__ import annotations

import functools
import importlib.util
import itertools
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from math import log2
from pathlib import Path
from typing import NamedTuple

# Of all other characters only the first reading is heard today; the rest belong to names and to
# old texts, and would make 脱胶 sound like 税号.
_TWO_READINGS = frozenset(
    "乐便参仔传剥厦囤圈地差弹折曝朝查校盛着种称空系粘似薄藏行血觉调还都重长降露率"
)
# What is written only once may itself be a slip.
_OFTEN = 2
_LONGEST_SYLLABLE = 6
_NEW_WORD = 2.0
_GAPS = (" ", "'")


class _Read(NamedTuple):
    """Letters read so far: how well, and as what."""

    score: float
    text: str


class Sounds:
    """Which pair of characters two syllables mean, by how often each pair is written."""

    def __init__(self, often: Mapping[str, int]) -> None:
        self._often = often
        self._meant = _by_sound(often)
        self._syllables = frozenset(itertools.chain.from_iterable(self._meant))

    def alike(self, pair: str) -> list[str]:
        """The pairs most often written for what sounds like this one."""
        found = (self._meant.get(sounds) for sounds in _sounds(pair))
        return list(dict.fromkeys(filter(None, found)))

    def read(self, letters: str) -> str:
        """Pinyin as characters where pairs cover all of it, else nothing; spaces may part it."""
        # For each place, what was read up to it by its last character.
        places: list[dict[str, _Read]] = [{} for _ in range(len(letters) + 1)]
        places[0][""] = _Read(0.0, "")
        for at, place in enumerate(places[:-1]):
            if place:
                for end, last, read in self._further(letters, at, place):
                    places[end][last] = max(places[end].get(last, read), read)
        return max(places[-1].values(), default=_Read(0.0, "")).text

    def _further(
        self, letters: str, at: int, place: Mapping[str, _Read]
    ) -> Iterator[tuple[int, str, _Read]]:
        """What can be read next: one more character of a word, or the first two of another."""
        if letters[at] in _GAPS:
            yield from ((at + 1, last, read) for last, read in place.items())
        best = max(place.values())
        for middle, first in self._syllables_at(letters, at):
            for last, read in place.items():
                for sound in readings(last) if last else ():
                    pair = self._meant.get((sound, first), "")
                    if pair and pair[0] == last:
                        score = read.score + log2(1 + self._often[pair])
                        yield middle, pair[1], _Read(score, read.text + pair[1])
            after = middle + (letters[middle : middle + 1] in _GAPS)
            for end, second in self._syllables_at(letters, after):
                if pair := self._meant.get((first, second), ""):
                    score = best.score + log2(1 + self._often[pair]) - _NEW_WORD
                    yield end, pair[1], _Read(score, best.text + pair)

    def _syllables_at(self, letters: str, at: int) -> Iterator[tuple[int, str]]:
        for end in range(at + 1, min(at + _LONGEST_SYLLABLE, len(letters)) + 1):
            if letters[at:end] in self._syllables:
                yield end, letters[at:end]


@functools.cache
def readings(character: str) -> tuple[str, ...]:
    """The commonest syllables of a Chinese character, without tones; ü is written v."""
    marked = filter(None, _table().get(str(ord(character)), "").split(","))
    found = tuple(dict.fromkeys(map(_without_tone, marked)))
    return found[: 2 if character in _TWO_READINGS else 1]


def _without_tone(syllable: str) -> str:
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _by_sound(often: Mapping[str, int]) -> dict[tuple[str, str], str]:
    """The pair that two syllables mean; none where two are equally frequent."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for pair, count in often.items():
        if count >= _OFTEN:
            for sounds in _sounds(pair):
                found[sounds].append(pair)
    best = {}
    for sounds, pairs in found.items():
        first, *others = sorted(pairs, key=lambda pair: -often[pair])
        if not others or often[others[0]] < often[first]:
            best[sounds] = first
    return best


def _sounds(pair: str) -> Iterator[tuple[str, str]]:
    return itertools.product(readings(pair[0]), readings(pair[1]))


@functools.cache
def _table() -> dict[str, str]:
    # Read as one table instead of through the package, which also loads 50 MB of phrases.
    package = importlib.util.find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin is missing; install pypinyin")
    path = Path(package.origin).with_name("pinyin_dict.json")
    table: dict[str, str] = json.loads(path.read_text("utf-8"))
    return table
