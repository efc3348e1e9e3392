"""Counts what a model reads and writes, also where its provider does not say."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.generation.chat import Ending

_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_LETTERS_A_TOKEN = 4


def estimated(text: str) -> int:
    """Tokens of a text: one a Chinese character, one for four others. Rather too many."""
    han = len(_HAN.findall(text))
    return han + math.ceil((len(text) - han) / _LETTERS_A_TOKEN)


@dataclass(slots=True)
class _Try:
    """One request: what it took, from the provider's own words where there are any."""

    prompt: int
    text: list[str] = field(default_factory=list)
    told: dict[str, int] | None = None

    @property
    def tokens(self) -> dict[str, int]:
        return self.told or {"input": self.prompt, "output": estimated("".join(self.text))}


class Meter:
    """The tokens of one turn, over all its tries.

    A draft that is refused is broken off, and its provider then never says what it took; such a
    try is estimated from the text, so that refused drafts count against a budget as well.
    """

    def __init__(self, asked: Sequence[tuple[str, str]]) -> None:
        self._prompt = sum(estimated(text) for _, text in asked)
        self._tries: list[_Try] = []

    @property
    def tokens(self) -> dict[str, int]:
        """Read and written so far."""
        taken = [each.tokens for each in self._tries]
        return {key: sum(tokens[key] for tokens in taken) for key in ("input", "output")}

    @property
    def is_estimated(self) -> bool:
        """Whether any of it was counted here rather than told by the provider."""
        return any(each.told is None for each in self._tries)

    async def over(
        self, pieces: AsyncGenerator[str | Ending, None]
    ) -> AsyncGenerator[str | Ending, None]:
        """The same pieces, counted as they pass."""
        this = _Try(self._prompt)
        self._tries.append(this)
        async with aclosing(pieces):
            async for piece in pieces:
                if isinstance(piece, Ending):
                    this.told = piece.tokens
                else:
                    this.text.append(piece)
                yield piece

    def not_taken(self) -> None:
        """The last request was refused or not heard: without a word written, nobody pays."""
        if self._tries and not self._tries[-1].text:
            self._tries.pop()
