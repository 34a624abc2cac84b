"""Cases linked to a platform incident: one by one, in bulk with undo, by the customer at intake (SPEC 7).

Whoever links or unlinks holds the incident first and its cases after it, in the order of their keys: so a case learns of each update exactly
once, and two people who link the same case get one link.
"""

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.opening import open_case
from cases.actions.writing import require
from cases.decision import ALLOWED, Decision, Refused, refused
from cases.models import Case
from cases.notifications import tell
from cases.timeline import Entry, Kind, locked, record

from ..models import CaseLink, Incident
from ..permissions import can_link_to_incident, can_say_affected
from .incidents import data_of, held, update_entry

Way = CaseLink.Way


@dataclass(frozen=True, slots=True)
class Linked:
    """What came of linking: the `batch` that can be undone, the links, and (case, Decision) for each case that was left out."""

    batch: uuid.UUID
    links: list = field(default_factory=list)
    left_out: list = field(default_factory=list)


def can_be_linked(incident) -> Decision:
    """Can cases be linked to this incident? Once it is declared, and until it is closed."""
    if incident.state in Incident.LINKABLE:
        return ALLOWED
    if incident.state == Incident.State.CANDIDATE:
        return refused(_("This incident is not declared yet."))
    return refused(_("This incident is closed."))


def fits(case, incident, *, linked_to=None) -> Decision:
    """Can this case be linked to this incident? `linked_to`: the incident that it is linked to now, or None."""
    if case.is_closed:
        return refused(_("The case is closed."))
    if (
        case.case_type == Case.Type.ACCESS
    ):  # whose applicant is nobody's contact yet: what comes with a link is not theirs to read
        return refused(_("An application to become a contact is not linked to incidents."))
    if linked_to == incident:
        return refused(_("The case is linked to this incident already."))
    if linked_to:
        return refused(_("The case is linked to incident %(number)s.") % {"number": linked_to.number})
    return ALLOWED


@transaction.atomic
def link_cases(incident, cases, *, by, way, now):
    """Link cases to a declared incident: each becomes platform-level and is told the latest update; the sweep brings the RCA. Returns `Linked`.

    What cannot be linked (any more) is left out with its reason. Raises Refused where nothing at all could be linked.
    """
    incident = held(incident)
    require(can_be_linked(incident))
    result = Linked(uuid.uuid4())
    update = incident.updates.select_related("published_by").last()
    for case in sorted(cases, key=lambda case: case.pk):
        _link(incident, case, result, update, by=by, way=way, now=now)
    if result.left_out and not result.links:
        raise Refused(result.left_out[0][1].reason)
    incident.documents.update(is_delivery_due=True)
    return result


def _link(incident, case, result, update, *, by, way, now):
    case = locked(case)
    link = case.incident_links.current().select_related("incident").first()
    allowed = can_say_affected(by, case) if way == Way.INTAKE else can_link_to_incident(by, case)
    decision = allowed and fits(case, incident, linked_to=link and link.incident)
    if not decision:
        result.left_out.append((case, decision))
        return
    link = CaseLink.objects.create(
        incident=incident, case=case, way=way, batch=result.batch, scope_before=case.scope, linked_at=now, linked_by=by
    )
    result.links.append(link)
    entries = [Entry(Kind.INCIDENT_LINKED, data=data_of(incident)), *_scope(case, Case.Scope.PLATFORM)]
    if update:
        entries.append(update_entry(update, by_portal=True))
    activities = record(case, *entries, by=by, now=now)
    for activity in activities if way != Way.INTAKE else []:  # who links their own case at intake has just read all this
        tell(activity, now=now)


def _scope(case, scope):
    """The change of the case's scope as activities: one, or none where it is so already."""
    if case.scope == scope:
        return []
    data = {"from": case.scope, "scope": scope}
    case.scope = Case.Scope(scope)
    return [Entry(Kind.SCOPE, data=data)]


@transaction.atomic
def unlink_case(link, *, by, now):
    """Undo one link: the case gets its scope back, unless somebody changed it since. Raises Refused: undone already, or not theirs."""
    held(link.incident)
    decision = _unlink(link, by=by, now=now)
    require(decision)


@transaction.atomic
def undo_batch(incident, batch, *, by, now):
    """Undo what was linked together, as far as it still stands. Returns (how many, [(case, Decision) of those left as they are])."""
    incident = held(incident)
    undone, left_out = 0, []
    for link in incident.links.current().filter(batch=batch).select_related("case", "incident").order_by("case_id"):
        decision = _unlink(link, by=by, now=now)
        undone += bool(decision)
        if not decision:
            left_out.append((link.case, decision))
    if not undone:
        raise Refused(left_out[0][1].reason if left_out else _("These links were undone already."))
    return undone, left_out


def _unlink(link, *, by, now):
    case = locked(link.case)
    if not (allowed := can_link_to_incident(by, case)):
        return allowed
    if case.is_closed:
        return refused(_("The case is closed: its link stays."))
    if not CaseLink.objects.current().filter(pk=link.pk).update(unlinked_at=now):
        return refused(_("The link was undone already."))
    is_ours = case.scope == Case.Scope.PLATFORM and link.scope_before
    entries = [Entry(Kind.INCIDENT_UNLINKED, data=data_of(link.incident)), *(_scope(case, link.scope_before) if is_ours else [])]
    for activity in record(case, *entries, by=by, now=now):
        tell(activity, now=now)
    return ALLOWED


@transaction.atomic
def open_affected_case(incident, organization, *, by, intake, now):
    """A contact says that an active incident concerns them too: a case that is linked from its first moment. Returns the `Case`.

    Raises Refused: not a contact, no license for the portal, or the incident is not active any more; then no case is opened.
    """
    if not held(incident).is_active:
        raise Refused(_("This incident is resolved. If the problem remains, open a case."))
    case = open_case(organization, by=by, intake=intake, channel=Case.Channel.PORTAL, now=now)
    link_cases(incident, [case], by=by, way=Way.INTAKE, now=now)
    return case
