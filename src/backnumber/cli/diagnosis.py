"""What `backnumber doctor` looks at. Each finding says what is so, and, where something must be done, what."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.checks import WARNING, run_checks

from backnumber import configuration
from backnumber.archive.models import Article, Issue
from backnumber.archive.storage import place, without_file
from backnumber.information import queries as information
from backnumber.mail import carrier
from backnumber.monitoring import findings
from backnumber.monitoring.findings import Finding
from backnumber.payments.stripe import examining
from backnumber.products.models import Price
from backnumber.products.queries import for_sale
from backnumber.readers.models import Reader


def diagnose(now: datetime) -> Iterator[Finding]:
    """Promise: every finding, one by one, the first ones the ones others rest on; a database that is away ends them.

    A look that fails is a finding too: what was found before it has been said.
    """
    yield from _settings()
    answers = True
    for finding in findings.look(now):
        answers = answers and (finding.name != "database_up" or finding.state != "wrong")
        yield finding
    for look in (
        (_static, _mail, _staff, _archive, _pictures, _newsstand, _payments, _information, _checks)
        if answers
        else (_static, _mail)
    ):
        yield from _looked(look)


def _looked(look: Callable[[], list[Finding]]) -> list[Finding]:
    found: list[Finding] = []
    failed = findings.looked(look.__name__, lambda: found.extend(look()))
    return [failed] if failed else found


def _settings() -> list[Finding]:
    if not configuration.is_production():
        return [
            Finding(
                "note",
                "Demo mode: the till takes no money.",
                "For a magazine of your own set BACKNUMBER_MODE=production.",
            )
        ]
    missing = [
        Finding("wrong", f"{s.name} is not set: {s.help}", f"Set {s.name}.") for s in configuration.missing()
    ]
    return missing or [Finding("ok", "Production mode; every required setting is set.")]


def _static() -> list[Finding]:
    if any(settings.STATIC_ROOT.glob("staticfiles.json")):
        return [Finding("ok", "The static files are built.")]
    return [Finding("wrong", "The static files are not built.", "Run `backnumber setup`.")]


def _mail() -> list[Finding]:
    url = configuration.value("SMTP_URL")
    if not url:
        return [
            Finding("note", "Mail is kept in the var folder (see /demo/post/).", "Set SMTP_URL to send it.")
        ]
    try:
        with carrier.connection(url):
            return [Finding("ok", "The mail server answers and lets us in.")]
    except (smtplib.SMTPException, OSError) as error:
        return [Finding("wrong", f"The mail server does not let us in: {error}", "Check SMTP_URL.")]


def _staff() -> list[Finding]:
    if Reader.objects.filter(is_superuser=True, is_active=True).exists():
        return [Finding("ok", "There is an administrator.")]
    return [Finding("wrong", "There is no administrator.", "Run `backnumber staff you@example.org`.")]


def _archive() -> list[Finding]:
    issues, articles = Issue.objects.filter(live=True).count(), Article.objects.filter(live=True).count()
    if not articles:
        return [
            Finding("note", "The archive is empty.", "Run `backnumber import --help`, or write in the admin.")
        ]
    return [Finding("ok", f"{articles:,} articles in {issues:,} issues are published.")]


def _pictures() -> list[Finding]:
    lost = without_file()
    if lost:
        named = ", ".join(f"{picture.pk} “{picture.title}” ({picture.file.name})" for picture in lost[:5])
        what = f"{len(lost)} pictures have no file in {place()}: {named}{' …' if len(lost) > 5 else ''}."
        do = (
            "Put the files back from a backup, or see BACKNUMBER_PICTURES: every machine must reach the same."
        )
        return [Finding("wrong", what, do)]
    return [Finding("ok", f"Every picture has its file in {place()}.")]


def _newsstand() -> list[Finding]:
    if for_sale():
        return [Finding("ok", f"{len(for_sale())} products are for sale.")]
    if settings.PAYMENTS == "none":
        return [Finding("ok", "Nothing is sold on the site, as BACKNUMBER_PAYMENTS says.")]
    return [
        Finding(
            "wrong",
            "Nothing is for sale: the gate has nothing to offer.",
            "Add products and prices in the admin.",
        )
    ]


def _payments() -> list[Finding]:
    """Whoever takes the money is asked whether they can, and whether they tell us."""
    if settings.PAYMENTS == "invoice" and not settings.INVOICE_BANK and not settings.INVOICE_CHEQUE:
        what = "Readers who pay on invoice are not told where to pay."
        return [Finding("note", what, "Set INVOICE_BANK or INVOICE_CHEQUE.")]
    if settings.PAYMENTS != "stripe":
        return []
    sold_in = Price.objects.filter(product__for_sale=True).values_list("currency", flat=True)
    return [Finding(seen.state, seen.what, seen.do) for seen in examining.examine(sold_in)]


def _information() -> list[Finding]:
    """In production somebody who pays has a right to read certain things first; the demo brings pages of its own."""
    if not configuration.is_production():
        return []
    said = missing_information()
    if not said:
        return [Finding("ok", "The pages of terms, privacy, refunds and contact are published.")]
    do = "Write them in the admin, under Information; docs/information-pages.md says how."
    return [Finding("wrong" if settings.PAYMENTS != "none" else "note", said, do)]


def missing_information() -> str:
    """Promise: a sentence that names the pages a publisher owes its buyers and has not published; empty when all are there."""
    missing = information.missing()
    return f"No page is published for: {', '.join(one.label.lower() for one in missing)}." if missing else ""


def _checks() -> list[Finding]:
    look: Callable[..., list] = run_checks  # type: ignore[type-arg]
    found = [
        m
        for m in look(include_deployment_checks=configuration.is_production())
        if m.level >= WARNING and not m.is_silenced()
    ]
    return [Finding("wrong", str(m.msg), m.hint or "") for m in found] or [
        Finding("ok", "Django's own checks find nothing.")
    ]
