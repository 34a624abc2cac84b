"""The CSV of cases: its columns as named database expressions, defined once, and their safe, streamed form (HOUSE "Admin", SPEC 11).

Column names are stable and English; codes are those of the data model; moments are ISO 8601 with the offset of the reader's zone.
"""

from django.db.models import Case as Choice
from django.db.models import CharField, F, FilteredRelation, Q, Value, When
from django.utils.translation import gettext as _

from sla.models import Clock
from sla.policy_rules import FIRST_RESPONSE, RESOLUTION, RESTORATION

from .csv_text import lines_of, streamed

CHUNK = 2000
CLOCKS = {"first_response": FIRST_RESPONSE, "restoration": RESTORATION, "resolution": RESOLUTION}


def customer_columns(*, now):
    """Column name -> expression, for customers: what the case page shows them."""
    return {
        "number": F("case_number"),  # of `with_number()`
        "organization": F("organization__name"),
        "organization_id": F("organization__organization_id"),
        "subject": _title(),
        "case_type": F("case_type"),
        "product_area": F("product_area"),
        "status": F("status"),
        "severity": F("severity_rank"),
        "priority": F("priority_code"),
        "channel": F("channel"),
        "opened_by": F("opened_by__name"),
        "case_owner": F("owner__name"),
        "opened_at": F("opened_at"),
        "latest_activity_at": F("latest_activity_at"),
        "closed_at": F("closed_at"),
        "next_due_at": F("next_due_at"),
        **_clock_columns(now),
    }


def care_columns(*, now):
    """Column name -> expression, for the care team: the customers' columns, and what only the care team asks for."""
    return {
        **customer_columns(now=now),
        "short_name": F("organization__short_name"),
        "country": F("country"),
        "time_zone": F("time_zone"),
        "support_region": F("organization__support_region"),
        "support_plan": F("plan"),
        "support_policy": F("policy_version__policy__code"),
        "policy_version": F("policy_version__number"),
        "is_default_policy": Q(agreement=None),
        "scope": F("scope"),
        "is_impact_significant": F("is_impact_significant"),
        "is_escalated": F("is_escalated"),
        "is_paused": F("is_paused"),
        "opened_by_email": F("opened_by__email"),
        "case_owner_email": F("owner__email"),
    }


def csv_response(cases, columns, *, filename, time_zone):
    """Every row of `cases` as a CSV that is streamed while the database is read: constant memory, any size."""
    return streamed(csv_lines(cases, columns, time_zone=time_zone), filename=filename)


def csv_lines(cases, columns, *, time_zone):
    """The lines of the CSV: byte order mark, header, one line a case by number. `time_zone` is a ZoneInfo."""
    relations = {name: FilteredRelation("clocks", condition=Q(clocks__kind=kind)) for name, kind in CLOCKS.items()}
    rows = cases.with_number().annotate(**relations).order_by("pk").values_list(*columns.values())
    return lines_of(columns, rows.iterator(chunk_size=CHUNK), time_zone=time_zone)


def _title():
    """`Case.title` in SQL."""
    return Choice(When(subject="", then=Value(_("Subject removed"))), default=F("subject"), output_field=CharField())


def _clock_columns(now):
    return {
        f"{name}_{column}": expression
        for name in CLOCKS
        for column, expression in {
            "state": _state(name, now),
            "due_at": F(f"{name}__due_at"),
            "met_at": F(f"{name}__met_at"),
        }.items()
    }


def _state(name, now):
    """The stored state, but a running clock past its due time is a breach, whatever the sweep has seen so far."""
    late = When(**{f"{name}__state": Clock.State.RUNNING, f"{name}__due_at__lt": now}, then=Value(Clock.State.BREACHED))
    return Choice(late, default=F(f"{name}__state"), output_field=CharField())
