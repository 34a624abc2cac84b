"""Laws that every calendar keeps: over 20 zones, two years with their daylight-saving nights, day, split, night and 24x7 hours."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sla.business_time import Pause, compile_calendar
from tests.sla.minute_counter import WEEKDAYS, business_days, open_minutes, walk

ZONES = [
    "UTC",
    "Europe/Paris",
    "Europe/London",
    "Europe/Moscow",
    "Europe/Lisbon",
    "America/New_York",
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Atlantic/Azores",
]
# The nights on which those zones' clocks change in 2026 and 2027 attract the starts.
DST_DATES = [
    "2026-02-15",
    "2026-03-08",
    "2026-03-22",
    "2026-03-29",
    "2026-04-05",
    "2026-04-24",
    "2026-09-06",
    "2026-09-27",
    "2026-10-04",
    "2026-10-25",
    "2026-10-30",
    "2026-11-01",
    "2027-03-14",
    "2027-03-28",
    "2027-04-04",
    "2027-04-30",
    "2027-09-26",
    "2027-10-03",
    "2027-10-29",
    "2027-10-31",
    "2027-11-07",
]
HOURS = [
    [["08:00", "17:00"]],
    [["09:00", "12:00"], ["13:00", "17:30"]],
    [["22:00", "06:00"]],
    [["08:00", "17:00"], ["22:00", "06:00"]],
    [["22:00", "02:30"]],
    [["01:45", "09:15"]],
    [["00:00", "24:00"]],
    [["00:30", "00:00"]],
    [["02:10", "02:50"], ["23:30", "24:00"]],
]
starts = st.one_of(
    st.builds(
        lambda day, minutes: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(minutes=minutes),
        st.sampled_from(DST_DATES),
        st.integers(-2880, 2880),
    ),
    st.integers(0, 2 * 365 * 1440).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
)
ordinary = st.builds(
    lambda zone, hours, weekdays, holidays: {
        "tz": zone,
        "windows": {day: hours for day in WEEKDAYS if day in weekdays},
        "holidays": sorted(holidays),
        "day_minutes": 480,
    },
    st.sampled_from(ZONES),
    st.sampled_from(HOURS),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    st.sets(st.sampled_from(DST_DATES), max_size=6),
)
always = st.sampled_from(ZONES).map(lambda zone: {"tz": zone, "windows": {}, "always_open": True, "day_minutes": 1440})
calendars = st.one_of(ordinary, ordinary, always)
targets = st.integers(0, 40 * 9 * 3600)
pauses = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 6_000)), max_size=8)


def stretches(start, pairs):
    """Pauses as (start, end), each so many minutes after the clock's start and so many minutes long."""
    return [(start + timedelta(minutes=after), start + timedelta(minutes=after + length)) for after, length in pairs]


@settings(max_examples=300, deadline=None)
@given(calendars, starts, targets)
def test_measuring_what_was_added_gives_it_back(document, start, seconds):
    calendar = compile_calendar(document)
    due = calendar.add_business(start, seconds)
    assert calendar.business_seconds_between(start, due) == seconds


@settings(max_examples=300, deadline=None)
@given(calendars, starts, targets, st.integers(1, 10 * 3600))
def test_due_time_grows_with_the_target(document, start, seconds, more):
    calendar = compile_calendar(document)
    assert calendar.add_business(start, seconds) < calendar.add_business(start, seconds + more)


@settings(max_examples=300, deadline=None)
@given(calendars, starts, targets, targets)
def test_adding_in_two_steps_is_adding_at_once(document, start, first, second):
    calendar = compile_calendar(document)
    assert calendar.add_business(calendar.add_business(start, first), second + 1) == calendar.add_business(
        start, first + second + 1
    )


@settings(max_examples=300, deadline=None)
@given(calendars, starts, st.integers(1, 40 * 9 * 3600), st.integers(0, 3 * 86400), st.integers(0, 10 * 86400))
def test_pause_moves_the_due_time_by_its_open_time(document, start, seconds, after, length):
    calendar = compile_calendar(document)
    pause = Pause(start + timedelta(seconds=after), start + timedelta(seconds=after + length))
    due = calendar.add_business(start, seconds)
    moved = calendar.due_with_pauses(start, seconds, [pause]).at
    if pause.start >= due:
        assert moved == due
    else:
        open_pause = calendar.business_seconds_between(pause.start, pause.end)
        assert calendar.business_seconds_between(due, moved) == open_pause


@settings(max_examples=200, deadline=None)
@given(calendars, starts, st.integers(1, 10_000), pauses)
def test_order_and_overlap_of_pauses_do_not_matter(document, start, seconds, pairs):
    calendar = compile_calendar(document)
    given_pauses = [Pause(begin, end) for begin, end in stretches(start, pairs)]
    answer = calendar.due_with_pauses(start, seconds, given_pauses)
    assert calendar.due_with_pauses(start, seconds, given_pauses[::-1] + given_pauses) == answer


@settings(max_examples=100, deadline=None)
@given(calendars, starts, st.integers(0, 6 * 1440))
def test_measure_agrees_with_counting_minutes(document, start, minutes):
    end = start + timedelta(minutes=minutes)
    assert compile_calendar(document).business_seconds_between(start, end) == 60 * len(open_minutes(document, start, end))


@settings(max_examples=60, deadline=None)
@given(calendars, starts, st.integers(0, 1200), pauses)
def test_due_with_pauses_agrees_with_counting_minutes(document, start, minutes, pairs):
    stopped = stretches(start, pairs) if minutes else []
    counted = walk(document, start, minutes, stopped)
    assert compile_calendar(document).due_with_pauses(start, minutes * 60, [Pause(*pair) for pair in stopped]).at == counted


@settings(max_examples=100, deadline=None)
@given(ordinary, starts, st.integers(1, 9))
def test_nth_business_day_agrees_with_turning_the_calendars_leaves(document, start, days):
    calendar = compile_calendar(document)
    deadline = calendar.end_of_nth_business_day(start, days)
    own_day = start.astimezone(calendar.zone).date()
    expected = [day for day in business_days(document, own_day, days + 3) if calendar.is_business_day(day)][days - 1]
    assert calendar.open_spans(deadline - timedelta(seconds=1), deadline)[-1].day == expected
    assert not calendar.open_spans(deadline, deadline + timedelta(hours=12)) or all(
        span.day != expected for span in calendar.open_spans(deadline, deadline + timedelta(hours=12))
    )


@settings(max_examples=200, deadline=None)
@given(calendars, starts, st.integers(0, 20 * 1440))
def test_open_and_closed_spans_tile_every_period(document, start, minutes):
    calendar, end = compile_calendar(document), start + timedelta(minutes=minutes)
    spans = sorted([*calendar.open_spans(start, end), *calendar.closed_spans(start, end)], key=lambda span: span.start)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges[1:-1:2] == edges[2:-1:2]
    assert (edges[0], edges[-1]) == (start, end) if minutes else edges == []
    opened = sum((span.end - span.start for span in calendar.open_spans(start, end)), timedelta())
    assert opened.total_seconds() == calendar.business_seconds_between(start, end)
