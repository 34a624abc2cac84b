"""Waking the people on call for severity 1, by mail and webhook, until somebody says "I am on it" (SPEC 2, 7; SAFETY 6).

Every minute the sweep raises a wake-up for each new severity-1 case and incident, and makes the calls that are due: the same person three
times, then the next one, round and round. A call is taken by one conditional UPDATE, with its mail in the same transaction; the webhook is
called by the worker afterwards, at least once, with an identifier that a repeat carries too.
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django_q.tasks import async_task

from cases.models import Case, User
from cases.models.cases import CRITICAL
from cases.timeline import INTERNAL, Entry, Kind, announce, locked

from .attempts import attempt
from .models import Incident, OnCallPerson, WakeUp
from .wake_up_mails import mail_person

log = logging.getLogger(__name__)
PAUSE = timedelta(minutes=5)  # between two calls
CALLS_EACH = 3  # of one person, before the next one is called
MOST_CALLS = 100  # about eight hours; then the care desk's home alone says so


def wake(*, now):
    """Raise and call what is due at `now`. Returns how many calls were made. To be called every minute, by any number of workers."""
    raise_wake_ups(now=now)
    due = WakeUp.objects.filter(next_call_at__lte=now, acknowledged_at=None)
    return sum(bool(_done(_call, key, now=now)) for key in due.order_by("next_call_at", "pk").values_list("pk", flat=True))


def raise_wake_ups(*, now):
    """A wake-up for each case and incident that has become severity 1; one for each time."""
    for case in Case.objects.filter(is_alarm_due=True).order_by("pk").only("pk"):
        _done(_raise_for_case, case, now=now)
    new = [WakeUp(incident=incident, raised_at=now, next_call_at=now) for incident in _incidents_to_wake_for()]
    WakeUp.objects.bulk_create(new, ignore_conflicts=True)


def _done(act, what, *, now):
    """One that fails does not hold up the others: the next minute tries again."""
    return attempt(partial(act, what, now=now), log, "Somebody on call could not be woken for %s.", what)


@transaction.atomic
def _raise_for_case(case, *, now):
    case = locked(case)
    if not case.is_alarm_due:  # another worker was faster
        return
    case.is_alarm_due = False
    case.save(update_fields=["is_alarm_due"])
    given_up = WakeUp.objects.filter(case=case, acknowledged_at=None, next_call_at=None)  # whose calls nobody took
    given_up.update(acknowledged_at=now)
    WakeUp.objects.bulk_create([WakeUp(case=case, raised_at=now, next_call_at=now)], ignore_conflicts=True)


def _incidents_to_wake_for():
    known = Q(state=Incident.State.CANDIDATE) | Q(state__in=Incident.ACTIVE)
    woken = WakeUp.objects.filter(incident=OuterRef("pk"))
    return Incident.objects.filter(known, severity_rank=CRITICAL).exclude(Exists(woken)).only("pk")


@transaction.atomic
def _call(key, *, now):
    """Make one call, unless another worker has made it or nobody need be woken any more. Returns whether somebody was called."""
    wake_up = WakeUp.objects.select_for_update(of=("self",)).select_related("case__organization", "incident").get(pk=key)
    if not _is_needed(wake_up):
        WakeUp.objects.filter(pk=key, acknowledged_at=None).update(acknowledged_at=now, next_call_at=None)
        return False
    person = next_person(wake_up)
    if not _taken(wake_up, person, now=now) or person is None:
        return False
    wake_up.calls += 1
    mail_person(wake_up, person.user, now=now)
    _tell_case(wake_up, person.user, "CALLED", now=now)
    if person.webhook_url:
        transaction.on_commit(lambda: async_task("escalations.tasks.call_webhook", key, person.pk, wake_up.calls, save=False))
    return True


def _taken(wake_up, person, *, now):
    """Count the call, once: whoever comes second finds another number of calls. Without anybody to call it is tried again later."""
    is_same = person and person.user_id == wake_up.person_id
    calls = wake_up.calls + (1 if person else 0)
    changes = {
        "person": person and person.user,
        "attempts": (wake_up.attempts + 1 if is_same else 1) if person else 0,
        "calls": calls,
        "next_call_at": now + PAUSE if calls < MOST_CALLS else None,
    }
    due = WakeUp.objects.filter(pk=wake_up.pk, calls=wake_up.calls, acknowledged_at=None, next_call_at__lte=now)
    return bool(due.update(**changes))


def _is_needed(wake_up):
    """Not where the case is closed or less severe by now, or somebody on call is at work on it; nor after the incident."""
    if wake_up.incident:
        return wake_up.incident.severity_rank == CRITICAL and (
            wake_up.incident.is_active or wake_up.incident.state == Incident.State.CANDIDATE
        )
    case = wake_up.case
    return not case.is_closed and case.severity_rank == CRITICAL and not _is_taken_up(case)


def _is_taken_up(case):
    """Has somebody on call worked on the case since it became severity 1? An analyst who took the customer's call wakes them all the same."""
    raised = case.activities.filter(kind=Kind.SEVERITY).order_by("pk").last()
    since = raised.recorded_at if raised else case.opened_at
    people = OnCallPerson.objects.on_call().values("user")
    return case.activities.filter(
        kind__in=(Kind.REPLY, Kind.CALL, Kind.INTERNAL_NOTE), actor__in=people, recorded_at__gte=since
    ).exists()


def next_person(wake_up):
    """Whom to call now: the same person up to three times, then the next of those who may see the case; None where nobody is on call."""
    people = people_on_call(wake_up.case)
    keys = [person.user_id for person in people]
    if wake_up.person_id not in keys:
        return people[0] if people else None
    place = keys.index(wake_up.person_id)
    return people[place if wake_up.attempts < CALLS_EACH else (place + 1) % len(people)]


def people_on_call(case=None):
    """Who is on call, in order; for a case only those cleared for its customer's support region."""
    people = OnCallPerson.objects.on_call().select_related("user")
    region = case and case.organization.support_region
    return [person for person in people if region is None or region in person.user.support_regions]


@transaction.atomic
def acknowledge(wake_up, *, by, now):
    """Somebody is on it: no more calls. Returns False where somebody else was first."""
    if not WakeUp.objects.filter(pk=wake_up.pk, acknowledged_at=None).update(
        acknowledged_at=now, acknowledged_by=by, next_call_at=None
    ):
        return False
    _tell_case(wake_up, by, "ACKNOWLEDGED", now=now)
    return True


def _tell_case(wake_up, person: User, state, *, now):
    """The care team reads in the case who was woken and who is on it."""
    if wake_up.case:
        entry = Entry(Kind.ON_CALL, data={"state": state, "name": person.name}, visibility=INTERNAL, by_portal=True)
        announce([(wake_up.case, entry)], now=now)
