"""Cases that can be escalated, or are: set up with the real actions."""

from datetime import timedelta

from cases import actions
from escalations.actions import escalation_requests as escalating
from escalations.models import Escalation
from tests.stories import fresh, open_case

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORDS = escalating.RequestWords(
    description="Every second call drops.\nNobody can say when it ends.",
    impact="Forty agents cannot work.",
    urgency="Sales week begins tomorrow.",
)


def quiet_case(by, agent, *, now, **changes):
    """A case of high priority with significant impact, answered a day and an hour before `now`: it can be escalated."""
    opened_at = now - DAY - 2 * HOUR
    case = open_case(by, now=opened_at, **{"priority_code": "high", "is_impact_significant": True, **changes})
    actions.assign(case, by=agent, owner=agent, now=opened_at)
    actions.reply(fresh(case), by=agent, text="We are looking.", now=now - DAY - HOUR)
    return fresh(case)


def escalated(case, *, by, now, **changes):
    """The same, escalated by its contact."""
    return escalating.request_escalation(case, by=by, request=WORDS, now=now, **changes)


def again(escalation):
    """The escalation as the database has it now."""
    return Escalation.objects.select_related("case__organization").get(pk=escalation.pk)
