"""Jobs of the queue: thin, each safe to run twice."""

from django.core.management import call_command
from django.utils import timezone

from portal import heartbeat


def beat():
    """Say that the worker lives."""
    heartbeat.beat(now=timezone.now())


def clear_sessions():
    """Remove sessions that have ended."""
    call_command("clearsessions")
