"""What the documents say is true: links lead somewhere, names exist, examples run."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
import yaml

from bot.cli import complete_app
from bot.reference import page
from bot.settings import Settings
from bot.shop import load_shop
from bot.vault import Vault
from handoff.group_hours import parse_group_hours
from knowledge.importing import read

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)|src=\"([^\":]+)\"", path.read_text("utf-8"))
    for target in filter(None, (a or b for a, b in targets)):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_variable_exists(path: Path) -> None:
    known = {f"KEFU_{name.upper()}" for name in Settings.model_fields} | {"KEFU_SCREENSHOTS"}
    assert set(re.findall(r"KEFU_[A-Z_]*[A-Z]", path.read_text("utf-8"))) <= known


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_command_exists_and_takes_its_options(path: Path) -> None:
    root = typer.main.get_command(complete_app())
    for line in re.findall(r"^\$ (?:\w+=\S+ )*kefu (.+)$", path.read_text("utf-8"), re.MULTILINE):
        words = shlex.split(line.split(" | ")[0].split(" > ")[0], comments=True)
        command, options = root, [w.split("=")[0] for w in words if w.startswith("--")]
        for word in words:
            if word in getattr(command, "commands", {}):
                command = command.commands[word]  # type: ignore[attr-defined]
        known = {o for parameter in command.params for o in parameter.opts} | {"--help"}
        assert set(options) <= known, line
        assert not hasattr(command, "commands"), f"{line}: no such command"


def test_the_reference_is_that_of_the_code() -> None:
    assert (ROOT / "docs" / "reference.md").read_text("utf-8") == page()


def test_the_markdown_example_is_an_article(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "knowledge.md").read_text("utf-8")
    [example] = re.findall(r"^````markdown\n(.*?)^````$", text, re.MULTILINE | re.DOTALL)
    (tmp_path / "policy.md").write_text(example, encoding="utf-8")
    [file] = read(tmp_path / "policy.md", zone=UTC)
    [article] = file.articles
    assert (article.id, len(article.variants), article.category) == ("return-7days", 2, "退货")


def test_the_snippet_for_signing_in_makes_a_token_that_the_server_takes() -> None:
    text = (ROOT / "docs" / "widget.md").read_text("utf-8")
    [snippet] = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}
    exec(snippet, names)  # the document's own example
    secret = "s" * 40
    token = names["identity"]("C1001", "林知夏", secret)  # type: ignore[operator]
    who = Vault("v" * 40, secret).identity(token, at=datetime.now(UTC) + timedelta(minutes=1))
    assert (who.customer_id, who.name) == ("C1001", "林知夏")


def test_the_likely_questions_of_the_sample_shop_name_articles_that_exist() -> None:
    path = ROOT / "bot" / "sample" / "shop.yaml"
    shop = load_shop(path)
    ids = {
        article.id
        for key in ("policies", "faq")
        for file in read(shop.folder / shop.paths[key], zone=shop.zone)
        for article in file.articles
    }
    pages = yaml.safe_load(path.read_text("utf-8"))["pages"]
    for kind in pages.values():
        for rows in kind["likely_questions"].values():
            assert {row["article"] for row in rows} <= ids


def test_what_the_deployment_sets_are_settings() -> None:
    compose = (ROOT / "docs" / "deploy" / "compose.yaml").read_text("utf-8")
    container = (ROOT / "docs" / "deploy" / "Containerfile").read_text("utf-8")
    named = {name.lower() for name in re.findall(r"KEFU_([A-Z_]+)", compose + container)}
    assert named
    assert named <= set(Settings.model_fields)


def test_the_hours_in_the_docs_are_read_as_they_say() -> None:
    text = (ROOT / "docs" / "desk.md").read_text("utf-8")
    [block] = re.findall(r"```yaml\n(time_zone:.*?)```", text, re.DOTALL)
    raw = yaml.safe_load(block)
    hours = parse_group_hours(raw, raw["groups"])
    moment = {
        # A Sunday at one in the morning is still Saturday's evening.
        "2026-11-29T01:00+08:00": True,
        "2026-11-30T12:30+08:00": False,
        "2026-11-11T03:00+08:00": True,
        "2026-12-31T10:00+08:00": False,
        # The National Day, and a Saturday worked for it.
        "2026-10-01T10:00+08:00": False,
        "2026-10-10T10:00+08:00": True,
    }
    assert {at: hours.shop.is_open(datetime.fromisoformat(at)) for at in moment} == moment
    assert hours.of("complaints").is_open(datetime.fromisoformat("2026-11-30T12:30+08:00"))
