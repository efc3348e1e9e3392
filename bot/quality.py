"""`python -m bot.quality --data DIR`: our search beside stock baselines on public FAQ sets.

DIR holds the sets as JSON Lines in the form of `kefu eval retrieval`. The baselines are what one
gets without us: BM25 (character pairs for Chinese, words for English) and the bundled embedder
alone. Prints the tables of docs/quality.md.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.eval_targets import BotTargets, articles_of, embedding_of
from eval.jsonl import read_kb, read_rows
from eval.retrieval import RetrievalReport, rank_all, report
from eval.rows import KbRow, QueryRow
from eval.target import Ranking, SearchTarget
from knowledge.text import normalise

if TYPE_CHECKING:
    from knowledge.embedding import EmbeddingThread

# Name, knowledge, questions.
SETS = (
    ("atec (zh)", "zh_atec_faq_kb", "zh_atec_faq_queries"),
    ("insuranceqa dev (zh)", "zh_insuranceqa_dev_kb", "zh_insuranceqa_dev_queries"),
    ("jddc valid (zh)", "zh_jddc_intent_kb", "zh_jddc_intent_queries_valid"),
    ("sofmattress (en)", "en_hint3_sofmattress_kb", "en_hint3_sofmattress_queries"),
    ("powerplay11 (en)", "en_hint3_powerplay11_kb", "en_hint3_powerplay11_queries"),
    ("clinc150 (en)", "en_clinc150_kb", "en_clinc150_test"),
    ("stackfaq (en)", "en_stackfaq_kb", "en_stackfaq_queries"),
)
_BEST = 10


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for run in re.findall(r"[\u4e00-\u9fff]+|[a-z0-9]+", normalise(text)):
        if run.isascii():
            pieces.append(run)
        else:
            pieces += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
    return pieces


class WordsAlone:
    """BM25 over whole articles, untuned."""

    def __init__(self, kb: Sequence[KbRow]) -> None:
        import bm25s

        self._ids = [row.id for row in kb]
        texts = [" ".join([row.question or "", *row.variants, row.answer or ""]) for row in kb]
        self._index = bm25s.BM25()
        self._index.index([_pieces(text) or ["∅"] for text in texts], show_progress=False)

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """By score; the score is the confidence."""
        scores = self._index.get_scores(_pieces(query) or ["∅"])
        order = np.argsort(-scores, kind="stable")[:_BEST]
        return Ranking(tuple(self._ids[i] for i in order), float(scores[order[0]]))

    async def aclose(self) -> None:
        """Nothing to let go of."""


class VectorsAlone:
    """The nearest question (answer where there is none) by the bundled embedder."""

    def __init__(self, kb: Sequence[KbRow], embedding: EmbeddingThread) -> None:
        rows = [
            (article.id, normalise(text))
            for article in articles_of(kb)
            for text in (article.title, *article.variants)
        ]
        self._owners = [owner for owner, _ in rows]
        self._embedding = embedding
        self._vectors = embedding.embed_passages([text for _, text in rows])

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """By cosine; the cosine is the confidence."""
        cosines = self._vectors @ await self._embedding.embed_query(normalise(query))
        order = np.argsort(-cosines, kind="stable")
        best = list(dict.fromkeys(self._owners[i] for i in order[:500]))[:_BEST]
        return Ranking(tuple(best), float(cosines[order[0]]))

    async def aclose(self) -> None:
        """Nothing to let go of."""


async def _measured(
    target: SearchTarget, kb: Sequence[KbRow], queries: Sequence[QueryRow]
) -> RetrievalReport:
    try:
        ranked = await rank_all(queries, target, clock=time.perf_counter, on_done=lambda: None)
    finally:
        await target.aclose()
    return report(len(kb), ranked)


async def table(data: Path, most: int) -> list[str]:
    """Rows of a Markdown table, three for each set that is there."""
    lines = [
        "| set | search | hit@1 | hit@3 | MRR | OOS AUROC | answered at 2 % wrong | ms p50 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, kb_name, query_name in SETS:
        path = data / f"{kb_name}.jsonl"
        if not path.is_file():
            continue
        kb = read_kb(path)
        queries = read_rows(data / f"{query_name}.jsonl", QueryRow)
        if len(queries) > most:
            queries = random.Random(0).sample(queries, most)
        async with AsyncExitStack() as stack:
            embedding = await embedding_of(stack)
            vectors = await asyncio.to_thread(VectorsAlone, kb, embedding)
            targets: dict[str, SearchTarget] = {
                "BM25 alone": WordsAlone(kb),
                "embedder alone": vectors,
                "**kefu**": await BotTargets().search(kb),
            }
            for label, target in targets.items():
                found = await _measured(target, kb, queries)
                cells = (
                    found.hit_at_1,
                    found.hit_at_3,
                    found.mrr,
                    found.oos_auroc,
                    found.answered_at_2pct_wrong,
                )
                numbers = " | ".join("–" if c is None else f"{c:.3f}" for c in cells)
                lines.append(f"| {name} | {label} | {numbers} | {found.ms_p50:.1f} |")
                sys.stderr.write(lines[-1] + "\n")
    return lines


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bot.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the sets")
    parser.add_argument("--most", type=int, default=500, help="questions a set, drawn by seed 0")
    options = parser.parse_args()
    sys.stdout.write("\n".join(asyncio.run(table(options.data, options.most))) + "\n")


if __name__ == "__main__":
    main()
