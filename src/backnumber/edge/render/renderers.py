"""Who renders what: rooms above register a renderer for each kind of page they show."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from backnumber.edge.page.stored import StoredPage


@dataclass(frozen=True, slots=True)
class Renderer:
    """`pattern` is what the addresses of this kind look like. `render` gives None for an address where no page stands;
    `render_some` leaves it out, and renders many more cheaply than one by one. It fails for all when it fails for one.
    """

    kind: str
    pattern: str
    render: Callable[[str, datetime], StoredPage | None]
    addresses: Callable[[], Iterator[str]]
    render_some: Callable[[Sequence[str], datetime], Sequence[StoredPage]] | None = None

    def pages_at(self, addresses: Sequence[str], now: datetime) -> list[StoredPage]:
        if self.render_some is not None:
            return list(self.render_some(addresses, now))
        return [page for address in addresses if (page := self.render(address, now))]


_renderers: dict[str, Renderer] = {}


def register(renderer: Renderer) -> None:
    """The first registered whose pattern fits an address renders it; a kind that is registered again is replaced."""
    _renderers[renderer.kind] = renderer


def renderers() -> tuple[Renderer, ...]:
    return tuple(_renderers.values())


def renderer_of(address: str) -> Renderer | None:
    return next((one for one in _renderers.values() if re.fullmatch(one.pattern, address)), None)
