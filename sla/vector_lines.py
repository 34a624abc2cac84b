"""Business-time questions as JSON documents: what `manage.py sla_explain --json-lines` answers (shared/vectors/README.md).

Pure: no Django, no database.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from sla.business_time import BusinessCalendar, Pause, compile_calendar

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)")


class DocumentError(ValueError):
    """A document that makes no sense; the message says what is wrong."""


def answer_business_time(document: Mapping) -> dict:
    """Answer {"kind": "business-time", "op", "calendar", "input"}. Raises DocumentError or CalendarError."""
    operation = _OPERATIONS.get(str(document.get("op")))
    if operation is None:
        raise DocumentError(f"unknown op {document.get('op')!r}; known: {', '.join(sorted(_OPERATIONS))}")
    return operation(read_calendar(required(document, "calendar")), required(document, "input"))


def read_calendar(document: object) -> BusinessCalendar:
    """The compiled calendar of a document; the same document is compiled once. Raises CalendarError."""
    return _compiled(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=256)
def _compiled(text: str) -> BusinessCalendar:
    return compile_calendar(json.loads(text))


def required(document: object, name: str) -> object:
    """The value of a field that must be there. Raises DocumentError."""
    if not isinstance(document, Mapping) or name not in document:
        raise DocumentError(f"{name!r} is missing")
    return document[name]


def read_instant(text: object) -> datetime:
    """An instant written in ISO 8601 with its offset, in UTC. Raises DocumentError."""
    if isinstance(text, str) and _INSTANT.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise DocumentError(f"{text!r} is no instant; write it like 2027-03-10T09:00:00Z")


def write_instant(at: datetime | None) -> str | None:
    """An instant in ISO 8601, in UTC; None stays None."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _add_business(calendar: BusinessCalendar, given: object) -> dict:
    due = calendar.add_business(_instant(given, "start"), _minutes(given) * 60)
    return {"due": write_instant(due)}


def _add_business_days(calendar: BusinessCalendar, given: object) -> dict:
    due = calendar.add_business_days(_instant(given, "start"), required(given, "days"))
    return {"due": write_instant(due)}


def _business_minutes_between(calendar: BusinessCalendar, given: object) -> dict:
    seconds = calendar.business_seconds_between(_instant(given, "a"), _instant(given, "b"))
    return {"seconds": seconds, "minutes": seconds / 60}


def _end_of_nth_business_day(calendar: BusinessCalendar, given: object) -> dict:
    deadline = calendar.end_of_nth_business_day(_instant(given, "start"), required(given, "n"))
    return {"deadline": write_instant(deadline)}


def _due_with_pauses(calendar: BusinessCalendar, given: object) -> dict:
    pauses = required(given, "pauses")
    if not isinstance(pauses, list):
        raise DocumentError("'pauses' must be a list")
    due = calendar.due_with_pauses(_instant(given, "start"), _minutes(given) * 60, map(_read_pause, pauses))
    if due.at is None:
        return {"due": None, "remaining_seconds": due.remaining_seconds}
    return {"due": write_instant(due.at)}


_OPERATIONS = {
    "add_business": _add_business,
    "add_business_days": _add_business_days,
    "business_minutes_between": _business_minutes_between,
    "end_of_nth_business_day": _end_of_nth_business_day,
    "due_with_pauses": _due_with_pauses,
}


def _read_pause(document: object) -> Pause:
    end = required(document, "to")
    return Pause(_instant(document, "from"), None if end is None else read_instant(end), str(document.get("kind", "")))


def _instant(given: object, name: str) -> datetime:
    return read_instant(required(given, name))


def _minutes(given: object) -> float:
    minutes = required(given, "minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)):
        raise DocumentError(f"'minutes' must be a number, not {minutes!r}")
    return minutes
