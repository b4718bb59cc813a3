"""Every setting a publisher may change, declared once with its help text.

`settings.py` reads them; `backnumber doctor` and `docs/configure.md` show them; a test holds that all are documented.
It must not know Django.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its value when unset, and what it is for."""

    name: str
    default: str
    help: str
    secret: bool = False
    required_in_production: bool = False

    def read(self, environ: Mapping[str, str] = os.environ) -> str:
        """Promise: the value set, stripped; else the default."""
        return environ.get(self.name, self.default).strip()


SETTINGS: dict[str, Setting] = {
    s.name: s
    for s in (
        Setting(
            "BACKNUMBER_MODE",
            "demo",
            "`demo` (everything embedded, a till that takes no money) or `production`.",
        ),
        Setting(
            "BACKNUMBER_VAR",
            "var",
            "The folder for what the installation writes: embedded database, pictures, search index, mail of the demo.",
        ),
        Setting(
            "DATABASE_URL",
            "",
            "A PostgreSQL 15+ server, `postgresql://user:password@host/name`. Unset: the embedded one.",
        ),
        Setting(
            "BACKNUMBER_SECRET_KEY",
            "",
            "At least 50 random characters that sign sessions and links. Unset in demo mode: one is kept in the var folder.",
            secret=True,
            required_in_production=True,
        ),
        Setting(
            "BACKNUMBER_OLD_SECRET_KEYS",
            "",
            "Former secret keys, with commas. What they signed stays good until it runs out: set the old key here when you change it, and remove it a month later.",
            secret=True,
        ),
        Setting(
            "BACKNUMBER_ADDRESS",
            "http://localhost:8000",
            "The public address of the site, without a slash at its end.",
            required_in_production=True,
        ),
        Setting("BACKNUMBER_NAME", "The Hourglass", "What the site calls itself."),
        Setting(
            "BACKNUMBER_HELP_EMAIL",
            "help@example.com",
            "Where readers write when something is wrong.",
            required_in_production=True,
        ),
        Setting(
            "BACKNUMBER_FROM_EMAIL",
            "The Hourglass <post@example.com>",
            "The sender of every mail.",
            required_in_production=True,
        ),
        Setting(
            "BACKNUMBER_TIME_ZONE", "Europe/London", "The publisher's time zone: weeks and days begin by it."
        ),
        Setting(
            "SMTP_URL",
            "",
            "The mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`. Unset in demo mode: mail is kept in the var folder.",
            secret=True,
            required_in_production=True,
        ),
        Setting(
            "BACKNUMBER_PAYMENTS",
            "till",
            "Who takes the money: `till` (the demo till; moves no money and refuses production) or `none` (nothing is sold on the site).",
        ),
        Setting(
            "TILL_SECRET",
            "",
            "Signs the demo till's webhooks. Unset in demo mode: derived from the secret key.",
            secret=True,
        ),
        Setting(
            "BACKNUMBER_TRUSTED_PROXIES",
            "",
            "Addresses of proxies, with commas, whose X-Forwarded-For and X-Forwarded-Proto are believed. Unset: none.",
        ),
    )
}


def value(name: str) -> str:
    """Promise: the value of a declared setting. Errors: KeyError for an undeclared one."""
    return SETTINGS[name].read()


def is_production() -> bool:
    """Errors: ValueError when BACKNUMBER_MODE is neither `demo` nor `production`: a typing mistake must not open the till."""
    mode = value("BACKNUMBER_MODE")
    if mode not in {"demo", "production"}:
        raise ValueError(f"BACKNUMBER_MODE is {mode!r}; set it to 'demo' or 'production'.")
    return mode == "production"


def refuse_a_public_demo(address: str) -> None:
    """Errors: ValueError in demo mode at an address others can reach: the demo lets anybody be anybody, an administrator too."""
    host = urlsplit(address).hostname or ""
    if not is_production() and host not in LOCAL_HOSTS and not host.endswith(".localhost"):
        raise ValueError(
            f"BACKNUMBER_ADDRESS is {address}: set BACKNUMBER_MODE=production, for the demo lets anybody be anybody."
        )


def var_folder() -> Path:
    """Promise: the absolute path of the var folder, which exists."""
    folder = Path(value("BACKNUMBER_VAR")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def missing() -> list[Setting]:
    """Promise: the settings production requires and that are not set; empty in demo mode."""
    if not is_production():
        return []
    return [s for s in SETTINGS.values() if s.required_in_production and not s.read({**os.environ})] + [
        s for s in SETTINGS.values() if s.required_in_production and s.default and s.name not in os.environ
    ]
