"""What is installed works by itself: a built wheel, far from the repository."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.bot.command_line import FREIGHT, REPOSITORY, Kefu, environment

# Without `-S`, a development install's .pth file would put the repository on the path again.
_BARE_PYTHON = (sys.executable, "-S")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the repository as it is."""
    out = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    [wheel] = out.glob("kefu-*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but the wheel's content."""
    target = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index")
    subprocess.run(
        [*pip, "--target", str(target), str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return target


@pytest.fixture
def kefu(installed: Path, tmp_path: Path) -> Kefu:
    """The installed command, run from yet another folder."""
    path = f"{installed}:{sysconfig.get_path('purelib')}"
    return Kefu(tmp_path / "data", {"PYTHONPATH": path}, (*_BARE_PYTHON, "-m", "bot.cli"))


@pytest.mark.parametrize(
    "needed",
    [
        "bot/wording.yaml",
        "bot/web/shop.html",
        "bot/web/desk.html",
        "bot/web/widget.js",
        "bot/sample/shop.yaml",
        "bot/sample/faq.xlsx",
        "bot/sample/policies/shipping.md",
        "bot/sample/cases/report-direct.yaml",
        "bot/signals_data/anger.npz",
        "bot/signals_data/domain.npz",
        "bot/orders/texts.yaml",
        "bot/migrations/env.py",
        "bot/migrations/script.py.mako",
        "bot/migrations/versions/0001_the_first_schema.py",
        "knowledge/weights/confidence.json",
        "knowledge/weights/fusion.json",
    ],
)
def test_the_wheel_brings_what_is_read_when_it_runs(wheel: Path, needed: str) -> None:
    assert needed in zipfile.ZipFile(wheel).namelist()


def test_the_wheel_brings_every_file_of_our_packages_and_nothing_else(wheel: Path) -> None:
    brought = set(zipfile.ZipFile(wheel).namelist())
    for package in ("bot", "knowledge", "handoff", "eval"):
        there = {
            path.relative_to(REPOSITORY).as_posix()
            for path in (REPOSITORY / package).rglob("*")
            if path.is_file()
            and "__pycache__" not in path.parts
            # Read when the weights are trained, never when they are used.
            and not path.is_relative_to(REPOSITORY / "knowledge/weights/questions")
        }
        assert there <= brought, f"missing: {sorted(there - brought)[:5]}"
    assert not [name for name in brought if name.startswith("knowledge/weights/questions")]
    tops = {name.split("/")[0].partition("-")[0] for name in brought}
    assert tops == {"bot", "knowledge", "handoff", "eval", "kefu"}
    assert not [name for name in brought if name.endswith((".pyc", ".db"))]


def test_the_wheel_installs_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        [name] = [n for n in content.namelist() if n.endswith(".dist-info/entry_points.txt")]
        assert "kefu = bot.cli:main" in content.read(name).decode()


def test_the_installed_command_answers_from_files_far_from_the_repository(
    kefu: Kefu, tmp_path: Path
) -> None:
    (tmp_path / "freight.md").write_text(FREIGHT, encoding="utf-8")
    assert kefu.good("--version").out.startswith("kefu ")
    kefu.good("kb", "import", "freight.md")
    assert kefu.json("kb", "publish") == {"version": 1}
    answer = kefu.json("ask", "运费多少")
    assert [source["article_id"] for source in answer["sources"]] == ["freight"]


def test_the_installed_command_is_the_one_that_ran(kefu: Kefu, installed: Path) -> None:
    code = "import sys, bot.cli; print(bot.cli.__file__); print(*sys.path, sep='\\n')"
    shown = subprocess.run(
        [*_BARE_PYTHON, "-c", code],
        env=kefu.environment(),
        cwd=kefu.data.parent,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout.splitlines()
    assert Path(shown[0]).is_relative_to(installed)
    assert str(REPOSITORY) not in shown
