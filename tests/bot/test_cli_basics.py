"""What every command owes its user: help with an example, clear errors, honest exit codes."""

from __future__ import annotations

import socket
import sqlite3
from pathlib import Path

import pytest
import typer

from bot.cli import app
from tests.bot.command_line import FREIGHT, Kefu, KefuHere


@pytest.fixture
def kefu(tmp_path: Path) -> Kefu:
    return KefuHere(tmp_path / "data")


def commands() -> list[str]:
    """Every command of ours, as it is typed."""

    def below(group: typer.main.TyperGroup, path: str) -> list[str]:
        found = []
        for name, command in group.commands.items():
            typed = f"{path} {name}".strip()
            inner = isinstance(command, typer.main.TyperGroup)
            found += below(command, typed) if inner else [typed]  # type: ignore[arg-type]
        return found

    root = typer.main.get_command(app)
    assert isinstance(root, typer.main.TyperGroup)
    # The evaluation brings its own commands and its own tests.
    return [typed for typed in below(root, "") if not typed.startswith("eval")]


@pytest.mark.parametrize("command", commands())
def test_the_help_of_every_command_shows_an_example(kefu: Kefu, command: str) -> None:
    shown = kefu.good(*command.split(), "--help").out
    assert "Example" in shown
    assert f"kefu {command}" in shown


def test_help_says_where_to_start_without_touching_anything(tmp_path: Path) -> None:
    kefu = Kefu(tmp_path / "data")
    assert "kefu serve --demo" in kefu.good("--help").out
    assert not kefu.data.exists()


def test_the_version(kefu: Kefu) -> None:
    assert kefu.good("--version").out.startswith("kefu ")


def test_an_unknown_command_is_bad_usage(kefu: Kefu) -> None:
    assert kefu("sreve").code == 2


@pytest.mark.parametrize(
    "command",
    [
        ("kb", "list"),
        ("kb", "publish"),
        ("ask", "你好"),
        ("migrate",),
        ("admin", "list"),
        ("serve", "--port", "0"),
    ],
)
def test_a_data_folder_that_cannot_be_written_is_named_with_what_to_set(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("")
    runner = Kefu if command[0] == "serve" else KefuHere
    done = runner(tmp_path / "data")(*command, KEFU_DATA=str(tmp_path / "file" / "data"))
    assert done.code == 2
    assert "cannot be written" in done.words
    assert "KEFU_DATA" in done.words


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEFU_PORT", "eighty"),
        ("KEFU_PORT", "70000"),
        ("KEFU_PAUSE", "-1"),
        ("KEFU_WORKERS", "-1"),
        ("KEFU_ANSWER_THRESHOLD", "1.5"),
        ("KEFU_DATABASE_URL", "kefu.db"),
        ("KEFU_DATABASE_URL", "oracle+nothing://x"),
        ("KEFU_DATABASE_URL", "mysql://db/kefu"),
    ],
)
def test_a_setting_with_a_bad_value_is_named(kefu: Kefu, name: str, value: str) -> None:
    done = kefu("kb", "list", **{name: value})
    assert done.code == 2
    assert done.words.startswith(f"error: {name}: ")
    assert not kefu.data.exists()


@pytest.mark.parametrize("name", ["[draft].md", "[/draft].md"])
def test_a_name_with_brackets_is_said_as_it_is(kefu: Kefu, name: str) -> None:
    done = kefu("kb", "import", name)
    assert done.code == 2
    assert f"there is no file or folder {name}" in done.words


def test_a_shop_file_that_is_not_there_is_named(kefu: Kefu, tmp_path: Path) -> None:
    (tmp_path / "freight.md").write_text(FREIGHT, encoding="utf-8")
    done = kefu("kb", "import", tmp_path / "freight.md", KEFU_SHOP_FILE="no-shop.yaml")
    assert done.code == 2
    assert "no-shop.yaml" in done.words


def test_migrating_makes_a_database_and_may_be_repeated(kefu: Kefu) -> None:
    for _ in range(2):
        assert "up to date" in kefu.good("migrate").out
    assert kefu.good("kb", "versions").out.startswith("No version yet")


