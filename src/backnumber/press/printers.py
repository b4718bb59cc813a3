"""Who prints what: rooms above register a printer for each kind of page they show."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from backnumber.pages.printed import PrintedPage


@dataclass(frozen=True, slots=True)
class Printer:
    """`pattern` is what the addresses of this kind look like. `render` gives None for an address where no page stands."""

    kind: str
    pattern: str
    render: Callable[[str, datetime], PrintedPage | None]
    addresses: Callable[[], Iterator[str]]


_printers: dict[str, Printer] = {}


def register(printer: Printer) -> None:
    """The first registered whose pattern fits an address prints it; a kind that is registered again is replaced."""
    _printers[printer.kind] = printer


def printers() -> tuple[Printer, ...]:
    return tuple(_printers.values())


def printer_of(address: str) -> Printer | None:
    return next((one for one in _printers.values() if re.fullmatch(one.pattern, address)), None)
