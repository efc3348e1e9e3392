"""Slips of the keyboard in a question, put right by the words of the version that is served."""

from __future__ import annotations

import asyncio
from threading import Lock

from knowledge.entries import RowKind
from knowledge.index import VersionIndex
from knowledge.spelling import Spelling
from knowledge.words import Words


class Slips:
    """The spelling of one version, made when it is first needed: that can take a second or two.

    Until then it costs nothing, so a command that asks one clear question does not wait for it.
    """

    def __init__(self, index: VersionIndex, words: Words) -> None:
        self._index = index
        self._words = words
        self._making = Lock()
        self._spelling: Spelling | None = None

    async def corrected(self, text: str) -> str:
        """A question in standard words as it was probably meant, again in standard words."""
        return await asyncio.to_thread(self._corrected, text)

    async def warm_up(self) -> None:
        """Makes the spelling now, so that no customer waits for it."""
        await asyncio.to_thread(self._made)

    def _corrected(self, text: str) -> str:
        meant = self._made().corrected(text)
        # 油费 is read as 邮费 first, and that as 运费.
        return text if meant == text else self._words.standard(meant)

    def _made(self) -> Spelling:
        with self._making:
            if self._spelling is None:
                rows = self._index.rows
                self._spelling = Spelling(
                    [row.text for row in rows if row.kind is not RowKind.ANSWER],
                    [row.text for row in rows if row.kind is RowKind.ANSWER],
                    self._words.standard_of,
                )
            return self._spelling
