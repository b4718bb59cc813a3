"""Reads of outgoing mail."""

from django.db.models import QuerySet

from backnumber.mail.models import Mail


def mail_to(address: str) -> "QuerySet[Mail]":
    """Promise: what waits for the address, went to it or was refused, oldest first."""
    return Mail.objects.filter(recipient__iexact=address).order_by("created_at", "id")
