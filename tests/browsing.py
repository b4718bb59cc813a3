"""Which Chromium tests drive: the system's, else Playwright's own; where CI is set, its lack fails."""

import os
import shutil
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Error as BrowserError


def launch_options() -> dict[str, Any]:
    system = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return {"executable_path": system, "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


def lacking(error: BrowserError) -> NoReturn:
    """What to do when it could not be started."""
    if os.environ.get("CI"):
        raise error
    pytest.skip(
        f"no Chromium to drive: install it, or run `playwright install chromium` ({str(error).splitlines()[0]})"
    )
