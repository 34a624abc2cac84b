"""Files of a draft on a page: `{% draft_files form.files code attachments %}`."""

from django import template
from django.conf import settings

from cases.attachment_rules import SHOWN_TYPES

register = template.Library()


@register.inclusion_tag("cases/_draft_files.html", takes_context=True)
def draft_files(context, field, code, attachments, query=""):
    """The input for files, what is attached already, and what is allowed. `query` names the case of a reply or note: "?kind=REPLY&case=…"."""
    return {
        "field": field,
        "code": code,
        "attachments": attachments,
        "query": query,
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
        "max_count": settings.ATTACHMENT_MAX_COUNT,
        "types": SHOWN_TYPES,
        "csrf_token": context.get("csrf_token", ""),
    }
