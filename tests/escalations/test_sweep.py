"""What falls due is announced once, dated at its moment, whatever happens to the sweeper (SPEC 5, SAFETY 6)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import actions
from cases.models import Activity, OutboxMessage
from escalations.sweep import sweep
from sla.models import Clock
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(contact, agent, now):
    """Severity 3, opened at 10:00 in Paris, owned, not answered: the first response is due at 12:00."""
    case = open_case(contact, now=now)
    actions.assign(case, by=agent, owner=agent, now=now)
    OutboxMessage.objects.all().delete()
    return case


def told(kind):
    return list(Activity.objects.filter(kind=kind).order_by("pk"))


def mails():
    return sorted(OutboxMessage.objects.values_list("template", "address"))


def test_warning_goes_to_the_owner_once(case, agent, now):
    sweep(now=now + timedelta(minutes=89))
    assert mails() == []
    for _again in range(2):
        sweep(now=now + timedelta(minutes=90))
    assert mails() == [("warning", agent.email)]


def test_breach_is_announced_once_and_dated_at_its_due_time(case, agent, now):
    sweep(now=now + 2 * HOUR)
    assert told("BREACHED") == []  # exactly at the due time nothing is late yet: an answer now would still count
    for minutes in (1, 2, 60):
        sweep(now=now + 2 * HOUR + timedelta(minutes=minutes))
    (breach,) = told("BREACHED")
    assert (breach.case, breach.occurred_at, breach.data["clock"]) == (case, now + 2 * HOUR, "FIRST_RESPONSE")
    assert mails() == [("missed", agent.email)]


def test_long_downtime_brings_the_breach_and_no_old_warning(case, now):
    sweep(now=now + 3 * DAY)
    assert [breach.occurred_at for breach in told("BREACHED")] == [now + 2 * HOUR]
    assert [template for template, _address in mails()] == ["missed"]


def test_two_hours_of_downtime_bring_each_breach_once_at_its_due_time(contact, agent, now):
    opened = [now + timedelta(minutes=minutes) for minutes in range(0, 120, 10)]
    for moment in opened:
        actions.assign(open_case(contact, now=moment), by=agent, owner=agent, now=moment)
    sweep(now=now + 2 * HOUR)
    OutboxMessage.objects.all().delete()
    for _again in range(2):
        sweep(now=now + 4 * HOUR)
    assert [breach.occurred_at for breach in told("BREACHED")] == [moment + 2 * HOUR for moment in opened]
    assert {breach.recorded_at for breach in told("BREACHED")} == {now + 4 * HOUR}
    assert mails() == [("missed", agent.email)] * len(opened)


def test_answer_in_time_leaves_nothing_to_announce(case, agent, now):
    actions.reply(case, by=agent, text="Hello", now=now + 2 * HOUR)
    sweep(now=now + DAY)
    assert told("BREACHED") == []


def test_call_logged_late_withdraws_an_announced_breach(case, agent, now):
    sweep(now=now + 3 * HOUR)
    actions.log_call(case, by=agent, text="Spoke to them.", started_at=now + HOUR, now=now + 4 * HOUR)
    (withdrawn,) = told("BREACH_WITHDRAWN")
    assert withdrawn.data == {"clock": "FIRST_RESPONSE"}
    clock = case.clocks.get(kind="FIRST_RESPONSE")
    assert (clock.state, clock.met_at, clock.breached_at) == ("MET", now + HOUR, None)
    sweep(now=now + DAY)
    assert len(told("BREACHED")) == 1


def test_silence_after_a_proposal_closes_the_case_with_notice(case, agent, contact, now):
    actions.propose_resolution(case, by=agent, summary="Restart the edge.", now=now + HOUR)
    due = case.clocks.get(kind="CLOSING").due_at  # Wednesday: the end of Monday
    sweep(now=due - DAY - timedelta(seconds=1))
    assert told("CLOSING_NOTICE") == []
    sweep(now=due - DAY)
    assert len(told("CLOSING_NOTICE")) == 1
    assert ("closing_notice", contact.email) in mails()
    sweep(now=due - timedelta(seconds=1))
    assert fresh(case).status == "RESOLUTION_PROPOSED"
    for _again in range(2):
        sweep(now=due + HOUR)
    assert (fresh(case).status, fresh(case).closed_at) == ("CLOSED", due)
    assert len(told("CLOSED")) == 1


def test_closing_waits_until_the_notice_is_old_enough(case, agent, now):
    actions.propose_resolution(case, by=agent, summary="Restart the edge.", now=now + HOUR)
    due = case.clocks.get(kind="CLOSING").due_at
    sweep(now=due + HOUR)  # the worker was down: the notice is late, so the closing moves
    assert fresh(case).status == "RESOLUTION_PROPOSED"
    sweep(now=due + HOUR + DAY - timedelta(seconds=1))
    assert fresh(case).status == "RESOLUTION_PROPOSED"
    sweep(now=due + HOUR + DAY)
    assert (fresh(case).status, fresh(case).closed_at) == ("CLOSED", due + HOUR + DAY)


def test_answer_after_the_notice_keeps_the_case_open(case, agent, contact, now):
    actions.propose_resolution(case, by=agent, summary="Restart the edge.", now=now + HOUR)
    due = case.clocks.get(kind="CLOSING").due_at
    sweep(now=due - DAY)
    actions.reply(case, by=contact, text="Not solved.", now=due - HOUR)
    sweep(now=due + DAY)
    assert fresh(case).status == "IN_PROGRESS"


def test_keep_open_starts_the_count_again(case, agent, contact, now):
    actions.propose_resolution(case, by=agent, summary="Restart the edge.", now=now + HOUR)
    due = case.clocks.get(kind="CLOSING").due_at
    sweep(now=due - DAY)
    actions.keep_open(case, by=contact, now=due - HOUR)
    assert case.clocks.get(kind="CLOSING").due_at > due
    sweep(now=due + HOUR)
    assert fresh(case).status == "RESOLUTION_PROPOSED"


def test_silence_while_awaiting_the_customer_is_left_to_the_owner(case, agent, contact, now):
    actions.reply(case, by=agent, text="Which browser?", now=now + HOUR, then="AWAITING_CUSTOMER")
    due = case.clocks.get(kind="CLOSING").due_at
    sweep(now=due - DAY)
    assert ("closing_notice", contact.email) in mails()
    for _again in range(2):
        sweep(now=due + HOUR)
    assert fresh(case).status == "AWAITING_CUSTOMER"
    assert len(told("SUBJECT_TO_CLOSURE")) == 1
    assert ("subject_to_closure", agent.email) in mails()


def test_missed_promise_is_announced_once(case, agent, now):
    actions.reply(case, by=agent, text="Looking into it.", now=now + timedelta(minutes=5))
    actions.promise_update(case, by=agent, promised_at=now + HOUR, now=now + timedelta(minutes=10))
    for _again in range(2):
        sweep(now=now + 2 * HOUR)
    assert [(breach.data["clock"], breach.occurred_at) for breach in told("BREACHED")] == [("NEXT_UPDATE", now + HOUR)]


def test_nothing_due_costs_three_statements_and_writes_nothing(case, now, django_assert_max_num_queries):
    before = Clock.objects.values_list("next_effect_at", flat=True).get(kind="FIRST_RESPONSE")
    with django_assert_max_num_queries(12):
        sweep(now=now)
    assert Clock.objects.values_list("next_effect_at", flat=True).get(kind="FIRST_RESPONSE") == before


# --- cost: SPEED G7 ----------------------------------------------------------------------------------------------------
def test_nothing_due_is_one_question(case, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not sweep(now=now)


def queries_of(act):
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_many_breaches_ask_no_more_than_one(contact, agent, now):
    def late(count):
        for _one in range(count):
            actions.assign(open_case(contact, now=now), by=agent, owner=agent, now=now)

    late(1)
    one = queries_of(lambda: sweep(now=now + 3 * HOUR))
    late(8)
    OutboxMessage.objects.all().delete()
    assert queries_of(lambda: sweep(now=now + 3 * HOUR)) == one
    assert len(told("BREACHED")) == 9
    assert mails() == [("missed", agent.email)] * 8


def test_case_that_cannot_be_closed_does_not_hold_up_the_others(contact, agent, now, caplog):
    broken, sound = (open_case(contact, now=now) for _one in range(2))
    for case in (broken, sound):
        actions.propose_resolution(case, by=agent, summary="Restart the edge.", now=now)
    Clock.objects.filter(case=broken, kind="CLOSING").update(target_code="awaiting_customer", due_at=None)
    sweep(now=now + 30 * DAY)
    assert "could not finish case" in caplog.text
    assert [notice.case for notice in told("CLOSING_NOTICE")] == [sound]
