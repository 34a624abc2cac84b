"""*Tell me when I can*: contacts are mailed as soon as the criteria of an escalation hold (SPEC 6). Asked again by each sweep.

Each reminder is claimed by a conditional UPDATE whose mail is written in the same transaction, so it is told once whoever sweeps.
"""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.urls import reverse

from cases.models import Case
from cases.notifications import remind
from cases.permissions import standing_of
from cases.site_address import absolute_url

from .attempts import attempt
from .escalation_facts import eligibility_now
from .models import Escalation, EscalationReminder

log = logging.getLogger(__name__)
BATCH = 500
AGAIN = timedelta(days=1)  # where only somebody's act helps, it is asked again after this time


def remind_due(*, now):
    """Ask for every reminder whose time has come; returns how many contacts were told."""
    due = EscalationReminder.objects.filter(ask_at__lte=now).order_by("ask_at", "pk").values_list("pk", "ask_at")[:BATCH]
    return sum(_finished(key, ask_at, now=now) for key, ask_at in due)


def _finished(key, ask_at, *, now):
    return bool(attempt(partial(_ask, key, ask_at, now=now), log, "The reminder %s of an escalation could not be asked.", key))


@transaction.atomic
def _ask(key, ask_at, *, now):
    """Mail the contact where the criteria hold now; else ask again when they may. True where they were told."""
    reminder = EscalationReminder.objects.select_related("user").get(pk=key)
    case = Case.objects.with_terms().get(pk=reminder.case_id)
    found = eligibility_now(case, by=reminder.user, now=now, kind=reminder.kind)
    is_wanted = _is_wanted(reminder, case)
    is_told = is_wanted and found.is_eligible and not case.is_escalated
    ask_again = None if is_told or not is_wanted else found.eligible_from or now + AGAIN
    if not EscalationReminder.objects.filter(pk=key, ask_at=ask_at).update(ask_at=ask_again) or not is_told:
        return False
    url = absolute_url(reverse("case_escalate", args=[case.number]))
    event = f"escalation-possible:{key}:{ask_at.isoformat()}"
    remind("escalation_possible", case, reminder.user, event=event, facts={"escalate_url": url}, now=now)
    return True


def _is_wanted(reminder, case):
    """Not for whoever is no contact any more, nor for a closed case, of which only the RCA may be asked for."""
    is_contact = standing_of(reminder.user, case.organization).is_contact
    return is_contact and (reminder.kind == Escalation.Kind.RCA or not case.is_closed)
