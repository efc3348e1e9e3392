"""One spelling for every text, the words a lexical search counts, and which script a text is in."""

from __future__ import annotations

import functools
import importlib.util
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

Script = Literal["hans", "hant", "latin", "other"]
Language = Literal["zh", "en", "other"]

# Zero-width marks, bidi controls, soft hyphen, variation selectors and other control characters;
# tab and line ends are spaces, not nothing.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef]"
)
_SPACES = re.compile(r"\s+")
_REPEATED_MARK = re.compile(r"([^\w\s])\1+")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_RUN = re.compile(f"[{_HAN}]+")
_KANA_HANGUL = re.compile("[\u3041-\u30ff\u31f0-\u31ff\uac00-\ud7af\u1100-\u11ff]")
_LATIN = re.compile("[a-zA-Z]")
_MARKED_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+(?:['’][a-z]+)?")
_DIGIT_OR_LETTERS = re.compile(r"\d+|[^\W\d_]+")

_RUN = 4

_ENGLISH_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a an the this that these those i me my mine we us our you your it its he she
        they them their is am are was were be been being do does did doing done have has
        had having can could will would shall should may might must to of in on at by
        for from with as into about and or but if so than then there here not no any
        some just very too also please hi hello hey ok okay thanks thank what which who
        how when where why s m re ve ll d t im id want need like get got
        """,
    )
)
_CHINESE_FUNCTION_CHARACTERS = frozenset(
    "的了吗呢啊吧呀么嘛哦噢哈嗯是我你您他她它们这那个些在有和与就都也还又很太请问一下想要会能可以怎什为没不"
)


def normalise(text: str) -> str:
    """The form in which texts are compared: one width, one case, Simplified characters.

    Invisible characters are dropped, runs of spaces and of the same mark are made one.
    Doing it twice changes nothing.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    # Lower case may leave a decomposed letter behind (İ), so composed once more.
    text = unicodedata.normalize("NFKC", text)
    if not text.isascii():
        text = _simplify()(text)
    return _SPACES.sub(" ", _REPEATED_MARK.sub(r"\1", text)).strip()


def tokens(text: str) -> list[str]:
    """What the lexical search counts, in order of appearance.

    Chinese gives every character and every pair of neighbours; other scripts give words with
    their endings cut and, marked by `#`, runs of four letters that survive a typing error; a
    code such as `ab1200x` also gives its letters and digits apart.
    """
    found: list[str] = []
    for match in _WORD.finditer(normalise(text)):
        word = match.group()
        if _HAN_RUN.match(word):
            found.extend(word)
            found.extend(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.extend(_word_tokens(word))
    return found


def is_function_token(token: str) -> bool:
    """Whether a token carries grammar rather than a topic (the, how, 的, 怎么)."""
    if token in _ENGLISH_FUNCTION_WORDS:
        return True
    return len(token) <= 2 and all(c in _CHINESE_FUNCTION_CHARACTERS for c in token)


def script(text: str) -> Script:
    """The script most of the letters are in; `hant` when characters only Traditional uses lead."""
    if _foreign_letters(text):
        return "other"
    han = sum(len(run) for run in _HAN_RUN.findall(text))
    if han:
        traditional, simplified = _one_sided_characters()
        only_traditional = sum(c in traditional for c in text)
        return "hant" if only_traditional > sum(c in simplified for c in text) else "hans"
    return "latin" if _LATIN.search(text) else "other"


def language(text: str) -> Language:
    """`zh`, `en`, or `other` for every other script and for texts without letters.

    A Chinese sentence with Latin words in it is Chinese. Latin text full of marked letters
    (Vietnamese, French) is other.
    """
    kind = script(text)
    if kind in ("hans", "hant"):
        return "zh"
    if kind == "other":
        return "other"
    marked = len(_MARKED_LATIN.findall(text))
    return "other" if marked * 20 > len(_LATIN.findall(text)) else "en"


def _foreign_letters(text: str) -> bool:
    """Whether letters of scripts other than Han and Latin lead, or any kana or hangul stands."""
    if text.isascii():
        return False
    if len(_KANA_HANGUL.findall(text)) * 5 > len(text):
        return True
    ours = sum(len(run) for run in _HAN_RUN.findall(text)) + len(_LATIN.findall(text))
    ours += len(_MARKED_LATIN.findall(text))
    return sum(c.isalpha() for c in text) - ours > ours


def _word_tokens(word: str) -> list[str]:
    if word in _ENGLISH_FUNCTION_WORDS:
        return [word]
    word = word.replace("’", "'").partition("'")[0]
    pieces = _DIGIT_OR_LETTERS.findall(word)
    if len(pieces) > 1:
        return [word, *pieces]
    if not word:
        return []
    return [_stem(word), *("#" + word[i : i + _RUN] for i in range(len(word) - _RUN + 1))]


def _stem(word: str) -> str:
    """Cut the commonest English endings; words only have to meet, not to look right."""
    if len(word) <= 3 or not word.isascii():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ings", "ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                return stem[:-1]
            return stem.removesuffix("e")
    if word.endswith("es") and len(word) > 4:
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


@functools.cache
def _dictionary(name: str) -> dict[str, list[str]]:
    """One word list of OpenCC: a Traditional spelling and its Simplified ones, best first."""
    package = importlib.util.find_spec("opencc")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("opencc is missing; install opencc-python-reimplemented")
    lines = Path(package.origin).with_name("dictionary").joinpath(name).read_text("utf-8")
    pairs = (line.split("\t") for line in lines.splitlines() if "\t" in line)
    return {traditional: simplified.split() for traditional, simplified in pairs}


@functools.cache
def _simplify() -> Callable[[str], str]:
    # Read as one table instead of through the converter: 40 times faster on a short text.
    characters = str.maketrans({k: v[0] for k, v in _dictionary("TSCharacters.txt").items()})
    phrases = {k: v[0] for k, v in _dictionary("TSPhrases.txt").items()}
    longest_first = sorted(phrases, key=len, reverse=True)
    phrase = re.compile("|".join(map(re.escape, longest_first)))

    def convert(text: str) -> str:
        return phrase.sub(lambda m: phrases[m.group()], text).translate(characters)

    return convert


@functools.cache
def _one_sided_characters() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only Traditional uses, and characters that only Simplified uses."""
    table = _dictionary("TSCharacters.txt")
    traditional = frozenset(c for c, options in table.items() if c not in options)
    simplified = frozenset(o for options in table.values() for o in options) - table.keys()
    # A simplified form that equals an old character (里, 后, 面) proves nothing.
    return traditional, simplified - _SHARED_FORMS


_SHARED_FORMS = frozenset(
    "里后面台只几千干云松谷系范斗卷胡咸郁准御据累冲制注征辟朴沈曲姜别家折划回吃"
)
