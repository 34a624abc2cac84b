import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from sla.moments import duration_text, moment_text, relative_text, short_moment_text, utc_offset

MOMENT = datetime(2026, 3, 6, 9, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "offset"),
    [
        ("UTC", "UTC"),
        ("Europe/Paris", "UTC+1"),
        ("Asia/Tokyo", "UTC+9"),
        ("Asia/Kolkata", "UTC+5:30"),
        ("America/St_Johns", "UTC-3:30"),
        ("America/New_York", "UTC-5"),
    ],
)
def test_utc_offset_is_that_of_the_moment(zone, offset):
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        assert utc_offset(MOMENT) == offset


def test_utc_offset_follows_daylight_saving_time():
    with timezone.override(zoneinfo.ZoneInfo("Europe/Paris")):
        assert utc_offset(datetime(2026, 7, 1, tzinfo=UTC)) == "UTC+2"


def test_moment_text_is_local_and_says_the_offset():
    with timezone.override(zoneinfo.ZoneInfo("Europe/Paris")):
        assert moment_text(MOMENT) == "Fri, Mar 6, 2026, 10:18 (UTC+1)"
        assert short_moment_text(MOMENT) == "Fri, 2026-03-06 10:18 (UTC+1)"


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (timedelta(0), "Just now"),
        (timedelta(seconds=59), "Just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=7), "7 days ago"),
        (timedelta(days=7, seconds=1), ""),
        (timedelta(minutes=-1), "in 1 minute"),
        (timedelta(hours=-3, minutes=-20), "in 3 hours"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_relative_text_by_distance(distance, text):
    assert relative_text(MOMENT, now=MOMENT + distance) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than 1 min"),
        (59, "less than 1 min"),
        (60, "1 min"),
        (25 * 60, "25 min"),
        (3600, "1 h"),
        (3 * 3600 + 20 * 60 + 59, "3 h 20 min"),
        (-(2 * 3600 + 5 * 60), "2 h 5 min"),
        (26 * 3600, "26 h"),
    ],
)
def test_duration_text_counts_hours_and_minutes(seconds, text):
    assert duration_text(seconds) == text
