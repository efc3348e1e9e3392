"""`kefu doctor`: what is configured, what is reachable, what is wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from bot.commands.settings import read_settings
from bot.commands.tables import show, table
from bot.errors import BotError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.tuned import Tuned
    from knowledge.versions import Version
    from knowledge.word_list import WordList

# Seconds a new process may spend importing; `kefu ask` has three in all.
IMPORT_BUDGET_S = 2.0
_ON_THE_WAY = ("bot.cli", "sqlalchemy.ext.asyncio", "chromadb", "knowledge.use", "bot.kit")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `ok` None is neither good nor bad."""

    name: str
    ok: bool | None
    text: str


def install(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(epilog="Example:  kefu doctor --imports")(doctor)


def doctor(
    data: Annotated[Path | None, typer.Option("--data", help="Data folder.")] = None,
    imports: Annotated[
        bool, typer.Option("--imports", help="Also measure import times against their budget.")
    ] = False,
) -> None:
    """Say what is configured, what is reachable and what is wrong."""
    settings = read_settings(data=data)
    findings = asyncio.run(_findings(settings))
    if imports:
        findings += _imports()
    made = table("", "what", "finding")
    for row in findings:
        made.add_row({True: "✓", False: "✗", None: "·"}[row.ok], row.name, Text(row.text))
    show(made)
    if any(row.ok is False for row in findings):
        raise typer.Exit(3)


async def _findings(settings: Settings) -> list[Finding]:
    found = [_tried("data folder", lambda: str(settings.data_folder().resolve()))]
    found.append(_tried("shop file", lambda: _shop(settings)))
    if found[1].ok:
        found.append(_tried("outgoing policy", lambda: _policy(settings)))
        found += _hours(settings)
    if found[0].ok:
        found += await _database(settings)
        found.append(_server(settings))
    found += [_model(settings), *_tracing(settings), _orders(settings)]
    return found


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except (BotError, KnowledgeError) as error:
        return Finding(name, False, str(error))


def _shop(settings: Settings) -> str:
    from bot.shop import load_shop

    return f"{load_shop(settings.shop_file).name('zh-Hans')} ({settings.shop_file})"


def _hours(settings: Settings) -> list[Finding]:
    """What whoever keeps the hours should know, such as holidays that are not announced yet."""
    from bot.brain import system_clock
    from bot.shop import load_shop

    warnings = load_shop(settings.shop_file).group_hours.warnings(system_clock())
    return [Finding("service hours", None, text) for text in warnings]


def _policy(settings: Settings) -> str:
    from bot.shop import load_shop

    return load_shop(settings.shop_file).policy().summary()


async def _database(settings: Settings) -> list[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    from bot.brain import library_of, system_clock
    from bot.database import Database
    from bot.tuned import Tunings

    database = Database(settings.url)
    try:
        await database.check_schema()
        found = [Finding("database", True, database.engine.url.render_as_string())]
        library = library_of(settings, database, system_clock)
        version = await library.published()
        withdrawn = await library.withdrawn()
        words = await library.words(version.id) if version is not None else {}
        tuned = await Tunings(database, shop=settings.shop).all()
    except (BotError, SQLAlchemyError) as error:
        return [Finding("database", False, str(error))]
    finally:
        await database.aclose()
    if version is None:
        text = "nothing is published: `kefu kb import PATH`, then `kefu kb publish`"
        return [*found, Finding("knowledge", False, text)]
    text = f"version {version.id}, {version.articles} articles, embedder {version.embedder}"
    if withdrawn:
        text += f", {len(withdrawn)} withdrawn"
    found += [Finding("knowledge", True, text), _words(settings, words)]
    return [*found, _embedder(settings, version.embedder), _threshold(settings, tuned, version)]


def _threshold(settings: Settings, tuned: Sequence[Tuned], version: Version) -> Finding:
    from bot.brain import embedder_of
    from bot.finding import reader_name, reranker_name
    from bot.trail import Thresholds
    from bot.tuned import CONSERVATIVE, tuned_for

    name, fit = "threshold", "`kefu eval tune CASES... --write`"
    if settings.answer_threshold is not None:
        text = f"answers from {settings.answer_threshold:g}, set by KEFU_ANSWER_THRESHOLD"
        return Finding(name, None, text)
    if not tuned:
        text = f"answers from {Thresholds().answer:g}, as shipped; {fit} fits it to the shop"
        return Finding(name, None, text)
    reader = reader_name(embedder_of(settings).name, reranker_name(settings))
    fitted = tuned_for(tuned, version.id, reader)
    if fitted is not None:
        text = f"answers from {fitted.answer:g}, fitted to {fitted.questions} questions"
        return Finding(name, True, text)
    last = tuned[0]
    text = (
        f"answers from {CONSERVATIVE:g} to be careful: {last.answer:g} was fitted for version "
        f"{last.version} as {last.reader} reads it, and version {version.id} as {reader} reads it "
        f"is served; fit it again with {fit}"
    )
    return Finding(name, False, text)


def _words(settings: Settings, lists: Mapping[str, WordList]) -> Finding:
    from bot.shop import load_shop

    if lists:
        count = sum(len(each.words) for each in lists.values())
        return Finding("words", True, f"{count} of the shop's own (`kefu kb words`)")
    try:
        named = load_shop(settings.shop_file).words_file
    except BotError:
        named = None
    path = named or "PATH.yaml"
    text = f"none of the shop's own: `kefu kb import {path}`, then `kefu kb publish`"
    return Finding("words", None, text)


def _embedder(settings: Settings, published_with: str) -> Finding:
    from bot.brain import embedder_of

    name = embedder_of(settings).name
    if name == published_with:
        return Finding("embedder", True, name)
    text = f"{name}, but the published version was made with {published_with}: `kefu kb publish`"
    return Finding("embedder", False, text)


def _server(settings: Settings) -> Finding:
    from bot.ownership import running_server

    server = running_server(settings.data)
    if server is None:
        return Finding("server", None, "not running (`kefu serve`)")
    import httpx

    try:
        answer = httpx.get(f"{server.url}/healthz", timeout=5, trust_env=False)
        return Finding("server", answer.status_code == 200, f"{server.url} {answer.text}")
    except httpx.HTTPError as error:
        return Finding("server", False, f"{server.url} does not answer: {error!r}")


def _model(settings: Settings) -> Finding:
    if settings.llm_model is None:
        return Finding("language model", None, "none set: curated answers only (KEFU_LLM_MODEL)")
    if settings.llm_base_url is None:
        return Finding("language model", None, f"{settings.llm_model}, at its provider")
    import httpx

    try:
        # Any answer means that somebody is there; the key is tried by the first question.
        httpx.get(settings.llm_base_url, timeout=5, trust_env=False)
    except httpx.HTTPError as error:
        text = f"{settings.llm_model}: {settings.llm_base_url} does not answer ({error!r})"
        return Finding("language model", False, text)
    return Finding("language model", True, f"{settings.llm_model} at {settings.llm_base_url}")


_TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2")


def _tracing(settings: Settings) -> list[Finding]:
    """langchain sends whole conversations to a tracing service where these are switched on."""
    on = [name for name in _TRACING if os.environ.get(name, "").lower() == "true"]
    if settings.llm_model is None or not on:
        return []
    text = f"{', '.join(on)} sends what customers write to a tracing service; unset it"
    return [Finding("tracing", False, text)]


def _orders(settings: Settings) -> Finding:
    if settings.customers_file is None:
        return Finding("orders", None, "none set: questions about orders go to a person")
    there = settings.customers_file.is_file()
    return Finding("orders", there, str(settings.customers_file) + ("" if there else " is missing"))


def _imports() -> list[Finding]:
    """Each part in a new process, as a cold command would load it."""
    code = "import time; t=time.perf_counter(); import {}; print(time.perf_counter()-t)"
    found = []
    for module in _ON_THE_WAY:
        done = subprocess.run(
            [sys.executable, "-c", code.format(module)], capture_output=True, text=True, check=True
        )
        found.append(Finding(f"import {module}", None, f"{float(done.stdout):.2f} s"))
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import " + ", ".join(_ON_THE_WAY)], check=True)
    total = time.perf_counter() - started
    ok = total <= IMPORT_BUDGET_S
    found.append(Finding("imports in all", ok, f"{total:.2f} s of {IMPORT_BUDGET_S:.1f} s"))
    return found
