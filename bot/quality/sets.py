"""The public FAQ sets that the search is measured on; their files belong to their owners."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.jsonl import read_kb, read_rows
from eval.rows import KbRow, QueryRow

# The same questions are drawn in every run.
_SEED = 0


class Question(QueryRow):
    """A question of a set; `kind` tells near from far ones out of scope where a file does."""

    kind: str | None = None

    @property
    def outside(self) -> str | None:
        """What kind of question out of scope this is, None when it is in scope or not said."""
        return None if self.in_scope or not self.kind else self.kind.removesuffix("_oos")


@dataclass(frozen=True, slots=True)
class FaqSet:
    """A set by name, language and the files of its articles and questions."""

    name: str
    language: str
    kb: str
    queries: str

    @property
    def label(self) -> str:
        """The name with its language."""
        return f"{self.name} ({self.language})"

    def in_folder(self, folder: Path) -> bool:
        """Whether the folder holds both files."""
        return all((folder / f"{name}.jsonl").is_file() for name in (self.kb, self.queries))

    def articles(self, folder: Path) -> list[KbRow]:
        """The knowledge base."""
        return read_kb(folder / f"{self.kb}.jsonl")

    def questions(self, folder: Path, most: int) -> Sequence[Question]:
        """All questions, or `most` of them drawn by a fixed seed."""
        rows = read_rows(folder / f"{self.queries}.jsonl", Question)
        return rows if len(rows) <= most else random.Random(_SEED).sample(rows, most)


SETS = (
    FaqSet("atec", "zh", "zh_atec_faq_kb", "zh_atec_faq_queries"),
    FaqSet("insuranceqa dev", "zh", "zh_insuranceqa_dev_kb", "zh_insuranceqa_dev_queries"),
    FaqSet("jddc valid", "zh", "zh_jddc_intent_kb", "zh_jddc_intent_queries_valid"),
    FaqSet("sofmattress", "en", "en_hint3_sofmattress_kb", "en_hint3_sofmattress_queries"),
    FaqSet("powerplay11", "en", "en_hint3_powerplay11_kb", "en_hint3_powerplay11_queries"),
    FaqSet("clinc150", "en", "en_clinc150_kb", "en_clinc150_test"),
    FaqSet("stackfaq", "en", "en_stackfaq_kb", "en_stackfaq_queries"),
)
