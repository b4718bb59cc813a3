"""How much is measured, and what a part of the benchmark is given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from door.ground import Ground, lay


@dataclass(slots=True)
class Plan:
    """`sizes` are the archives' articles, the small one first; `rounds` of `seconds` each for every contender."""

    sizes: tuple[int, int, int] = (1_000, 10_000, 100_000)
    seconds: float = 2.0
    rounds: int = 7
    while_publishing: float = 20.0
    publishes: int = 20
    starts: int = 5
    _laid: dict[int, Ground] = field(default_factory=dict)

    def ground(self, size: int) -> Ground:
        """Promise: that archive, laid once a run."""
        if size not in self._laid:
            self._laid[size] = lay(size)
        return self._laid[size]

    def printed(self, size: int) -> Ground:
        """Promise: that archive with every article's page in the store."""
        ground = self.ground(size)
        ground.press(2, anew=False)
        return ground


Part = Callable[[Plan], str]
