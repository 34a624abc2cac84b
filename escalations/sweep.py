"""What falls due now: warnings, breaches, missed promises, closing notices and closings; each exactly once (SPEC 5 "Sweep", SAFETY 6).

The stored clocks are asked one question: whose moment has come? An announcement is a conditional UPDATE whose notice is written in the same
transaction, so it happens once however many sweepers run, whoever is killed, and after hours of downtime; a breach is dated at its due time
whenever it is seen. Cost follows the number of due clocks.
"""

import logging
from collections import Counter
from functools import partial

from django.db import DatabaseError, connection, transaction
from django.db.models import Case as If
from django.db.models import F, Value, When

from cases.actions import end_silence, give_closing_notice
from cases.models import Case
from cases.notifications import tell_each, warn
from cases.timeline import Entry, Kind, announce
from sla.models import Clock

from .attempts import attempt
from .automatic import note_breaches

log = logging.getLogger(__name__)
Effect = Clock.Effect
State = Clock.State
BATCH = 500
BREACHES = (Effect.BREACH, Effect.PROMISE)
PROBE = f"SELECT 1 FROM {Clock._meta.db_table} WHERE next_effect_at <= %s ORDER BY next_effect_at LIMIT 1"


def sweep(*, now):
    """Announce everything that is due at `now` (the database's clock, read once by the caller). Returns a Counter of effects."""
    done = Counter()
    if not _is_anything_due(now):
        return done
    while batch := _warn(now):
        done[Effect.WARN] += batch
    while batch := _announce_breaches(now):
        done[Effect.BREACH] += batch
    for effect, act in ((Effect.NOTICE, give_closing_notice), (Effect.CLOSE, end_silence)):
        for case in _cases_with(effect, now):
            done[effect] += _acted(act, case, now)
    return done


def _is_anything_due(now):
    """One look into the index of next effects, before any lock: most sweeps find nothing (SPEED G7)."""
    with connection.cursor() as cursor:
        cursor.execute(PROBE, [connection.ops.adapt_datetimefield_value(now)])
        return cursor.fetchone() is not None


def _acted(act, case, now):
    """Close, or give notice. A case that cannot be closed does not hold up the others; the next run tries again."""
    return attempt(partial(act, case, now=now), log, "The sweep could not finish case %s.", case.number) is not None


def _due(now, effects):
    due = Clock.objects.filter(next_effect_at__lte=now, next_effect__in=effects)
    return due.exclude(next_effect_at=now) if effects == BREACHES else due  # an answer exactly at the due time still counts


def _claimed(now, effects):
    """A batch of due clocks, locked against other sweepers (SQLite's IMMEDIATE transaction locks them all)."""
    clocks = (
        _due(now, effects)
        .order_by("next_effect_at", "pk")
        .select_related("case")
        .only("kind", "due_at", "next_effect_at", "case__organization", "case__owner", "case__policy_version")
        .prefetch_related("case__organization", "case__owner")  # few of them, however many clocks
    )
    if connection.features.has_select_for_update_skip_locked:
        clocks = clocks.select_for_update(skip_locked=True, of=("self",))
    return list(clocks[:BATCH])


@transaction.atomic
def _announce_breaches(now):
    clocks = _claimed(now, BREACHES)
    moment = F("next_effect_at")
    state = When(state=State.RUNNING, then=Value(State.BREACHED))  # one that was met or stopped since keeps its state
    changes = {"announced_for": moment, "breached_at": moment, "state": If(state, default=F("state"))}
    _update(clocks, now, BREACHES, **changes, next_effect="", next_effect_at=None)
    tell_each(announce([(clock.case, _breach(clock)) for clock in clocks], now=now), now=now)
    note_breaches(clocks, now=now)
    return len(clocks)


def _breach(clock):
    data = {"clock": clock.kind, "due_at": clock.next_effect_at.isoformat()}
    return Entry(Kind.BREACHED, data=data, by_portal=True, occurred_at=clock.next_effect_at)


@transaction.atomic
def _warn(now):
    clocks = _claimed(now, (Effect.WARN,))
    _update(clocks, now, (Effect.WARN,), warned_for=F("due_at"), next_effect=Effect.BREACH, next_effect_at=F("due_at"))
    warn(
        [clock for clock in clocks if clock.due_at > now], now=now
    )  # after a downtime the breach is told, not the warning before it
    return len(clocks)


def _update(clocks, now, effects, **changes):
    """Take the batch by one conditional UPDATE: it counts only as a whole, or else the next run looks again."""
    if _due(now, effects).filter(pk__in=[clock.pk for clock in clocks]).update(**changes) != len(clocks):
        raise DatabaseError("Another sweeper announced part of this batch.")


def _cases_with(effect, now):
    return list(Case.objects.filter(pk__in=_due(now, (effect,)).values("case")).order_by("pk"))
