"""Jobs of the queue: thin, each safe to run twice."""

from django.utils import timezone

from portal import heartbeat


def beat():
    """Say that the worker lives."""
    heartbeat.beat(now=timezone.now())
