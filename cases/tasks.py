"""Jobs of the queue: thin, each a wake-up for something that is safe to run twice."""

from django.utils import timezone

from . import actions, outbox


def send_mail():
    """Send the mail that is due."""
    outbox.send_due(now=timezone.now())


def scan_files():
    """Have uploaded files scanned for malware."""
    actions.scan_files(now=timezone.now())


def discard_old_drafts():
    """Delete drafts that nobody came back to."""
    actions.discard_old_drafts(now=timezone.now())
