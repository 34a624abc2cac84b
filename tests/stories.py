"""How tests set a scene: with the real actions, `now` passed on."""

from cases import actions
from cases.intake import IntakeData
from cases.models import Case

DEFAULTS = {
    "case_type": Case.Type.PROBLEM,
    "subject": "Calls drop after 30 seconds",
    "description": "Since this morning every second call drops.",
    "priority_code": "medium",
}


def intake(**changes):
    """The answers of an ordinary case, with some of them changed."""
    return IntakeData(**{**DEFAULTS, **changes})


def open_case(by, *, now, organization=None, channel="PORTAL", **changes):
    """A contact opens an ordinary case for their organization (the first one, unless given)."""
    organization = organization or by.memberships.get().organization
    return actions.open_case(organization, by=by, intake=intake(**changes), channel=channel, now=now)


def apply_for_access(applicant, organization, *, by, now):
    """Care staff log that somebody applies to become a contact of the organization."""
    return actions.open_case(
        organization, by=by, contact=applicant, intake=intake(case_type=Case.Type.ACCESS), channel="PHONE", now=now
    )


def fresh(case):
    """The case as the database has it now."""
    return Case.objects.select_related("organization", "policy_version").get(pk=case.pk)
