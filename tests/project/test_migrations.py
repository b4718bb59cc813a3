"""Migrations are one a room from empty; from there on they only grow, each with a test from the one before, with data in it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MIGRATION = re.compile(r"(\d{4})_\w+")


def migrations() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "src" / "backnumber").rglob("migrations/[0-9]*.py")):
        found.setdefault(path.parent.parent.relative_to(ROOT / "src").as_posix(), []).append(path.stem)
    return found


def untested(found: dict[str, list[str]], tests: str) -> list[str]:
    return [f"{room}: {name}" for room, names in found.items() for name in names[1:] if name not in tests]


def test_every_room_begins_with_one_migration_and_each_later_one_has_a_test() -> None:
    found = migrations()
    assert len(found) > 15
    assert all(MIGRATION.fullmatch(name) and int(name[:4]) == number for names in found.values() for number, name in enumerate(names, 1))  # fmt: skip
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    assert not untested(found, tests)


def test_a_migration_without_a_test_is_noticed() -> None:
    """The control."""
    assert untested({"backnumber/archive": ["0001_initial", "0002_more"]}, "") == [
        "backnumber/archive: 0002_more"
    ]
