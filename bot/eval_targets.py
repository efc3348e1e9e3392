"""Our bot as the harness sees it: the very search, confidence and rules of the product."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.decision import Decision, Kind
from bot.dialogue import Dialogue
from bot.drafts import Drafts
from bot.errors import BadSettings
from bot.followup import readings
from bot.order_turn import OrderDesk
from bot.own_orders import NoOrders
from bot.senses import load_senses
from bot.served import Serving
from bot.settings import SAMPLE, Settings
from bot.shop import load_shop
from bot.slips import Slips
from bot.turn import Turn
from eval.rows import KbRow
from eval.target import Incoming, Ranking, Reply, TuningTarget
from handoff.messages import text_of
from knowledge.article import Article, ArticleId
from knowledge.importing.row import first_sentence
from knowledge.text import language, normalise
from knowledge.words import Words, shipped_words

if TYPE_CHECKING:
    from knowledge.embedding import EmbeddingThread

# The sample shop's day, so that a run today and one next year judge the same articles.
SAMPLE_DAY = datetime.fromisoformat("2026-11-21T20:00:00+08:00")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class BotTargets:
    """Makes what each evaluation command measures; `settings` say where a shop's own data lie."""

    def __init__(self, settings: Callable[[], Settings] = Settings) -> None:
        self._settings = settings

    async def bot(self, knowledge: str | None = None) -> BotTarget:
        """The whole bot over the sample shop, or over the shop file `knowledge`."""
        return await BotTarget.of_shop(Path(knowledge) if knowledge else SAMPLE / "shop.yaml")

    async def tuning(self, knowledge: str | None = None) -> TuningTarget:
        """The bot over the version that is served, or over the shop file `knowledge`."""
        from bot.tune_target import over_files, over_served

        if knowledge is not None:
            return over_files(await self.bot(knowledge))
        return await over_served(self._settings)

    async def search(self, kb: Sequence[KbRow]) -> SearchTarget:
        """The bot's search over these articles."""
        stack = AsyncExitStack()
        embedding = await embedding_of(stack)
        serving = await asyncio.to_thread(serving_of, stack, embedding, articles_of(kb))
        return SearchTarget(stack, embedding, serving)

    async def anger(self) -> AngerTarget:
        """The shipped classifier."""
        stack = AsyncExitStack()
        return AngerTarget(stack, await embedding_of(stack))

    async def handoff(self, kb: Sequence[KbRow]) -> HandoffTarget:
        """The bot's turn over these articles, with people on duty."""
        stack = AsyncExitStack()
        embedding = await embedding_of(stack)
        serving = await asyncio.to_thread(serving_of, stack, embedding, articles_of(kb))
        turn = Turn(
            embedding=embedding,
            senses=load_senses(),
            orders=NoOrders(),
            drafts=Drafts(),
            shop_name=lambda locale: "",
        )
        return HandoffTarget(stack, turn, serving)


async def embedding_of(stack: AsyncExitStack) -> EmbeddingThread:
    """The bundled embedder, until the stack closes."""
    from knowledge.embedding import EmbeddingThread
    from knowledge.use import UseEmbedder

    cache = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kefu-eval-")))
    embedding = EmbeddingThread(UseEmbedder(cache))
    stack.callback(embedding.close)
    return embedding


def serving_of(
    stack: AsyncExitStack,
    embedding: EmbeddingThread,
    articles: Sequence[Article],
    words: Words | None = None,
) -> Serving:
    """An index like the published one, in a folder that goes away with the target."""
    from knowledge.dense import ChromaIndex
    from knowledge.index import VersionIndex

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kefu-eval-")))
    vectors = ChromaIndex(folder / "chroma")
    stack.callback(vectors.close)
    index = VersionIndex.build(
        folder / "index",
        "evaluation",
        articles,
        embedding.embed_passages,
        vectors,
        embedder=embedding.name,
    )
    words = words or shipped_words()
    return Serving("evaluation", index, words=words, slips=Slips(index, words))


def articles_of(kb: Sequence[KbRow]) -> list[Article]:
    """Knowledge rows as articles; a row without a question is known by its answer's beginning."""
    articles = []
    for row in kb:
        answer = row.answer or ""
        title = row.question or next(iter(row.variants), "") or first_sentence(answer)
        articles.append(
            Article(
                id=ArticleId(row.id),
                title=title,
                answer=answer,
                variants=row.variants,
                language="en" if language(title) == "en" else "zh",
            )
        )
    return articles


