"""A business calendar as it is written down: hours per weekday, holidays, extra working days, checked once when read.

Pure: no Django, no database. `sla.business_time` works with what comes out of here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
#: Open minutes of one business day when the definition names none (Genesys: 08:00 to 17:00).
USUAL_DAY_MINUTES = 540

_CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|(24):(00)")
_CALENDAR_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class CalendarError(ValueError):
    """A calendar, or a question put to it, that makes no sense; `code` is for programs, the message for people.

    Codes: `not_a_calendar`, `bad_zone`, `bad_time`, `bad_date`, `bad_weekday`, `bad_day_minutes`, `overlapping_windows`,
    `no_open_time`, `naive_datetime`, `bad_duration`, `bad_day_count`, `reversed_period`, `day_minutes_missing`,
    `out_of_range`.
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open hours of one date, in minutes of that date's wall clock; an end past 1440 lies on the next date."""

    start: int
    end: int


ALL_DAY = (Window(0, DAY),)


@dataclass(frozen=True, slots=True)
class CalendarDefinition:
    """A checked definition. `holidays` maps a date to its name (any value, or None when it has none)."""

    zone: ZoneInfo
    weekly: tuple[tuple[Window, ...], ...]
    holidays: Mapping[date, object] = field(default_factory=dict)
    extra_days: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    always_open: bool = False
    day_minutes: float | None = None

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """The windows that start on a local date. An extra working day wins over a holiday on the same date."""
        if self.always_open:
            return ALL_DAY
        if day in self.extra_days:
            return self.extra_days[day]
        return () if day in self.holidays else self.weekly[day.weekday()]


def read_definition(document: Mapping) -> CalendarDefinition:
    """Check a calendar document and return it as a `CalendarDefinition`.

    Keys: `tz`, `windows` {weekday: [[start, end], …]}, `holidays` (list of dates, or {date: name}), `extra_days` (list of
    dates that use Monday's hours, or {date: windows or null}), `always_open`, `day_minutes`. Times are `HH:MM`, `24:00` allowed
    as an end; an end not after its start means the next date. `always_open` makes hours and holidays irrelevant.
    Raises CalendarError. Source: SPEC section 5, vectors/README.
    """
    if not isinstance(document, Mapping):
        raise CalendarError("not_a_calendar", "A calendar must be an object with a time zone and weekly windows.")
    weekly = _read_week(document.get("windows") or {})
    definition = CalendarDefinition(
        zone=_read_zone(document.get("tz")),
        weekly=weekly,
        holidays=_read_holidays(document.get("holidays") or ()),
        extra_days=_read_extra_days(document.get("extra_days") or (), weekly),
        always_open=_read_flag(document.get("always_open")),
        day_minutes=_read_day_minutes(document.get("day_minutes")),
    )
    if not definition.always_open:
        _refuse_no_open_time(definition)
        _refuse_overlaps(definition)
    return definition


def _read_zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (TypeError, ValueError, KeyError, OSError) as error:
        raise CalendarError("bad_zone", f"There is no time zone named {name!r}.") from error


def _read_week(document: object) -> tuple[tuple[Window, ...], ...]:
    if not isinstance(document, Mapping):
        raise CalendarError("not_a_calendar", "The weekly windows must be an object with one entry per weekday.")
    for name in document:
        if name not in WEEKDAYS:
            raise CalendarError("bad_weekday", f"{name!r} is no weekday; use {', '.join(WEEKDAYS)}.")
    return tuple(_read_windows(document.get(name) or (), name) for name in WEEKDAYS)


def _read_windows(document: object, where: str) -> tuple[Window, ...]:
    if not _is_list(document):
        raise CalendarError("bad_time", f"The windows of {where} must be a list of [start, end] pairs.")
    windows = tuple(sorted(_read_window(pair, where) for pair in document))
    for earlier, later in pairwise(windows):
        if later.start < earlier.end:
            raise CalendarError("overlapping_windows", f"Two windows of {where} overlap.")
    return windows


def _read_window(pair: object, where: str) -> Window:
    if not _is_list(pair) or len(pair) != 2:
        raise CalendarError("bad_time", f"A window of {where} must be a pair [start, end], not {pair!r}.")
    start, end = (_read_clock_time(text, where) for text in pair)
    if start == DAY:
        raise CalendarError("bad_time", f"A window of {where} starts at 24:00; it starts at 00:00 of the next date.")
    return Window(start, end if end > start else end + DAY)


def _read_clock_time(text: object, where: str) -> int:
    match = _CLOCK_TIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise CalendarError("bad_time", f"{text!r} ({where}) is no time of day; write it like 08:00.")
    hours, minutes = (int(part) for part in match.groups() if part is not None)
    return hours * 60 + minutes


def _read_holidays(document: object) -> dict[date, object]:
    if isinstance(document, Mapping):
        return {read_date(text): name for text, name in document.items()}
    if not _is_list(document):
        raise CalendarError("bad_date", "Holidays must be a list of dates, or an object of dates and names.")
    return dict.fromkeys(map(read_date, document))


def _read_extra_days(document: object, weekly: tuple[tuple[Window, ...], ...]) -> dict[date, tuple[Window, ...]]:
    if not isinstance(document, Mapping) and not _is_list(document):
        raise CalendarError("bad_date", "Extra working days must be a list of dates, or an object of dates and windows.")
    # A calendar without Monday hours lends the hours of its first working weekday.
    usual = next((windows for windows in weekly if windows), ())
    entries = document.items() if isinstance(document, Mapping) else ((text, None) for text in document)
    return {read_date(text): usual if windows is None else _read_windows(windows, text) for text, windows in entries}


def read_date(text: object) -> date:
    """A date written `YYYY-MM-DD`. Raises CalendarError `bad_date`."""
    if isinstance(text, str) and _CALENDAR_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise CalendarError("bad_date", f"{text!r} is no date; write it like 2027-03-10.")


def _read_flag(value: object) -> bool:
    if value not in (None, True, False):
        raise CalendarError("not_a_calendar", f"always_open must be true or false, not {value!r}.")
    return bool(value)


def _read_day_minutes(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= DAY:
        raise CalendarError("bad_day_minutes", f"A business day has between 1 and 1440 open minutes, not {value!r}.")
    return value


def _refuse_no_open_time(definition: CalendarDefinition) -> None:
    # Extra days alone would run out one day, and a clock counting through them would never end.
    if not any(definition.weekly):
        raise CalendarError("no_open_time", "The calendar has no open hours on any weekday.")


def _refuse_overlaps(definition: CalendarDefinition) -> None:
    week = definition.weekly
    for today, tomorrow, name in zip(week, week[1:] + week[:1], WEEKDAYS, strict=True):
        _refuse_overlap(today, tomorrow, name)
    for day in definition.extra_days:
        _refuse_overlap(definition.windows_on(day - timedelta(1)), definition.windows_on(day), day.isoformat())
        _refuse_overlap(definition.windows_on(day), definition.windows_on(day + timedelta(1)), day.isoformat())


def _refuse_overlap(today: tuple[Window, ...], tomorrow: tuple[Window, ...], where: str) -> None:
    if today and tomorrow and today[-1].end > tomorrow[0].start + DAY:
        raise CalendarError("overlapping_windows", f"A window over midnight overlaps the next date's hours ({where}).")


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
