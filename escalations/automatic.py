"""Escalations that nobody asks for: a missed target escalates its case where the policy says so, once for each breach (SPEC 6, guide 360dialog).

The announcement of a breach writes a row in its own transaction (`note_breaches`), so that none is lost or made twice; `follow`, called after
each sweep, makes the escalations of these rows, each under the lock of its case, and withdraws those whose breach was undone by a late entry.
"""

import logging
from functools import partial

from django.db import transaction

from cases.actions.writing import recorded
from cases.models import Activity
from cases.timeline import Entry, Kind, locked
from sla.models import PolicyVersion
from sla.policies import rules_of

from .attempts import attempt
from .escalation_tellings import tell_deciders
from .models import Escalation

log = logging.getLogger(__name__)
State = Escalation.State
BATCH = 500


def note_breaches(clocks, *, now):
    """Keep, for the claimed clocks whose breach is announced now, that their cases are to be escalated. In the sweep's transaction."""
    versions = {clock.case.policy_version_id for clock in clocks}
    kinds = {version.pk: rules_of(version).escalation.automatic_on for version in _versions(versions)}
    due = [
        Escalation(
            case=clock.case,
            state=State.DUE,
            is_automatic=True,
            cause=clock.kind,
            cause_at=clock.next_effect_at,
            requested_at=now,
        )
        for clock in clocks
        if clock.kind in kinds[clock.case.policy_version_id]
    ]
    Escalation.objects.bulk_create(due, ignore_conflicts=True)


def _versions(keys):
    return PolicyVersion.objects.filter(pk__in=keys).defer("source", "rules")  # kept by `rules_of`


def follow(*, now):
    """Make what is due and withdraw what was undone. Safe to run twice and at once. Returns how many were made and withdrawn."""
    due = Escalation.objects.filter(state=State.DUE).order_by("cause_at", "pk")[:BATCH]
    made = sum(_finished(escalate_breach, escalation, now=now) for escalation in due)
    withdrawn = sum(_finished(withdraw_escalation, escalation, now=now) for escalation in _undone())
    return made, withdrawn


def _finished(act, escalation, *, now):
    """A case that cannot be escalated does not hold up the others; the next run tries again."""
    return (
        attempt(partial(act, escalation, now=now), log, "The automatic escalation %s could not be followed.", escalation.pk)
        is not None
    )


@transaction.atomic
def escalate_breach(escalation, *, now):
    """Escalate the case to the policy's first level; the clocks run on. Returns the activity.

    None, and the row goes, where there is nothing to escalate any more: the case is closed or escalated already, or the breach was undone.
    """
    case = locked(escalation.case)
    due = Escalation.objects.select_for_update().filter(pk=escalation.pk, state=State.DUE).first()
    if due is None:
        return None
    levels = rules_of(case.policy_version).escalation.levels
    if not levels or case.is_closed or case.escalations.active().exists() or _withdrawn_among([due]):
        due.delete()
        return None
    due.case, due.state, due.level_code, due.requested_at = case, State.REQUESTED, levels[0].code, now
    due.save(update_fields=["state", "level_code", "requested_at"])
    case.is_escalated = True
    data = {"escalation": due.pk, "kind": due.kind, "level": due.level_code, "automatic": True, "cause": due.cause}
    activity = recorded(case, Entry(Kind.ESCALATION_ASKED, data=data, by_portal=True), by=None, now=now)
    tell_deciders(activity, due, now=now)
    return activity


@transaction.atomic
def withdraw_escalation(escalation, *, now):
    """Withdraw an automatic escalation whose target, as a late entry shows, was not missed. Returns the activity, or None if it ended meanwhile."""
    case = locked(escalation.case)
    ended = Escalation.objects.active().filter(pk=escalation.pk).update(state=State.WITHDRAWN, resolved_at=now)
    if not ended:
        return None
    case.is_escalated = False
    data = {"escalation": escalation.pk, "kind": escalation.kind, "level": escalation.level_code}
    return recorded(case, Entry(Kind.ESCALATION_WITHDRAWN, data=data, by_portal=True), by=None, now=now)


def _undone():
    """The active automatic escalations whose breach was withdrawn since. Asks first for the few withdrawals since the oldest of them."""
    active = Escalation.objects.active().filter(is_automatic=True)
    oldest = active.order_by("requested_at").values_list("requested_at", flat=True).first()
    if oldest is None:
        return []
    withdrawals = Activity.objects.filter(kind=Kind.BREACH_WITHDRAWN, recorded_at__gte=oldest)
    return _withdrawn_among(list(active.filter(case__in=withdrawals.values("case"))))


def _withdrawn_among(escalations):
    withdrawals = Activity.objects.filter(kind=Kind.BREACH_WITHDRAWN, case__in=[one.case_id for one in escalations])
    undone = [(row.case_id, row.data["clock"], row.recorded_at) for row in withdrawals]
    return [
        one
        for one in escalations
        if any(case == one.case_id and clock == one.cause and at >= one.requested_at for case, clock, at in undone)
    ]
