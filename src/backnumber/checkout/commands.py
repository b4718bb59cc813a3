"""The commands of selling."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from backnumber.checkout import changing, comparing
from backnumber.money import Amount
from backnumber.payments import queries
from backnumber.payments.provider import ProviderUnavailable
from backnumber.products.models import Product, Region
from backnumber.products.queries import price_for
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import LIVING

NOTICE_DAYS = 30


def announce_price(
    product: Annotated[str, typer.Argument(help="The product’s code.")],
    begins: Annotated[
        datetime,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="Renewals on or after this day cost the new price."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say who would be written to; write to nobody.")
    ] = False,
) -> None:
    """Tell subscribers of a product that its price has changed, and from when they pay it.

    Change the price in the admin first. Who subscribed before keeps the old price until the day named here, which is at least thirty days
    away. Run again, it writes to nobody twice.
    """
    sold = Product.objects.filter(code=product, renews=True).prefetch_related("prices").first()
    if sold is None:
        raise typer.BadParameter(f"there is no product {product!r} that renews")
    now = timezone.now()
    day = begins.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if day < now + timedelta(days=NOTICE_DAYS):
        raise typer.BadParameter(
            f"--from must be at least {NOTICE_DAYS} days away, so that everybody is told in time"
        )
    told = 0
    for held in Subscription.objects.filter(product=sold, state__in=LIVING).select_related("reader"):
        price = price_for(sold, Region(held.region))
        if price is None or price.currency != held.currency:
            continue
        minor = sold.cost(price.minor, held.next_seats or held.seats)
        if minor == held.minor or (held.next_minor, held.next_from) == (minor, day) or held.next_product_id:
            continue
        told += 1
        if dry_run:
            typer.echo(f"{held.reader}: {held.amount}, {Amount(minor, price.currency)} from {day:%d %B %Y}")
        else:
            changing.announce_price(held, minor, day, now)
    typer.echo(f"{told} {'would be' if dry_run else 'were'} written to.")


def compare_payments(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what differs; mend nothing, write nothing down.")
    ] = False,
) -> None:
    """Compare the payment providers' books with ours, mend what can be mended, and list the rest. The worker does it every night.

    Exit code 1 when something differs that staff must see to, or a provider could not be asked.
    """
    now = timezone.now()
    asked = queries.providers_used()
    if not asked:
        typer.echo("No payment was begun yet: there is nothing to compare.")
        return
    if dry_run:
        raise typer.Exit(1 if _rehearse(asked, now) else 0)
    ran = comparing.compare_all(now, at_once=True)
    for one in ran:
        typer.echo(f"{one.provider}: {one.looked_at} payments looked at, {one.mended} differences mended.")
        if one.others:
            typer.echo(f"    {one.others} payments there are not the magazine's.")
    left_out = sorted(set(asked) - {one.provider for one in ran})
    for name in left_out:
        typer.echo(f"{name} could not be asked; the log says why. Run it again later.")
    open_ones = queries.differences_open()
    for differs in open_ones:
        typer.echo(f"{differs.provider} {differs.payment_key}: {differs.what}")
    raise typer.Exit(1 if open_ones or left_out else 0)


def _rehearse(asked: list[str], now: datetime) -> bool:
    """Whether anything was found that a comparison would not mend, or that could not be asked."""
    wrong = False
    for name in asked:
        try:
            for line in comparing.rehearse(name, now):
                wrong = wrong or not line.mended
                does = "would be mended" if line.mended else "for staff"
                typer.echo(f"{name} {line.payment_key}: {line.found.what} ({does})")
        except (ProviderUnavailable, LookupError, ImproperlyConfigured) as why:
            wrong = True
            typer.echo(f"{name} could not be asked: {why}")
    return wrong
