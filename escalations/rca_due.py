"""RCA documents by the customers' RCA clocks: what is owed, what is late, who is reminded before (SPEC 8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from cases.models import Case, OutboxMessage, User
from cases.notifications import remind
from sla.clock_rules import RCA
from sla.models import Clock
from sla.policies import rules_of

from .models import CaseLink, Incident, RcaDocument, RcaVersion

IN_WORK = (RcaVersion.State.DRAFT, RcaVersion.State.IN_REVIEW, RcaVersion.State.APPROVED)
LONGEST = timedelta(days=10)  # no policy reminds earlier
BATCH = 500


@dataclass(frozen=True, slots=True)
class Owed:
    """What the customers of an incident are owed: the earliest due time, how many cases wait, and how many of them too long."""

    due_at: datetime
    waiting: int
    overdue: int


def owed_by_incident(incidents: QuerySet, *, now) -> dict[int, Owed]:
    """By the incident's key, where at least one linked case waits for its RCA. One query."""
    waiting = Q(case__clocks__kind=RCA, case__clocks__met_at=None, case__clocks__due_at__isnull=False)
    links = CaseLink.objects.current().filter(waiting, incident__in=incidents)
    counted = links.values("incident").annotate(
        due_at=Min("case__clocks__due_at"),
        waiting=Count("case", distinct=True),
        overdue=Count("case", distinct=True, filter=Q(case__clocks__due_at__lt=now)),
    )
    return {row["incident"]: Owed(row["due_at"], row["waiting"], row["overdue"]) for row in counted.order_by("incident")}


def owed_by_case(cases, *, now) -> dict[int, Owed]:
    """By the key of each of these cases that waits for its RCA. One query."""
    waiting = Clock.objects.filter(kind=RCA, met_at=None, due_at__isnull=False, case__in=cases)
    return {case: Owed(due_at, 1, int(due_at < now)) for case, due_at in waiting.values_list("case", "due_at")}


def incidents_without_document() -> QuerySet:
    """Restored incidents whose cases wait for an RCA that nobody has begun."""
    waiting = CaseLink.objects.current().filter(
        case__clocks__kind=RCA, case__clocks__met_at=None, case__clocks__due_at__isnull=False
    )
    begun = RcaDocument.objects.filter(kind=RcaDocument.Kind.RCA, incident__isnull=False)
    over = Incident.objects.filter(restored_at__isnull=False, pk__in=waiting.values("incident"))
    return over.exclude(pk__in=begun.values("incident")).order_by("restored_at", "pk")


def cases_without_document(cases: QuerySet) -> QuerySet:
    """Those of `cases` that wait for an RCA and belong to no incident that could bring it."""
    linked = CaseLink.objects.current().values("case")
    waiting = cases.filter(clocks__kind=RCA, clocks__met_at=None, clocks__due_at__isnull=False)
    begun = RcaDocument.objects.filter(kind=RcaDocument.Kind.RCA, case__isnull=False).values("case")
    return waiting.exclude(pk__in=linked).exclude(pk__in=begun).order_by("clocks__due_at", "pk")


# --- reminders ---------------------------------------------------------------------------------------------------------
def remind_of_documents(*, now):
    """Mail whoever writes the document, or the incident managers, some days before it is due, as the policy says; each day once.

    Returns how many mails were written. One mail for all cases of an incident, about the one that is due first.
    """
    due = Clock.objects.filter(kind=RCA, met_at=None, due_at__gt=now, due_at__lte=now + LONGEST)
    keys = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    clocks = (
        Clock.objects.filter(pk__in=keys).select_related("case__policy_version", "case__organization").order_by("due_at", "pk")
    )
    wanted = _wanted(clocks, now)
    told = set(OutboxMessage.objects.filter(event__in={event for event, _reader in wanted}).values_list("event", "recipient"))
    new = wanted.keys() - told
    for event, key in sorted(new):
        document, clock, reader = wanted[event, key]
        remind("rca_due", clock.case, reader, event=event, facts={"document": document, "due_at": clock.due_at}, now=now)
    return len(new)


def _wanted(clocks, now):
    """By event and reader's key: what it is about, the clock that is due first of those whose cases the reader may see, and the reader."""
    about, wanted = _about(clocks), {}
    for clock in clocks:
        days = _days_before(clock, now)
        document, readers = about[clock.case_id]
        for reader in readers if days is not None else ():
            wanted.setdefault((f"rca-due:{document}:{days}", reader.pk), (document, clock, reader))
    return wanted


def _days_before(clock, now):
    """The reminder that is to be sent now: the fewest days before the due time that have begun; None where none has."""
    days = [day for day in rules_of(clock.case.policy_version).rca_reminder_days if clock.due_at - timedelta(days=day) <= now]
    return min(days, default=None)


def _about(clocks):
    """By case: the number of what has to be written about (document, incident or case), and who is reminded."""
    cases = [clock.case_id for clock in clocks]
    incidents = dict(CaseLink.objects.current().filter(case__in=cases).values_list("case", "incident"))
    versions = RcaVersion.objects.filter(
        Q(document__incident__in=incidents.values()) | Q(document__case__in=cases), state__in=IN_WORK
    ).select_related("document", "written_by")
    by_incident = {version.document.incident_id: version for version in versions if version.document.incident_id}
    by_case = {version.document.case_id: version for version in versions if version.document.case_id}
    found, managers = {}, User.objects.with_right("escalations.declare_incident")  # asked once, where somebody is needed
    for clock in clocks:
        incident = incidents.get(clock.case_id)
        version = by_incident.get(incident) or by_case.get(clock.case_id)
        number = version.document.number if version else Incident(pk=incident).number if incident else clock.case.number
        found[clock.case_id] = (number, _reminded(version, clock.case.organization.support_region, managers))
    return found


def _reminded(version, region, managers):
    """Whoever writes the version, where they are still there and may see the customer; else the incident managers who may."""
    writers = [person for person in ([version.written_by] if version else []) if person.is_active]
    cleared = [person for person in writers if region in person.support_regions]
    return cleared or [person for person in managers if region in person.support_regions]


def waiting_cases(user) -> QuerySet:
    """Cases without an incident that wait for an RCA, as far as the reader may see them."""
    return cases_without_document(Case.objects.visible_to(user))
