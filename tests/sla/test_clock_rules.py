"""Boundaries of the clocks, under the shipped policies and small variations of them. Whole cases: tests/sla/vectors/timelines.json."""

from dataclasses import replace

import pytest

from sla.case_facts import Promise
from sla.clock_rules import automatic_escalations, states_at
from sla.policy_rules import (
    BUSINESS_HOURS,
    CONTACT_APPLICATION,
    FIRST_RESPONSE,
    HOURS,
    NEXT_RESPONSE,
    NEXT_UPDATE,
    RCA,
    RESOLUTION,
    RESTORATION,
    Duration,
    Target,
)
from sla.shipped_packs import shipped_rules
from tests.sla.stories import at, office, story

OPENED = "10:00 opened channel=portal severity=3"
PLATFORM = "10:00 opened channel=portal severity=2 platform_issue=yes"


def states(*lines, now, policy="genesys-cloud", rules=None, **more):
    return states_at(rules or shipped_rules(policy), office(), story(*lines), now=at(now), **more)


def with_target(kind, amount, unit, **more):
    rules = shipped_rules("genesys-cloud")
    target = Target("test", kind, {"en": "A promise."}, Duration(amount, unit), **more)
    return replace(rules, targets=(*rules.targets, target))


@pytest.mark.parametrize(
    ("replied", "state", "breached"),
    [("11:59:59", "MET", None), ("12:00", "MET", None), ("12:00:01", "MISSED", "12:00")],
)
@pytest.mark.parametrize("now", ["13:00", "20 13:00"])
def test_answer_exactly_at_the_due_time_is_met_whoever_looks_when(replied, state, breached, now):
    clock = states(OPENED, "10:10 assigned", f"{replied} human_reply", now=now).clock(FIRST_RESPONSE)
    assert (clock.state, clock.due_at, clock.met_at) == (state, at("12:00"), at(replied))
    assert clock.breached_at == (at(breached) if breached else None)


@pytest.mark.parametrize(("now", "state"), [("12:00", "RUNNING"), ("12:00:01", "BREACHED")])
def test_breach_begins_right_after_the_due_time_and_is_dated_at_it(now, state):
    clock = states(OPENED, now=now).clock(FIRST_RESPONSE)
    assert (clock.state, clock.breached_at) == (state, at("12:00") if state == "BREACHED" else None)


def test_waiting_never_pauses_the_first_response():
    assert states(OPENED, "10:30 waiting_customer", now="11:30").clock(FIRST_RESPONSE).due_at == at("12:00")


def test_wait_that_begins_now_stops_the_clock_now():
    clock = states(PLATFORM, "12:00 waiting_customer", now="12:00").clock(RESTORATION)
    assert (clock.state, clock.due_at, clock.remaining_seconds) == ("PAUSED", None, 16 * 3600)
    assert (clock.open_pause.start, clock.open_pause.kind) == (at("12:00"), "customer")


def test_wait_after_the_due_time_stops_nothing():
    clock = states(PLATFORM, "12 11:00 waiting_customer", now="12 12:00").clock(RESTORATION)
    assert (clock.state, clock.due_at, clock.breached_at) == ("BREACHED", at("12 10:00"), at("12 10:00"))


def test_target_met_during_a_wait_has_no_due_time():
    lines = [PLATFORM, "11:00 waiting_customer", "12:00 service_restored", "15:00 customer_reply"]
    clock = states(*lines, now="20 12:00").clock(RESTORATION)
    assert (clock.state, clock.met_at, clock.due_at, clock.breached_at) == ("MET", at("12:00"), None, None)


def test_lowering_the_severity_keeps_an_earlier_breach_and_its_moment():
    lines = ["10:00 opened channel=phone severity=1 platform_issue=yes", "15:00 severity_changed from=1 to=2"]
    clock = states(*lines, now="16:00").clock(RESTORATION)
    assert (clock.state, clock.due_at, clock.breached_at) == ("RUNNING", at("12 10:00"), at("14:00"))
    restored = states(*lines, "16:00 service_restored", now="17:00").clock(RESTORATION)
    assert (restored.state, restored.breached_at) == ("MISSED", at("14:00"))


