"""Django's mail backend that queues: a mail goes out only if the transaction that wrote it commits."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from backnumber.mail import service
from backnumber.mail.tasks import deliver_mail


class QueuedBackend(BaseEmailBackend):
    """A row for each recipient, and a job for each row that knows nothing but its number."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Promise: queued in the caller's transaction. Errors: ValueError for an attachment."""
        now = timezone.now()
        with transaction.atomic():
            for message in email_messages:
                for mail in service.queue(message, now):
                    deliver_mail.defer(mail=mail.pk)
        return len(email_messages)
