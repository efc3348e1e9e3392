"""Writes an answer from passages: streamed, cut into sentences, each checked before it is shown."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from bot.errors import ModelFailed
from bot.evidence import check
from bot.generation.chat import Chat, Ending, ModelUnreachable
from bot.generation.promises import claimed_deed
from bot.generation.prompt import FENCE, NO_ANSWER, messages
from bot.generation.sentences import Sentences
from bot.generation.usage import Meter
from bot.script import in_script, is_in_language
from bot.wording import Locale
from bot.writing import Draft, DraftFailed, Passage

Release = Callable[[str], Awaitable[None]]

_LONGEST = 800
_TRIES = 2
_MARKER = re.compile(r"\s*[\[［【]\s*(\d+(?:\s*[,，、]\s*\d+)*)\s*[\]］】]")
_THOUGHTS = re.compile(r"^\s*<think>.*?</think>\s*", re.DOTALL)
_THINKING = "<think>"


def _jitter() -> float:
    return random.uniform(0.1, 0.4)


@dataclass(slots=True)
class _Writing:
    """One answer on its way: what has been checked and shown so far."""

    passages: Sequence[Passage]
    locale: Locale
    release: Release | None
    text: str = ""
    cited: list[str] = field(default_factory=list)
    first_at: float | None = None

    async def add(self, sentence: str, now: Callable[[], float]) -> None:
        """Checks one whole sentence and shows it; raises ModelFailed."""
        markers = [int(n) for group in _MARKER.findall(sentence) for n in re.findall(r"\d+", group)]
        bare = _MARKER.sub("", sentence)
        if not bare.strip():
            return
        cited = self._cited(markers)
        self._refuse(bare, cited)
        shown = in_script(bare, self.locale)
        shown = shown if self.text else shown.lstrip()
        if len(self.text) + len(shown) > _LONGEST:
            raise ModelFailed(f"the answer is longer than {_LONGEST} characters")
        self.text += shown
        self.cited.extend(p.article.id for p in cited if markers and p.article.id not in self.cited)
        if self.first_at is None:
            self.first_at = now()
        if self.release is not None:
            await self.release(shown)

    def finish(self) -> None:
        """The last check, of the whole; raises ModelFailed."""
        if not self.text.strip():
            raise ModelFailed("the answer is empty")
        if not self.cited:
            raise ModelFailed("the answer cites no passage")

    def _cited(self, markers: Sequence[int]) -> list[Passage]:
        known = {passage.marker: passage for passage in self.passages}
        for marker in markers:
            if marker not in known:
                raise ModelFailed(f"the answer cites [{marker}], which is no passage")
        return [known[marker] for marker in dict.fromkeys(markers)] or list(self.passages)

    def _refuse(self, sentence: str, cited: Sequence[Passage]) -> None:
        if NO_ANSWER in sentence.upper().replace(" ", "_"):
            raise ModelFailed("the passages do not answer the question")
        if FENCE in sentence:
            raise ModelFailed("the answer repeats a fence of the prompt")
        deed = claimed_deed(sentence)
        if deed is not None:
            raise ModelFailed(f"the answer claims a deed: {deed}")
        if not is_in_language(sentence, self.locale):
            raise ModelFailed(f"the answer is not in {self.locale}")
        texts = [f"{passage.article.title}?\n{passage.article.answer}" for passage in cited]
        objection = check(sentence, texts)
        if objection is not None:
            raise ModelFailed(f"evidence: {objection}")


class ChatWriter:
    """The writer behind a chat model: one answer is asked for, and a draft that is refused ends it.

    Only a request that failed on its way is made a second time, after a short random wait and
    within the same deadline.
    """

    def __init__(
        self,
        chat: Chat,
        *,
        timeout: float,
        now: Callable[[], float] = time.perf_counter,
        jitter: Callable[[], float] = _jitter,
    ) -> None:
        self._chat = chat
        self._timeout = timeout
        self._now = now
        self._jitter = jitter

    async def write(
        self,
        *,
        question: str,
        locale: Locale,
        passages: Sequence[Passage],
        history: Sequence[tuple[str, str]],
        release: Release | None,
    ) -> Draft:
        """A checked draft. What `release` was given, joined, is the draft's text."""
        started = self._now()
        writing = _Writing(passages, locale, release)
        asked = messages(question, locale, passages, history)
        meter = Meter(asked)
        try:
            async with asyncio.timeout(self._timeout):
                await self._ask(asked, writing, meter, started)
            writing.finish()
        except TimeoutError as error:
            why = f"no whole answer within {self._timeout:g} s"
            raise DraftFailed(why, self._record(writing, meter, started)) from error
        except ModelFailed as error:
            raise DraftFailed(str(error), self._record(writing, meter, started)) from error
        record = self._record(writing, meter, started)
        return Draft(writing.text.rstrip(), tuple(writing.cited), record)

    async def aclose(self) -> None:
        """Closes the connections to the model."""
        await self._chat.aclose()

    async def _ask(
        self, asked: Sequence[tuple[str, str]], writing: _Writing, meter: Meter, started: float
    ) -> None:
        for left in reversed(range(_TRIES)):
            try:
                return await self._take(asked, writing, meter)
            except ModelUnreachable as error:
                meter.not_taken()
                wait = max(error.wait, self._jitter())
                too_late = self._now() - started + wait >= self._timeout
                if writing.text or not error.transient or not left or too_late:
                    raise ModelFailed(str(error)) from error
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _take(
        self, asked: Sequence[tuple[str, str]], writing: _Writing, meter: Meter
    ) -> None:
        await self._chat.ready()
        sentences = Sentences()
        # Thoughts are not shown, but paid for.
        answer = _without_thoughts(meter.over(self._chat.stream(asked)))
        async with aclosing(answer) as pieces:
            async for piece in pieces:
                if isinstance(piece, Ending):
                    complete, unfinished = sentences.rest()
                    if not piece.truncated:
                        complete.append(unfinished)
                    for sentence in complete:
                        await writing.add(sentence, self._now)
                    return
                for sentence in sentences.feed(piece):
                    await writing.add(sentence, self._now)
        raise ModelUnreachable("the stream broke off", transient=True)

    def _record(self, writing: _Writing, meter: Meter, started: float) -> dict[str, Any]:
        record: dict[str, Any] = {
            "model": self._chat.name,
            "ms": round((self._now() - started) * 1000),
            "first_sentence_ms": round(((writing.first_at or started) - started) * 1000),
            "tokens": meter.tokens,
        }
        return record | ({"estimated": True} if meter.is_estimated else {})


async def _without_thoughts(
    pieces: AsyncGenerator[str | Ending, None],
) -> AsyncGenerator[str | Ending, None]:
    """Leaves out what a reasoning model writes in <think> tags before its answer."""
    held: str | None = ""
    async with aclosing(pieces):
        async for piece in pieces:
            if held is None:
                yield piece
            elif isinstance(piece, Ending):
                if held and not held.lstrip().startswith(_THINKING):
                    yield held
                yield piece
            else:
                held += piece
                if not _THINKING.startswith(held.lstrip()[: len(_THINKING)]):
                    yield held
                    held = None
                elif _THOUGHTS.match(held):
                    yield _THOUGHTS.sub("", held)
                    held = None
