"""What a new magazine needs before its first reader, in order, and what of it is done."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from backnumber import configuration
from backnumber.archive.models import Issue, Title
from backnumber.information import queries as information
from backnumber.invoices.queries import missing_of_seller
from backnumber.products.queries import for_sale
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class Step:
    """`how`: where it is done, or what to do where the admin cannot do it."""

    name: str
    how: str
    is_done: bool
    address: str = ""


def first_steps() -> tuple[Step, ...]:
    """Promise: every step, in order; nine queries at most."""
    missing = [purpose.label.lower() for purpose in information.missing()]
    lacking = missing_of_seller()
    return (
        Step(
            "The title", "Its name stands on every page.", Title.objects.exists(),
            reverse("wagtailsnippets_archive_title:add"),
        ),
        Step(
            "The first issue", "Put it together, publish it; or import an archive.", Issue.objects.filter(live=True).exists(),
            reverse("wagtailsnippets_archive_issue:add"),
        ),
        Step(
            "Something to buy", "A product that is for sale, with a price.", bool(for_sale()),
            reverse("wagtailsnippets_products_product:list"),
        ),
        Step(
            "Information pages", f"Still missing: {', '.join(missing)}." if missing else "Terms, privacy and the like.", not missing,
            reverse("wagtailsnippets_information_informationpage:list"),
        ),
        Step("Mail", "Set SMTP_URL to your mail server.", bool(configuration.value("SMTP_URL"))),
        Step("Payments", "Set PAYMENTS to how you are paid.", settings.PAYMENTS != "none"),
        Step(
            "Who sells", f"Invoices still lack: {', '.join(lacking)}." if lacking else "As invoices say it.", not lacking,
            reverse("invoices_seller"),
        ),
        Step(
            "The first of your staff", "Give somebody besides you an account and a role.",
            Reader.objects.filter(groups__isnull=False, is_active=True).exists(), reverse("wagtailusers_users:add"),
        ),
    )  # fmt: skip
