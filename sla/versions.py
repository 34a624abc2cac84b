"""The versions that counted for a case before the ones that count now: it keeps those of its opening until it is moved (SPEC 5)."""

from collections.abc import Iterable

from sla import events
from sla.calendars import business_calendar
from sla.clock_rules import Version
from sla.events import Event
from sla.models import CalendarVersion, PolicyVersion
from sla.policies import rules_of


def earlier_versions(case, timeline: Iterable[Event]) -> tuple[Version, ...]:
    """What counted before each move of the case, in order. No query for a case that was never moved."""
    return tuple(_version(case, event.data["from"]) for event in timeline if event.kind == events.VERSION_CHANGED)


def _version(case, keys) -> Version:
    policy = PolicyVersion.objects.defer("source", "rules").get(pk=keys["policy"])
    calendar = CalendarVersion.objects.defer("definition").get(pk=keys["calendar"])
    return Version(rules_of(policy), business_calendar(calendar, time_zone=case.time_zone, country=case.country))
