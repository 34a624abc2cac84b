import pytest

from sla.business_time import Pause
from sla.case_facts import facts_at
from tests.sla.stories import at, event, story

OPENED = "09:00 opened channel=portal severity=3"


def facts(*lines, now="20 00:00", **more):
    return facts_at(story(*lines), at(now), **more)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([OPENED], "open"),
        ([OPENED, "10:00 waiting_customer"], "awaiting_customer"),
        ([OPENED, "10:00 waiting_customer", "11:00 customer_reply"], "open"),
        ([OPENED, "10:00 waiting_customer", "11:00 human_reply"], "awaiting_customer"),
        ([OPENED, "10:00 waiting_customer", "11:00 third_party_replied"], "awaiting_customer"),
        ([OPENED, "10:00 waiting_customer", "11:00 resumed"], "open"),
        ([OPENED, "10:00 waiting_customer", "11:00 waiting_third_party"], "awaiting_third_party"),
        ([OPENED, "10:00 waiting_third_party", "11:00 customer_reply"], "awaiting_third_party"),
        ([OPENED, "10:00 waiting_third_party", "11:00 third_party_replied"], "open"),
        ([OPENED, "10:00 waiting_customer", "11:00 resolution_proposed"], "resolution_proposed"),
        ([OPENED, "10:00 resolution_proposed", "11:00 customer_reply"], "open"),
        ([OPENED, "10:00 resolution_proposed", "11:00 keep_open"], "resolution_proposed"),
        ([OPENED, "10:00 resolved"], "resolved"),
        ([OPENED, "10:00 resolved", "11:00 customer_reply"], "resolved"),
        ([OPENED, "10:00 closed", "11:00 customer_reply"], "closed"),
        ([OPENED, "10:00 closed", "11:00 waiting_customer"], "closed"),
        ([OPENED, "10:00 closed", "11:00 reopened"], "open"),
        ([OPENED, "10:00 waiting_customer", "11:00 customer_reply", "12:00 answer_not_adequate"], "awaiting_customer"),
        ([OPENED, "11:00 customer_reply", "12:00 answer_not_adequate"], "open"),
    ],
)
def test_status_follows_the_events(lines, status):
    assert facts(*lines).status == status


def test_wait_lasts_until_the_answer():
    assert facts(OPENED, "10:00 waiting_customer", "11:00 customer_reply", "12:00 waiting_third_party").waits == (
        Pause(at("10:00"), at("11:00"), "customer"),
        Pause(at("12:00"), None, "third_party"),
    )


def test_asking_the_customer_again_starts_the_closing_count_again():
    asked_twice = facts(OPENED, "10:00 waiting_customer", "12:00 waiting_customer")
    assert asked_twice.counted_from == at("12:00")
    assert asked_twice.waits == (Pause(at("10:00"), at("12:00"), "customer"), Pause(at("12:00"), None, "customer"))


def test_answer_that_is_not_adequate_lets_the_closing_count_go_on():
    found = facts(OPENED, "10:00 waiting_customer", "11:00 customer_reply", "12:00 answer_not_adequate")
    assert found.counted_from == at("10:00")
    assert found.waits[-1] == Pause(at("12:00"), None, "customer")  # what ran in between stays counted


def test_keep_open_starts_the_closing_count_again_and_changes_nothing_else():
    assert facts(OPENED, "10:00 resolution_proposed", "15:00 keep_open").counted_from == at("15:00")
    assert facts(OPENED, "15:00 keep_open").counted_from is None


@pytest.mark.parametrize(
    ("lines", "responded"),
    [
        (["09:10 assigned"], None),
        (["09:10 human_reply"], None),
        (["09:10 auto_ack", "09:20 agent_note", "09:30 assigned"], None),
        (["09:10 assigned", "09:20 human_reply"], "09:20"),
        (["09:10 human_reply", "09:20 assigned"], "09:20"),
        (["09:10 human_reply", "09:20 assigned", "09:30 human_reply"], "09:20"),
        (["09:10 assigned", "09:15 unassigned", "09:20 human_reply"], None),
        (["09:10 assigned", "09:15 unassigned", "09:20 human_reply", "09:25 assigned"], "09:25"),
    ],
)
def test_first_response_needs_an_owner_and_a_human_reply(lines, responded):
    assert facts(OPENED, *lines).responded_at == (at(responded) if responded else None)


