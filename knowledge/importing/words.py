"""A shop's table of words among its files: told by its form, since YAML may hold anything."""

from __future__ import annotations

import re

import yaml

from knowledge.errors import ImportRefused, WordsRefused
from knowledge.importing.limits import check_text
from knowledge.importing.source import Refusal, SourceFile
from knowledge.word_list import SECTIONS, read_word_list

SUFFIXES = frozenset({".yaml", ".yml"})
NO_WORDS = f"YAML, but no table of words ({', '.join(SECTIONS)})"
_SECTION = re.compile(rf"""^\{{?[ \t]*["']?(?:{"|".join(SECTIONS)})["']?[ \t]*:""", re.MULTILINE)
_EMPTY = "the sections are empty: no word of this file is used any more"
_ONLY_WORDS = frozenset({"synonyms", "misspellings"})


def looks_like_words(text: str) -> bool:
    """Whether a YAML text is meant as a table of words, even where something in it is wrong.

    A list of `products` is a catalogue; only lines of `product id: …` name words.
    """
    if not _SECTION.search(text):
        return False
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return True
    if not isinstance(root, yaml.MappingNode):
        return False
    sections = {key.value: value for key, value in root.value if isinstance(key, yaml.ScalarNode)}
    return bool(_ONLY_WORDS & sections.keys()) or isinstance(
        sections.get("products"), yaml.MappingNode
    )


def read_words(text: str, *, name: str, shown: str) -> SourceFile:
    """The file with its words; one that is wrong anywhere is refused as a whole."""
    try:
        check_text(text)
        words = read_word_list(text, shown)
    except WordsRefused as error:
        return SourceFile(name, shown, refused=(Refusal(error.where, error.why),), complete=False)
    except ImportRefused as error:
        return SourceFile(name, shown, refused=(Refusal(shown, str(error)),), complete=False)
    if words.words:
        return SourceFile(name, shown, words=words)
    if not _SECTION.search(text):
        # A file that lost its content must not take the shop's words away.
        why = f"there is nothing to import; write one of the sections {', '.join(SECTIONS)}."
        return SourceFile(name, shown, refused=(Refusal(shown, why),), complete=False)
    return SourceFile(name, shown, words=words, notes=(_EMPTY,))
