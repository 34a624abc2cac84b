"""When the care team is there for an organization, today, in the reader's zone (UX C1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cases.agreements import agreement_in_force
from sla.business_time import BusinessCalendar, ClosedDay
from sla.calendars import business_calendar, current_calendar_version
from sla.policies import current_version, default_policy, rules_of

AHEAD = timedelta(days=60)  # as far as a holiday is announced
NEVER_CLOSES = timedelta(days=8)  # no closing within this time: open around the clock


@dataclass(frozen=True, slots=True)
class SupportHours:
    is_open: bool
    changes_at: datetime | None  # closing, when open; opening, when closed; None: open around the clock
    holiday: ClosedDay | None  # the next one
    is_today: bool = True  # it changes before the reader's midnight


def support_hours_of(organization, *, now):
    """The support hours that the organization's agreement, or the default policy, gives it. A few queries."""
    agreement = agreement_in_force(organization, at=now)
    rules = rules_of(current_version(agreement.policy if agreement else default_policy()))
    version = current_calendar_version((agreement and agreement.calendar) or rules.calendar)
    calendar = business_calendar(version, time_zone=organization.time_zone, country=organization.country)
    return support_hours(calendar, now=now)


def support_hours(calendar: BusinessCalendar, *, now) -> SupportHours:
    """Open or closed at `now`, until when, and the next holiday within sixty days."""
    is_open = calendar.is_open(now)
    changes_at = _closing(calendar, now) if is_open else calendar.next_opening(now)
    is_today = changes_at is None or timezone.localdate(changes_at) == timezone.localdate(now)
    return SupportHours(is_open, changes_at, _holiday(calendar, now), is_today)


def _closing(calendar, now):
    """The end of the open time that runs at `now`; windows that touch are one."""
    end = now
    for span in calendar.open_spans(now, now + NEVER_CLOSES):
        if span.start > end:
            return end
        end = span.end
    return end if end < now + NEVER_CLOSES else None


def _holiday(calendar, now):
    days = (day for span in calendar.closed_spans(now, now + AHEAD) for day in span.days)
    return next((day for day in days if day.is_holiday), None)
