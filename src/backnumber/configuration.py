"""Every setting a publisher may change, declared once with its help text.

`settings.py` reads them; `backnumber doctor` and `docs/configure.md` show them; a test holds that all are documented.
It must not know Django.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

STRIPES_OWN = "https://api.stripe.com"
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
            "The mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465`; its certificate is verified. Unset in demo mode: mail is kept in the var folder.",
            secret=True,
            required_in_production=True,
        ),
        Setting(
            "BACKNUMBER_WEEKLY_BEGINS",
            "monday 00:00",
            "The day and time at which the week of a long read begins, by the publisher's time zone: `thursday 06:00`. Weeks that are picked already keep theirs.",
        ),
        Setting(
            "BACKNUMBER_BOUNCES_TO",
            "",
            "The mailbox to which weekly mails that cannot be delivered come back, `bounces@example.org`; it must take `bounces+…@example.org` too. Unset: they come back to the sender.",
        ),
        Setting(
            "BACKNUMBER_MAIL_EVENTS_SECRET",
            "",
            "Signs what is told at `/weekly/events/` of bounces and complaints, at least 32 characters. Unset: nothing is listened to there.",
            secret=True,
        ),
        Setting(
            "BACKNUMBER_WEEKLY_SENDERS",
            "2",
            "How many jobs hand the weekly mail over at once, each over a connection of its own to the mail server.",
        ),
        Setting(
            "BACKNUMBER_PAYMENTS",
            "till",
            "Who takes the money: `stripe`, `invoice` (bank transfer and cheque, entered by staff), `till` (the demo till; moves no money and refuses production) or `none` (nothing is sold on the site).",
        ),
        Setting(
            "TILL_SECRET",
            "",
            "Signs the demo till's webhooks. Unset in demo mode: derived from the secret key.",
            secret=True,
        ),
        Setting(
            "STRIPE_SECRET_KEY",
            "",
            "The secret key of your Stripe account, `sk_live_…` or `rk_live_…`. With `BACKNUMBER_PAYMENTS=stripe` nothing starts without it.",
            secret=True,
        ),
        Setting(
            "STRIPE_WEBHOOK_SECRET",
            "",
            "The signing secret of the webhook endpoint at Stripe, `whsec_…`; two with a comma between them while it is changed. With `BACKNUMBER_PAYMENTS=stripe` nothing starts without it.",
            secret=True,
        ),
        Setting(
            "STRIPE_API_BASE",
            "",
            "Where Stripe's API is asked, for a stand-in of it. Unset: `https://api.stripe.com`.",
        ),
        Setting(
            "BACKNUMBER_STRIPE_STANDIN",
            "",
            "`yes` allows a stand-in in STRIPE_API_BASE in production mode, for a rehearsal: it takes no money.",
        ),
        Setting(
            "INVOICE_BANK",
            "",
            "The account that bank transfers go to, as readers see it; `|` begins a new line.",
        ),
        Setting(
            "INVOICE_CHEQUE",
            "",
            "To whom cheques are made out and where they are sent, as readers see it; `|` begins a new line.",
        ),
        Setting(
            "BACKNUMBER_PICTURES",
            "",
            "Where the files of pictures lie: a folder, which every node must reach, or `s3://bucket/prefix` (with `?endpoint=https://…` for a service other than Amazon's; keys and region come from the usual AWS_ variables). Unset: `pictures` in the var folder.",
        ),
        Setting(
            "BACKNUMBER_LOG",
            "text",
            "How lines of the log are written: `text` or `json`.",
        ),
        Setting(
            "BACKNUMBER_METRICS_TOKEN",
            "",
            "The word that Prometheus must send as its bearer token to read `/metrics`, at least 16 characters. Unset: there are no figures.",
            secret=True,
        ),
        Setting(
            "BACKNUMBER_THREADS",
            "4",
            "Threads of each process for forms, accounts and the editors' desk; each holds one database connection. Readers' pages need none.",
        ),
        Setting(
            "BACKNUMBER_PAGES_MB",
            "64",
            "Megabytes of stored pages each process keeps in memory; the others wait in a file of its own in the var folder.",
        ),
        Setting(
            "BACKNUMBER_WITHOUT_DATABASE",
            "30",
            "Minutes for which stored pages are still sent while the database cannot be reached.",
        ),
        Setting(
            "BACKNUMBER_DEVICES",
            "5",
            "On how many devices a reader may be signed in at a time, 0 to 1000; one more, and the one used least recently is signed out. 0: any number.",
        ),
        Setting(
            "BACKNUMBER_TRUSTED_PROXIES",
            "",
            "Addresses of proxies, with commas, whose X-Forwarded-For and X-Forwarded-Proto are believed. Unset: none.",
        ),
        Setting(
            "BACKNUMBER_METER_NOBODY",
            "3",
            "How many different metered articles a browser without an account may open in a period, 0 to 64. 0: none.",
        ),
        Setting(
            "BACKNUMBER_METER_READERS",
            "5",
            "How many different metered articles a reader with an account may open in a period, 0 to 1000. 0: none.",
        ),
        Setting(
            "BACKNUMBER_METER_DAYS",
            "30",
            "How many days a metered article counts once it was opened, 1 to 366.",
        ),
        Setting(
            "BACKNUMBER_GIFTS",
            "10",
            "How many links a subscriber may make in a calendar month that let a friend read one article, 0 to 1000. 0: none.",
        ),
        Setting("BACKNUMBER_GIFT_DAYS", "14", "How many days such a link opens its article, 1 to 366."),
    )
}


def value(name: str) -> str:
    """Promise: the value of a declared setting. Errors: KeyError for an undeclared one."""
    return SETTINGS[name].read()


def whole_number(name: str, least: int = 0, most: int = 1_000_000) -> int:
    """Promise: the value of a declared setting that is a number. Errors: ValueError when it is none, too small or too large."""
    given = value(name)
    is_number = given.isascii() and given.isdecimal() and len(given) < 10
    if not is_number or not least <= int(given) <= most:
        raise ValueError(f"{name} is {given!r}; set it to a whole number from {least} to {most}.")
    return int(given)


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def day_and_time(name: str) -> tuple[int, time]:
    """Promise: the value of a declared setting like `thursday 06:00`; Monday is 0. Errors: ValueError when it is none."""
    given = value(name)
    day, _, at = given.lower().partition(" ")
    try:
        return DAYS.index(day), time.fromisoformat(at.strip())
    except ValueError:
        raise ValueError(f"{name} is {given!r}; set it to a day and a time, like `thursday 06:00`.") from None


def one_of(name: str, *choices: str) -> str:
    """Promise: the value of a declared setting, which is one of the choices. Errors: ValueError when it is none."""
    given = value(name)
    if given not in choices:
        raise ValueError(f"{name} is {given!r}; set it to {' or '.join(repr(choice) for choice in choices)}.")
    return given


def is_production() -> bool:
    """Errors: ValueError when BACKNUMBER_MODE is neither `demo` nor `production`: a typing mistake must not open the till."""
    return one_of("BACKNUMBER_MODE", "demo", "production") == "production"


def refuse_a_public_demo(address: str) -> None:
    """Errors: ValueError in demo mode at an address others can reach: the demo lets anybody be anybody, an administrator too."""
    host = urlsplit(address).hostname or ""
    if not is_production() and host not in LOCAL_HOSTS and not host.endswith(".localhost"):
        raise ValueError(
            f"BACKNUMBER_ADDRESS is {address}: set BACKNUMBER_MODE=production, for the demo lets anybody be anybody."
        )


def problems_of_stripe(
    *, key: str, webhook_secrets: list[str], base: str, production: bool, stand_in_is_allowed: bool
) -> list[tuple[str, str]]:
    """Promise: what is wrong with Stripe's settings, each with what to do: without them payments could be forged or lost."""
    found = []
    if not key.startswith(("sk_", "rk_")):
        found.append(("STRIPE_SECRET_KEY is no secret key of Stripe.", "Set it: docs/stripe.md."))
    if not webhook_secrets or not all(one.startswith("whsec_") for one in webhook_secrets):
        told = "STRIPE_WEBHOOK_SECRET is no signing secret: webhooks could be forged."
        found.append((told, "Set it: docs/stripe.md."))
    if production and base not in {"", STRIPES_OWN} and not stand_in_is_allowed:
        told = "STRIPE_API_BASE is not Stripe's: no money would be taken."
        found.append((told, "Unset it, or set BACKNUMBER_STRIPE_STANDIN to 'yes' for a rehearsal."))
    return found


