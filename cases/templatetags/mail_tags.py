"""What mails need beside the portal's tags."""

from datetime import UTC

from django import template
from django.utils import timezone
from django.utils.translation import pgettext

from sla.moments import moment_text, utc_offset

register = template.Library()


@register.filter
def moment_and_utc(moment):
    """A moment in the reader's zone and in UTC: a mail is read, and passed on, anywhere (UX 2.4)."""
    local = moment_text(moment)
    if utc_offset(moment) == "UTC":
        return local
    with timezone.override(UTC):
        utc = moment_text(moment)
    return pgettext("moment", "%(local)s, in other words %(utc)s") % {"local": local, "utc": utc}


@register.filter
def quoted(text):
    """The words of somebody, marked line by line as mail programs do."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())
