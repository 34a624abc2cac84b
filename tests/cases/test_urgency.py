"""Asking for a higher priority, contesting a severity, and the care team's answers (SPEC 3, 6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from cases import actions
from cases.decision import Refused
from cases.models import OutboxMessage, UrgencyRequest
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def case(contact, agent, now):
    case = open_case(contact, now=now, priority_code="low")
    actions.assign(case, by=agent, owner=agent, now=now)
    return case


@pytest.fixture
def rated(case, agent, now):
    """The care team has set a severity."""
    actions.change_severity(case, by=agent, rank=3, reason="A workaround exists.", now=now)
    return case


def states(case):
    return list(case.urgency_requests.order_by("pk").values_list("kind", "wanted_code", "state"))


def told(case, template):
    return sorted(OutboxMessage.objects.filter(case=case, template=template).values_list("address", flat=True))


def refusal(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return caught.value.reason


# --- priority ----------------------------------------------------------------------------------------------------------
def test_request_is_a_work_note_that_the_owner_is_told_of(case, contact, agent, now):
    activity = actions.ask_for_priority(case, by=contact, code="medium", reason="All agents are affected.", now=now + HOUR)
    assert (activity.kind, activity.text_row.text) == ("PRIORITY_ASKED", "All agents are affected.")
    assert activity.data == {"from": "low", "to": "medium", "way": "WORK_NOTE"}
    assert states(case) == [("PRIORITY", "medium", "ASKED")]
    assert fresh(case).priority_code == "low"
    assert told(case, "priority_asked") == [agent.email]


def test_request_ends_a_wait_for_the_customer(case, contact, agent, now):
    actions.await_customer(case, by=agent, now=now + HOUR)
    actions.ask_for_priority(case, by=contact, code="medium", reason="All agents are affected.", now=now + 2 * HOUR)
    assert fresh(case).status == "IN_PROGRESS"


def test_secret_in_a_request_is_masked(case, contact, now):
    activity = actions.ask_for_priority(case, by=contact, code="medium", reason="password: hunter2secret", now=now)
    assert "hunter2secret" not in activity.text_row.text
    assert activity.data["masked"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("high", "This priority is requested by phone. Call the care team."),
        ("critical", "This priority is requested by phone. Call the care team."),
        ("low", "Choose a priority that is higher than the present one."),
        ("nonsense", "Choose a priority that is higher than the present one."),
    ],
)
def test_what_the_policy_does_not_let_them_ask_here_is_refused(case, contact, now, code, sentence):
    assert refusal(actions.ask_for_priority, case, by=contact, code=code, reason="Urgent.", now=now) == sentence
    assert states(case) == []


def test_second_request_waits_for_the_answer_to_the_first(case, contact, now):
    actions.ask_for_priority(case, by=contact, code="medium", reason="Worse.", now=now)
    again = refusal(actions.ask_for_priority, case, by=contact, code="medium", reason="Still worse.", now=now + HOUR)
    assert again == "A higher priority was requested already. The care team will answer in the case."


def test_closed_cases_readers_and_empty_reasons_are_refused(case, contact, reader, agent, now):
    assert refusal(actions.ask_for_priority, case, by=contact, code="medium", reason=" \u200b", now=now) == "Say why."
    assert refusal(actions.ask_for_priority, case, by=reader, code="medium", reason="x", now=now).startswith("Only designated")
    actions.close_case(case, by=agent, summary="Done.", now=now)
    assert refusal(actions.ask_for_priority, case, by=contact, code="medium", reason="x", now=now).startswith(
        "This case is closed"
    )


def test_raised_priority_grants_the_request_and_a_lower_one_does_not(case, contact, agent, manager, now):
    actions.ask_for_priority(case, by=contact, code="medium", reason="Worse.", now=now)
    actions.change_priority(case, by=agent, code="low", reason="We looked.", now=now)
    assert states(case) == [("PRIORITY", "medium", "ASKED")]
    actions.change_priority(case, by=manager, code="high", reason="Agreed on the phone.", now=now + HOUR)
    request = case.urgency_requests.get()
    assert (request.state, request.decided_by, request.decided_at) == ("GRANTED", manager, now + HOUR)


def test_declined_request_tells_the_customer_why_and_may_be_made_again(case, contact, agent, now):
    actions.ask_for_priority(case, by=contact, code="medium", reason="Worse.", now=now)
    activity = actions.decline_priority(case, by=agent, reason="There is a workaround.", now=now + HOUR)
    assert (activity.kind, activity.text_row.text) == ("PRIORITY_DECLINED", "There is a workaround.")
    assert told(case, "urgency_answer") == [contact.email]
    actions.ask_for_priority(case, by=contact, code="medium", reason="It fails now.", now=now + 2 * HOUR)
    assert [state for _kind, _code, state in states(case)] == ["DECLINED", "ASKED"]


def test_nothing_is_declined_where_nothing_was_asked(case, agent, now):
    assert refusal(actions.decline_priority, case, by=agent, reason="No.", now=now).startswith("There is no unanswered request")


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_are_one(case, contact, now):
    def ask(number):
        try:
            actions.ask_for_priority(case, by=contact, code="medium", reason=f"Worse, says {number}.", now=now)
            return "asked"
        except Refused:
            return "refused"
        finally:
            connections["default"].close()

    connection.close()
    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(ask, range(8)))
    assert answers == ["asked", *["refused"] * 7]
    assert states(case) == [("PRIORITY", "medium", "ASKED")]
    assert case.activities.filter(kind="PRIORITY_ASKED").count() == 1


# --- severity ----------------------------------------------------------------------------------------------------------
def test_severity_that_nobody_set_cannot_be_contested(case, contact, now):
    assert (
        refusal(actions.contest_severity, case, by=contact, reason="x", now=now) == "The care team has not set the severity yet."
    )


def test_severity_is_contested_once(rated, contact, agent, now):
    activity = actions.contest_severity(rated, by=contact, reason="Nobody can work.", now=now + HOUR)
    assert (activity.kind, activity.data["severity"], fresh(rated).severity_rank) == ("SEVERITY_CONTESTED", 3, 3)
    assert told(rated, "severity_contested") == [agent.email]
    again = refusal(actions.contest_severity, rated, by=contact, reason="Still.", now=now + HOUR)
    assert again == "This severity was contested already. It can be contested once."


def test_upheld_severity_is_final_and_a_new_one_may_be_contested_again(rated, contact, agent, now):
    actions.contest_severity(rated, by=contact, reason="Nobody can work.", now=now)
    actions.uphold_severity(rated, by=agent, reason="Two of three sites work.", now=now + HOUR)
    assert told(rated, "urgency_answer") == [contact.email]
    assert refusal(actions.contest_severity, rated, by=contact, reason="x", now=now).startswith("This severity was contested")
    actions.change_severity(rated, by=agent, rank=2, reason="The third site is down.", now=now + HOUR)
    actions.contest_severity(rated, by=contact, reason="It is critical.", now=now + 2 * HOUR)
    assert [state for _kind, _code, state in states(rated)] == ["DECLINED", "ASKED"]


def test_changed_severity_answers_the_contest(rated, contact, agent, now):
    actions.contest_severity(rated, by=contact, reason="Nobody can work.", now=now)
    actions.change_severity(rated, by=agent, rank=2, reason="You are right.", now=now)
    assert states(rated) == [("SEVERITY", "", "GRANTED")]


def test_unanswered_requests_of_closed_cases_are_nobodys_work(rated, contact, agent, now):
    actions.contest_severity(rated, by=contact, reason="Nobody can work.", now=now)
    assert UrgencyRequest.objects.visible_to(agent).unanswered().count() == 1
    actions.close_case(rated, by=agent, summary="Done.", now=now)
    assert UrgencyRequest.objects.visible_to(agent).unanswered().count() == 0


def test_requests_are_seen_where_the_case_is(rated, contact, stranger, agent_not_cleared, now):
    actions.contest_severity(rated, by=contact, reason="Nobody can work.", now=now)
    seen = {user.name: UrgencyRequest.objects.visible_to(user).count() for user in (contact, stranger, agent_not_cleared)}
    assert seen == {contact.name: 1, stranger.name: 0, agent_not_cleared.name: 0}
