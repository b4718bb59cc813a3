"""Somebody new finds where a change starts: each file that the record names is there, in the room it is said to be in."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = ROOT / "docs" / "decisions" / "016-where-twenty-changes-start.md"


def test_each_change_starts_in_a_file_of_its_room() -> None:
    rows = re.findall(r"^\| [^|]+ \| ([a-z.]+) \| `([^`]+)` \|$", RECORD.read_text(), re.MULTILINE)
    assert len(rows) == 20
    astray = [
        (room, file)
        for room, file in rows
        if not (ROOT / file).is_file() or not file.startswith(f"src/backnumber/{room.replace('.', '/')}/")
    ]
    assert not astray
