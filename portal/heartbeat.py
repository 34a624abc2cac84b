"""Whether the worker of the queue lives, and whether it sweeps (SAFETY 6)."""

from datetime import timedelta

from portal.models import Heartbeat

WORKER = "worker"
SWEEP = "sweep"
LATE = timedelta(minutes=5)  # it beats every minute, and the queue may be half a minute late
SWEEP_LATE = timedelta(minutes=3)  # three sweeps in a row did not happen: warnings and breaches are not announced


def beat(name=WORKER, *, now):
    """Write a sign of life of the worker, or of its sweep."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now})


def is_alive(*, now):
    """Has the worker given a sign of life lately?"""
    return Heartbeat.objects.filter(name=WORKER, beat_at__gt=now - LATE).exists()


def sweep_is_late(*, now):
    """Has nothing been swept for three minutes, or never? The care desk then says so."""
    return not Heartbeat.objects.filter(name=SWEEP, beat_at__gt=now - SWEEP_LATE).exists()
