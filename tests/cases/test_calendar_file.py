"""Invitations as RFC 5545 wants them: UTC, escaped, folded without cutting a character, nothing written into another line."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.calendar_file import LONGEST, invitation

TEN = datetime(2026, 3, 6, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
MEETING = {
    "uid": "meeting-7@support.example",
    "starts_at": TEN,
    "ends_at": TEN + timedelta(minutes=30),
    "stamped_at": datetime(2026, 3, 5, tzinfo=UTC),
    "summary": "Follow-up",
    "place": "https://meet.example/1",
    "organizer": "care@support.example",
    "attendee": "kenji@sakura.example",
}


def unfolded(content):
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_times_are_in_utc():
    lines = unfolded(invitation(**MEETING))
    assert "DTSTART:20260306T010000Z" in lines
    assert "DTEND:20260306T013000Z" in lines
    assert (lines[0], lines[3], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "METHOD:REQUEST", "END:VCALENDAR", "")


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("Room 1, floor 2; left", "LOCATION:Room 1\\, floor 2\\; left"),
        ("C:\\rooms", "LOCATION:C:\\\\rooms"),
        ("One\r\nATTENDEE:mailto:x@y.example", "LOCATION:One\\nATTENDEE:mailto:x@y.example"),
        ("a\x00b", "LOCATION:ab"),
    ],
)
def test_texts_are_escaped(place, line):
    assert line in unfolded(invitation(**MEETING | {"place": place}))


def test_address_writes_no_second_line():
    lines = unfolded(invitation(**MEETING | {"attendee": "a@b.example\r\nSUMMARY:x"}))
    assert "SUMMARY:x" not in lines


def test_lines_are_folded_between_characters():
    content = invitation(**MEETING | {"summary": "フォローアップ会議" * 20})
    assert all(len(line) <= LONGEST for line in content.split(b"\r\n"))
    assert "SUMMARY:" + "フォローアップ会議" * 20 in unfolded(content)


def test_same_meeting_gives_the_same_file():
    assert invitation(**MEETING) == invitation(**MEETING)
