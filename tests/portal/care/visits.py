"""How tests of the workspace visit a case: addresses, and what its forms send."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from tests.stories import fresh

HOUR = timedelta(hours=1)
PAGES = [
    "call",
    "assign",
    "severity",
    "priority",
    "scope",
    "third_party",
    "promise",
    "expectation",
    "restored",
    "resolution",
    "close",
]


def url(name, case, *more):
    return reverse(f"admin:{name}", args=[case.number, *more])


def sent(case, **fields):
    """What a form of the workspace sends, as it was shown for the present version of the case."""
    return {"version": fresh(case).version, "seen": latest(case).pk, **fields}


def latest(case):
    return case.activities.order_by("-pk").first()


def minute(moment, zone="Europe/Paris"):
    """A moment as a browser's field for date and time sends it."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
