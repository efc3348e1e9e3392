"""Our bot as `kefu eval tune` sees it: what it replies to a question when sure, and when not."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.brain import (
    Clock,
    bundled_embedder,
    embedder_of,
    library_of,
    open_database,
    orders_of,
    own_orders_of,
    system_clock,
)
from bot.database import Database
from bot.dialogue import Dialogue
from bot.drafts import Drafts
from bot.errors import BotError, Infrastructure
from bot.eval_targets import SAMPLE_DAY, BotTarget, reply_of
from bot.finding import reader_name, second_look_of
from bot.senses import load_senses
from bot.served import Serving
from bot.settings import Settings
from bot.shop import load_shop
from bot.slips import Slips
from bot.tuned import Tuned, Tunings, answer_threshold
from bot.turn import Turn
from eval.errors import BadData, TargetUnavailable
from eval.target import Attempt, Reply
from knowledge.dense import ExactIndex
from knowledge.embedding import EmbeddingThread
from knowledge.errors import KnowledgeError, NothingPublished
from knowledge.index import VersionIndex, texts_of
from knowledge.library import Library
from knowledge.vectors import vectors_for
from knowledge.versions import Version, VersionId
from knowledge.words import shipped_words, words_of

# Every confidence reaches the one, none the other.
_ALWAYS, _NEVER = 0.0, 2.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chosen threshold is kept, and for what."""

    tunings: Tunings
    version: VersionId
    reader: str
    clock: Clock
    by_hand: float | None


class TuneTarget:
    """One bot, asked every question twice: answering everything, and answering nothing."""

    name = "kefu"

    def __init__(
        self,
        turn: Turn,
        serving: Serving,
        *,
        threshold: float,
        now: Callable[[], datetime],
        close: AsyncExitStack,
        place: Place | None = None,
    ) -> None:
        self.threshold = threshold
        self._turn = turn
        self._always = replace(serving, answer_threshold=_ALWAYS)
        self._never = replace(serving, answer_threshold=_NEVER)
        self._now = now
        self._close = close
        self._place = place

    async def attempt(
        self,
        text: str,
        *,
        customer: str | None,
        channel: str | None,
        product: str | None,
        at: datetime | None,
        case_id: str,
    ) -> Attempt:
        """A fresh conversation on each side of the threshold, with people on duty."""

        async def reply(serving: Serving) -> Reply:
            dialogue = Dialogue(
                self._turn,
                serving,
                customer=customer,
                channel=channel or "web",
                product=product,
            )
            said = [[{"type": "text", "text": text}]]
            decision, _ = await dialogue.send(said, at=at or self._now())
            return reply_of(decision)

        sure = await reply(self._always)
        return Attempt(sure.confidence, sure, await reply(self._never))

    async def keep(self, threshold: float, *, wrong_limit: float, questions: int) -> str:
        """Stores the threshold beside the version and the reader that it was fitted for."""
        if self._place is None:
            raise BadData(
                "a threshold is kept for a published version, not for files; leave --knowledge "
                "out, after `kefu kb import` and `kefu kb publish`"
            )
        place = self._place
        await place.tunings.keep(
            Tuned(
                place.version,
                place.reader,
                threshold,
                wrong_limit,
                questions,
                place.clock(),
            )
        )
        words = (
            f"From {threshold:.3f} on the bot answers, for version {place.version} "
            f"as {place.reader} reads it."
        )
        if place.by_hand is None:
            return words
        return f"{words} Not yet: KEFU_ANSWER_THRESHOLD={place.by_hand:g} wins until it is unset."

    async def aclose(self) -> None:
        """Lets go of everything."""
        await self._close.aclose()


def over_files(bot: BotTarget) -> TuneTarget:
    """The bot over a shop's files; what is found can be read but not kept."""
    stack = AsyncExitStack()
    stack.push_async_callback(bot.aclose)
    return TuneTarget(
        bot.turn,
        bot.serving,
        threshold=bot.turn.thresholds.answer,
        now=lambda: SAMPLE_DAY,
        close=stack,
    )


async def over_served(read: Callable[[], Settings], clock: Clock = system_clock) -> TuneTarget:
    """The bot over the version that is served, also while a server runs."""
    try:
        return await _over_served(read(), clock)
    except Infrastructure as error:
        raise TargetUnavailable(str(error)) from error
    except (BotError, KnowledgeError) as error:
        raise BadData(str(error)) from error


async def _over_served(settings: Settings, clock: Clock) -> TuneTarget:
    settings.data_folder()
    shop = load_shop(settings.shop_file)
    async with AsyncExitStack() as opening:
        database = await opening.enter_async_context(open_database(settings))
        library = library_of(settings, database, clock)
        version = await library.published()
        if version is None:
            raise NothingPublished(
                f"{NothingPublished.__doc__} Or name a shop file with --knowledge."
            )
        embedding = EmbeddingThread(embedder_of(settings))
        opening.callback(embedding.close)
        signals = None
        if settings.embedding_model is not None:
            signals = EmbeddingThread(bundled_embedder(settings))
            opening.callback(signals.close)
        second_look = second_look_of(settings)
        if second_look is not None:
            opening.callback(second_look.close)
            await second_look.warm_up()
        reader = reader_name(embedding.name, second_look.name if second_look else None)
        folder = Path(opening.enter_context(tempfile.TemporaryDirectory(prefix="kefu-tune-")))
        serving = await _serving(library, version, database, embedding, folder)
        serving = replace(serving, second_look=second_look)
        tunings = Tunings(database, shop=settings.shop)
        turn = Turn(
            embedding=embedding,
            signals_embedding=signals,
            senses=load_senses(),
            orders=own_orders_of(orders_of(settings, shop), shop),
            # Which article is given is what counts; nobody's model is asked to put it in words.
            drafts=Drafts(policy=shop.policy()),
            shop_name=shop.name,
        )
        threshold = settings.answer_threshold or answer_threshold(
            await tunings.all(), version.id, reader
        )
        return TuneTarget(
            turn,
            serving,
            threshold=threshold or turn.thresholds.answer,
            now=clock,
            place=Place(tunings, version.id, reader, clock, by_hand=settings.answer_threshold),
            close=opening.pop_all(),
        )


async def _serving(
    library: Library, version: Version, database: Database, embedding: EmbeddingThread, folder: Path
) -> Serving:
    """The version as the server serves it, from the stored vectors, in a folder of its own."""
    articles = await library.articles(version.id)
    texts = await asyncio.to_thread(texts_of, articles)
    vectors = await vectors_for(database.engine, database.reader, embedding, texts)
    index = await asyncio.to_thread(
        VersionIndex.build,
        folder,
        "tuning",
        articles,
        vectors,
        ExactIndex(),
        embedder=embedding.name,
    )
    words = shipped_words() | words_of((await library.words(version.id)).values())
    withdrawn = await library.withdrawn()
    return Serving(str(version.id), index, withdrawn, words, slips=Slips(index, words))
