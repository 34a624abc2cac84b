"""The clock rows: what `refresh` writes, when it writes, and that they can be made again at any time."""

import pytest

from cases.models import Case
from sla import clocks
from sla.calendars import current_calendar_version
from sla.events import Event
from sla.models import Clock
from sla.policies import current_version
from tests.sla.stories import at, story

OPENED = "10:00 opened channel=portal severity=2 platform_issue=yes"


@pytest.fixture
def case(organization, contact, policies):
    policy_version = current_version(policies["genesys-cloud"])
    return Case.objects.create(
        organization=organization,
        opened_by=contact,
        case_type="PROBLEM",
        channel="PORTAL",
        subject="Calls drop",
        severity_rank=2,
        urgency_rank=2,
        priority_code="high",
        opened_at=at("10:00"),
        latest_activity_at=at("10:00"),
        policy_version=policy_version,
        calendar_version=current_calendar_version("business-hours"),
        time_zone="Europe/Paris",
        country="FR",
    )


def refresh(case, *lines, now):
    return clocks.refresh(case, events=story(*lines), now=at(now))


def rows(case):
    return {clock.kind: clock for clock in case.clocks.all()}


def test_refresh_stores_the_states_and_what_comes_next(case):
    summary = refresh(case, OPENED, now="10:00")
    first, restoration = rows(case)["FIRST_RESPONSE"], rows(case)["RESTORATION"]
    assert (first.state, first.target_code, first.due_at) == ("RUNNING", "first-response", at("12:00"))
    assert (first.next_effect, first.next_effect_at) == ("WARN", at("11:30"))
    assert restoration.due_at == at("12 10:00")
    assert (summary.next_due_at, summary.is_paused, summary.status) == (at("12:00"), False, "open")


def test_paused_clock_keeps_its_cause_and_what_is_left(case):
    lines = [OPENED, "10:10 assigned", "10:20 human_reply", "11:00 waiting_customer"]
    summary = refresh(case, *lines, now="11:00")
    clock = rows(case)["RESTORATION"]
    assert (clock.state, clock.due_at, clock.paused_at, clock.pause_cause) == ("PAUSED", None, at("11:00"), "customer")
    assert (clock.remaining_seconds, clock.next_effect) == (17 * 3600, "")
    assert (summary.next_due_at, summary.is_paused) == (None, True)


def test_closing_count_is_a_row_that_goes_when_the_wait_ends(case):
    lines = [OPENED, "11:00 waiting_customer"]
    summary = refresh(case, *lines, now="11:00")
    closing = rows(case)["CLOSING"]
    assert (closing.due_at, closing.next_effect, closing.next_effect_at) == (at("15 17:00"), "NOTICE", at("14 17:00"))
    assert (summary.close_at, summary.close_kind) == (at("15 17:00"), "subject_to_closure")
    refresh(case, *lines, "12:00 customer_reply", now="12:00")
    assert "CLOSING" not in rows(case)


def test_late_notice_moves_the_closing_and_a_new_count_needs_its_own_notice(case):
    lines = [OPENED, "11:00 resolution_proposed"]
    refresh(case, *lines, now="11:00")
    Clock.objects.filter(case=case, kind="CLOSING").update(noticed_at=at("15 16:00"))
    assert refresh(case, *lines, now="15 16:00").close_at == at("16 16:00")
    assert rows(case)["CLOSING"].next_effect == "CLOSE"
    refresh(case, *lines, "15 16:30 keep_open", now="15 16:30")
    closing = rows(case)["CLOSING"]
    assert (closing.noticed_at, closing.due_at, closing.next_effect) == (None, at("18 17:00"), "NOTICE")


def test_announced_breach_is_not_announced_again(case):
    refresh(case, OPENED, now="13:00")
    assert rows(case)["FIRST_RESPONSE"].next_effect == "BREACH"
    Clock.objects.filter(case=case, kind="FIRST_RESPONSE").update(announced_for=at("12:00"))
    refresh(case, OPENED, "13:10 assigned", "13:20 human_reply", now="13:20")
    clock = rows(case)["FIRST_RESPONSE"]
    assert (clock.state, clock.breached_at, clock.next_effect) == ("MISSED", at("12:00"), "")


def test_breach_that_nobody_looked_at_is_still_announced_at_its_due_time(case):
    refresh(case, OPENED, "12:00:01 assigned", "12:00:01 human_reply", now="12:00:01")
    clock = rows(case)["FIRST_RESPONSE"]
    assert (clock.state, clock.next_effect, clock.next_effect_at) == ("MISSED", "BREACH", at("12:00"))


def test_moved_due_time_is_warned_about_anew(case):
    refresh(case, OPENED, now="10:00")
    Clock.objects.filter(case=case, kind="RESTORATION").update(warned_for=at("12 10:00"))
    refresh(case, OPENED, "11:00 waiting_customer", "13:00 customer_reply", now="13:00")
    clock = rows(case)["RESTORATION"]
    assert (clock.due_at, clock.next_effect) == (at("12 12:00"), "WARN")


def test_refresh_writes_only_what_changed(case, django_assert_num_queries):
    with django_assert_num_queries(2):  # read, insert
        refresh(case, OPENED, now="10:00")
    with django_assert_num_queries(1):  # read
        refresh(case, OPENED, "10:05 agent_note", now="10:05")
    with django_assert_num_queries(2):  # read, update
        refresh(case, OPENED, "10:05 agent_note", "10:06 severity_changed from=2 to=1", now="10:06")


def test_rows_made_anew_are_the_same(case):
    lines = [
        OPENED,
        "10:10 assigned",
        "10:20 human_reply",
        "11:00 waiting_customer",
        "12:00 customer_reply",
        "13:00 service_restored",
    ]
    for number in range(1, len(lines) + 1):
        refresh(case, *lines[:number], now="13:00")
    kept = content(case)
    case.clocks.all().delete()
    refresh(case, *lines, now="13:00")
    assert content(case) == kept


def content(case):
    return [{**row, "id": None} for row in case.clocks.order_by("kind").values()]


def test_states_are_worked_out_and_not_stored(case):
    states = clocks.states(case, events=story(OPENED), now=at("10:00"))
    assert states.clock("FIRST_RESPONSE").due_at == at("12:00")
    assert rows(case) == {}


def test_explanations_tell_every_clock_and_the_closing(case):
    told = clocks.explanations(case, events=story(OPENED, "11:00 waiting_customer"), now=at("11:30"))
    assert [explanation.kind for explanation in told] == ["FIRST_RESPONSE", "RESTORATION", "CLOSING"]


def test_holidays_are_those_of_the_cases_country(case):
    timeline = [Event(at("2027-07-13 16:00"), "opened", {"severity": 3})]

    def due(country):
        case.country = country
        return clocks.states(case, events=timeline, now=at("2027-07-13 16:00")).clock("FIRST_RESPONSE").due_at

    assert due("FR") == at("2027-07-15 09:00")
    assert due("DE") == at("2027-07-14 09:00")
