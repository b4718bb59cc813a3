"""Reads the tables of a document: each row is an example that a test asks the programme for."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NONE = "−"
Row = tuple[str, ...]


def tables(document: str) -> dict[Row, list[Row]]:
    """Promise: every table of docs/`document`, its rows by its header."""
    found: dict[Row, list[Row]] = {}
    header: Row = ()
    for cells in _lines((ROOT / "docs" / document).read_text()):
        if not cells:
            header = ()
        elif not header:
            header = cells
            assert header not in found, header
            found[header] = []
        elif set("".join(cells)) != {"-"}:
            assert len(cells) == len(header), cells
            found[header].append(cells)
    return found


def _lines(text: str) -> Iterator[Row]:
    for line in text.splitlines():
        is_row = line.startswith("|")
        yield tuple(cell.strip() for cell in line.strip("|").split("|")) if is_row else ()


def minor(written: str) -> int:
    """Promise: "12.00" as 1200; nothing for a minus."""
    return 0 if written == NONE else int(written.replace(".", ""))


def share(written: str) -> int:
    """Promise: "25.5%" as 2550."""
    whole, _, part = written.rstrip("%").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))
