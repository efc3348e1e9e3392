"""Settings: one place, clear names, nothing impossible."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.commands.settings import read_settings
from bot.errors import BadSettings
from bot.settings import Settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no `.env` of whoever runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"KEFU_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_customers_are_answered_on_this_machine_only() -> None:
    settings = Settings()
    assert (settings.host, settings.llm_model, settings.demo) == ("127.0.0.1", None, False)
    assert settings.url == "sqlite+aiosqlite:///.kefu/kefu.db"
    assert settings.shop_file.is_file()


def test_a_variable_wins_over_the_file_and_an_option_over_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("KEFU_PORT=1001\nKEFU_PAUSE=3\nOTHER=1\n")
    assert (read_settings().port, read_settings().pause) == (1001, 3)
    monkeypatch.setenv("KEFU_PORT", "1002")
    assert read_settings().port == 1002
    assert read_settings(port=1003, host=None).port == 1003


@pytest.mark.parametrize(
    "name",
    [
        "embedding_model",
        "llm_model",
        "llm_base_url",
        "database_url",
        "customers_file",
        "answer_threshold",
    ],
)
def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"KEFU_{name.upper()}", "")
    assert getattr(read_settings(), name) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "65536"),
        ("port", "-1"),
        ("pause", "31"),
        ("deadline", "0"),
        ("workers", "65"),
        ("workers", "two"),
        # A threshold of 0 would answer everything, one of 1 nothing.
        ("answer_threshold", "0"),
        ("answer_threshold", "1"),
        ("llm_timeout", "0"),
        ("demo", "perhaps"),
        ("database_url", "kefu.db"),
        ("database_url", "mysql://db/kefu"),
    ],
)
def test_an_impossible_value_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"KEFU_{name.upper()}", value)
    with pytest.raises(BadSettings, match=f"^KEFU_{name.upper()}: "):
        read_settings()


def test_every_bad_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_PORT", "x")
    monkeypatch.setenv("KEFU_WORKERS", "-1")
    with pytest.raises(BadSettings, match=r"KEFU_PORT.*; KEFU_WORKERS"):
        read_settings()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET", "IDENTITY_SECRET", "LLM_API_KEY"):
        monkeypatch.setenv(f"KEFU_{name}", f"very-{name}-value")
    assert "very-" not in repr(read_settings())
    assert "very-" not in str(read_settings().model_dump())


def test_the_data_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    folder = Settings(data=tmp_path / "a" / "b").data_folder()
    assert folder.stat().st_mode & 0o077 == 0
    assert list(folder.iterdir()) == []


def test_a_data_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadSettings, match=r"cannot be written.*set KEFU_DATA"):
        Settings(data=tmp_path / "file" / "data").data_folder()


def test_many_commands_may_look_at_the_data_folder_at_once(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    failed: list[BadSettings] = []

    def look() -> None:
        for _ in range(50):
            try:
                settings.data_folder()
            except BadSettings as error:
                failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
