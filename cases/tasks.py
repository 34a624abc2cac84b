"""Jobs of the queue: thin, each a wake-up for something that is safe to run twice."""

from django.utils import timezone

from . import actions, outbox
from .models import OutboxMessage


def send_mail():
    """Send the mail that is due; where it was more than a batch, the next batch follows at once."""
    now = timezone.now()
    outbox.send_due(now=now)
    if OutboxMessage.objects.due(now).exists():
        outbox.wake_sender()


def scan_files():
    """Have uploaded files scanned for malware."""
    actions.scan_files(now=timezone.now())


def discard_old_drafts():
    """Delete drafts that nobody came back to."""
    actions.discard_old_drafts(now=timezone.now())
