import json
from pathlib import Path

import pytest

from escalations.policy_lines import answer_policy
from escalations.vector_lines import answer_line
from sla.calendar_definition import CalendarError
from sla.vector_lines import DocumentError
from tests.sla.test_vectors import CALENDARS, as_instants, vectors

OPENED = {"at": "2027-03-10T09:00:00Z", "type": "opened", "channel": "portal", "severity": 3}
CASE = {
    "policy": "genesys-cloud",
    "calendar": CALENDARS["genesys-paris"],
    "events": [OPENED],
    "now": "2027-03-10T10:00:00Z",
}


@pytest.mark.parametrize("vector", vectors("timelines.json"))
def test_policy_vector_holds(vector):
    answer = answer_policy({**vector, "calendar": CALENDARS[vector["calendar"]] if vector["calendar"] else None})
    assert as_instants(answer) == as_instants(vector["expected"])


@pytest.mark.parametrize(
    "change",
    [
        {"policy": "unheard-of"},
        {"policy": "../calendars"},
        {"policy": "calendars"},
        {"policy": None},
        {"policy": []},
        {"events": {}},
        {"events": [None]},
        {"events": [{**OPENED, "type": "exploded"}]},
        {"events": [{**OPENED, "type": ["opened"]}]},
        {"events": [{**OPENED, "at": "yesterday"}]},
        {"events": [{**OPENED, "severity": 7}]},
        {"events": [{**OPENED, "severity": "3"}]},
        {"events": [{**OPENED, "severity": True}]},
        {"events": [{**OPENED, "severity": None}]},
        {"events": [OPENED, {"at": "2027-03-10T09:30:00Z", "type": "severity_changed"}]},
        {"now": "2027-03-10T10:00:00"},
        {"escalation_checks": "now"},
        {"escalation_checks": [{"kind": "case"}]},
        {"policy": "dynamics-gold", "entitlement": {"total": 15}},
        {"policy": "dynamics-gold", "entitlement": {"total": "15", "used_before": 2}, "events": [{**OPENED, "severity": None}]},
    ],
)
def test_document_that_makes_no_sense_is_refused(change):
    with pytest.raises(DocumentError):
        answer_policy({**CASE, **change})


def test_case_that_is_not_opened_yet_is_refused():
    with pytest.raises(ValueError, match="opened"):
        answer_policy({**CASE, "now": "2027-03-10T08:00:00Z"})
    with pytest.raises(ValueError, match="opened"):
        answer_policy({**CASE, "events": []})


def test_calendar_without_open_time_is_refused():
    with pytest.raises(CalendarError):
        answer_policy({**CASE, "calendar": {"tz": "UTC", "windows": {}}})


@pytest.mark.parametrize("channel", ["email", "mail", "web_form", "web-form", "webform", "form"])
def test_mail_and_web_form_have_24_hours_whatever_the_plan(channel):
    opened = {"at": "2027-03-14T02:00:00Z", "type": "opened", "channel": channel, "plan": "premium", "third_party": False}
    answer = answer_policy({"policy": "360dialog", "calendar": None, "events": [opened], "now": "2027-03-14T03:00:00Z"})
    assert answer["first_response"]["due"] == "2027-03-15T02:00:00Z"


@pytest.mark.parametrize(
    ("events", "used"),
    [([], 2), ([{"at": "2027-03-10T09:30:00Z", "type": "resolved"}], 3), ([{"at": "2027-03-10T09:30:00Z", "type": "closed"}], 2)],
)
def test_entitlement_is_taken_on_resolution(events, used):
    opened = {**OPENED, "severity": None}
    case = {**CASE, "policy": "dynamics-gold", "events": [opened, *events], "entitlement": {"total": 15, "used_before": 2}}
    assert answer_policy(case)["entitlement"] == {"total": 15, "covered": True, "used": used, "remaining": 15 - used}


def test_exhausted_entitlement_is_not_taken_from_and_never_means_no_clock():
    events = [{**OPENED, "severity": None}, {"at": "2027-03-10T09:05:00Z", "type": "resolved"}]
    answer = answer_policy({**CASE, "policy": "dynamics-gold", "events": events, "entitlement": {"total": 15, "used_before": 15}})
    assert answer["entitlement"] == {"total": 15, "covered": False, "used": 15, "remaining": 0}
    assert answer["first_response"]["due"] == "2027-03-10T09:15:00Z"


def test_line_is_answered_whatever_it_holds():
    assert answer_line(json.dumps({"kind": "policy", **CASE}).encode())["status"] == "open"
    for path in Path(__file__).parent.glob("*.py"):
        assert list(answer_line(path.read_bytes())) == ["error"]
    assert answer_line(b'{"kind": "policy", "policy": {}}') == {
        "error": "unknown policy {}; known: " + "360dialog, dynamics-gold, genesys-cloud, genesys-cloud-cx, purecloud"
    }
