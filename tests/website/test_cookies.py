"""A site reached by https gives its cookies names that a browser takes from no other host."""

import json
import os
import subprocess
import sys

import pytest

NAMES = """
import json
import django
django.setup()
from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest
from backnumber.institutions import views
from backnumber.edge.page import passes, tokens
from backnumber.prove import asking
from backnumber.readers import limits, middleware
request = HttpRequest()
request.session = {}
print(json.dumps({
    "session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME, "proof": asking.CSRF,
    "pass": passes.COOKIE, "reads": tokens.METER_COOKIE, "gift": tokens.GIFT_COOKIE, "place": views.COOKIE,
    "browser": limits.COOKIE, "signed_out": middleware.COOKIE,
    "messages": default_storage(request).storages[0].cookie_name,
    "secure": settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE,
}))
"""


def names_at(address: str) -> dict[str, str]:
    environ = {**os.environ, "BACKNUMBER_ADDRESS": address, "DJANGO_SETTINGS_MODULE": "backnumber.settings",
               "BACKNUMBER_MODE": "production", "BACKNUMBER_SECRET_KEY": "k" * 60,
               "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "BACKNUMBER_FROM_EMAIL": "a@example.org",
               "SMTP_URL": "smtp://localhost", "BACKNUMBER_HELP_EMAIL": "a@example.org"}  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-c", NAMES], env=environ, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    names: dict[str, str] = json.loads(answer.stdout)
    return names


def test_in_production_no_other_host_can_set_a_cookie_of_ours() -> None:
    names = names_at("https://archive.example.org")
    of_one_path = {names.pop("gift"), names.pop("signed_out")}  # a path forbids the other prefix
    assert names.pop("secure")
    assert all(name.startswith("__Host-") for name in names.values()), names
    assert all(name.startswith("__Secure-") for name in of_one_path)


@pytest.mark.parametrize("address", ["http://localhost:8000"])
def test_control_over_plain_http_a_browser_would_refuse_them(address: str) -> None:
    assert not any(str(name).startswith("__") for name in names_at(address).values())
