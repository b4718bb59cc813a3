"""The rooms and their layers: for imports by import-linter, for tables by the relations between models."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "backnumber"


def layers() -> list[set[str]]:
    """Highest first, as in pyproject.toml."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return [{room.strip() for room in line.split("|")} for line in contracts[0]["layers"]]


def level(room: str) -> int:
    return next(i for i, rooms in enumerate(reversed(layers())) if room in rooms)


WAGTAILS_OWN = {"uploaded_by_user", "locked_by"}  # its mixins bring them, through AUTH_USER_MODEL


def room_of(model: type[Model]) -> str:
    return model.__module__.split(".")[1]


def test_lower_rooms_never_import_higher_ones() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_relations_between_tables_go_down_too() -> None:
    relations = [
        (room_of(model), room_of(field.related_model), f"{model.__name__}.{field.name}")
        for model in apps.get_models()
        if model.__module__.startswith("backnumber.")
        for field in model._meta.get_fields()
        if field.name not in WAGTAILS_OWN
        if field.is_relation
        and field.concrete
        and field.related_model
        and field.related_model.__module__.startswith("backnumber.")
    ]
    assert len(relations) > 20
    wrong = [name for owner, other, name in relations if owner != other and level(owner) <= level(other)]
    assert not wrong


def test_every_room_says_what_it_is_for() -> None:
    silent = [p.parent.name for p in SOURCE.glob("*/__init__.py") if not p.read_text().startswith('"""')]
    assert not silent


def test_only_the_archive_reads_a_body() -> None:
    """The control: the archive itself does, so the pattern finds what it looks for."""
    reads = re.compile(r"\b(?:article|piece|one|row|instance|object|a)\.body\b(?!\s*=[^=])")
    found = {
        path.relative_to(SOURCE).parts[0]
        for path in SOURCE.rglob("*.py")
        if any(map(reads.search, path.read_text().splitlines()))
    }
    assert "archive" in found
    allowed = {"archive", "demo", "intake"}  # those two write bodies from files of their own
    assert found <= allowed


def test_only_the_rule_makes_a_decision() -> None:
    made = {
        str(p.relative_to(SOURCE))
        for p in SOURCE.rglob("*.py")
        if re.search(r"(?<!class )\bDecision\(", p.read_text())
    }
    assert made == {"access/rules.py"}
