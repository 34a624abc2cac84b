"""Active incidents and the customer who reads of them: which concern them, and the case of one who says that they are affected (SPEC 7, UX C1, C3)."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from cases.intake import IntakeData
from cases.models import Case, Organization
from cases.policy_sheet import sheet_of
from sla.policy_rules import PHONE_ONLY

from .models import CaseLink, Incident, IncidentComponent


@dataclass(frozen=True, slots=True)
class Concern:
    """An active incident as one customer reads of it: whether it affects their cloud region, and how many of their own cases are linked."""

    incident: Incident
    is_in_region: bool
    case_count: int = 0

    @property
    def concerns(self):
        return self.is_in_region or self.case_count > 0


def concerns_of(user):
    """The active incidents that concern this customer. One statement where nothing is active, four otherwise."""
    incidents = _active()
    if not incidents:
        return []
    regions = set(Organization.objects.visible_to(user).values_list("cloud_region", flat=True))
    links = CaseLink.objects.visible_to(user).current().filter(incident__in=[incident.pk for incident in incidents])
    linked = list(links.exclude(case__status=Case.Status.CLOSED).values_list("incident", flat=True))
    told = [Concern(incident, _is_in(incident, regions), linked.count(incident.pk)) for incident in incidents]
    return [concern for concern in told if concern.concerns]


def active_for(organization):
    """All active incidents before a case is opened, those of the organization's cloud region first. Two statements at most."""
    told = [Concern(incident, _is_in(incident, {organization.cloud_region})) for incident in _active()]
    return sorted(told, key=lambda concern: not concern.is_in_region)


def _active():
    places = IncidentComponent.objects.select_related("region")
    return list(
        Incident.objects.public().active().prefetch_related(Prefetch("affected", places)).order_by("severity_rank", "-started_at")
    )


def _is_in(incident, regions):
    return any(place.region.code in regions for place in incident.affected.all())


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
    return next((each for rank, each in taken if rank >= severity_rank), taken[-1][1])
