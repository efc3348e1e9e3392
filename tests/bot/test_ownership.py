"""One process owns a data folder; the others find it through a small file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import DataFolderInUse
from bot.ownership import FolderLock, Server, announce, owning, running_server

SERVER = Server("http://127.0.0.1:8000", "token")


async def test_a_running_server_is_found_by_the_file_that_it_wrote(tmp_path: Path) -> None:
    assert running_server(tmp_path) is None
    async with owning(tmp_path):
        assert running_server(tmp_path) is None, "it has not said yet where it listens"
        announce(tmp_path, SERVER)
        assert running_server(tmp_path) == SERVER
    assert running_server(tmp_path) is None


async def test_the_token_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text("{}")
    announce(tmp_path, SERVER)
    assert (tmp_path / "server.json").stat().st_mode & 0o777 == 0o600


def test_what_a_crashed_server_left_is_ignored(tmp_path: Path) -> None:
    announce(tmp_path, SERVER)
    assert running_server(tmp_path) is None


async def test_what_a_crashed_server_left_does_not_send_commands_astray(tmp_path: Path) -> None:
    announce(tmp_path, SERVER)
    async with owning(tmp_path):
        # Another command, not a server, holds the folder now.
        assert running_server(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "7", '{"url": "http://127.0.0.1"}', "\udcff\udcfe"],
)
async def test_a_damaged_file_is_no_server(tmp_path: Path, text: str) -> None:
    async with owning(tmp_path):
        (tmp_path / "server.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        assert running_server(tmp_path) is None


async def test_a_folder_has_one_owner_at_a_time(tmp_path: Path) -> None:
    async with owning(tmp_path):
        announce(tmp_path, SERVER)
        assert FolderLock(tmp_path).taken()
        with pytest.raises(DataFolderInUse, match="set KEFU_DATA to another folder"):
            FolderLock(tmp_path).acquire()
        # The one who was refused has not disturbed the owner.
        assert running_server(tmp_path) == SERVER
    async with owning(tmp_path):
        assert FolderLock(tmp_path).taken()
    assert not FolderLock(tmp_path).taken()


async def test_a_failure_gives_the_folder_up(tmp_path: Path) -> None:
    async def fail() -> None:
        async with owning(tmp_path):
            announce(tmp_path, SERVER)
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert not FolderLock(tmp_path).taken()
    assert not (tmp_path / "server.json").exists()


def test_the_file_says_where_and_with_which_token(tmp_path: Path) -> None:
    announce(tmp_path, SERVER)
    written = json.loads((tmp_path / "server.json").read_text())
    assert written == {"url": SERVER.url, "token": SERVER.token}
