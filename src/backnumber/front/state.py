"""What the front door must know besides pages, as a whole, when it begins and when it could not listen for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field

from backnumber.front.asking import Voided
from backnumber.pages.crawlers import Stances
from backnumber.pages.places import PlaceTable


@dataclass(frozen=True, slots=True)
class State:
    """`voided` holds what was taken back since the oldest pass that may still be about was issued."""

    voided: Voided = field(default_factory=Voided)
    places: PlaceTable = field(default_factory=PlaceTable)
    stances: Stances = field(default_factory=Stances)


Load = Callable[[], State]
