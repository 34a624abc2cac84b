"""Jobs of the queue: thin, each a wake-up for something that is safe to run twice."""

from django.utils import timezone

from . import outbox


def send_mail():
    """Send the mail that is due."""
    outbox.send_due(now=timezone.now())
