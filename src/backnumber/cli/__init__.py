"""The `backnumber` command. This module only makes Django ready, where it is needed; the commands are in `commands.py`."""

import os
import sys
from importlib import import_module
from importlib.metadata import version

WITHOUT_DJANGO = {"serve": "backnumber.cli.serving", "chronology read": "backnumber.cli.chronology"}


def main() -> None:
    """Promise: runs one command. A wrong setting, a database that is away or not set up, a full disk end with a sentence that
    says what to do, not with a traceback.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backnumber.settings")
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    if named in {"--version", "-V"}:
        print(f"backnumber {version('backnumber')}")
        return
    try:
        _make_ready(named)
        import_module("backnumber.cli.commands").app()
    except Exception as error:
        if sentence := import_module("backnumber.cli.failing").explained(error):
            sys.exit(f"{' '.join(['backnumber', named]).strip()}: {sentence}")
        raise


def _make_ready(named: str) -> None:
    try:
        for words in (named, " ".join(sys.argv[1:3])):
            if words in WITHOUT_DJANGO:
                import_module(WITHOUT_DJANGO[words]).app(sys.argv[2:], prog_name=f"backnumber {named}")
        import_module("django").setup()
    except ValueError as error:
        sys.exit(f"backnumber cannot start: {error}")
