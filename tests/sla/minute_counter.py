"""An independent second opinion: walks minute by minute through wall-clock time, no tables, no bisects.

A minute is open when the latest wall-clock time that the zone's clocks have shown so far lies inside a window. (That is the rule of
the vectors: an opening or closing that the clock skips happens at the jump, one shown twice at the first showing.)
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.explain import Stopped

MINUTE = timedelta(minutes=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def open_minutes(document, start, end):
    """The open minutes (as their UTC beginnings) from `start` until before `end`, both on whole minutes."""
    zone, latest = ZoneInfo(document["tz"]), datetime.min
    moment, opened = start - timedelta(hours=30), []
    while moment < end:
        latest = max(latest, moment.astimezone(zone).replace(tzinfo=None))
        if moment >= start and is_inside(document, latest):
            opened.append(moment)
        moment += MINUTE
    return opened


def is_inside(document, wall):
    """Does a wall-clock time lie inside a window of its own date or in one over midnight of the date before?"""
    if document.get("always_open"):
        return True
    minute = wall.hour * 60 + wall.minute
    return any(start <= minute < end for start, end in windows_of(document, wall.date())) or any(
        start <= minute + 1440 < end for start, end in windows_of(document, wall.date() - timedelta(days=1))
    )


def windows_of(document, day):
    extra_days = document.get("extra_days", ())
    if day.isoformat() in extra_days:
        return minutes_of(document["windows"]["mon"])
    if day.isoformat() in document.get("holidays", ()):
        return []
    return minutes_of(document["windows"].get(WEEKDAYS[day.weekday()], []))


def minutes_of(pairs):
    windows = []
    for opening, closing in pairs:
        start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (opening, closing))
        windows.append((start, end if end > start else end + 1440))
    return windows


def walk(document, start, minutes, paused=()):
    """The instant at which `minutes` open minutes outside of `paused` [(from, to), …] have passed, by counting."""
    moment = start
    while minutes:
        for minute in open_minutes(document, moment, moment + timedelta(days=1)):
            if not any(begin <= minute < end for begin, end in paused):
                minutes -= 1
                if not minutes:
                    return minute + MINUTE
        moment += timedelta(days=1)
    return next(iter(open_minutes(document, start, start + timedelta(days=30))))


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def business_days(document, first, count):
    """The local dates after `first` that have windows, `count` of them."""
    found, day = [], first
    while len(found) < count:
        day += timedelta(days=1)
        if windows_of(document, day):
            found.append(day)
    return found


def counted_minutes(explanation, document):
    """The minutes of the clock's life that an independent walk through wall-clock time finds open and not paused."""
    end = max((line.end or line.start for line in explanation.lines), default=explanation.started_at)
    everything = {"tz": "UTC", "always_open": True}
    minutes = open_minutes(document if explanation.zone else everything, explanation.started_at, end)
    pauses = [line for line in explanation.lines if isinstance(line, Stopped)]
    return sum(
        not any(pause.start <= minute and (pause.end is None or minute < pause.end) for pause in pauses) for minute in minutes
    )
