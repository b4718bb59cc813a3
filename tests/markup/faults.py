"""What a checker found, and what of it is allowed: a table, with a reason in each line."""

import re
from dataclasses import dataclass

from tests.states.everywhere import ADMIN


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule`: its name, or with the W3C checker what it says. `element`: a selector, or a piece of the page."""

    checker: str
    state: str
    rule: str
    element: str
    says: str = ""

    def __str__(self) -> str:
        return f"{self.checker}: {self.rule} {self.element!r} {self.says[:300]}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A fault that stays: of this checker, its rule and its element matching, in the admin unless said otherwise. `is_late`: it is
    made by a script that may not have run when the page was read.
    """

    checker: str
    rule: str
    element: str
    why: str
    within: str = ADMIN
    is_late: bool = False

    def covers(self, fault: Fault) -> bool:
        return (
            fault.checker == self.checker
            and fault.state.startswith(self.within)
            and re.search(self.rule, fault.rule) is not None
            and re.search(self.element, fault.element) is not None
        )
