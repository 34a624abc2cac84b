from datetime import UTC, date, datetime

import pytest

from sla.calendar_definition import CalendarError
from sla.calendars import business_calendar, current_calendar_version, document_for
from sla.models import CalendarVersion
from tests.factories import CalendarVersionFactory

WINDOWS = {"mon": [["08:00", "17:00"]]}
DEFINITION = {
    "windows": WINDOWS,
    "holidays": {"*": [["2027-01-04", {"en": "Company day"}]], "FR": [["2027-03-29", "Easter Monday"], "2027-05-17"]},
    "extra_days": {"RU": ["2027-02-20"]},
}


def test_document_has_everybodys_days_and_those_of_the_country():
    document = document_for(DEFINITION, time_zone="Europe/Paris", country="FR")
    assert document["tz"] == "Europe/Paris"
    assert document["holidays"] == {"2027-01-04": {"en": "Company day"}, "2027-03-29": "Easter Monday", "2027-05-17": None}
    assert document["extra_days"] == {}
    assert document_for(DEFINITION, time_zone="Europe/Moscow", country="RU")["extra_days"] == {"2027-02-20": None}


def test_zone_of_the_version_wins_over_the_customers():
    assert document_for({**DEFINITION, "tz": "UTC"}, time_zone="Asia/Tokyo", country="JP")["tz"] == "UTC"


@pytest.mark.parametrize("holidays", [["2027-01-04"], {"FR": "2027-01-04"}, "2027-01-04"])
def test_holidays_without_a_country_are_refused(holidays):
    with pytest.raises(CalendarError):
        document_for({**DEFINITION, "holidays": holidays}, time_zone="UTC", country="FR")


def test_calendar_is_compiled_once_for_a_zone_and_a_country():
    version = CalendarVersion(pk=1, definition=DEFINITION, digest="a")
    paris = business_calendar(version, time_zone="Europe/Paris", country="FR")
    assert business_calendar(version, time_zone="Europe/Paris", country="FR") is paris
    assert business_calendar(version, time_zone="Europe/Moscow", country="RU").is_business_day(date(2027, 2, 20))
    assert not paris.is_business_day(date(2027, 3, 29))


def test_compiled_calendar_does_not_read_the_definition_again():
    version = CalendarVersion(pk=1, definition=DEFINITION, digest="b")
    paris = business_calendar(version, time_zone="Europe/Paris", country="FR")
    assert business_calendar(CalendarVersion(pk=1, digest="b"), time_zone="Europe/Paris", country="FR") is paris


def test_current_version_is_the_latest_published_one(db):
    first = CalendarVersionFactory()
    CalendarVersionFactory(calendar=first.calendar, number=2, published_at=None)
    assert current_calendar_version(first.calendar) == current_calendar_version("office") == first
    third = CalendarVersionFactory(calendar=first.calendar, number=3, published_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert current_calendar_version("office") == third


def test_calendar_without_a_published_version_has_no_current_one(db):
    with pytest.raises(CalendarVersion.DoesNotExist):
        current_calendar_version("office")
