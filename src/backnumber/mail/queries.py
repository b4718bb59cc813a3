"""Reads of outgoing mail."""

from collections.abc import Iterable

from django.db.models import QuerySet

from backnumber.mail.models import Mail


def mail_to(address: str) -> "QuerySet[Mail]":
    """Promise: what waits for the address, went to it or was refused, oldest first."""
    return Mail.objects.filter(recipient__iexact=address).order_by("created_at", "id")


def references_refused(kind: str, references: Iterable[str]) -> list[str]:
    """Promise: those of the references whose mail of this kind was refused for good; one query."""
    refused = Mail.objects.filter(kind=kind, reference__in=list(references), state=Mail.State.REFUSED)
    return sorted(set(refused.values_list("reference", flat=True)))
