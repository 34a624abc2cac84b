"""What meets the first response, and what alone never does (SPEC 5): an owner and a human's words to the customer, both."""

from datetime import timedelta

import pytest

from cases import actions
from tests.stories import open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


def first_response(case):
    clock = case.clocks.get(kind="FIRST_RESPONSE")
    return clock.state, clock.met_at


def test_automatic_acknowledgment_alone_does_not_meet_it(case):
    assert case.activities.filter(kind="ACKNOWLEDGED").exists()
    assert first_response(case) == ("RUNNING", None)


def test_internal_note_alone_does_not_meet_it(case, agent, now):
    actions.add_internal_note(case, by=agent, text="Looks like the edge.", now=now + MINUTE)
    assert first_response(case) == ("RUNNING", None)


def test_assignment_alone_does_not_meet_it(case, agent, now):
    actions.assign(case, by=agent, owner=agent, now=now + MINUTE)
    assert first_response(case) == ("RUNNING", None)


def test_status_change_alone_does_not_meet_it(case, agent, now):
    actions.await_customer(case, by=agent, now=now + MINUTE)
    assert first_response(case) == ("RUNNING", None)


def test_reply_without_an_owner_meets_it_only_when_somebody_owns_the_case(case, agent, now):
    actions.reply(case, by=agent, text="Which browser?", now=now + MINUTE)
    assert first_response(case) == ("RUNNING", None)
    actions.assign(case, by=agent, owner=agent, now=now + 2 * MINUTE)
    assert first_response(case) == ("MET", now + 2 * MINUTE)


def test_owner_and_reply_meet_it(case, agent, now):
    actions.assign(case, by=agent, owner=agent, now=now + MINUTE)
    actions.reply(case, by=agent, text="Which browser?", now=now + 2 * MINUTE)
    assert first_response(case) == ("MET", now + 2 * MINUTE)


@pytest.mark.parametrize(("with_customer", "state"), [(True, "MET"), (False, "RUNNING")])
def test_logged_call_meets_it_when_it_was_with_the_customer(with_customer, state, case, agent, now):
    actions.assign(case, by=agent, owner=agent, now=now + MINUTE)
    started_at = now + 2 * MINUTE
    actions.log_call(case, by=agent, text="Spoke.", started_at=started_at, with_customer=with_customer, now=now + 5 * MINUTE)
    assert first_response(case)[0] == state
