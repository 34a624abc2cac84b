"""The open hours of a calendar laid out on the UTC axis: intervals in whole microseconds, with what lies before each.

Pure. `sla.business_time` asks; nobody else needs this table.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import inf
from zoneinfo import ZoneInfo

from sla.calendar_definition import CalendarDefinition

SECOND = 1_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenIntervals:
    """Open intervals in order, complete for instants from `covers_from` until before `covers_until`.

    Interval i runs from `opens[i]` until before `closes[i]`, belongs to the local date with ordinal `days[i]`, and has
    `totals[i]` microseconds of open time before it; `totals` has one entry more, the open time of all.
    """

    first: date
    last: date
    covers_from: float
    covers_until: float
    opens: list[int]
    closes: list[int]
    days: list[int]
    totals: list[int]

    def open_before(self, instant: int) -> int:
        """Open microseconds from the table's beginning until `instant`."""
        index = bisect_right(self.closes, instant)
        if index == len(self.closes):
            return self.totals[-1]
        opening = self.opens[index]
        return self.totals[index] + instant - opening if instant > opening else self.totals[index]

    def instant_at(self, total: int) -> int:
        """The earliest instant with `total` (more than none) open microseconds before it: closing, not next opening."""
        index = bisect_left(self.totals, total) - 1
        return self.opens[index] + total - self.totals[index]

    def at_or_after(self, instant: int) -> int | None:
        """The first open instant at or after `instant`; None when it lies beyond the table."""
        index = bisect_right(self.closes, instant)
        return None if index == len(self.closes) else max(instant, self.opens[index])

    def day_after(self, day: int) -> int | None:
        """Ordinal of the next date that has open hours; None when it lies beyond the table."""
        index = bisect_right(self.days, day)
        return None if index == len(self.days) else self.days[index]

    def closing_of(self, day: int) -> int:
        """Closing instant of a date that has open hours."""
        return self.closes[bisect_right(self.days, day) - 1]


NOTHING = OpenIntervals(date.max, date.min, inf, -inf, [], [], [], [0])


def lay_out(definition: CalendarDefinition, first: date, last: date) -> OpenIntervals:
    """The table of the windows that start on the dates `first` to `last`."""
    opens, closes, days = [], [], []
    zone = definition.zone
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for window in definition.windows_on(day):
            opening, closing = instant_of(day, window.start, zone), instant_of(day, window.end, zone)
            if opening < closing:  # a window may fall wholly into the hour that the clock skips
                opens.append(opening)
                closes.append(closing)
                days.append(ordinal)
    totals = list(accumulate((closing - opening for opening, closing in zip(opens, closes, strict=True)), initial=0))
    # Windows last 24 hours at most: from the second date on, none that started before the table is missing.
    covers_from, covers_until = (instant_of(day + _ONE_DAY, 0, zone) for day in (first, last))
    return OpenIntervals(first, last, covers_from, covers_until, opens, closes, days, totals)


def instant_of(day: date, minute: int, zone: ZoneInfo) -> int:
    """The first instant at which the clocks of a zone show a wall-clock time or a later one, in microseconds.

    A time that the clock skips happens at the jump, a time shown twice at the first showing (vectors/README).
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    first, second = wall.replace(tzinfo=zone), wall.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before < after:
        return _jump(wall, zone, wall - after, wall - before)
    return _micros(wall - before)


def _jump(wall: datetime, zone: ZoneInfo, earlier: datetime, later: datetime) -> int:
    """The instant of the forward jump over `wall`, which lies after `earlier` and not after `later` (naive UTC)."""
    low, high = _micros(earlier) // SECOND, _micros(later) // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        shown = datetime.fromtimestamp(middle, zone).replace(tzinfo=None)
        low, high = (low, middle) if shown >= wall else (middle, high)
    return high * SECOND


def _micros(utc: datetime) -> int:
    since = utc.replace(tzinfo=UTC) - EPOCH
    return (since.days * 86400 + since.seconds) * SECOND + since.microseconds
