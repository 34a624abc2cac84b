"""The coming weeks of a calendar, day by day, as the customers of one country will have them. Plain values for a page."""

from dataclasses import dataclass
from datetime import date, timedelta

from sla.calendar_definition import DAY, CalendarDefinition, read_definition
from sla.calendars import EVERYBODY, document_for
from sla.models import CalendarVersion

WEEKS = 4


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """One date: its open hours ("08:00–17:00"; none when closed), and the holiday that closes it, by name."""

    day: date
    hours: tuple[str, ...]
    is_holiday: bool = False
    name: object = None  # a text by language, a plain name, or None
    is_extra: bool = False  # a working day out of the ordinary


def preview(version: CalendarVersion, *, country: str, first: date, weeks: int = WEEKS) -> list[list[PreviewDay]]:
    """The weeks from the Monday of `first` on. Raises CalendarError where the definition makes no sense."""
    definition = read_definition(document_for(version.definition, time_zone="UTC", country=country))
    monday = first - timedelta(days=first.weekday())
    return [[_day(definition, monday + timedelta(days=7 * week + day)) for day in range(7)] for week in range(weeks)]


def countries_of(version: CalendarVersion) -> list[str]:
    """The countries whose holidays a version keeps."""
    return sorted(code for code in version.definition.get("holidays", {}) if code != EVERYBODY)


def _day(definition: CalendarDefinition, day: date) -> PreviewDay:
    hours = tuple(f"{_clock(window.start)}–{_clock(window.end)}" for window in definition.windows_on(day))
    is_extra = day in definition.extra_days
    is_holiday = day in definition.holidays and not hours
    return PreviewDay(day, hours, is_holiday, definition.holidays.get(day) if is_holiday else None, is_extra)


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hours:02}:{rest:02}"