def test_severity_changed_exactly_at_the_due_time_comes_before_the_breach():
    lines = ["10:00 opened channel=phone severity=1 platform_issue=yes", "14:00 severity_changed from=1 to=2"]
    assert states(*lines, now="15:00").clock(RESTORATION).breached_at is None


def test_severity_without_a_target_keeps_an_earlier_breach():
    lines = ["10:00 opened channel=phone severity=1 platform_issue=yes", "15:00 severity_changed from=1 to=4"]
    clock = states(*lines, now="16:00").clock(RESTORATION)
    assert (clock.state, clock.due_at, clock.breached_at) == ("NO_TARGET", None, at("14:00"))
    assert clock.target.reason["en"]


def test_what_was_met_stays_met_when_the_severity_goes_up():
    lines = [PLATFORM, "16:00 service_restored", "17:00 severity_changed from=2 to=1"]
    clock = states(*lines, now="18:00").clock(RESTORATION)
    assert (clock.state, clock.target.code, clock.due_at) == ("MET", "restoration-2", at("12 10:00"))


def test_what_had_no_target_when_it_was_done_takes_that_of_today():
    lines = ["10:00 opened severity=4 platform_issue=yes", "16:00 service_restored", "17:00 severity_changed from=4 to=1"]
    clock = states(*lines, now="18:00").clock(RESTORATION)
    assert (clock.state, clock.due_at, clock.breached_at) == ("MISSED", at("14:00"), at("14:00"))


def test_scope_found_out_later_counts_from_the_opening():
    lines = ["10:00 opened severity=2", "15:00 scope_changed scope=PLATFORM"]
    assert states(*lines[:1], now="16:00").clock(RESTORATION).state == "NO_TARGET"
    assert states(*lines, now="16:00").clock(RESTORATION).due_at == at("12 10:00")


def test_rca_is_owed_after_restoration_for_the_named_severities_and_survives_the_closing():
    lines = [PLATFORM, "12:00 service_restored", "13:00 closed"]
    clock = states(*lines, now="20 12:00").clock(RCA)
    assert (clock.state, clock.started_at, clock.due_at) == ("BREACHED", at("12:00"), at("17 12:00"))
    assert states(PLATFORM, now="13:00").clock(RCA) is None
    assert states("10:00 opened severity=3 platform_issue=yes", "12:00 service_restored", now="13:00").clock(RCA) is None
    assert states(*lines, "17 12:00 rca_delivered", now="20 12:00").clock(RCA).state == "MET"


def test_clock_of_a_closed_case_stands_still():
    clock = states(PLATFORM, "12:00 closed", now="30 12:00").clock(RESTORATION)
    assert (clock.state, clock.due_at, clock.breached_at, clock.ended_at) == ("STOPPED", at("12 10:00"), None, at("12:00"))


def test_restoration_after_the_closing_starts_the_rca_alone():
    found = states(PLATFORM, "12:00 closed", "12 09:00 service_restored", now="30 12:00")
    assert found.clock(RESTORATION).state == "STOPPED"
    assert found.clock(RCA).started_at == at("12 09:00")
    reopened = states(PLATFORM, "12:00 closed", "12 09:00 service_restored", "12 10:00 reopened", now="30 12:00")
    assert reopened.clock(RESTORATION).met_at == at("12 09:00")


def test_case_that_waits_for_an_rca_owes_nothing_else_and_is_not_closed_before():
    lines = ["10:00 opened channel=portal severity=3 platform_issue=yes is_for_rca=yes", "11:00 waiting_customer"]
    held = states(*lines, now="30 12:00", policy="purecloud")
    assert (held.clocks, held.closing, held.facts.status) == ((), None, "awaiting_customer")
    lifted = states(*lines, "22 12:00 rca_delivered", now="22 13:00", policy="purecloud")
    assert (lifted.closing.counted_from, lifted.closing.at) == (at("22 12:00"), at("25 17:00"))


