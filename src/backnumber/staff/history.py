"""What happened with a reader, in one order of time. Rooms register what they know with the hook `register_reader_history`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from wagtail import hooks

from backnumber.readers.models import Reader

HOOK = "register_reader_history"


@dataclass(frozen=True, slots=True)
class Link:
    """Where something is done about it, by who has the permission; `posts`: by sending a form."""

    label: str
    address: str
    permission: str
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing, at its moment. `text` is a sentence or a name, `more` what there is to know besides."""

    at: datetime
    text: str
    more: str = ""
    address: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What one room tells: `kind` names it in the filter. `told` gives the latest of one person, who may have had other accounts that
    were merged into this one: all their numbers are handed over.
    """

    kind: str
    name: str
    permissions: tuple[str, ...]
    told: Callable[[Reader, Sequence[int]], list[Happening]]

    def is_for(self, who: Reader) -> bool:
        return any(who.has_perm(one) for one in self.permissions)


def histories(who: Reader) -> list[History]:
    """Promise: what `who` may see, in the order of registering; a room registers a list of them."""
    found = [one for fn in hooks.get_hooks(HOOK) for one in cast(list[History], fn())]
    return [one for one in found if one.is_for(who)]
