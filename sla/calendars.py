"""Calendars ready for questions: a stored version made into a `BusinessCalendar` for one zone and one country, compiled once."""

from collections.abc import Mapping

from sla.business_time import BusinessCalendar, compile_calendar
from sla.calendar_definition import CalendarError
from sla.models import Calendar, CalendarVersion

EVERYBODY = "*"
_KEPT = 500  # compiled calendars held by a process; one with its table is about 100 kB
_compiled: dict[tuple, BusinessCalendar] = {}


def business_calendar(version: CalendarVersion, *, time_zone: str, country: str) -> BusinessCalendar:
    """The calendar of a version for a customer in this zone and country. Raises CalendarError where the version makes no sense.

    Kept by key and digest, for a published version never changes: its definition, which is large, is not read again.
    """
    key = (version.pk, version.digest, time_zone, country)
    if key not in _compiled:
        if len(_compiled) >= _KEPT:
            _compiled.clear()
        _compiled[key] = compile_calendar(document_for(version.definition, time_zone=time_zone, country=country))
    return _compiled[key]


def document_for(definition: Mapping, *, time_zone: str, country: str) -> dict:
    """A version's definition as the calendar document of one customer.

    The version's own zone wins over the customer's; of `holidays` and `extra_days` ({country: …}) the country's and everybody's count.
    """
    return {
        **definition,
        "tz": definition.get("tz") or time_zone,
        "holidays": _of_country(definition.get("holidays"), country, "holidays"),
        "extra_days": _of_country(definition.get("extra_days"), country, "extra_days"),
    }


def current_calendar_version(calendar: Calendar | str) -> CalendarVersion:
    """The latest published version of a calendar, given by row or code. Raises CalendarVersion.DoesNotExist.

    Its definition is large and rarely needed, as compiled calendars are kept: it is read when asked for.
    """
    versions = CalendarVersion.objects.filter(published_at__isnull=False).select_related("calendar").defer("definition")
    return versions.filter(**_named(calendar)).latest("number")


def _named(calendar):
    return {"calendar__code": calendar} if isinstance(calendar, str) else {"calendar": calendar}


def _of_country(document, country, what):
    """{country: [date or [date, value], …]} as {date: value} for one country."""
    if not isinstance(document or {}, Mapping):
        raise CalendarError("not_a_calendar", f"{what} must be an object with one list per country.")
    merged = {}
    for code in (EVERYBODY, country):
        merged |= _dates(document.get(code) or (), what) if document else {}
    return merged


def _dates(entries, what):
    if isinstance(entries, Mapping):
        return dict(entries)
    if not isinstance(entries, (list, tuple)):
        raise CalendarError("bad_date", f"{what} of a country must be a list of dates.")
    return dict(entry if _is_pair(entry) else (str(entry), None) for entry in entries)


def _is_pair(entry):
    return isinstance(entry, (list, tuple)) and len(entry) == 2
