"""Jobs of the queue: thin, each safe to run twice."""

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from escalations import automatic, reminders
from escalations.actions.restoration import finish_restorations
from escalations.actions.subscriptions import discard_unconfirmed
from escalations.sweep import sweep
from portal import heartbeat


def beat():
    """Say that the worker lives."""
    heartbeat.beat(now=timezone.now())


def clear_sessions():
    """Remove sessions that have ended."""
    call_command("clearsessions")


def sweep_due():
    """Announce what falls due by the database's clock, which all nodes share, and say that it was done (SAFETY 6)."""
    now = database_clock()
    sweep(now=now)
    automatic.follow(now=now)
    reminders.remind_due(now=now)
    finish_restorations(now=now)
    heartbeat.beat(heartbeat.SWEEP, now=now)


def database_clock():
    """The present moment as the database sees it; on SQLite the database is this machine."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def discard_unconfirmed_subscriptions():
    """Delete the subscriptions to the status page that nobody has confirmed."""
    discard_unconfirmed(now=timezone.now())
