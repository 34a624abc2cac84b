"""Business time against SPEED G9: at least 300,000 sums a second, as fast over a year as over two hours, no mismatch.

    python -m tests.benchmarks.bench_business_time

Anchor, measured in the same run: adding a timedelta to an aware datetime and taking the difference again, which is the least that any
sum can do. A day-by-day walk through the same windows (what most schedulers do) stands beside for comparison.
"""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

from sla.business_time import BusinessCalendar, Pause, compile_calendar

CALENDARS = json.loads((Path(__file__).parents[1] / "sla" / "vectors" / "calendars.json").read_text())["calendars"]
NAMES = ("genesys-paris", "genesys-tokyo", "newyork-three-windows", "night-paris-all", "always-24x7")
SUMS = 100_000
HOUR = 3600


def main():
    starts = [datetime(2027, 1, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(365 * 86400)) for _ in range(SUMS)]
    anchor = rate(lambda start: start + timedelta(seconds=7200) - start, starts)
    print(f"anchor, timedelta there and back: {anchor:>12,.0f} a second")
    print(
        f"{'calendar':<24}{'add 2 h':>12}{'add 1 year':>12}{'measure':>12}{'2 pauses':>12}{'walk 2 h':>12}{'walk 1 year':>12}{'mismatch':>10}"
    )
    for name in NAMES:
        calendar = compile_calendar(CALENDARS[name])
        year = calendar.business_seconds_between(starts[0], starts[0] + timedelta(days=365))
        print(
            f"{name:<24}"
            + "".join(f"{figure:>12,.0f}" for figure in figures(calendar, starts, year))
            + f"{mismatches(calendar, starts, year):>10}"
        )


def figures(calendar: BusinessCalendar, starts, year):
    calendar.add_business(max(starts), year)
    yield rate(lambda start: calendar.add_business(start, 2 * HOUR), starts)
    yield rate(lambda start: calendar.add_business(start, year), starts)
    yield rate(lambda start: calendar.business_seconds_between(start, start + timedelta(days=90)), starts)
    yield rate(lambda start: calendar.due_with_pauses(start, 2 * HOUR, two_pauses(start)), starts[:20_000])
    yield rate(lambda start: walk(calendar, start, 2 * HOUR), starts[:2_000])
    yield rate(lambda start: walk(calendar, start, year), starts[:20])


def two_pauses(start):
    return [
        Pause(start + timedelta(minutes=20), start + timedelta(minutes=40)),
        Pause(start + timedelta(hours=1), start + timedelta(hours=30)),
    ]


def rate(question, starts):
    before = process_time()
    for start in starts:
        question(start)
    return len(starts) / (process_time() - before)


def mismatches(calendar, starts, year):
    return sum(calendar.add_business(start, year) != walk(calendar, start, year) for start in starts[:20])


def walk(calendar: BusinessCalendar, start, seconds):
    """The same sum window by window through wall-clock dates."""
    day, left = start.astimezone(calendar.zone).date() - timedelta(days=1), seconds
    while True:
        for window in calendar.definition.windows_on(day):
            opening, closing = (moment_of(day, minute, calendar.zone) for minute in (window.start, window.end))
            counted = max(timedelta(), closing - max(start, opening)).total_seconds()
            if counted >= left:
                return max(start, opening) + timedelta(seconds=left)
            left -= counted
        day += timedelta(days=1)


def moment_of(day, minute, zone):
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)


if __name__ == "__main__":
    main()
