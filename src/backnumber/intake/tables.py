"""Tables of HTML as rows of plain text, spans filled, and what stands in a table but in no cell. Knows no Django."""

from collections.abc import Callable, Iterator

from backnumber.intake.markup import Element, is_element

CELLS = frozenset({"td", "th"})
_FRAME = frozenset({"thead", "tbody", "tfoot", "tr"})
_EMPTY = frozenset({"colgroup", "col", "caption"})
WIDEST, TALLEST = 40, 200


def rows_of(table: Element) -> list[list[Element]]:
    """Promise: the cells of each row; cells that stand in no row make one."""
    return [row for row in _rows(table) if row]


def _rows(part: Element) -> Iterator[list[Element]]:
    without_row: list[Element] = []
    for child in part:
        if not is_element(child):
            continue
        if child.tag in CELLS:
            without_row.append(child)
        elif child.tag in _FRAME:
            yield without_row
            without_row = []
            yield from _rows(child)
    yield without_row


def stray(table: Element) -> list[Element | str]:
    """Promise: text and elements that stand in a table, but in no cell and no caption."""
    return list(_stray(table))


def _stray(part: Element) -> Iterator[Element | str]:
    yield part.text or ""
    for child in part:
        if is_element(child) and child.tag in _FRAME:
            yield from _stray(child)
        elif is_element(child) and child.tag not in CELLS | _EMPTY:
            yield child
        yield child.tail or ""


def table_rows(table: Element, cell_text: Callable[[Element], str]) -> tuple[tuple[str, ...], ...]:
    """Promise: the cells as plain text, each in its column: what a cell spans to the right or below it is empty. Rows are
    filled up to one length, empty rows left out.
    """
    rows: list[list[str]] = []
    hanging: dict[int, int] = {}
    for cells in rows_of(table):
        row: list[str] = []
        for cell in cells:
            _pass(row, hanging)
            across, down = _span(cell, "colspan", WIDEST), _span(cell, "rowspan", TALLEST)
            if down > 1:
                hanging.update(dict.fromkeys(range(len(row), len(row) + across), down))
            row += [cell_text(cell), *[""] * (across - 1)]
        _pass(row, hanging)
        hanging = {column: left - 1 for column, left in hanging.items() if left > 1}
        if any(row):
            rows.append(row)
    width = max(map(len, rows), default=0)
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _pass(row: list[str], hanging: dict[int, int]) -> None:
    """Columns that a cell of a row above fills are empty in this one."""
    while len(row) in hanging:
        row.append("")


def _span(cell: Element, name: str, most: int) -> int:
    try:
        return min(max(int(cell.get(name) or 1), 1), most)
    except ValueError:
        return 1


def is_layout(table: Element) -> bool:
    """Whether a table only arranges: it holds a table, or its one cell holds everything."""
    return bool(table.xpath(".//table")) or sum(cell.tag in CELLS for cell in table.iter()) <= 1
