"""Django's mail backend that queues: a mail goes out only if the transaction that wrote it commits."""

import base64
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from backnumber.post import carrier
from backnumber.post.tasks import deliver


class QueuedBackend(BaseEmailBackend):
    """Each recipient list is kept beside the message, so that a Bcc never shows."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Promise: one job a message, in the caller's transaction."""
        for message in email_messages:
            recipients = message.recipients()
            if recipients:
                whole = base64.b64encode(carrier.as_sent(message)).decode()
                deliver.defer(sender=message.from_email, recipients=recipients, message=whole)
        return len(email_messages)
