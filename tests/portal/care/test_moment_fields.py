"""Times typed by the care team in the nights in which the clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.care.moment_fields import MomentField, first_future, latest_past


def at(hour, minute, day=25, month=10):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_paris():
    """On October 25, 2026, 03:00 (UTC+2) is 02:00 (UTC+1) again; on March 29, 02:00 is 03:00."""
    with timezone.override(ZoneInfo("Europe/Paris")):
        yield


@pytest.mark.parametrize(("now", "meant"), [(at(0, 10), at(0, 5)), (at(1, 10), at(1, 5)), (at(1, 4), at(0, 5))])
def test_what_is_logged_in_the_repeated_hour_happened_just_now(now, meant):
    assert latest_past(MomentField().clean("2026-10-25T02:05"), now) == meant


@pytest.mark.parametrize(("now", "meant"), [(at(0, 4), at(0, 5)), (at(0, 10), at(1, 5)), (at(1, 10), at(1, 5))])
def test_what_is_promised_in_the_repeated_hour_lies_ahead(now, meant):
    assert first_future(MomentField().clean("2026-10-25T02:05"), now) == meant


def test_ordinary_time_is_what_it_says():
    moment = MomentField().clean("2026-03-04T10:00")
    assert moment == latest_past(moment, at(12, 0)) == first_future(moment, at(12, 0)) == at(9, 0, 4, 3)


@pytest.mark.parametrize("typed", ["2026-03-29T02:30", "9999-12-31T23:59", "0001-01-01T00:00", "1999-12-31T10:00", "soon"])
def test_time_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        MomentField().clean(typed)