def words_of(text: str) -> list[str]:
    """Promise: what stands between commas, without blanks."""
    return [one.strip() for one in text.split(",") if one.strip()]


def refuse_payments_that_could_be_forged() -> None:
    """Errors: ValueError when Stripe is to take the money and its settings are not right: nothing starts then."""
    if value("BACKNUMBER_PAYMENTS") != "stripe":
        return
    found = problems_of_stripe(
        key=value("STRIPE_SECRET_KEY"),
        webhook_secrets=words_of(value("STRIPE_WEBHOOK_SECRET")),
        base=value("STRIPE_API_BASE").rstrip("/"),
        production=is_production(),
        stand_in_is_allowed=value("BACKNUMBER_STRIPE_STANDIN") == "yes",
    )
    if found:
        raise ValueError(" ".join(f"{what} {do}" for what, do in found))


def var_folder() -> Path:
    """Promise: the absolute path of the var folder, which exists. Errors: ValueError when it cannot be made."""
    folder = Path(value("BACKNUMBER_VAR")).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"BACKNUMBER_VAR is {folder}, which cannot be made: {error.strerror}.") from error
    return folder


def missing() -> list[Setting]:
    """Promise: the settings production requires and that are not set; empty in demo mode."""
    if not is_production():
        return []
    return [s for s in SETTINGS.values() if s.required_in_production and not s.read({**os.environ})] + [
        s for s in SETTINGS.values() if s.required_in_production and s.default and s.name not in os.environ
    ]
