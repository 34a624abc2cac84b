from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import ClosedDay, ClosedSpan, Due, OpenSpan, Pause, compile_calendar
from sla.calendar_definition import CalendarError

WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {
    "tz": "Europe/Paris",
    "windows": {day: [["08:00", "17:00"]] for day in WEEK},
    "holidays": {"2027-05-06": "Ascension Day", "2027-05-17": "Whit Monday"},
}
NIGHT = {"tz": "Europe/Paris", "windows": {day: [["22:00", "06:00"]] for day in WEEK}, "day_minutes": 480}
ALWAYS = {"tz": "Europe/Paris", "always_open": True}
WHOLE_DAYS = {"tz": "Europe/Paris", "windows": {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")}}
PARIS = ZoneInfo("Europe/Paris")
HOUR = 3600


def paris(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "seconds", "due"),
    [
        ("2027-03-10 10:00:00", 2 * HOUR, "2027-03-10 12:00:00"),
        ("2027-03-10 16:59:59", 2 * HOUR, "2027-03-11 09:59:59"),
        ("2027-03-10 16:59:59.250000", HOUR, "2027-03-11 08:59:59.250000"),
        ("2027-03-10 10:00:00", 0.5, "2027-03-10 10:00:00.500000"),
        ("2027-03-10 15:00:00", 2 * HOUR, "2027-03-10 17:00:00"),
        ("2027-03-10 17:00:00", 2 * HOUR, "2027-03-11 10:00:00"),
        ("2027-03-10 10:00:00", 0, "2027-03-10 10:00:00"),
        ("2027-03-10 17:00:00", 0, "2027-03-11 08:00:00"),
        ("2027-05-05 16:00:00", 2 * HOUR, "2027-05-07 09:00:00"),
        ("2027-05-14 16:30:00", 2 * HOUR, "2027-05-18 09:30:00"),
        ("2026-03-27 16:00:00", 2 * HOUR, "2026-03-30 09:00:00"),
    ],
)
def test_add_business_counts_open_time_only(start, seconds, due):
    assert compile_calendar(OFFICE).add_business(paris(start), seconds) == paris(due)


def test_answers_are_in_utc_and_independent_of_the_questions_zone():
    calendar = compile_calendar(OFFICE)
    due = calendar.add_business(paris("2027-03-10 10:00").astimezone(ZoneInfo("Asia/Tokyo")), HOUR)
    assert due == utc("2027-03-10 10:00")
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2027-03-10 10:00", 2, "2027-03-12 10:00"),
        ("2027-03-13 12:00", 2, "2027-03-16 17:00"),
        ("2027-03-10 10:00", 0.5, "2027-03-10 14:30"),
    ],
)
def test_business_days_are_usual_days_of_open_hours(start, days, due):
    assert compile_calendar(OFFICE).add_business_days(paris(start), days) == paris(due)


@pytest.mark.parametrize(
    ("start", "days", "deadline"),
    [
        ("2027-03-09 10:00", 3, "2027-03-12 17:00"),
        ("2027-03-09 23:59:59", 3, "2027-03-12 17:00"),
        ("2027-03-10 00:00", 3, "2027-03-15 17:00"),
        ("2027-03-13 10:00", 1, "2027-03-15 17:00"),
        ("2027-05-14 10:00", 1, "2027-05-18 17:00"),
    ],
)
def test_end_of_nth_business_day_starts_after_the_own_date(start, days, deadline):
    assert compile_calendar(OFFICE).end_of_nth_business_day(paris(start), days) == paris(deadline)


def test_business_day_of_a_night_ends_on_the_next_date():
    assert compile_calendar(NIGHT).end_of_nth_business_day(paris("2027-03-08 12:00"), 1) == paris("2027-03-10 06:00")


def test_night_that_begins_on_a_holiday_does_not_exist():
    calendar = compile_calendar({**NIGHT, "holidays": ["2027-03-09"]})
    assert calendar.add_business(paris("2027-03-09 05:00"), 2 * HOUR) == paris("2027-03-10 23:00")
    assert not calendar.is_open(paris("2027-03-10 01:00"))


DST_EDGES = [
    # (window, date, opening, closing) around the night of 28 to 29 March 2026, 02:00 to 03:00 skipped, …
    (["01:30", "02:30"], "2026-03-29", "2026-03-29 00:30", "2026-03-29 01:00"),
    (["02:15", "05:00"], "2026-03-29", "2026-03-29 01:00", "2026-03-29 03:00"),
    (["22:00", "02:30"], "2026-03-28", "2026-03-28 21:00", "2026-03-29 01:00"),
    # … and of 24 to 25 October 2026, 02:00 to 03:00 shown twice
    (["01:30", "02:30"], "2026-10-25", "2026-10-24 23:30", "2026-10-25 00:30"),
    (["02:30", "04:00"], "2026-10-25", "2026-10-25 00:30", "2026-10-25 03:00"),
    (["22:00", "06:00"], "2026-10-24", "2026-10-24 20:00", "2026-10-25 05:00"),
]


