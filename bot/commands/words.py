"""`kefu kb words` and `kefu kb check`: what words mean, and what is wrong in the knowledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.running import open_library, run
from bot.commands.settings import read_settings
from bot.commands.tables import print_rows
from knowledge.errors import NothingPublished

if TYPE_CHECKING:
    from knowledge.article import Article
    from knowledge.word_list import WordList

Data = Annotated[Path | None, typer.Option("--data", help="Data folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_SHIPPED = "kefu"
_NONE = "The shop has no words of its own: `kefu kb import words.yaml`, then `kefu kb publish`."


def install(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(epilog="Examples:  kefu kb words   ·   kefu kb words --draft --json")(words)
    app.command(epilog="Example:  kefu kb check")(check)


def words(
    draft: Annotated[
        bool, typer.Option("--draft", help="What is imported, published or not.")
    ] = False,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Also the words that come with kefu.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the shop's words in force: what customers say, what it is read as, and where from."""

    async def work() -> list[dict[str, Any]]:
        async with open_library(read_settings(data=data)) as library:
            if draft:
                return _rows(await library.words(), shipped=shipped)
            version = await library.published()
            if version is None:
                raise NothingPublished(NothingPublished.__doc__)
            return _rows(await library.words(version.id), shipped=shipped)

    print_rows(run(work()), as_json, _NONE)


def _rows(lists: Mapping[str, WordList], *, shipped: bool) -> list[dict[str, Any]]:
    from knowledge.words import shipped_words, words_of

    own = words_of(lists.values())
    rows = [
        {
            "kind": each.kind.value,
            "word": each.word,
            "standard": each.standard,
            "product": each.product or "",
            "from": file,
        }
        for file, words in lists.items()
        for each in words.words
        # Where two files disagree, only one of them is in force.
        if own.standard_of.get(each.word, each.standard) == each.standard
        and (each.product is None or own.products_of[each.word] == each.product)
    ]
    if shipped:
        rows += [
            {"kind": "common", "word": word, "standard": meant, "product": "", "from": _SHIPPED}
            for word, meant in shipped_words().standard_of.items()
            if word not in own.standard_of
        ]
    return rows


def check(data: Data = None, as_json: Json = False) -> None:
    """Name articles that contradict each other or say the same twice, and words that mislead."""

    async def work() -> list[dict[str, Any]]:
        async with open_library(read_settings(data=data)) as library:
            articles = [item.article for item in await library.list_articles()]
            lists = await library.words()
        return [*_about_articles(articles), *_about_words(lists, articles)]

    rows = run(work())
    print_rows(rows, as_json, "Nothing found.")
    if rows:
        raise typer.Exit(1)


def _about_articles(articles: Sequence[Article]) -> Iterator[dict[str, Any]]:
    from knowledge.checks import contradictions, duplicates

    for each in contradictions(articles):
        what = f"{each.about}: {each.first_says} / {each.second_says}"
        yield {"kind": "contradiction", "articles": [each.first, each.second], "what": what}
    for twice in duplicates(articles):
        yield {"kind": "duplicate", "articles": list(twice.articles), "what": twice.question}


def _about_words(
    lists: Mapping[str, WordList], articles: Sequence[Article]
) -> Iterator[dict[str, Any]]:
    from knowledge.word_checks import ambiguities, chains, unheard

    def row(kind: str, what: str) -> dict[str, Any]:
        return {"kind": kind, "articles": [], "what": what}

    for each in ambiguities(lists):
        meanings = " / ".join(f"{meant} ({file})" for meant, file in each.meanings)
        yield row("ambiguous word", f"{each.word}: {meanings}; keep one")
    for chain in chains(lists):
        what = f"{chain.word} → {chain.standard} → {chain.further} ({chain.file})"
        yield row("chain of words", f"{what}; write {chain.further} for {chain.word}")
    for lost in unheard(lists, articles):
        what = f"{', '.join(lost.words)} → {lost.standard} ({lost.file})"
        yield row("unheard word", f"{what}: no article says {lost.standard}")
