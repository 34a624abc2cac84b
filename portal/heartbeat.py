"""Whether the worker of the queue lives (SAFETY 6)."""

from datetime import timedelta

from portal.models import Heartbeat

WORKER = "worker"
LATE = timedelta(minutes=5)  # it beats every minute, and the queue may be half a minute late


def beat(*, now):
    """Write the worker's sign of life."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"beat_at": now})


def is_alive(*, now):
    """Has the worker given a sign of life lately?"""
    return Heartbeat.objects.filter(name=WORKER, beat_at__gt=now - LATE).exists()