@pytest.mark.parametrize(("window", "day", "opening", "closing"), DST_EDGES)
def test_edge_that_the_clock_skips_or_shows_twice(window, day, opening, closing):
    weekday = date.fromisoformat(day).strftime("%a").lower()
    calendar = compile_calendar({"tz": "Europe/Paris", "windows": {weekday: [window]}})
    spans = calendar.open_spans(paris(day), paris(day) + timedelta(days=2))
    assert spans == [OpenSpan(utc(opening), utc(closing), date.fromisoformat(day))]


def test_window_inside_the_skipped_hour_makes_no_business_day():
    calendar = compile_calendar({"tz": "Europe/Paris", "windows": {"sun": [["02:10", "02:50"]]}})
    assert not calendar.is_business_day(date(2026, 3, 29))
    assert calendar.is_business_day(date(2026, 4, 5))
    assert calendar.next_opening(utc("2026-03-29 00:00")) == paris("2026-04-05 02:10")


def test_date_that_samoa_skipped_is_no_business_day():
    calendar = compile_calendar({"tz": "Pacific/Apia", "windows": {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")}})
    assert not calendar.is_business_day(date(2011, 12, 30))
    assert calendar.add_business(utc("2011-12-30 09:00"), 2 * HOUR) == utc("2011-12-30 11:00")


def test_whole_days_have_no_shut_minute_at_midnight():
    calendar = compile_calendar(WHOLE_DAYS)
    assert calendar.closed_spans(paris("2026-03-01"), paris("2026-11-30")) == []
    assert calendar.business_seconds_between(paris("2026-03-29"), paris("2026-03-30")) == 23 * HOUR


def test_always_open_calendar_knows_no_holidays_and_needs_a_business_day_of_its_own():
    calendar = compile_calendar({**ALWAYS, "holidays": ["2027-03-10"]})
    assert calendar.add_business(paris("2027-03-10 12:00"), 48 * HOUR) == paris("2027-03-12 12:00")
    with pytest.raises(CalendarError, match="always-open"):
        calendar.add_business_days(paris("2027-03-10 12:00"), 1)
    with_day = compile_calendar({**ALWAYS, "day_minutes": 1440})
    assert with_day.add_business_days(paris("2027-03-10 12:00"), 1) == paris("2027-03-11 12:00")


@pytest.mark.parametrize(
    ("at", "is_open", "next_opening"),
    [
        ("2027-03-10 07:59:59", False, "2027-03-10 08:00"),
        ("2027-03-10 08:00", True, "2027-03-10 08:00"),
        ("2027-03-10 16:59:59", True, "2027-03-10 16:59:59"),
        ("2027-03-10 17:00", False, "2027-03-11 08:00"),
        ("2027-03-12 17:00", False, "2027-03-15 08:00"),
    ],
)
def test_opening_is_open_and_closing_is_closed(at, is_open, next_opening):
    calendar = compile_calendar(OFFICE)
    assert calendar.is_open(paris(at)) is is_open
    assert calendar.next_opening(paris(at)) == paris(next_opening)


PAUSED = [
    ([("10:30", "11:30")], "13:00", None),
    ([("10:30", "11:30"), ("11:00", "12:30")], "14:00", None),
    ([("11:00", "12:30"), ("10:30", "11:30")], "14:00", None),
    ([("10:30", "11:00"), ("11:00", "11:30")], "13:00", None),
    ([("10:30", "13:00"), ("11:00", "11:30")], "14:30", None),
    ([("08:00", "11:00")], "13:00", None),
    ([("08:00", "09:00")], "12:00", None),
    ([("12:00", "14:00")], "12:00", None),
    ([("12:00", None)], "12:00", None),
    ([("11:59", None)], None, 60),
    ([("10:30", None), ("11:00", "11:30")], None, 5400),
    ([("10:30", "11:00"), ("11:00", None)], None, 5400),
    ([("10:30", "10:30")], "12:00", None),
]


@pytest.mark.parametrize(("pauses", "due", "remaining"), PAUSED)
def test_pauses_move_the_due_time_by_their_union(pauses, due, remaining):
    day = "2027-03-10 "
    stretches = [Pause(paris(day + start), paris(day + end) if end else None) for start, end in pauses]
    answer = compile_calendar(OFFICE).due_with_pauses(paris(day + "10:00"), 2 * HOUR, stretches)
    assert answer == Due(paris(day + due) if due else None, remaining)


def test_pause_from_closing_on_leaves_a_target_due_at_closing():
    pause = Pause(paris("2027-03-12 17:00"), paris("2027-03-15 12:00"))
    answer = compile_calendar(OFFICE).due_with_pauses(paris("2027-03-12 15:00"), 2 * HOUR, [pause])
    assert answer.at == paris("2027-03-12 17:00")


def test_open_and_closed_spans_tile_the_time_between():
    calendar = compile_calendar(OFFICE)
    start, end = paris("2027-05-05 16:00"), paris("2027-05-10 09:00")
    assert calendar.open_spans(start, end) == [
        OpenSpan(start, paris("2027-05-05 17:00"), date(2027, 5, 5)),
        OpenSpan(paris("2027-05-07 08:00"), paris("2027-05-07 17:00"), date(2027, 5, 7)),
        OpenSpan(paris("2027-05-10 08:00"), end, date(2027, 5, 10)),
    ]
    assert calendar.closed_spans(start, end) == [
        ClosedSpan(paris("2027-05-05 17:00"), paris("2027-05-07 08:00"), (ClosedDay(date(2027, 5, 6), True, "Ascension Day"),)),
        ClosedSpan(
            paris("2027-05-07 17:00"),
            paris("2027-05-10 08:00"),
            (ClosedDay(date(2027, 5, 8), False), ClosedDay(date(2027, 5, 9), False)),
        ),
    ]


def test_closed_span_of_a_mere_night_names_no_days():
    spans = compile_calendar(OFFICE).closed_spans(paris("2027-03-10 20:00"), paris("2027-03-11 07:00"))
    assert spans == [ClosedSpan(paris("2027-03-10 20:00"), paris("2027-03-11 07:00"))]


def test_extra_working_day_is_open_and_counts():
    calendar = compile_calendar({**OFFICE, "extra_days": ["2027-03-13"]})
    assert calendar.add_business(paris("2027-03-12 16:00"), 2 * HOUR) == paris("2027-03-13 09:00")
    assert calendar.end_of_nth_business_day(paris("2027-03-12 16:00"), 1) == paris("2027-03-13 17:00")


def test_table_grows_in_both_directions_and_gives_the_same_answers():
    asked_late, asked_early = compile_calendar(OFFICE), compile_calendar(OFFICE)
    asked_late.add_business(paris("2150-01-05 10:00"), HOUR)
    asked_early.add_business(paris("1950-01-05 10:00"), HOUR)
    for calendar in (asked_late, asked_early):
        assert calendar.business_seconds_between(paris("1999-01-04"), paris("1999-01-11")) == 45 * HOUR
        assert calendar.add_business(paris("2027-03-10 16:00"), 250 * 9 * HOUR) == paris("2028-02-25 16:00")
        assert calendar.business_seconds_between(paris("1950-01-01"), paris("2100-01-01")) > 0


REFUSED = [
    (lambda c: c.add_business(datetime(2027, 3, 10), HOUR), "naive_datetime"),
    (lambda c: c.is_open(datetime(2027, 3, 10)), "naive_datetime"),
    (lambda c: c.next_opening(date(2027, 3, 10)), "naive_datetime"),
    (lambda c: c.add_business(utc("2027-03-10"), -1), "bad_duration"),
    (lambda c: c.add_business(utc("2027-03-10"), float("nan")), "bad_duration"),
    (lambda c: c.add_business(utc("2027-03-10"), float("inf")), "bad_duration"),
    (lambda c: c.add_business(utc("2027-03-10"), True), "bad_duration"),
    (lambda c: c.add_business(utc("2027-03-10"), "60"), "bad_duration"),
    (lambda c: c.add_business(utc("2027-03-10"), 10**400), "out_of_range"),
    (lambda c: c.add_business(utc("1850-03-10"), HOUR), "out_of_range"),
    (lambda c: c.business_seconds_between(utc("2027-03-10"), utc("3000-01-01")), "out_of_range"),
    (lambda c: c.business_seconds_between(utc("2027-03-10"), utc("2027-03-09")), "reversed_period"),
    (lambda c: c.add_business_days(utc("2027-03-10"), -1), "bad_day_count"),
    (lambda c: c.end_of_nth_business_day(utc("2027-03-10"), 0), "bad_day_count"),
    (lambda c: c.end_of_nth_business_day(utc("2027-03-10"), 1.5), "bad_day_count"),
    (lambda c: c.end_of_nth_business_day(utc("2027-03-10"), 10**9), "out_of_range"),
    (lambda c: c.due_with_pauses(utc("2027-03-10"), 1, [Pause(utc("2027-03-10"), utc("2027-03-09"))]), "reversed_period"),
]


@pytest.mark.parametrize(("question", "code"), REFUSED)
def test_question_that_makes_no_sense_is_refused_by_name(question, code):
    with pytest.raises(CalendarError) as refused:
        question(compile_calendar(OFFICE))
    assert refused.value.code == code
