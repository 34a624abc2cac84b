"""The arithmetic of business time: adding, measuring and explaining open hours, exactly and fast.

Pure: no Django, no database. Aware datetimes at the door, integer microseconds since 1970 inside.

A calendar becomes a table of open intervals on the UTC axis with the open time before each of them; a question is two
bisects in that table, which grows when it is asked beyond its ends (SPEED G9). Wall-clock windows in the zone, real
elapsed time across daylight-saving changes (SPEC section 5, vectors/README).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite

from sla.calendar_definition import USUAL_DAY_MINUTES, CalendarDefinition, CalendarError, read_definition
from sla.open_intervals import EPOCH, NOTHING, SECOND, OpenIntervals, instant_of, lay_out

#: Questions are answered inside these years; one that leads out of them ends with the error `out_of_range`.
FIRST_YEAR, LAST_YEAR = 1901, 2199
_FIRST_DATE, _LAST_DATE = date(FIRST_YEAR - 1, 12, 1), date(LAST_YEAR + 1, 1, 31)
_AHEAD = timedelta(days=400)
_MARGIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands still; `end` None while it lasts. `kind` is the caller's word for its cause."""

    start: datetime
    end: datetime | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a target runs out; `at` is None while an open pause stops the clock: `remaining_seconds` are left then."""

    at: datetime | None
    remaining_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class OpenSpan:
    """Open time from `start` until before `end`, of the window that starts on the local date `day`."""

    start: datetime
    end: datetime
    day: date


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A local date without open hours inside a closed span: a holiday (with its name) or a weekday that has none."""

    day: date
    is_holiday: bool
    name: object = None


@dataclass(frozen=True, slots=True)
class ClosedSpan:
    """Closed time from `start` until before `end`; `days` are its closed dates, none for a mere night or break."""

    start: datetime
    end: datetime
    days: tuple[ClosedDay, ...] = ()


