"""Moments and lengths of time in words (UX 2.4, glossary `format.*` and `time.*`), in the active language and time zone.

Plain text, for pages, mails and documents alike; the template tags of the portal add the `<time>` element.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

WEEKDAYS = [
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
]
RELATIVE_UNTIL = timedelta(days=7)  # older or later than this, only the date helps


def utc_offset(moment):
    """ "UTC+1", "UTC+5:30", "UTC-4" or "UTC": the offset of this moment in the active time zone."""
    minutes = round(timezone.localtime(moment).utcoffset().total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")


def moment_text(moment):
    """Date, weekday, time and UTC offset: "Fri, Mar 6, 2026, 10:18 (UTC+1)"."""
    local = timezone.localtime(moment)
    return pgettext("moment", "%(weekday)s, %(date)s, %(time)s (%(tz)s)") % {
        "weekday": WEEKDAYS[local.weekday()],
        "date": date_format(local, "DATE_FORMAT"),
        "time": date_format(local, "TIME_FORMAT"),
        "tz": utc_offset(moment),
    }


def clock_time_text(moment):
    """The time alone, with its UTC offset: "17:00 (UTC+1)"; for a moment of today (glossary format.tz)."""
    local = timezone.localtime(moment)
    return pgettext("clock time", "%(time)s (%(tz)s)") % {"time": date_format(local, "TIME_FORMAT"), "tz": utc_offset(moment)}


def short_moment_text(moment):
    """For tables and pills: "Fri, 2026-03-06 10:18 (UTC+1)"."""
    local = timezone.localtime(moment)
    return pgettext("short moment", "%(weekday)s, %(datetime)s (%(tz)s)") % {
        "weekday": WEEKDAYS[local.weekday()],
        "datetime": date_format(local, "SHORT_DATETIME_FORMAT"),
        "tz": utc_offset(moment),
    }


def relative_text(moment, *, now):
    """ "12 minutes ago", "in 3 hours"; empty when the moment is more than a week away."""
    distance = now - moment
    if abs(distance) > RELATIVE_UNTIL:
        return ""
    minutes = int(abs(distance).total_seconds() // 60)
    if not minutes:
        return _("Just now")
    return _ago(minutes) if distance > timedelta(0) else _ahead(minutes)


def _ago(minutes):
    if minutes < 60:
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        return ngettext("%(count)s hour ago", "%(count)s hours ago", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


def _ahead(minutes):
    if minutes < 60:
        return ngettext("in %(count)s minute", "in %(count)s minutes", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        return ngettext("in %(count)s hour", "in %(count)s hours", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("in %(count)s day", "in %(count)s days", days) % {"count": days}


def duration_text(seconds):
    """Hours and minutes, never days: a "day" of business time is not 24 hours. "3 h 20 min", "25 min", "less than 1 min"."""
    hours, minutes = divmod(abs(int(seconds)) // 60, 60)
    if hours and minutes:
        return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes}
    if hours:
        return _("%(h)s h") % {"h": hours}
    if minutes:
        return _("%(m)s min") % {"m": minutes}
    return _("less than 1 min")
