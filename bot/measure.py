"""`python -m bot.measure`: how long a turn takes and what the process weighs, at a given size.

Figures hold for the machine they are measured on; compare them within one run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from statistics import median, quantiles

from bot.dialogue import Dialogue
from bot.drafts import Drafts
from bot.eval_targets import SAMPLE_DAY, embedding_of, serving_of, shop_articles
from bot.own_orders import NoOrders
from bot.senses import load_senses
from bot.settings import SAMPLE
from bot.turn import Turn
from knowledge.article import Article, ArticleId

_QUESTIONS = (
    "满多少包邮",
    "怎么申请退货啊",
    "羽绒服165穿多大",
    "发票抬头写错了能改不",
    "how long does delivery take?",
    "洗碗机装修柜子要留多大",
    "优惠券能不能叠着用",
    "买贵了能退差价吗",
)


def grown(articles: Sequence[Article], size: int) -> list[Article]:
    """As many articles as asked for: those of the sample shop, then the same for other models."""
    found = list(articles[:size])
    series = 0
    while len(found) < size:
        series += 1
        for article in articles[: size - len(found)]:
            found.append(
                replace(
                    article,
                    id=ArticleId(f"{article.id}-{series}"),
                    title=f"M{series:03d} 款：{article.title}",
                    variants=tuple(f"M{series:03d} {variant}" for variant in article.variants),
                )
            )
    return found


async def measure(size: int, turns: int) -> dict[str, float | int]:
    """Times of whole turns without a language model, one at a time, and resident memory."""
    async with AsyncExitStack() as stack:
        embedding = await embedding_of(stack)
        articles = grown(shop_articles(SAMPLE / "shop.yaml"), size)
        started = time.perf_counter()
        serving = await asyncio.to_thread(serving_of, stack, embedding, articles)
        built = time.perf_counter() - started
        turn = Turn(
            embedding=embedding,
            senses=load_senses(),
            orders=NoOrders(),
            drafts=Drafts(),
            shop_name=lambda locale: "",
        )
        took = []
        for number in range(turns + len(_QUESTIONS)):
            said = [[{"type": "text", "text": _QUESTIONS[number % len(_QUESTIONS)]}]]
            started = time.perf_counter()
            await Dialogue(turn, serving).send(said, at=SAMPLE_DAY)
            took.append((time.perf_counter() - started) * 1000)
    # The first round warms up models and caches.
    took = took[len(_QUESTIONS) :]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "articles": len(articles),
        "rows": len(serving.index.rows),
        "build_s": round(built, 1),
        "turns": len(took),
        "turn_ms_p50": round(median(took), 1),
        "turn_ms_p95": round(quantiles(took, n=20)[-1], 1),
        "peak_memory_mb": round(peak / (1 if sys.platform == "darwin" else 1024)),
    }


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bot.measure", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=200)
    options = parser.parse_args()
    found = asyncio.run(measure(options.articles, options.turns))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
