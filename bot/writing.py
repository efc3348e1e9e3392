"""The port to whoever writes answers from passages, and what it gives back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.errors import ModelFailed
from bot.wording import Locale
from knowledge.article import Article


@dataclass(frozen=True, slots=True)
class Passage:
    """An article under the opaque marker that a draft cites it by, e.g. 1 for `[1]`."""

    marker: int
    article: Article


@dataclass(frozen=True, slots=True)
class Draft:
    """A text every sentence of which passed the evidence check.

    `cited` are article ids; `record` says which model wrote it and what it used (tokens, ms).
    """

    text: str
    cited: tuple[str, ...]
    record: Mapping[str, Any] = field(default_factory=dict)


class DraftFailed(ModelFailed):
    """The model was asked and gave no usable answer; `record` says what that took."""

    def __init__(self, why: str, record: Mapping[str, Any]) -> None:
        super().__init__(why)
        self.record = record


class Writer(Protocol):
    """Writes an answer only from the passages."""

    async def write(
        self,
        *,
        question: str,
        locale: Locale,
        passages: Sequence[Passage],
        history: Sequence[tuple[str, str]],
        release: Callable[[str], Awaitable[None]] | None,
    ) -> Draft:
        """A checked draft; raises bot.errors.ModelFailed, whose message says why.

        A DraftFailed says as well what the try has cost.

        `release` is called with every sentence as soon as it passed the check. A draft that fails
        after sentences were released raises too; the caller withdraws what was shown.
        """
