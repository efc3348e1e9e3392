"""The composition root of a turn: the database, the knowledge and the models behind the bot."""

from __future__ import annotations

import asyncio
import importlib.util
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.budget import budget_of
from bot.database import Database
from bot.drafts import Drafts
from bot.errors import BadSettings
from bot.finding import second_look_of
from bot.own_orders import NoOrders, OwnOrders
from bot.policy import Policy
from bot.senses import load_senses
from bot.served import Served
from bot.settings import Settings
from bot.shop import Shop, load_shop
from bot.trail import Thresholds
from bot.tuned import Tunings
from bot.turn import Turn
from knowledge.library import Library
from knowledge.versions import VersionId

if TYPE_CHECKING:
    from bot.generation.writer import ChatWriter
    from bot.orders.sample import SampleOrders
    from knowledge.embedding import EmbeddingThread
    from knowledge.index import VersionIndex
    from knowledge.ports import Embedder, VectorIndex

Clock = Callable[[], datetime]
NewId = Callable[[], str]


def system_clock() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def random_id() -> str:
    """An unguessable id."""
    return uuid.uuid4().hex


@dataclass(slots=True)
class Brain:
    """What is needed to decide a turn: knowledge, models, orders."""

    library: Library
    embedding: EmbeddingThread
    vectors: VectorIndex
    folder: Path
    served: Served
    turn: Turn
    orders: OwnOrders
    customers: SampleOrders | None
    shop: Shop
    policy: Policy


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, of this code's schema; an empty one gets it."""
    settings.data_folder()
    database = database_of(settings)
    try:
        await database.prepare()
        yield database
    finally:
        await database.aclose()


def database_of(settings: Settings) -> Database:
    """The database, whatever its schema."""
    if settings.on_postgres and importlib.util.find_spec("asyncpg") is None:
        raise BadSettings("PostgreSQL needs its driver: pip install 'kefu[postgres]'")
    return Database(settings.url)


def orders_of(settings: Settings, shop: Shop) -> SampleOrders | None:
    """The shop's orders, where it has any to look at."""
    path = settings.customers_file
    if path is None and settings.demo and "customers" in shop.paths:
        path = shop.folder / shop.paths["customers"]
    if path is None:
        return None
    from bot.orders.sample import SampleOrders

    if "products" not in shop.paths:
        raise BadSettings(f"orders need the shop's products: add paths.products to {shop.folder}")
    return SampleOrders(path, shop.folder / shop.paths["products"])


def own_orders_of(book: SampleOrders | None, shop: Shop) -> OwnOrders:
    """What can be said about a customer's own orders: nothing where there is no book of them."""
    if book is None:
        return NoOrders()
    from bot.order_turn import OrderDesk

    return OrderDesk(book, book, zone=shop.zone)


def _thresholds(settings: Settings) -> Thresholds:
    if settings.answer_threshold is None:
        return Thresholds()
    return Thresholds().answering_from(settings.answer_threshold)


def _tunings(settings: Settings, database: Database) -> Tunings | None:
    """The fitted thresholds, unless the threshold is set by hand."""
    if settings.answer_threshold is not None:
        return None
    return Tunings(database, shop=settings.shop)


def writer_of(settings: Settings) -> ChatWriter | None:
    """The language model's writer, where a model is set."""
    if settings.llm_model is None:
        return None
    from bot.generation import writer

    return writer(settings)


def library_of(settings: Settings, database: Database, clock: Clock) -> Library:
    """The shop's knowledge; reading takes no write lock."""
    return Library(
        database.engine,
        shop=settings.shop,
        clock=clock,
        reader=database.reader,
        alone=database.alone,
    )


def embedder_of(settings: Settings) -> Embedder:
    """The embedder that knowledge is searched with."""
    if settings.embedding_model is not None:
        from knowledge.transformer import TransformerEmbedder

        return TransformerEmbedder(settings.embedding_model)
    return bundled_embedder(settings)


def bundled_embedder(settings: Settings) -> Embedder:
    """The embedder that ships with us; its vectors are what anger and subject are judged by."""
    from knowledge.use import UseEmbedder

    return UseEmbedder(settings.data / "cache")


def _vector_index(settings: Settings, *, for_one_question: bool) -> VectorIndex:
    from knowledge.dense import ChromaIndex, ExactIndex

    if settings.chroma_url is not None:
        return ChromaIndex.server(settings.chroma_url)
    return ExactIndex() if for_one_question else ChromaIndex(settings.data / "chroma")


@asynccontextmanager
async def open_brain(
    settings: Settings,
    database: Database,
    clock: Clock = system_clock,
    *,
    for_one_question: bool = False,
) -> AsyncIterator[Brain]:
    """Knowledge and models, loaded and ready; the caller holds the data folder's lock.

    For one question Chroma is not worth opening: its neighbours are computed exactly instead.
    """
    from knowledge.dense import ChromaIndex
    from knowledge.embedding import EmbeddingThread

    shop = load_shop(settings.shop_file)
    policy = shop.policy()
    embedding = EmbeddingThread(embedder_of(settings))
    # Anger and subject are judged by models trained on the bundled embedder's vectors.
    signals = EmbeddingThread(bundled_embedder(settings)) if settings.embedding_model else embedding
    vectors = _vector_index(settings, for_one_question=for_one_question)
    # Its weights load while the rest is read; the first customer should not wait for them.
    warming: list[asyncio.Future[object]] = [asyncio.ensure_future(embedding.embed_query("."))]
    second_look = second_look_of(settings)
    if second_look is not None:
        warming.append(asyncio.ensure_future(second_look.warm_up()))
        if for_one_question:
            await warming[-1]
    folder = settings.data / "index"

    async def load(version: VersionId) -> VersionIndex:
        return await library.load(version, embedding, vectors, folder)

    library = library_of(settings, database, clock)
    orders = orders_of(settings, shop)
    order_desk = own_orders_of(orders, shop)
    author = writer_of(settings)
    turn = Turn(
        embedding=embedding,
        signals_embedding=None if signals is embedding else signals,
        senses=load_senses(),
        orders=order_desk,
        drafts=Drafts(author, policy, budget_of(settings)),
        shop_name=shop.name,
        thresholds=_thresholds(settings),
    )
    try:
        yield Brain(
            library=library,
            embedding=embedding,
            vectors=vectors,
            folder=folder,
            served=Served(library, load, _tunings(settings, database), second_look),
            turn=turn,
            orders=order_desk,
            customers=orders,
            shop=shop,
            policy=policy,
        )
    finally:
        await asyncio.wait(warming)
        if author is not None:
            await author.aclose()
        await asyncio.to_thread(embedding.close)
        await asyncio.to_thread(signals.close)
        if second_look is not None:
            await asyncio.to_thread(second_look.close)
        if isinstance(vectors, ChromaIndex):
            await asyncio.to_thread(vectors.close)