def test_closed_time_is_no_time_of_the_clock_after_reopening():
    clock = states(PLATFORM, "12:00 closed", "11 12:00 reopened", now="11 13:00").clock(RESTORATION)
    assert (clock.state, clock.due_at) == ("RUNNING", at("15 10:00"))


def test_case_closed_by_itself_while_waiting_keeps_what_remained():
    lines = ["10:00 opened channel=chat plan=premium", "11:00 waiting_customer"]
    found = states(*lines, now="20 10:00", policy="360dialog", closes_by_itself=True)
    clock = found.clock(RESOLUTION)
    assert (found.facts.status, found.facts.closed_at) == ("closed", at("12 11:00"))
    assert (clock.state, clock.due_at, clock.remaining_seconds) == ("STOPPED", None, 47 * 3600)


def test_portal_closes_nothing_by_itself():
    lines = ["10:00 opened channel=chat plan=premium", "11:00 waiting_customer"]
    found = states(*lines, now="20 10:00", policy="360dialog")
    assert (found.facts.status, found.closing.at, found.closing.reached) == ("awaiting_customer", at("12 11:00"), True)


def test_closing_counts_down_with_a_notice_a_day_before():
    closing = states(OPENED, "11:00 resolution_proposed", now="12:00").closing
    assert (closing.at, closing.kind, closing.cause) == (at("15 17:00"), "automatic", "resolution_proposed")
    assert (closing.notice_at, closing.reached) == (at("14 17:00"), False)
    assert states(OPENED, "11:00 waiting_customer", now="15 17:00").closing.reached
    assert states(OPENED, now="12:00").closing is None


def test_warning_comes_when_three_quarters_of_the_time_are_gone():
    assert states(OPENED, now="10:00").clock(FIRST_RESPONSE).warn_at == at("11:30")
    assert states(PLATFORM, "11:00 waiting_customer", "13:00 customer_reply", now="14:00").clock(RESTORATION).warn_at == at(
        "11 16:30"
    )


def test_plan_change_reckons_the_target_again():
    lines = ["10:00 opened channel=chat plan=basic", "11:00 plan_changed from=basic to=premium"]
    assert states(*lines[:1], now="10:30", policy="360dialog").clock(FIRST_RESPONSE).due_at == at("11 10:00")
    assert states(*lines, now="11:30", policy="360dialog").clock(FIRST_RESPONSE).due_at == at("10:30")


def test_plan_of_the_case_counts_where_the_opening_names_none():
    found = states("10:00 opened channel=chat", now="10:10", policy="360dialog", plan="premium")
    assert found.clock(FIRST_RESPONSE).due_at == at("10:30")


@pytest.mark.parametrize(
    ("opened", "due", "is_fallback"),
    [
        ("channel=chat plan=premium", "10:30", False),
        ("channel=chat plan=basic", "11 10:00", False),
        ("channel=chat plan=platinum", "11 10:00", True),
        ("channel=chat", "11 10:00", True),
        ("channel=email", "11 10:00", False),  # by mail it is the same whatever the plan
    ],
)
def test_unknown_plan_gets_the_default_target_and_a_flag(opened, due, is_fallback):
    clock = states(f"10:00 opened {opened}", now="10:10", policy="360dialog").clock(FIRST_RESPONSE)
    assert (clock.due_at, clock.is_fallback) == (at(due), is_fallback)
    assert not states(OPENED, now="10:10").clock(FIRST_RESPONSE).is_fallback


def test_third_party_issue_shows_no_target_and_why():
    lines = ["10:00 opened channel=chat plan=premium", "13 10:00 marked_third_party"]
    found = states(*lines, now="13 11:00", policy="360dialog")
    clock = found.clock(RESOLUTION)
    assert (clock.state, clock.breached_at) == ("NO_TARGET", None)
    assert clock.target.reason["en"]
    assert [breach.kind for breach in automatic_escalations(shipped_rules("360dialog"), found)] == [FIRST_RESPONSE]


