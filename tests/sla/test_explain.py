"""The explanation adds up to the target to the second and agrees with an independent count of minutes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla import events
from sla.business_time import ClosedDay, compile_calendar
from sla.clock_rules import NO_TARGET, states_at
from sla.events import Event
from sla.explain import Closed, Counted, Stopped, explain_clock, explain_closing
from sla.policy_rules import FIRST_RESPONSE, NEXT_UPDATE, RESTORATION
from sla.shipped_packs import shipped_codes, shipped_rules
from tests.sla.minute_counter import counted_minutes
from tests.sla.stories import at, office, story

PLATFORM = "10:00 opened channel=portal severity=2 platform_issue=yes"


def explained(kind, *lines, now="30 12:00", policy="genesys-cloud"):
    states = states_at(shipped_rules(policy), office(), story(*lines), now=at(now))
    return explain_clock(states.clock(kind))


def test_spans_nights_and_weekends_are_told_one_by_one():
    explanation = explained(RESTORATION, "12 16:00 opened severity=2 platform_issue=yes", now="12 17:00")
    weekend = (ClosedDay(date(2027, 3, 13), False), ClosedDay(date(2027, 3, 14), False))
    assert explanation.lines == (
        Counted(at("12 16:00"), at("12 17:00")),
        Closed(at("12 17:00"), at("15 08:00"), weekend),
        Counted(at("15 08:00"), at("15 17:00")),
        Closed(at("15 17:00"), at("16 08:00"), ()),
        Counted(at("16 08:00"), at("16 16:00")),
    )
    assert (explanation.promised_seconds, explanation.counted_seconds, explanation.remaining_seconds) == (64800, 64800, 0)
    assert explanation.zone == "Europe/Paris"
    assert explanation.clause["en"]


def test_holidays_are_told_by_name():
    explanation = explained(FIRST_RESPONSE, "26 16:00 opened severity=3", now="27 12:00")
    (closed,) = [line for line in explanation.lines if isinstance(line, Closed)]
    assert closed.holidays == (ClosedDay(date(2027, 3, 29), True, {"en": "Easter Monday", "fr": "Lundi de Pâques"}),)


def test_pause_tells_its_cause_and_what_it_kept_from_counting():
    explanation = explained(RESTORATION, PLATFORM, "16:00 waiting_customer", "11 09:00 customer_reply", now="11 10:00")
    assert explanation.lines[:3] == (
        Counted(at("10:00"), at("16:00")),
        Stopped(at("16:00"), at("11 09:00"), "customer", 2 * 3600),
        Counted(at("11 09:00"), at("11 17:00")),
    )
    assert explanation.counted_seconds == explanation.promised_seconds


def test_paused_clock_tells_what_is_left():
    explanation = explained(RESTORATION, PLATFORM, "16:00 waiting_third_party", now="11 10:00")
    assert explanation.lines == (Counted(at("10:00"), at("16:00")), Stopped(at("16:00"), None, "third_party", None))
    assert (explanation.due_at, explanation.remaining_seconds) == (None, 12 * 3600)


def test_calendar_time_is_one_span_across_midnight():
    explanation = explained(RESTORATION, "23:00 opened severity=1 platform_issue=yes", now="11 10:00")
    assert explanation.lines == (Counted(at("23:00"), at("11 03:00")),)
    assert explanation.zone is None


def test_stopped_clock_is_told_until_the_case_was_closed():
    explanation = explained(RESTORATION, PLATFORM, "12:00 closed")
    assert explanation.lines == (Counted(at("10:00"), at("12:00")),)
    assert explanation.remaining_seconds == 16 * 3600


def test_clock_without_a_target_tells_why():
    explanation = explained(RESTORATION, "10:00 opened severity=2")
    assert (explanation.state, explanation.lines, explanation.promised_seconds) == (NO_TARGET, (), None)
    assert explanation.reason["ja"]


def test_breach_under_an_earlier_severity_is_marked():
    lines = ["10:00 opened severity=1 platform_issue=yes", "15:00 severity_changed from=1 to=2"]
    assert explained(RESTORATION, *lines, now="16:00").is_earlier_breach
    assert not explained(RESTORATION, PLATFORM, now="12 10:01").is_earlier_breach


def test_promise_is_its_own_explanation():
    promise = "11:00 update_promised promised_at=2027-03-10T15:00:00+01:00"
    explanation = explained(NEXT_UPDATE, PLATFORM, promise, now="12:00")
    assert (explanation.is_promise, explanation.lines) == (True, (Counted(at("11:00"), at("15:00")),))


@pytest.mark.parametrize("line", ["11:00 waiting_customer", "11:00 resolution_proposed"])
def test_closing_is_explained_too(line):
    closing = states_at(shipped_rules("genesys-cloud"), office(), story(PLATFORM, line), now=at("12:00")).closing
    explanation = explain_closing(closing, office())
    assert explanation.lines[0].start == at("11:00")
    assert explanation.lines[-1].end == closing.at == explanation.due_at
    assert explanation.counted_seconds == explanation.promised_seconds


# --- random timelines --------------------------------------------------------------------------------------------------

OFFICE = {
    "windows": {day: [["08:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    "holidays": ["2026-03-31", "2026-10-26"],
}
NIGHT = {"windows": {day: [["22:00", "06:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}, "day_minutes": 480}
KINDS = [
    events.ASSIGNED,
    events.HUMAN_REPLY,
    events.AGENT_NOTE,
    events.WAITING_CUSTOMER,
    events.CUSTOMER_REPLY,
    events.ANSWER_NOT_ADEQUATE,
    events.WAITING_THIRD_PARTY,
    events.THIRD_PARTY_REPLIED,
    events.SEVERITY_CHANGED,
    events.SERVICE_RESTORED,
    events.RESOLUTION_PROPOSED,
    events.RESOLVED,
    events.CLOSED,
    events.REOPENED,
]
starts = st.sampled_from(
    ["2026-03-27T15:10:00", "2026-03-28T22:00:00", "2026-10-23T14:45:00", "2026-10-24T23:30:00", "2026-06-01T07:00:00"]
)
steps = st.lists(st.tuples(st.integers(1, 4000), st.sampled_from(KINDS), st.integers(1, 3)), max_size=12)
calendars = st.builds(
    lambda hours, zone: {**hours, "tz": zone},
    st.sampled_from([OFFICE, NIGHT]),
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"]),
)


def timeline_of(start, moves):
    opened = {"channel": "chat", "severity": 2, "platform_issue": True, "plan": "regular"}
    timeline, moment = [Event(start, events.OPENED, opened)], start
    for minutes, kind, rank in moves:
        moment += timedelta(minutes=minutes)
        timeline.append(Event(moment, kind, {"to": rank}))
    return timeline


@settings(max_examples=150, deadline=None)
@given(calendars, st.sampled_from(shipped_codes()), starts, steps, st.integers(0, 6000))
def test_spans_of_any_timeline_add_up_and_agree_with_counting_minutes(document, policy, text, moves, later):
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    timeline = timeline_of(start, moves)
    now = timeline[-1].at + timedelta(minutes=later)
    calendar = compile_calendar(document)
    for clock in states_at(shipped_rules(policy), calendar, timeline, now=now).clocks:
        if clock.state == NO_TARGET:
            continue
        explanation = explain_clock(clock)
        left = explanation.remaining_seconds
        assert left == (clock.remaining_seconds or 0) or clock.state in ("STOPPED", "MET")
        assert explanation.counted_seconds + left == explanation.promised_seconds
        assert explanation.counted_seconds == 60 * counted_minutes(explanation, document)