class BusinessCalendar:
    """The open time of one calendar. Safe to share between threads: its table is replaced, never changed."""

    def __init__(self, definition: CalendarDefinition):
        self.definition = definition
        self.zone = definition.zone
        self._table = NOTHING

    @property
    def day_seconds(self) -> float:
        """Open seconds of one business day. An always-open calendar must name it: `day_minutes_missing`."""
        minutes = self.definition.day_minutes
        if minutes is None and self.definition.always_open:
            raise CalendarError("day_minutes_missing", "An always-open calendar must say how long a business day is.")
        return (USUAL_DAY_MINUTES if minutes is None else minutes) * 60

    # Sums

    def add_business(self, start: datetime, seconds: float) -> datetime:
        """The instant at which `seconds` of open time after `start` have passed.

        A start outside open hours counts from the next opening; a sum that runs out exactly at closing is due then;
        zero seconds give the start, or the next opening. Raises CalendarError.
        """
        return _moment(self._add(_instant(start), _duration(seconds)))

    def add_business_days(self, start: datetime, days: float) -> datetime:
        """N business days = N times the calendar's usual day of open hours, counted through the same windows."""
        return self.add_business(start, _number(days, "bad_day_count") * self.day_seconds)

    def business_seconds_between(self, start: datetime, end: datetime) -> float:
        """Open seconds from `start` until before `end`. Raises CalendarError when `end` lies before `start`."""
        return _seconds(self._between(*_period(start, end)))

    def end_of_nth_business_day(self, start: datetime, days: int) -> datetime:
        """Closing time of the Nth business day after the start's own local date, which is day 0 until midnight.

        On a date that is no business day, the next business day is day 1. `days` is a whole number from 1 on.
        """
        if _number(days, "bad_day_count") < 1 or days != int(days):
            raise CalendarError("bad_day_count", f"Business days are counted from 1 on, not {days!r}.")
        instant = _instant(start)
        table, day = self._covering(instant, instant), self._local_date(instant).toordinal()
        for _ in range(int(days)):
            while (following := table.day_after(day)) is None:
                table = self._grown(table)
            day = following
        return _moment(table.closing_of(day))

    def due_with_pauses(self, start: datetime, seconds: float, pauses: Iterable[Pause] = ()) -> Due:
        """Like `add_business`, with the clock standing still in `pauses`; their union counts once.

        A pause that begins exactly when the target runs out changes nothing. While an open pause stops the clock there
        is no due time, and what remains is told. Raises CalendarError for a pause that ends before it begins.
        """
        begin, left = _instant(start), _duration(seconds)
        for pause_start, pause_end in _union(pauses, begin):
            due = self._add(begin, left)
            if due <= pause_start:
                return Due(_moment(due))
            left -= self._between(begin, pause_start)
            if pause_end is None:
                return Due(None, _seconds(left))
            begin = pause_end
        return Due(_moment(self._add(begin, left)))

    # Questions

    def is_open(self, at: datetime) -> bool:
        """Open at this instant? At opening yes, at closing no."""
        instant = _instant(at)
        return self._next_opening(instant) == instant

    def next_opening(self, at: datetime) -> datetime:
        """The first open instant at or after `at`."""
        return _moment(self._next_opening(_instant(at)))

    def is_business_day(self, day: date) -> bool:
        """Has this local date open hours of its own? (A date that the clock skips has none.)"""
        noon = instant_of(day, 720, self.zone)
        return self._covering(noon, noon).day_after(day.toordinal() - 1) == day.toordinal()

    def open_spans(self, start: datetime, end: datetime) -> list[OpenSpan]:
        """The open stretches between two instants, cut to them, one for each window, in order."""
        begin, until = _period(start, end)
        table = self._covering(begin, until)
        return [
            OpenSpan(
                _moment(max(table.opens[index], begin)),
                _moment(min(table.closes[index], until)),
                date.fromordinal(table.days[index]),
            )
            for index in range(bisect_right(table.closes, begin), bisect_left(table.opens, until))
            if begin < until
        ]

    def closed_spans(self, start: datetime, end: datetime) -> list[ClosedSpan]:
        """The closed stretches between two instants, each with the holidays and free weekdays that lie in it."""
        spans, begin = [], start
        for span in self.open_spans(start, end):
            if begin < span.start:
                spans.append(self._closed_span(begin, span.start))
            begin = span.end
        if begin < end:
            spans.append(self._closed_span(begin, end))
        return spans

    # In microseconds

    def _add(self, begin: int, amount: int) -> int:
        if not amount:
            return self._next_opening(begin)
        table = self._table
        if not table.covers_from <= begin < table.covers_until:
            table = self._covering(begin, begin)
        while (total := table.open_before(begin) + amount) > table.totals[-1]:
            table = self._grown(table)
        return table.instant_at(total)

    def _between(self, begin: int, until: int) -> int:
        table = self._table
        if not (table.covers_from <= begin and until < table.covers_until):
            table = self._covering(begin, until)
        return table.open_before(until) - table.open_before(begin)

    def _next_opening(self, instant: int) -> int:
        table = self._covering(instant, instant)
        while (opening := table.at_or_after(instant)) is None:
            table = self._grown(table)
        return opening

    def _closed_span(self, start: datetime, end: datetime) -> ClosedSpan:
        definition, days = self.definition, []
        day, until = start.astimezone(self.zone).date(), (end - timedelta.resolution).astimezone(self.zone).date()
        while day <= until:
            if not definition.windows_on(day):
                days.append(ClosedDay(day, day in definition.holidays, definition.holidays.get(day)))
            day += timedelta(days=1)
        return ClosedSpan(start, end, tuple(days))

    def _local_date(self, instant: int) -> date:
        return _moment(instant).astimezone(self.zone).date()

    # The table

    def _covering(self, begin: int, until: int) -> OpenIntervals:
        table = self._table
        if table.covers_from <= begin and until < table.covers_until:
            return table
        for instant in (begin, until):
            _refuse_far_away(instant)
        first, last = self._local_date(begin) - _MARGIN, self._local_date(until) + _MARGIN
        if table is NOTHING:
            return self._laid_out(first, last + _AHEAD)
        # Doubled, so that being asked day after day does not cost a table each time.
        length = table.last - table.first
        first = table.first if table.covers_from <= begin else min(first, _earlier(table.first, length))
        last = table.last if until < table.covers_until else max(last, _later(table.last, length))
        return self._laid_out(first, last)

    def _grown(self, table: OpenIntervals) -> OpenIntervals:
        if table.last == _LAST_DATE:
            _refuse_far_away(None)
        return self._laid_out(table.first, _later(table.last, table.last - table.first))

    def _laid_out(self, first: date, last: date) -> OpenIntervals:
        self._table = table = lay_out(self.definition, max(first, _FIRST_DATE), min(last, _LAST_DATE))
        return table


