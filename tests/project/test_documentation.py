"""What is documented is so, and what is so is documented."""

import re
import tomllib
from itertools import chain
from pathlib import Path

from backnumber import configuration

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configure.md").read_text()
    assert configuration.SETTINGS
    assert not [
        s.name for s in configuration.SETTINGS.values() if f"`{s.name}`" not in text or s.help not in text
    ]


def test_every_documented_setting_exists() -> None:
    named = set(re.findall(r"^### `([A-Z_]+)`", (ROOT / "docs" / "configure.md").read_text(), re.MULTILINE))
    assert named == set(configuration.SETTINGS)


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{document.name}: {target}"
        for document in DOCUMENTS
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert len(DOCUMENTS) > 8
    assert not broken


def test_every_dependency_has_its_line() -> None:
    table = (ROOT / "docs" / "decisions" / "dependencies.md").read_text().lower()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [*project["project"]["dependencies"], *chain(*project["dependency-groups"].values())]
    wanted = [re.split(r"[\[<>=;]", line)[0].strip().lower() for line in declared]
    assert len(wanted) > 40
    assert not [
        name for name in wanted if name not in table and name.replace("psycopg", "psycopg 3") not in table
    ]


def test_the_lock_names_no_address() -> None:
    for name in ("run.txt", "test.txt"):
        text = (ROOT / "requirements" / name).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
