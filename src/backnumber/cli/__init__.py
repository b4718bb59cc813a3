"""The `backnumber` command. This module only makes Django ready; the commands are in `commands.py`."""

import os
import sys
from importlib import import_module

import django


def main() -> None:
    """Promise: runs one command. A wrong setting ends with a sentence that says what to set, not with a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backnumber.settings")
    try:
        django.setup()
    except ValueError as error:
        sys.exit(f"backnumber cannot start: {error}")
    import_module("backnumber.cli.commands").app()