def compile_calendar(document: Mapping) -> BusinessCalendar:
    """Check a calendar document and make it ready for questions. Raises CalendarError (see `read_definition`)."""
    return BusinessCalendar(read_definition(document))


def _earlier(day: date, length: timedelta) -> date:
    return day - min(length, day - _FIRST_DATE)


def _later(day: date, length: timedelta) -> date:
    return day + min(length, _LAST_DATE - day)


def _instant(at: datetime) -> int:
    try:
        since = at - EPOCH
    except TypeError as error:
        raise CalendarError("naive_datetime", f"{at!r} is no moment: it must be a datetime with its zone.") from error
    return (since.days * 86400 + since.seconds) * SECOND + since.microseconds


def _moment(instant: int) -> datetime:
    return EPOCH + timedelta(0, 0, instant)


def _period(start: datetime, end: datetime) -> tuple[int, int]:
    begin, until = _instant(start), _instant(end)
    if until < begin:
        raise CalendarError("reversed_period", f"A period must not end ({end}) before it begins ({start}).")
    return begin, until


def _duration(seconds: float) -> int:
    if type(seconds) is int and seconds >= 0:
        return seconds * SECOND
    return round(_number(seconds, "bad_duration") * SECOND)


def _number(value: float, code: str) -> float:
    is_number = isinstance(value, int) and not isinstance(value, bool) or isinstance(value, float) and isfinite(value)
    if not is_number or value < 0:
        raise CalendarError(code, f"{value!r} is no amount: a number from 0 on is needed.")
    return value


def _seconds(micros: int) -> float:
    return micros / SECOND if micros % SECOND else micros // SECOND


def _union(pauses: Iterable[Pause], begin: int) -> list[tuple[int, int | None]]:
    """The pauses as disjoint stretches in order, cut off before `begin`; the open one, if any, comes last."""
    stretches: list[tuple[int, int | None]] = []
    for start, end in sorted(map(_stretch, pauses), key=lambda stretch: stretch[0]):
        if end is not None and end <= begin:
            continue
        if not stretches or (stretches[-1][1] is not None and stretches[-1][1] < start):
            stretches.append((max(start, begin), end))
        elif stretches[-1][1] is not None:
            latest = stretches[-1]
            stretches[-1] = (latest[0], None if end is None else max(latest[1], end))
    return stretches


def _stretch(pause: Pause) -> tuple[int, int | None]:
    if pause.end is None:
        return _instant(pause.start), None
    return _period(pause.start, pause.end)


def _refuse_far_away(instant: int | None) -> None:
    if instant is None or not _EARLIEST <= instant < _LATEST:
        raise CalendarError("out_of_range", f"The question leads out of the years {FIRST_YEAR} to {LAST_YEAR}.")


_EARLIEST, _LATEST = (_instant(EPOCH.replace(year=year)) for year in (FIRST_YEAR, LAST_YEAR + 1))
