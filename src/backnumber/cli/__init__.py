"""The `backnumber` command. This module only makes Django ready, where it is needed; the commands are in `commands.py`."""

import os
import sys
from importlib import import_module

WITHOUT_DJANGO = {"serve": "backnumber.cli.serving"}


def main() -> None:
    """Promise: runs one command. A wrong setting ends with a sentence that says what to set, not with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backnumber.settings")
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if named in WITHOUT_DJANGO:
            import_module(WITHOUT_DJANGO[named]).app(sys.argv[2:])
        import_module("django").setup()
    except ValueError as error:
        sys.exit(f"backnumber cannot start: {error}")
    import_module("backnumber.cli.commands").app()