def test_application_of_a_contact_has_its_own_clock_and_no_other():
    opened = "10:00 opened channel=portal severity=3 case_type=ACCESS"
    found = states(opened, now="12:00")
    assert [clock.kind for clock in found.clocks] == [CONTACT_APPLICATION]
    assert found.clocks[0].due_at == at("17 13:00")  # 48 business hours
    assert states(opened, "11 10:00 contact_decided", now="12 12:00").clocks[0].state == "MET"


def test_application_under_a_policy_without_such_a_target_gets_a_first_response():
    found = states("10:00 opened channel=portal case_type=ACCESS", now="10:05", policy="dynamics-gold")
    assert [clock.kind for clock in found.clocks] == [FIRST_RESPONSE]


def test_promised_update_is_due_when_promised_and_kept_by_the_next_reply():
    promise = "11:00 update_promised promised_at=2027-03-10T20:00:00+01:00"
    clock = states(OPENED, promise, "12:00 waiting_customer", now="13:00").clock(NEXT_UPDATE)
    assert (clock.state, clock.due_at, clock.warn_at) == ("RUNNING", at("20:00"), at("17:45"))
    assert clock.promise == Promise(at("11:00"), at("20:00"))
    assert states(OPENED, promise, now="20:01").clock(NEXT_UPDATE).breached_at == at("20:00")
    assert states(OPENED, promise, "20:01 human_reply", now="21:00").clock(NEXT_UPDATE).state == "MISSED"
    assert states(OPENED, promise, "20:00 human_reply", now="21:00").clock(NEXT_UPDATE).state == "MET"
    assert states(OPENED, now="13:00").clock(NEXT_UPDATE) is None


def test_update_without_a_promise_is_due_after_the_latest_one_where_the_policy_says_so():
    rules = with_target(NEXT_UPDATE, 24, HOURS)
    assert states(OPENED, now="12:00", rules=rules).clock(NEXT_UPDATE).due_at == at("11 10:00")
    assert states(OPENED, "12:00 human_reply", now="13:00", rules=rules).clock(NEXT_UPDATE).due_at == at("11 12:00")


def test_next_response_is_due_after_the_first_unanswered_message():
    rules = with_target(NEXT_RESPONSE, 4, BUSINESS_HOURS)
    answered = [OPENED, "10:10 assigned", "10:20 human_reply"]
    assert states(*answered, now="12:00", rules=rules).clock(NEXT_RESPONSE) is None
    waiting = states(*answered, "11:00 customer_reply", "12:00 customer_reply", now="13:00", rules=rules)
    assert waiting.clock(NEXT_RESPONSE).due_at == at("15:00")
    late = states(*answered, "11:00 customer_reply", "16:00 human_reply", now="16:30", rules=rules).clock(NEXT_RESPONSE)
    assert (late.state, late.breached_at, late.met_at) == ("MISSED", at("15:00"), at("16:00"))


def test_late_entry_undoes_a_breach():
    lines = [OPENED, "10:10 assigned"]
    assert states(*lines, now="12:30").clock(FIRST_RESPONSE).state == "BREACHED"
    assert states(*lines, "11:50 human_reply", now="12:30").clock(FIRST_RESPONSE).state == "MET"


def test_breaches_escalate_by_themselves_in_the_order_of_their_moments():
    found = states("10:00 opened channel=chat plan=premium", now="13 10:00", policy="360dialog")
    breaches = automatic_escalations(shipped_rules("360dialog"), found)
    assert [(breach.kind, breach.at) for breach in breaches] == [(FIRST_RESPONSE, at("10:30")), (RESOLUTION, at("12 10:00"))]
    assert automatic_escalations(shipped_rules("genesys-cloud"), states(OPENED, now="13 10:00")) == []
