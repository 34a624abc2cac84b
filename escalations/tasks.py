"""Jobs of the queue: thin, each a wake-up for something that is safe to run twice."""

from django.utils import timezone

from .sweep import sweep


def sweep_due():
    """Announce what falls due."""
    sweep(now=timezone.now())
