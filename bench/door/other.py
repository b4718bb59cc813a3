"""`python -m door.other module:application PORT`: another application, served with the options that `backnumber serve` gives ours.

The options are not written down a second time: our own command is run, with another target for its server.
"""

import sys
from typing import Any

from granian import Granian

from backnumber.cli import serving


def serving_another(_target: str, **options: Any) -> Any:
    return Granian(sys.argv[1], **options)


if __name__ == "__main__":
    setattr(serving, "Granian", serving_another)  # noqa: B010
    serving.run("127.0.0.1", int(sys.argv[2]), workers=1, threads=4)
