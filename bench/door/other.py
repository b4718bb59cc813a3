"""`python -m door.other module:application PORT`: another application, served with the options that `backnumber serve` gives ours.

The options are not written down a second time: our own command is run, with another target in its server's place.
"""

import sys
from typing import Any

from granian import Granian

from backnumber.cli import serving


class Other(Granian):
    def __init__(self, target: str, **options: Any) -> None:
        super().__init__(sys.argv[1], **options)


if __name__ == "__main__":
    serving.Granian = Other  # type: ignore[misc]
    serving.run("127.0.0.1", int(sys.argv[2]), workers=1, threads=4)
