"""Which promise counts, and when it runs out. Pure. Source: SPEC section 5 (targets), vectors/README."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sla.business_time import BusinessCalendar, Due, Pause, compile_calendar
from sla.policy_rules import (
    BUSINESS_DAYS,
    BUSINESS_HOURS,
    BUSINESS_MINUTES,
    END_OF_BUSINESS_DAY,
    HOURS,
    MINUTES,
    Duration,
    PolicyRules,
    Target,
)

#: Calendar time: every second counts.
ALL_HOURS = compile_calendar({"tz": "UTC", "always_open": True, "day_minutes": 1440})

_UNIT_SECONDS = {MINUTES: 60, BUSINESS_MINUTES: 60, HOURS: 3600, BUSINESS_HOURS: 3600}
_IN_BUSINESS_TIME = (BUSINESS_MINUTES, BUSINESS_HOURS, BUSINESS_DAYS, END_OF_BUSINESS_DAY)


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a case is, as far as targets ask."""

    severity: int | None
    plan: str
    channel: str
    scope: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """The time that a target gives from a start on: `seconds` of the open time of `calendar`."""

    calendar: BusinessCalendar
    seconds: float

    def due(self, start: datetime, pauses: Iterable[Pause] = ()) -> Due:
        """When it runs out. While an open pause stops it there is no due time."""
        return self.calendar.due_with_pauses(start, self.seconds, pauses)

    def warning(self, start: datetime, pauses: Iterable[Pause], percent: int) -> datetime | None:
        """When so many percent of it have passed."""
        return self.calendar.due_with_pauses(start, self.seconds * percent / 100, pauses).at


def has_target(rules: PolicyRules, kind: str) -> bool:
    """Does the policy speak of this kind of target at all?"""
    return any(target.kind == kind for target in rules.targets)


def target_for(rules: PolicyRules, kind: str, conditions: Conditions) -> Target | None:
    """The first target of a kind whose conditions all hold; None where there is none."""
    return next((target for target in rules.targets if target.kind == kind and _holds(target, conditions)), None)


def is_fallback(rules: PolicyRules, target: Target, plan: str) -> bool:
    """Does this target count only because the case has no plan that the policy knows? (Never no clock, but a visible flag: SPEC 5.)"""
    if plan in {known.code for known in rules.plans} or target.channels:
        return False
    return any(other.plans for other in rules.targets if other.kind == target.kind)


def _holds(target: Target, conditions: Conditions) -> bool:
    return (
        (not target.severities or conditions.severity in target.severities)
        and (not target.plans or conditions.plan in target.plans)
        and (not target.channels or conditions.channel in target.channels)
        and (not target.scopes or conditions.scope in target.scopes)
    )


def allowance(duration: Duration, start: datetime, calendar: BusinessCalendar) -> Allowance:
    """The open time that a duration gives from `start` on. Raises CalendarError (`sla.calendar_definition`)."""
    if duration.unit == END_OF_BUSINESS_DAY:
        deadline = calendar.end_of_nth_business_day(start, duration.amount)
        return Allowance(calendar, calendar.business_seconds_between(start, deadline))
    if duration.unit == BUSINESS_DAYS:
        return Allowance(calendar, duration.amount * calendar.day_seconds)
    return Allowance(clock_face(duration, calendar), duration.amount * _UNIT_SECONDS[duration.unit])


def clock_face(duration: Duration, calendar: BusinessCalendar) -> BusinessCalendar:
    """The calendar that a duration is counted in: business time, or every hour of calendar time."""
    return calendar if duration.unit in _IN_BUSINESS_TIME else ALL_HOURS
