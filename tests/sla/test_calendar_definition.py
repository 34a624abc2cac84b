from datetime import date

import pytest

from sla.calendar_definition import CalendarError, Window, read_definition

MORNING = {"tz": "Europe/Paris", "windows": {"mon": [["08:00", "12:00"]]}}


def hours(**weekdays):
    return {"tz": "Europe/Paris", "windows": weekdays}


REFUSED = [
    (None, "not_a_calendar"),
    ([], "not_a_calendar"),
    ({}, "bad_zone"),
    ({"tz": "Mars/Olympus", "windows": MORNING["windows"]}, "bad_zone"),
    ({"tz": "../etc/passwd", "windows": MORNING["windows"]}, "bad_zone"),
    ({"tz": "Europe", "windows": MORNING["windows"]}, "bad_zone"),
    ({"tz": "", "windows": MORNING["windows"]}, "bad_zone"),
    ({"tz": 3, "windows": MORNING["windows"]}, "bad_zone"),
    ({"tz": "UTC"}, "no_open_time"),
    ({"tz": "UTC", "windows": {}}, "no_open_time"),
    ({"tz": "UTC", "windows": {"mon": []}}, "no_open_time"),
    ({"tz": "UTC", "windows": {}, "extra_days": {"2027-03-13": [["08:00", "12:00"]]}}, "no_open_time"),
    ({"tz": "UTC", "windows": [["08:00", "12:00"]]}, "not_a_calendar"),
    (hours(monday=[["08:00", "12:00"]]), "bad_weekday"),
    (hours(mon="08:00-12:00"), "bad_time"),
    (hours(mon=[["08:00"]]), "bad_time"),
    (hours(mon=[["8:00", "12:00"]]), "bad_time"),
    (hours(mon=[["08:00", "25:00"]]), "bad_time"),
    (hours(mon=[["08:00", "24:01"]]), "bad_time"),
    (hours(mon=[["08:60", "12:00"]]), "bad_time"),
    (hours(mon=[["24:00", "12:00"]]), "bad_time"),
    (hours(mon=[[480, 720]]), "bad_time"),
    (hours(mon=[["08:00", "12:00"], ["11:59", "13:00"]]), "overlapping_windows"),
    (hours(mon=[["08:00", "12:00"], ["08:00", "12:00"]]), "overlapping_windows"),
    (hours(mon=[["22:00", "06:00"]], tue=[["05:00", "12:00"]]), "overlapping_windows"),
    (hours(sun=[["22:00", "06:00"]], mon=[["05:59", "12:00"]]), "overlapping_windows"),
    ({**MORNING, "extra_days": {"2027-03-14": [["22:00", "09:00"]]}}, "overlapping_windows"),
    ({**MORNING, "holidays": ["2027-02-30"]}, "bad_date"),
    ({**MORNING, "holidays": ["20270301"]}, "bad_date"),
    ({**MORNING, "holidays": "2027-03-01"}, "bad_date"),
    ({**MORNING, "holidays": [None]}, "bad_date"),
    ({**MORNING, "extra_days": ["tomorrow"]}, "bad_date"),
    ({**MORNING, "extra_days": {"2027-03-14": [["x", "y"]]}}, "bad_time"),
    ({**MORNING, "day_minutes": 0}, "bad_day_minutes"),
    ({**MORNING, "day_minutes": 1441}, "bad_day_minutes"),
    ({**MORNING, "day_minutes": True}, "bad_day_minutes"),
    ({**MORNING, "day_minutes": "540"}, "bad_day_minutes"),
    ({**MORNING, "always_open": "yes"}, "not_a_calendar"),
]


@pytest.mark.parametrize(("document", "code"), REFUSED)
def test_calendar_that_makes_no_sense_is_refused_by_name(document, code):
    with pytest.raises(CalendarError) as refused:
        read_definition(document)
    assert refused.value.code == code
    assert refused.value.message


def test_windows_are_read_in_order_of_their_start():
    definition = read_definition(hours(mon=[["13:00", "17:00"], ["08:00", "12:00"]]))
    assert definition.weekly[0] == (Window(480, 720), Window(780, 1020))


@pytest.mark.parametrize(
    ("pair", "window"),
    [
        (["00:00", "24:00"], Window(0, 1440)),
        (["00:00", "00:00"], Window(0, 1440)),
        (["08:00", "00:00"], Window(480, 1440)),
        (["08:00", "24:00"], Window(480, 1440)),
        (["22:00", "06:00"], Window(1320, 1800)),
        (["08:00", "08:00"], Window(480, 1920)),
    ],
)
def test_end_not_after_its_start_means_the_next_date(pair, window):
    assert read_definition(hours(mon=[pair])).weekly[0] == (window,)


def test_windows_that_touch_are_allowed():
    read_definition(hours(mon=[["08:00", "12:00"], ["12:00", "17:00"]]))
    read_definition(hours(mon=[["22:00", "06:00"]], tue=[["06:00", "12:00"]]))


def test_holidays_keep_their_names():
    definition = read_definition({**MORNING, "holidays": {"2027-03-01": {"en": "May Day"}}})
    assert definition.holidays[date(2027, 3, 1)] == {"en": "May Day"}
    assert definition.windows_on(date(2027, 3, 1)) == ()


def test_extra_day_has_mondays_hours_or_its_own_and_wins_over_a_holiday():
    extra = {"2027-03-13": [["10:00", "11:00"]]}
    assert read_definition({**MORNING, "extra_days": ["2027-03-13"]}).windows_on(date(2027, 3, 13)) == (Window(480, 720),)
    assert read_definition({**MORNING, "extra_days": extra}).windows_on(date(2027, 3, 13)) == (Window(600, 660),)
    both = {**MORNING, "extra_days": ["2027-03-13"], "holidays": ["2027-03-13"]}
    assert read_definition(both).windows_on(date(2027, 3, 13)) == (Window(480, 720),)


def test_extra_day_of_a_week_without_monday_has_the_hours_of_its_first_working_day():
    definition = read_definition({**hours(sun=[["09:00", "18:00"]]), "extra_days": ["2027-03-12"]})
    assert definition.windows_on(date(2027, 3, 12)) == (Window(540, 1080),)