class SearchTarget:
    """Ranks the articles of one knowledge base."""

    def __init__(self, stack: AsyncExitStack, embedding: EmbeddingThread, serving: Serving) -> None:
        self._stack = stack
        self._embedding = embedding
        self.serving = serving

    async def rank(self, query: str, history: Sequence[str]) -> Ranking:
        """As the turn does: the reading with the higher confidence counts."""
        text = normalise(query)
        said = [normalise(line) for line in history[::2]]
        best = Ranking((), 0.0)
        for literal in readings(text, said):
            _, found, _ = await self.serving.find(literal, self._embedding, at=_EPOCH)
            if not best.ids or found.confidence > best.confidence:
                ids = tuple(hit.article.id for hit in found.hits)
                best = Ranking(ids, found.confidence, found.answerable)
        return best

    async def aclose(self) -> None:
        """Lets go of the index."""
        await self._stack.aclose()


class AngerTarget:
    """The shipped anger classifier."""

    def __init__(self, stack: AsyncExitStack, embedding: EmbeddingThread) -> None:
        from bot.anger import AngerClassifier

        self._stack = stack
        self._embedding = embedding
        self._classifier = AngerClassifier.load()

    @property
    def threshold(self) -> float:
        """The shipped threshold."""
        return self._classifier.threshold

    async def anger(self, text: str, history: Sequence[str]) -> float:
        """Between 0 and 1."""
        plain = normalise(text)
        vector = await self._embedding.embed_query(plain)
        said = [normalise(line) for line in history[::2]]
        return self._classifier.score(plain, vector, said, typed=text)

    async def aclose(self) -> None:
        """Lets go of the embedder."""
        await self._stack.aclose()


class HandoffTarget:
    """Plays the customer's messages to the bot, one turn each, until it hands over."""

    def __init__(self, stack: AsyncExitStack, turn: Turn, serving: Serving) -> None:
        self._stack = stack
        self.turn = turn
        self.serving = serving

    async def reason_to_hand_over(self, turns: Sequence[str]) -> str | None:
        """The first reason that comes up."""
        dialogue = Dialogue(self.turn, self.serving)
        for text in turns:
            said = [[{"type": "text", "text": text}]]
            decision, _ = await dialogue.send(said, at=_EPOCH)
            if decision.kind is Kind.HAND_OVER:
                return decision.reason
        return None

    async def aclose(self) -> None:
        """Lets go of the index."""
        await self._stack.aclose()


class BotTarget:
    """The whole bot over a shop's own files."""

    name = "kefu"

    def __init__(self, stack: AsyncExitStack, turn: Turn, serving: Serving) -> None:
        self._stack = stack
        self.turn = turn
        self.serving = serving

    @classmethod
    async def of_shop(cls, path: Path) -> BotTarget:
        """The bot with the articles, products and orders that a shop file names."""
        from bot.orders.sample import SampleOrders

        shop = load_shop(path)
        stack = AsyncExitStack()
        embedding = await embedding_of(stack)
        articles = await asyncio.to_thread(shop_articles, path)
        serving = await asyncio.to_thread(serving_of, stack, embedding, articles, shop.words())
        orders = SampleOrders(
            shop.folder / shop.paths["customers"], shop.folder / shop.paths["products"]
        )
        turn = Turn(
            embedding=embedding,
            senses=load_senses(),
            orders=OrderDesk(orders, orders, zone=shop.zone),
            drafts=Drafts(policy=shop.policy()),
            shop_name=shop.name,
        )
        return cls(stack, turn, serving)

    async def open(
        self,
        *,
        customer: str | None,
        channel: str | None,
        product: str | None,
        at: datetime | None,
        case_id: str,
    ) -> BotDialogue:
        """A fresh conversation, with people on duty."""
        dialogue = Dialogue(
            self.turn,
            self.serving,
            customer=customer,
            channel=channel or "web",
            product=product,
        )
        return BotDialogue(dialogue, at or SAMPLE_DAY)

    async def aclose(self) -> None:
        """Lets go of everything."""
        await self._stack.aclose()


class BotDialogue:
    """One conversation of the evaluation with our bot."""

    def __init__(self, dialogue: Dialogue, at: datetime) -> None:
        self._dialogue = dialogue
        self._at = at

    async def send(self, burst: Sequence[Incoming]) -> Reply:
        """One turn."""
        decision, _ = await self._dialogue.send([m.parts for m in burst], at=self._at)
        return reply_of(decision)


def reply_of(decision: Decision) -> Reply:
    """A decision as the harness judges it."""
    return Reply(
        disposition=decision.kind.value,
        text=text_of(list(decision.parts)),
        cited=decision.cited,
        offered=decision.offered,
        reason=decision.reason,
        confidence=decision.confidence,
        took_ms=float(decision.record.get("took_ms", 0.0)),
    )


def shop_articles(path: Path) -> list[Article]:
    """The articles in the files that a shop file names; raises if one of them is refused."""
    from knowledge.importing import read

    shop = load_shop(path)
    found: dict[ArticleId, Article] = {}
    for key in ("policies", "faq"):
        for file in read(shop.folder / shop.paths[key], zone=shop.zone):
            if file.refused:
                raise BadSettings(f"{file.shown}, {file.refused[0].where}: {file.refused[0].why}")
            found.update({article.id: article for article in file.articles})
    return list(found.values())
