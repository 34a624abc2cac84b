"""How tests set a scene: with the real actions, `now` passed on."""

from cases import actions
from cases.intake import IntakeData
from cases.models import Case, Membership
from tests.factories import AgreementFactory, MembershipFactory, OrganizationFactory, UserFactory

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


LICENSES = {"purecloud": "purecloud-2", "genesys-cloud": "genesys-cloud-2", "genesys-cloud-cx": "genesys-cloud-cx-2"}


def customer_under(policy, *, language="en", **organization):
    """The primary contact of a new organization under this policy."""
    company = OrganizationFactory(language=language, **organization)
    AgreementFactory(organization=company, policy=policy, license=LICENSES.get(policy.code, ""))
    user = UserFactory(language=language, time_zone=company.time_zone)
    MembershipFactory(user=user, organization=company, role=Membership.Role.PRIMARY)
    return user


def open_critical(by, *, agent, now, scope=Case.Scope.PLATFORM, **changes):
    """A severity-1 case that the agent took by phone, owns, and knows the scope of."""
    organization = by.memberships.get().organization
    answers = intake(**{"priority_code": "critical", **changes})
    case = actions.open_case(organization, by=agent, contact=by, intake=answers, channel="PHONE", now=now)
    actions.assign(case, by=agent, owner=agent, now=now)
    actions.set_scope(case, by=agent, scope=scope, reason="Seen in the log.", now=now)
    return fresh(case)


def fresh(case):
    """The case as the database has it now."""
    return Case.objects.select_related("organization", "policy_version").get(pk=case.pk)
