"""Active incidents and the customer who reads of them: which concern them, and the case of one who says that they are affected (SPEC 7, UX C1, C3)."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cases.intake import IntakeData
from cases.models import Case, Organization
from cases.policy_sheet import sheet_of
from sla.policy_rules import PHONE_ONLY

from .models import CaseLink, Incident, IncidentComponent


def concerns_of(user):
    """The active incidents that concern this customer, in one statement: their cloud regions (`is_in_region`), or open cases (`own_count`)."""
    links = CaseLink.objects.visible_to(user).current().filter(incident=OuterRef("pk")).exclude(case__status=Case.Status.CLOSED)
    counted = links.order_by().values("incident").annotate(number=Count("pk")).values("number")
    regions = Organization.objects.visible_to(user).values("cloud_region")
    told = _active(regions).annotate(own_count=Coalesce(Subquery(counted), 0))
    return list(told.filter(Q(is_in_region=True) | Q(own_count__gt=0)).order_by("severity_rank", "-started_at"))


def active_for(organization):
    """All active incidents before a case is opened, those of the organization's cloud region first. One statement."""
    return list(_active([organization.cloud_region]).order_by("-is_in_region", "severity_rank", "-started_at"))


def _active(regions):
    places = IncidentComponent.objects.filter(incident=OuterRef("pk"), region__code__in=regions)
    return Incident.objects.public().active().annotate(is_in_region=Exists(places))


# --- I am affected too -------------------------------------------------------------------------------------------------
def intake_of(incident, organization, *, words, by, now):
    """The answers of a case that this incident has caused: what the customer wrote, else that they are affected; the priority by its severity."""
    named = {"number": incident.number, "title": incident.title_text}
    return IntakeData(
        case_type=Case.Type.PROBLEM,
        subject=incident.title_text[:200],
        description=words or _("We are affected by incident %(number)s: %(title)s") % named,
        priority_code=_priority(sheet_of(organization, at=now).rules, incident.severity_rank).code,
        language=by.language,
    )


def _priority(rules, severity_rank):
    """The first priority at this severity or below that the portal takes; without severities the place on the scale counts."""
    taken = [(each.severity_rank or place, each) for place, each in enumerate(rules.priorities, 1) if each.portal != PHONE_ONLY]
    return next((each for rank, each in taken if rank >= severity_rank), taken[-1][1] if taken else rules.priorities[-1])
