"""What the portal does by itself when a customer stays silent (SPEC 5 "Closing"). Called by the sweep, safe to call twice."""

from datetime import timedelta

from django.db import transaction

from sla.case_facts import AWAITING_CUSTOMER
from sla.clock_rules import CLOSING
from sla.models import Clock
from sla.policies import rules_of

from ..timeline import INTERNAL, Entry, Kind, locked
from .follow_up import open_rca_follow_up
from .writing import recorded


@transaction.atomic
def give_closing_notice(case, *, now):
    """Tell the customer when the case will be closed, or will be subject to closure. Returns the activity, or None if it is not due."""
    case = locked(case)
    clock = _due(case, Clock.Effect.NOTICE, now=now)
    if clock is None:
        return None
    Clock.objects.filter(pk=clock.pk).update(noticed_at=now)
    data = {"closes_at": _closes_at(clock, case, now=now).isoformat(), "cause": clock.target_code}
    return recorded(case, Entry(Kind.CLOSING_NOTICE, data=data, by_portal=True), by=None, now=now)


@transaction.atomic
def end_silence(case, *, now):
    """Close the case at the end of its countdown, dated at the deadline; or say that its owner may close it, as the policy has it.

    Whatever was recorded first wins: a reply, *keep open* or a new wait has already moved the countdown. Returns the activity or None.
    """
    case = locked(case)
    clock = _due(case, Clock.Effect.CLOSE, now=now)
    if clock is None:
        return None
    data = {"cause": f"auto_close_{clock.target_code}"}
    if _rule(case, clock).closes:
        closed = recorded(case, Entry(Kind.CLOSED, data=data, by_portal=True, occurred_at=clock.due_at), by=None, now=now)
        open_rca_follow_up(case, now=now)
        return closed
    Clock.objects.filter(pk=clock.pk).update(announced_for=clock.due_at)
    entry = Entry(Kind.SUBJECT_TO_CLOSURE, data=data, by_portal=True, occurred_at=clock.due_at, visibility=INTERNAL)
    return recorded(case, entry, by=None, now=now)


def _due(case, effect, *, now):
    return Clock.objects.select_for_update().filter(case=case, kind=CLOSING, next_effect=effect, next_effect_at__lte=now).first()


def _rule(case, clock):
    rules = rules_of(case.policy_version)
    return rules.awaiting_customer if clock.target_code == AWAITING_CUSTOMER else rules.resolution_proposed


def _closes_at(clock, case, *, now):
    """Not before the notice, given now, is as old as the policy wants (HOUSE, data model)."""
    return max(clock.due_at, now + timedelta(hours=_rule(case, clock).notice_hours))
