"""What the door must know besides pages, as a whole, when it begins and when it could not listen for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field

from backnumber.edge.door.credentials import Revocations
from backnumber.edge.page.crawlers import Stances
from backnumber.edge.page.places import PlaceTable


@dataclass(frozen=True, slots=True)
class State:
    """`revocations` holds what was taken back since the oldest pass that may still be about was issued."""

    revocations: Revocations = field(default_factory=Revocations)
    places: PlaceTable = field(default_factory=PlaceTable)
    stances: Stances = field(default_factory=Stances)


Load = Callable[[], State]
