"""Jobs of the queue: thin, each safe to run twice."""

import logging

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from escalations import automatic, clusters, reminders, waking
from escalations.actions.restoration import finish_restorations
from escalations.actions.subscriptions import discard_unconfirmed
from escalations.rca_delivery import deliver_documents
from escalations.rca_due import remind_of_documents
from escalations.sweep import sweep
from portal import heartbeat

log = logging.getLogger(__name__)


def beat():
    """Say that the worker lives."""
    heartbeat.beat(now=timezone.now())


def clear_sessions():
    """Remove sessions that have ended."""
    call_command("clearsessions")


# What falls due, in this order: breaches before the escalations that follow from them.
EVERY_MINUTE = (
    sweep,
    automatic.follow,
    reminders.remind_due,
    finish_restorations,
    deliver_documents,
    clusters.raise_candidates,
    remind_of_documents,
    waking.wake,
)


def sweep_due():
    """Do everything that falls due by the database's clock, which all nodes share, and say that it was done (SAFETY 6).

    What fails holds up nothing else; the alarm that nothing is announced is raised while anything fails.
    """
    now = database_clock()
    failed = [step for step in EVERY_MINUTE if not _done(step, now)]
    if not failed:
        heartbeat.beat(heartbeat.SWEEP, now=now)


def _done(step, now):
    try:
        step(now=now)
    except Exception:
        log.exception("%s failed; the next minute tries again.", step.__qualname__)
        return False
    return True


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
