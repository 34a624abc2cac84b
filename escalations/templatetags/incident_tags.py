"""The platform incident of a case, on its pages; incidents that concern a customer, on their home and before they open a case (SPEC 7)."""

from django import template
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from cases.timeline import Kind

from ..affected import active_for, concerns_of
from ..models import CaseLink, IncidentUpdate
from ..permissions import can_link_to_incident, can_see_incidents

register = template.Library()
LINKING = (Kind.INCIDENT_LINKED, Kind.INCIDENT_UNLINKED)


@register.inclusion_tag("escalations/_case_incident.html")
def case_incident(page):
    """The incident of the customer's case with its latest update; nothing, and no question to the database, where there is none."""
    return {"link": _link_of(page), "now": page.now}


@register.inclusion_tag("care/_care_case_incident.html", takes_context=True)
def care_case_incident(context, page):
    """The same for the care team, with the ways to link and to undo."""
    may_link = can_link_to_incident(page.reader, page.case, page.standing)
    return {
        "link": _link_of(page),
        "case": page.case,
        "now": page.now,
        "may_see": can_see_incidents(page.reader),
        "may_link": may_link and not page.case.is_closed,
        "form_key": context["form_key"],
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("escalations/_concerning_incidents.html", takes_context=True)
def concerning_incidents(context):
    """The active incidents that concern the reader: a linked case of theirs, or the cloud region of one of their organizations."""
    return {"incidents": concerns_of(context["request"].user)}


@register.inclusion_tag("escalations/_current_incidents.html")
def current_incidents(organization):
    """All active incidents, those of the organization's cloud region first, with *I am affected too*."""
    return {"incidents": active_for(organization), "now": timezone.now()}


def _link_of(page):
    """The case's link with its incident and what was said of it last, in one statement; the timeline knows whether there is one."""
    told = [entry.kind for entry in page.outline if entry.kind in LINKING]
    if told[-1:] != [Kind.INCIDENT_LINKED]:
        return None
    updates = IncidentUpdate.objects.filter(incident=OuterRef("incident")).order_by("-published_at", "-pk")
    latest = {f"latest_{name}": Subquery(updates.values(name)[:1]) for name in ("words", "published_at", "next_update_at")}
    return CaseLink.objects.current().filter(case=page.case).select_related("incident").annotate(**latest).first()