@pytest.mark.parametrize(
    "line",
    [
        "agent_note",
        "human_reply",
        "waiting_customer",
        "waiting_third_party",
        "service_restored",
        "resolution_proposed",
        "resolved",
    ],
)
def test_care_teams_action_counts_as_its_latest(line):
    assert facts(OPENED, f"12:00 {line}").care_acted_at == at("12:00")


@pytest.mark.parametrize(
    "line", ["assigned", "auto_ack", "customer_reply", "impact_changed", "rca_delivered", "marked_third_party", "closed"]
)
def test_other_event_is_no_action_of_the_care_team(line):
    assert facts(OPENED, f"12:00 {line}").care_acted_at == at("09:00")


def test_what_happens_later_is_left_out():
    assert facts(OPENED, "12:00 closed", now="11:59").status == "open"


def test_events_are_read_by_the_moment_they_happened_whatever_their_order():
    late = [event(line) for line in (OPENED, "10:00 customer_reply", "09:30 waiting_customer", "09:05 assigned")]
    assert facts_at(late, at("20:00")) == facts_at(sorted(late, key=lambda one: one.at), at("20:00"))


def test_doubled_event_does_no_harm():
    lines = [OPENED, "09:10 assigned", "10:00 human_reply", "11:00 service_restored", "12:00 resolved", "13:00 closed"]
    doubled = [line for line in lines for _ in range(2)]
    assert facts(*doubled) == facts(*lines)


def test_timeline_without_an_opening_is_refused():
    with pytest.raises(ValueError, match="opened"):
        facts("10:00 assigned")


def test_closed_time_is_kept_when_a_case_is_reopened():
    reopened = facts(OPENED, "10:00 waiting_customer", "12:00 closed reason=agent", "11 12:00 reopened")
    assert reopened.closures == (Pause(at("12:00"), at("11 12:00"), "closed"),)
    assert reopened.waits == (Pause(at("10:00"), at("12:00"), "customer"),)
    assert (reopened.closed_at, reopened.closed_reason) == (None, None)


def test_first_moments_stay_the_first():
    found = facts(
        OPENED, "10:00 service_restored", "11:00 service_restored", "12:00 resolved", "13:00 reopened", "14:00 resolved"
    )
    assert (found.restored_at, found.resolved_at) == (at("10:00"), at("12:00"))


def test_promise_is_kept_by_the_next_reply_only():
    promised = ["10:00 update_promised promised_at=2027-03-10T15:00:00+01:00"]
    assert facts(OPENED, *promised, "11:00 agent_note").promise.kept_at is None
    assert facts(OPENED, *promised, "11:00 human_reply", "12:00 human_reply").promise.kept_at == at("11:00")
    assert facts(OPENED, *promised).promise.until == at("15:00")


def automatic(facts):
    return (at("12:00"), "auto") if facts.status == "awaiting_customer" else None


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([], "closed"),
        (["11:59 customer_reply"], "open"),
        (["12:00 customer_reply"], "open"),
        (["12:00:01 customer_reply"], "closed"),
        (["13:00 reopened", "14:00 waiting_customer"], "closed"),
    ],
)
def test_what_comes_after_an_automatic_closing_is_ignored(lines, status):
    assert facts(OPENED, "10:00 waiting_customer", *lines, closing=automatic).status == status


@pytest.mark.parametrize(("now", "status"), [("11:59:59", "awaiting_customer"), ("12:00", "closed")])
def test_automatic_closing_happens_at_its_moment(now, status):
    assert facts(OPENED, "10:00 waiting_customer", now=now, closing=automatic).status == status
