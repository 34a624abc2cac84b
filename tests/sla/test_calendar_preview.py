"""The coming weeks of a calendar as one country has them."""

from datetime import date

from sla.calendar_preview import countries_of, preview
from sla.models import CalendarVersion

DEFINITION = {
    "windows": {"mon": [["08:00", "12:00"], ["13:00", "17:00"]], "fri": [["22:00", "06:00"]], "sat": [["00:00", "24:00"]]},
    "holidays": {"FR": [["2026-07-13", {"en": "Bridge", "fr": "Pont"}]], "*": [["2026-07-17", {"en": "Moving day"}]]},
    "extra_days": {"FR": ["2026-07-12"]},
}
DEFINITION["windows"]["sat"] = [["07:00", "24:00"]]


def weeks(country, first=date(2026, 7, 8), **more):
    return preview(CalendarVersion(definition=DEFINITION | more), country=country, first=first)


def test_weeks_begin_on_monday_and_are_four():
    found = weeks("FR")
    assert [len(week) for week in found] == [7] * 4
    assert (found[0][0].day, found[-1][-1].day) == (date(2026, 7, 6), date(2026, 8, 2))


def test_hours_are_told_for_split_days_nights_and_midnight():
    monday, *_, friday, saturday, sunday = weeks("DE")[0]
    assert monday.hours == ("08:00–12:00", "13:00–17:00")
    assert (friday.hours, saturday.hours, sunday.hours) == (("22:00–06:00",), ("07:00–24:00",), ())


def test_holidays_by_name_of_the_country_and_of_everybody():
    days = {day.day: day for week in weeks("FR") for day in week}
    assert (days[date(2026, 7, 13)].hours, days[date(2026, 7, 13)].name["fr"]) == ((), "Pont")
    assert days[date(2026, 7, 17)].name == {"en": "Moving day"}
    assert weeks("DE")[1][0].hours and not weeks("DE")[1][0].is_holiday


def test_extra_working_day_is_open_and_marked():
    sunday = weeks("FR")[0][6]
    assert sunday.is_extra and sunday.hours == ("08:00–12:00", "13:00–17:00")


def test_round_the_clock():
    assert weeks("FR", always_open=True)[0][6].hours == ("00:00–24:00",)


def test_countries_without_everybody():
    assert countries_of(CalendarVersion(definition=DEFINITION)) == ["FR"]
