"""The audit trail of what leaves the portal (SAFETY 11); changes of records are written by the admin itself."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType


def log_export(user, model, query):
    """Write down who took rows of this model, narrowed by what filter."""
    LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(model),
        object_repr="CSV",
        action_flag=CHANGE,
        change_message=f"Export to CSV: {query or '*'}",
    )
