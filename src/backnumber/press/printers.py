"""Who prints what: rooms above register a printer for each kind of page they show."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from backnumber.pages.printed import PrintedPage


@dataclass(frozen=True, slots=True)
class Printer:
    """`pattern` is what the addresses of this kind look like. `render` gives None for an address where no page stands;
    `render_some` leaves it out, and prints many more cheaply than one by one. It fails for all when it fails for one.
    """

    kind: str
    pattern: str
    render: Callable[[str, datetime], PrintedPage | None]
    addresses: Callable[[], Iterator[str]]
    render_some: Callable[[Sequence[str], datetime], Sequence[PrintedPage]] | None = None

    def print_some(self, addresses: Sequence[str], now: datetime) -> list[PrintedPage]:
        if self.render_some is not None:
            return list(self.render_some(addresses, now))
        return [page for address in addresses if (page := self.render(address, now))]


_printers: dict[str, Printer] = {}


def register(printer: Printer) -> None:
    """The first registered whose pattern fits an address prints it; a kind that is registered again is replaced."""
    _printers[printer.kind] = printer


def printers() -> tuple[Printer, ...]:
    return tuple(_printers.values())


def printer_of(address: str) -> Printer | None:
    return next((one for one in _printers.values() if re.fullmatch(one.pattern, address)), None)
