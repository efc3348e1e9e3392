"""`kefu kb …`: the shop's knowledge from files to a published version."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from bot.commands import words
from bot.commands.running import open_library, run
from bot.commands.settings import read_settings
from bot.commands.tables import print_json, print_rows, show, table
from knowledge.article import ArticleId
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.brain import Brain
    from bot.settings import Settings
    from knowledge.head import ImportReport
    from knowledge.library import Library

app = typer.Typer(no_args_is_help=True, help="The shop's knowledge: import, publish, search.")
words.install(app)

Data = Annotated[Path | None, typer.Option("--data", help="Data folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command(
    "import",
    epilog="Example:  kefu kb import policies/ faq.xlsx   ·   then  kefu kb publish",
)
def import_(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Read Markdown, CSV, XLSX, JSONL, HTML, PDF and DOCX into articles, YAML into words.

    Publishes nothing.
    """
    for path in paths:
        if not path.exists():
            raise KnowledgeError(f"there is no file or folder {path}")
    settings = read_settings(data=data)

    async def work() -> list[ImportReport]:
        from bot.shop import load_shop

        zone = load_shop(settings.shop_file).zone
        async with open_library(settings) as library:
            return await import_paths(library, paths, zone=zone)

    reports = run(work())
    if as_json:
        print_json([_report_json(report) for report in reports])
    else:
        for report in reports:
            _print_report(report)
    if any(report.refused for report in reports):
        raise typer.Exit(2)


async def import_paths(
    library: Library, paths: Sequence[Path], *, zone: tzinfo
) -> list[ImportReport]:
    """Imports files and folders, with a progress bar."""
    from bot.commands.progress import bar
    from knowledge.importing import read

    reports = []
    for path in paths:
        with bar(f"importing {path.name}") as move:
            count = 0

            def seen(_: object, move: Any = move) -> None:
                nonlocal count
                count += 1
                move(count, count)

            reports.append(
                await library.import_articles(
                    read(path, zone=zone), folder=path if path.is_dir() else None, on_file=seen
                )
            )
    return reports


@app.command(epilog='Example:  kefu kb publish --note "new return policy"')
def publish(
    note: Annotated[str, typer.Option(help="Why, for the list of versions.")] = "",
    force: Annotated[bool, typer.Option(help="Also when nothing has changed.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Serve what has been imported, all at once."""
    _publish(read_settings(data=data), as_json, note=note, force=force)


@app.command(epilog="Example:  kefu kb rollback   ·   kefu kb rollback 3")
def rollback(
    version: Annotated[
        int | None, typer.Argument(help="Version; the one before if left out.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Serve an earlier version again."""
    _publish(read_settings(data=data), as_json, rollback=True, version=version)


def _publish(settings: Settings, as_json: bool, **what: Any) -> None:
    from bot.commands.progress import bar
    from bot.ownership import running_server

    server = running_server(settings.data)
    with bar("publishing") as move:
        if server is not None:
            from bot.remote import Remote

            version = Remote(server).publish(move, **what)
        else:

            async def work() -> int:
                from bot.commands.ask import own_brain
                from bot.control import published

                async with own_brain(settings) as brain:
                    return await published(brain, on_progress=move, **what)

            version = run(work())
    print_json({"version": version}) if as_json else typer.echo(f"Version {version} is served.")


@app.command(epilog="Example:  kefu kb versions")
def versions(data: Data = None, as_json: Json = False) -> None:
    """List the versions, newest first."""

    async def work() -> list[dict[str, Any]]:
        async with open_library(read_settings(data=data)) as library:
            return [
                {
                    "version": v.id,
                    "published": v.published,
                    "articles": v.articles,
                    "created_at": v.created_at.isoformat(timespec="seconds"),
                    "embedder": v.embedder,
                    "note": v.note,
                }
                for v in await library.versions()
            ]

    print_rows(run(work()), as_json, "No version yet: import something and `kefu kb publish`.")


@app.command("list", epilog="Example:  kefu kb list --category 退货")
def list_(
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    text: Annotated[str | None, typer.Option(help="Only articles with these words.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the imported articles."""

    async def work() -> list[dict[str, Any]]:
        async with open_library(read_settings(data=data)) as library:
            return [
                {
                    "id": item.article.id,
                    "title": item.article.title,
                    "category": item.article.category,
                    "language": item.article.language,
                    "withdrawn": item.withdrawn,
                    "file": item.source_file,
                }
                for item in await library.list_articles(category=category, text=text or "")
            ]

    print_rows(run(work()), as_json, "No articles yet: `kefu kb import PATH`.")


@app.command(epilog='Example:  kefu kb withdraw coupon-new --reason "wrong amount"')
def withdraw(
    article: Annotated[str, typer.Argument(help="Id of the article.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    data: Data = None,
) -> None:
    """Take one article out of every answer within five seconds."""
    _in_library(data, lambda library: library.withdraw(ArticleId(article), reason))
    typer.echo(f"{article} is withdrawn; `kefu kb restore {article}` brings it back.")


@app.command(epilog="Example:  kefu kb restore coupon-new")
def restore(
    article: Annotated[str, typer.Argument(help="Id of the article.")], data: Data = None
) -> None:
    """Use a withdrawn article again."""
    _in_library(data, lambda library: library.restore(ArticleId(article)))
    typer.echo(f"{article} is used again.")


@app.command(epilog='Example:  kefu kb search "满多少包邮"')
def search(
    text: Annotated[str, typer.Argument(help="A question.")],
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many hits.")] = 5,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what the bot would find, with the same search that it uses."""
    from bot.commands.ask import with_brain

    async def own(brain: Brain) -> dict[str, Any]:
        from bot.brain import system_clock
        from bot.control import searched

        return await searched(brain, text, limit=limit, at=system_clock())

    found = with_brain(
        read_settings(data=data),
        lambda remote: remote.search(text, limit),
        own,
    )
    if as_json:
        print_json(found)
        return
    typer.echo(
        f"confidence {found['confidence']:.3f} (answers from {found['threshold']:.3f}), "
        f"version {found['version']}"
    )
    print_rows(found["hits"], False, "Nothing found.")


def _in_library(data: Path | None, change: Callable[[Library], Awaitable[None]]) -> None:
    async def work() -> None:
        async with open_library(read_settings(data=data)) as library:
            await change(library)

    run(work())


def _report_json(report: ImportReport) -> list[dict[str, Any]]:
    return [
        {
            "file": row.shown,
            "added": len(row.added),
            "changed": len(row.changed),
            "unchanged": len(row.unchanged),
            "removed": len(row.removed),
            "refused": [{"where": r.where, "why": r.why} for r in row.refused],
            "withdrawn": list(row.withdrawn),
            "notes": [*row.notes, *([f"skipped: {row.skipped}"] if row.skipped else [])],
        }
        for row in report.files
    ]


def _print_report(report: ImportReport) -> None:
    made = table("file", "added", "changed", "unchanged", "removed", "refused")
    rows = _report_json(report)
    for row in rows:
        counts = [str(row[key]) for key in ("added", "changed", "unchanged", "removed")]
        made.add_row(Text(row["file"]), *counts, str(len(row["refused"])))
    show(made)
    for row in rows:
        for refusal in row["refused"]:
            typer.echo(f"refused: {row['file']}, {refusal['where']}: {refusal['why']}")
        for article in row["withdrawn"]:
            typer.echo(f"stays withdrawn: {article} (`kefu kb restore {article}`)")
        for note in row["notes"]:
            typer.echo(f"note: {row['file']}: {note}")
