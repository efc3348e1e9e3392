"""Every search over one set, question by question."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from bot.eval_targets import BotTargets
from bot.quality.baselines import VectorsAlone, WordsAlone
from bot.quality.sets import FaqSet
from bot.quality.stock import StockRetriever
from eval.retrieval import Ranked, RetrievalReport, rank_all, report
from eval.rows import KbRow
from eval.target import SearchTarget
from eval.terminal import progress
from knowledge.embedding import EmbeddingThread
from knowledge.ports import Embedder

OURS = "kefu"
BASELINES = ("BM25 alone", "embedder alone", "LangChain, embedder", "LangChain, MiniLM")
SEARCHES = (*BASELINES, OURS)

Maker = Callable[[Sequence[KbRow]], Awaitable[SearchTarget]]


@dataclass(frozen=True, slots=True)
class Compared:
    """One search over one set."""

    faq: FaqSet
    search: str
    ranked: Sequence[Ranked]
    report: RetrievalReport


def makers(embedding: EmbeddingThread, minilm: Embedder) -> Mapping[str, Maker]:
    """How each search is built over a knowledge base, in the order of SEARCHES."""

    async def words(kb: Sequence[KbRow]) -> SearchTarget:
        return await asyncio.to_thread(WordsAlone, kb)

    async def vectors(kb: Sequence[KbRow]) -> SearchTarget:
        return await asyncio.to_thread(VectorsAlone, kb, embedding)

    async def stock(kb: Sequence[KbRow]) -> SearchTarget:
        return await asyncio.to_thread(StockRetriever, kb, embedding.embedder)

    async def stock_english(kb: Sequence[KbRow]) -> SearchTarget:
        return await asyncio.to_thread(StockRetriever, kb, minilm)

    return dict(
        zip(SEARCHES, (words, vectors, stock, stock_english, BotTargets().search), strict=True)
    )


async def compare(
    faq: FaqSet,
    folder: Path,
    searches: Mapping[str, Maker],
    *,
    most: int,
    on_done: Callable[[Compared], None],
) -> list[Compared]:
    """Each search over the set, one after the other; `on_done` hears of each."""
    kb, questions = faq.articles(folder), faq.questions(folder, most)
    found = []
    for name, make in searches.items():
        with progress(len(questions), f"{faq.label}: {name}") as tick:
            async with aclosing(await make(kb)) as target:
                ranked = await rank_all(questions, target, clock=time.perf_counter, on_done=tick)
        found.append(Compared(faq, name, ranked, report(len(kb), ranked)))
        on_done(found[-1])
    return found
