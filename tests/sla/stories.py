"""Timelines for tests, told briefly: `story("09:00 opened severity=2", "09:20 assigned")`, in Paris on Wednesday, March 10, 2027."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sla.business_time import compile_calendar
from sla.events import Event

PARIS = ZoneInfo("Europe/Paris")
OFFICE = {
    "tz": "Europe/Paris",
    "windows": {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": {"2027-03-29": {"en": "Easter Monday", "fr": "Lundi de Pâques"}},
    "day_minutes": 540,
}


def office():
    return compile_calendar(OFFICE)


def at(text):
    """A moment in Paris: "10:00" on March 10, "11 10:00" on the 11th, or a whole ISO date and time."""
    if "-" not in text:
        day, _, time = text.rpartition(" ")
        text = f"2027-03-{int(day or 10):02} {time}"
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def story(*lines):
    return [event(line, number) for number, line in enumerate(lines, 1)]


def event(line, number=None):
    words = line.split(" ")
    length = 1 if ":" in words[0] else 2  # "10:00 …", "11 10:00 …"
    kind, pairs = words[length], words[length + 1 :]
    return Event(at(" ".join(words[:length])), kind, dict(value_of(pair) for pair in pairs), number)


def value_of(pair):
    name, value = pair.split("=")
    return name, {"yes": True, "no": False}.get(value, int(value) if value.isdigit() else value)
