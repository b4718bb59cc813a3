"""How much is measured, and what a part of the benchmark is given."""

from collections.abc import Callable
from dataclasses import dataclass, field

from door.site import BenchSite, lay


@dataclass(slots=True)
class Plan:
    """`sizes` are the archives' articles, the small one first; `rounds` of `seconds` each for every contender."""

    sizes: tuple[int, int, int] = (1_000, 10_000, 100_000)
    seconds: float = 2.0
    rounds: int = 7
    while_publishing: float = 20.0
    publishes: int = 20
    starts: int = 5
    _laid: dict[int, BenchSite] = field(default_factory=dict)

    def site(self, size: int) -> BenchSite:
        """Promise: that archive, laid once a run."""
        if size not in self._laid:
            self._laid[size] = lay(size)
        return self._laid[size]

    def rendered(self, size: int) -> BenchSite:
        """Promise: that archive with every article's page in the store."""
        site = self.site(size)
        site.render(2, anew=False)
        return site


Part = Callable[[Plan], str]
