"""What a portal of years has beside its cases: old escalations, incidents with their cases and RCAs, wake-ups, reminders (PostgreSQL only).

Each table is filled by copies of one row that the ORM has written, so a new column needs nothing here. Nothing of it is due.
"""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from cases.models import Case, User
from escalations.models import CaseLink, Escalation, EscalationReminder, Incident, RcaDelivery, RcaDocument, RcaVersion, WakeUp
from sla.models import Clock

ACTIVE_ESCALATIONS = 200
COPIES = """
INSERT INTO {table} SELECT copied.* FROM (SELECT one FROM {table} one WHERE id = {key}) AS original, generate_series(1, {count}) AS n,
    LATERAL jsonb_populate_record(one, jsonb_build_object('id', nextval(pg_get_serial_sequence('{table}', 'id')), 'n', n{changes})) AS copied
"""


def fill_side_tables():
    """Fill them for the world of `million`: for 1M cases 100,000 escalations, 50,000 cases of 500 incidents, 20,000 wake-ups, 10,000 reminders."""
    case, then, cases = Case.objects.earliest("pk"), timezone.now() - timedelta(days=400), Case.objects.count()
    _fill_escalations(case, then, cases // 10)
    _fill_incidents(case, then, cases // 2_000, cases // 20)
    _copy(WakeUp.objects.create(case=case, raised_at=then, acknowledged_at=then), cases // 50, token="'case ' || n")
    reminder = EscalationReminder.objects.create(case=case, user=User.objects.latest("pk"))
    later = f"CASE WHEN n % 20 = 0 THEN '{timezone.now() + timedelta(days=30)}'::timestamptz END"
    _copy(reminder, cases // 100, case_id=f"{case.pk} + n", ask_at=later)
    met = {"state": "MET", "started_at": then, "due_at": then, "met_at": then}
    _copy(Clock.objects.create(case=case, kind="RCA", target_code="rca", **met), cases // 20, case_id=f"{case.pk} + n")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _fill_escalations(case, then, count):
    missed = {"is_automatic": True, "cause_at": then, "requested_at": then}
    old = Escalation.objects.create(case=case, state="RESOLVED", cause="RESOLUTION", **missed)
    _copy(old, count, case_id=f"{case.pk} + n")
    _copy(old, ACTIVE_ESCALATIONS, case_id=f"{case.pk} + n", state="'IN_PROGRESS'", cause="'RESTORATION'")


def _fill_incidents(case, then, count, links):
    """Old ones whose cases were told and have their RCA, and an active one with cases of its own."""
    moments = dict.fromkeys(("started_at", "restored_at", "declared_at", "created_at", "closed_at"), then)
    incident = Incident.objects.create(state="CLOSED", severity_rank=1, **moments)
    _copy(incident, count)
    old = f"{incident.pk} + 1 + n % {count}"
    link = CaseLink.objects.create(incident=incident, case=case, linked_at=then, restoration_told_at=then)
    _copy(link, links, case_id=f"{case.pk} + n", incident_id=old)
    active = Incident.objects.create(state="MONITORING", started_at=then, created_at=then, declared_at=then)
    _copy(link, links // 25, case_id=f"{case.pk + links} + n", incident_id=active.pk, restoration_told_at="null::text")
    woken = WakeUp.objects.create(incident=incident, raised_at=then, acknowledged_at=then)
    _copy(woken, count, incident_id=f"{incident.pk} + n", token="'incident ' || n")
    _fill_documents(incident, case, then, count, links)


def _fill_documents(incident, case, then, count, links):
    author, second = User.objects.filter(is_staff=True)[:2]
    document = RcaDocument.objects.create(incident=incident, created_at=then)
    approved = {"approved_by": second, "approved_at": then, "published_by": second, "published_at": then}
    version = RcaVersion.objects.create(document=document, number=1, state="PUBLISHED", written_by=author, **approved)
    _copy(document, count, incident_id=f"{incident.pk} + n")
    _copy(version, count, document_id=f"{document.pk} + n")
    delivery = RcaDelivery.objects.create(version=version, case=case, delivered_at=then)
    _copy(delivery, links, case_id=f"{case.pk} + n", version_id=f"{version.pk} + 1 + n % {count}")


def _copy(row, count, **changes):
    """So many copies of the row, their keys right after the last one; `changes`: SQL by column, of the copy's number `n`."""
    told = "".join(f", '{column}', {value}" for column, value in changes.items())
    with connection.cursor() as cursor:
        cursor.execute(COPIES.format(table=row._meta.db_table, key=row.pk, count=count, changes=told))
