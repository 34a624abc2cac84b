"""The CSV of escalations: its columns as named database expressions, without what anybody wrote (SPEC 11)."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from cases.csv_text import lines_of
from cases.models.cases import FIRST_NUMBER

CHUNK = 2000
COLUMNS = {
    "number": Concat(Value("CS-"), Cast(F("case_id") + FIRST_NUMBER, CharField())),
    "organization": F("case__organization__name"),
    "organization_id": F("case__organization__organization_id"),
    "country": F("case__country"),
    "support_region": F("case__organization__support_region"),
    "support_policy": F("case__policy_version__policy__code"),
    "severity": F("case__severity_rank"),
    "kind": F("kind"),
    "level": F("level_code"),
    "state": F("state"),
    "is_automatic": F("is_automatic"),
    "cause": F("cause"),
    "cause_at": F("cause_at"),
    "requested_at": F("requested_at"),
    "requested_by": F("requested_by__name"),
    "decided_at": F("decided_at"),
    "decided_by": F("decided_by__name"),
    "owner": F("owner__name"),
    "next_update_promised_at": F("promised_at"),
    "resolved_at": F("resolved_at"),
    "is_satisfied": F("is_satisfied"),
}


def csv_lines(escalations, *, time_zone):
    """The lines of the CSV, oldest escalation first. `time_zone` is a ZoneInfo."""
    rows = escalations.order_by("pk").values_list(*COLUMNS.values())
    return lines_of(COLUMNS, rows.iterator(chunk_size=CHUNK), time_zone=time_zone)