@pytest.mark.parametrize("command", [("kb", "versions"), ("admin", "list"), ("migrate",)])
def test_a_database_of_a_newer_kefu_is_refused_and_left_alone(
    kefu: Kefu, command: tuple[str, ...]
) -> None:
    kefu.good("migrate")
    with sqlite3.connect(kefu.data / "kefu.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = kefu(*command)
    assert done.code == 3
    assert "use the version of kefu that wrote it" in done.words
    with sqlite3.connect(kefu.data / "kefu.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_a_server_says_so_too(tmp_path: Path) -> None:
    kefu, here = Kefu(tmp_path / "data"), KefuHere(tmp_path / "data")
    here.good("migrate")
    with sqlite3.connect(kefu.data / "kefu.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = kefu("serve", "--port", "0")
    assert done.code == 3
    assert "use the version of kefu that wrote it" in done.words
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", [("kb", "list"), ("admin", "list"), ("migrate",)])
def test_a_file_that_is_no_database_is_said_to_be_none(
    kefu: Kefu, command: tuple[str, ...]
) -> None:
    kefu.data.mkdir()
    (kefu.data / "kefu.db").write_bytes(b"this was a database once" * 200)
    done = kefu(*command)
    assert done.code == 3
    assert "file is not a database" in done.words
    assert "KEFU_DATA" in done.words


def test_a_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = Kefu(tmp_path / "data")("serve", "--port", str(port))
    assert done.code == 3
    assert f"127.0.0.1:{port}" in done.words
    assert "--port" in done.words


def test_a_secret_that_is_too_short_is_named_before_anything_is_served(tmp_path: Path) -> None:
    done = Kefu(tmp_path / "data")("serve", "--port", "0", KEFU_SECRET="short")
    assert done.code == 2
    assert done.words.endswith("error: KEFU_SECRET must have at least 32 characters")


def test_doctor_says_what_an_empty_folder_lacks(kefu: Kefu) -> None:
    done = kefu("doctor")
    assert done.code == 3
    assert "✗  database" in done.out
    assert "`kefu migrate`" in done.out
    kefu.good("migrate")
    done = kefu("doctor")
    assert done.code == 3
    assert "✗  knowledge" in done.out
    assert "`kefu kb import PATH`" in done.out


def test_doctor_finds_nothing_wrong_with_a_published_shop(sample_data: Path) -> None:
    done = KefuHere(sample_data).good("doctor")
    assert "✗" not in done.out
    assert "version 1" in done.out


def test_doctor_names_a_model_that_does_not_answer(kefu: Kefu) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
    done = kefu("doctor", KEFU_LLM_MODEL="openai:any", KEFU_LLM_BASE_URL=url)
    assert done.code == 3
    assert f"{url} does not answer" in done.out


def test_accounts_are_made_listed_and_given_new_passwords(kefu: Kefu) -> None:
    typing = Kefu(kefu.data)
    twice = "long enough\nlong enough\n"
    typing.good("admin", "add", "mei@example.com", "--name", "小梅", "--role", "lead", typed=twice)
    assert kefu.good("admin", "list").out == "mei@example.com\t小梅\tlead\n"
    kefu.good("admin", "password", "mei@example.com", "--password", "another long one")

    again = kefu("admin", "add", "mei@example.com", "--name", "x", "--password", "long enough")
    assert (again.code, "already an account" in again.words) == (2, True)
    nobody = kefu("admin", "password", "li@example.com", "--password", "long enough")
    assert (nobody.code, "no account for li@example.com" in nobody.words) == (2, True)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (("--password", "short"), "at least 8 characters"),
        (("--password", "long enough", "--role", "boss"), "agent, lead, admin or auditor"),
    ],
)
def test_an_account_that_cannot_be_made(kefu: Kefu, wrong: tuple[str, ...], why: str) -> None:
    done = kefu("admin", "add", "mei@example.com", "--name", "小梅", *wrong)
    assert done.code == 2
    assert why in done.words
    assert kefu.good("admin", "list").out == ""


def test_doctor_warns_where_conversations_would_be_sent_to_a_tracing_service(
    sample_data: Path,
) -> None:
    done = KefuHere(sample_data)("doctor", KEFU_LLM_MODEL="any", LANGSMITH_TRACING="true")
    assert done.code == 3
    assert "LANGSMITH_TRACING" in done.out
