import pytest

from sla.calendar_definition import CalendarError
from sla.vector_lines import DocumentError, answer_business_time, read_instant

CALENDAR = {"tz": "UTC", "windows": {"wed": [["08:00", "17:00"]]}}
QUESTION = {"op": "add_business", "calendar": CALENDAR, "input": {"start": "2027-03-10T09:00:00Z", "minutes": 120}}
INPUT = QUESTION["input"]


@pytest.mark.parametrize(
    "change",
    [
        {"op": "subtract"},
        {"op": ["add_business"]},
        {"input": None},
        {"input": []},
        {"input": {"start": "2027-03-10T09:00:00Z"}},
        {"input": {**INPUT, "minutes": "120"}},
        {"input": {**INPUT, "minutes": None}},
        {"input": {**INPUT, "minutes": True}},
        {"input": {**INPUT, "start": "2027-03-10T09:00:00"}},
        {"input": {**INPUT, "start": "2027-02-30T09:00:00Z"}},
        {"input": {**INPUT, "start": 1803978000}},
        {"op": "due_with_pauses", "input": {**INPUT, "pauses": {}}},
        {"op": "due_with_pauses", "input": {**INPUT, "pauses": [{"from": "2027-03-10T09:00:00Z"}]}},
        {"op": "due_with_pauses", "input": {**INPUT, "pauses": [None]}},
    ],
)
def test_document_that_makes_no_sense_is_refused(change):
    with pytest.raises(DocumentError):
        answer_business_time({**QUESTION, **change})


@pytest.mark.parametrize("calendar", [None, [], {}, {**CALENDAR, "tz": "Mars/Olympus"}, {**CALENDAR, "windows": {}}])
def test_calendar_that_makes_no_sense_is_refused(calendar):
    with pytest.raises(CalendarError):
        answer_business_time({**QUESTION, "calendar": calendar})


@pytest.mark.parametrize("minutes", [-1, float("nan"), float("inf"), 1e300])
def test_minutes_that_lead_nowhere_are_refused(minutes):
    with pytest.raises(CalendarError):
        answer_business_time({**QUESTION, "input": {**INPUT, "minutes": minutes}})


@pytest.mark.parametrize(
    "text", ["2027-03-10T09:00:00Z", "2027-03-10T10:00:00+01:00", "2027-03-10T10:00+0100", "2027-03-10T09:00:00.000Z"]
)
def test_instant_may_be_written_with_any_offset(text):
    assert read_instant(text) == read_instant("2027-03-10T09:00Z")


def test_fractions_of_a_second_are_kept():
    answer = answer_business_time({**QUESTION, "input": {"start": "2027-03-10T09:00:00.25Z", "minutes": 0.5}})
    assert answer == {"due": "2027-03-10T09:00:30.250000Z"}
