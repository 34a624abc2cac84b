"""What the rows of a case tell the criteria of an escalation: facts for `eligibility`, and the level that is next (SPEC 6)."""

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce

from cases.models import Activity, CaseRead
from cases.timeline import Kind, events_of
from sla import clocks
from sla.policies import rules_of

from .eligibility import UPDATE_UNREAD, eligibility, facts_of
from .escalation_levels import Ended, level_for
from .models import Escalation

# What brings a customer news in words; a change of owner or status alone is no update that must have been read.
NEWS = (Kind.REPLY, Kind.CALL, Kind.PROPOSED, Kind.EXPECTATION, Kind.INCIDENT_UPDATE, Kind.INCIDENT_SUMMARY)


def eligibility_now(case, *, by, now, kind=Escalation.Kind.CASE, is_about_urgency=False):
    """Every criterion of the case's policy at `now`, for a request of `by`; the timeline is read for it."""
    states = clocks.states(case, events=events_of(case.activities.order_by("pk")), now=now)
    return eligibility_in(case, states, by=by, kind=kind, is_about_urgency=is_about_urgency)


def eligibility_in(case, states, *, by, kind=Escalation.Kind.CASE, is_about_urgency=False, has_unread_update=None):
    """The same for states that are known already. `has_unread_update`: where the page knows that, too; else it is asked where the policy does."""
    rules = rules_of(case.policy_version)
    if has_unread_update is None:
        has_unread_update = UPDATE_UNREAD in rules.escalation.criteria and unread_updates(case, by=by).exists()
    facts = facts_of(
        states,
        is_escalated=case.is_escalated,
        has_unread_update=has_unread_update,
        is_about_urgency=is_about_urgency,
    )
    return eligibility(rules, clocks.calendar_of(case), facts, kind=kind.lower())


def unread_updates(case, *, by):
    """The care team's news that this contact has not read yet, oldest first."""
    read = CaseRead.objects.filter(case=case, user=by).values("activity_key")
    newer = Activity.objects.visible_to(by).filter(case=case, kind__in=NEWS, from_customer=False)
    return newer.filter(pk__gt=Coalesce(Subquery(read), Value(0))).in_order()


def level_now(case, escalations):
    """The level to which an escalation of the case goes that is asked for now. `escalations`: those of its kind that ended, oldest first."""
    ended = [Ended(one.level_code, one.is_satisfied) for one in escalations if one.state != Escalation.State.WITHDRAWN]
    return level_for(rules_of(case.policy_version).escalation.levels, ended, has_tam=has_tam(case.organization))


def has_tam(organization):
    """Does the organization have a TAM who is there and may see its cases?"""
    tam = organization.tam
    return bool(tam and tam.is_active and organization.support_region in tam.support_regions)
