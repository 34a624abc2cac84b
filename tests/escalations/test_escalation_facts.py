"""Criteria of real cases under every policy, one second before the boundary, at it and after it (SPEC 6, ISSUE 4 "Must show")."""

from datetime import UTC, datetime, timedelta

import pytest

from cases import actions
from cases.actions import mark_read
from escalations.escalation_facts import eligibility_now, unread_updates
from tests.factories import AgreementFactory
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LICENSES = {"purecloud": "purecloud-1", "genesys-cloud": "genesys-cloud-2", "genesys-cloud-cx": "genesys-cloud-cx-2"}
PLANS = {"360dialog": "premium", "dynamics-gold": "gold"}
OPENED = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # Wednesday, 10:00 in Paris
REPLIED = OPENED + HOUR
NEVER = timedelta(days=10_000)
BOUNDARIES = {  # (policy, priority) -> how long after the care team's latest update the case can be escalated
    ("purecloud", "high"): DAY,
    ("purecloud", "medium"): timedelta(days=5),  # three business days over a weekend
    ("purecloud", "low"): NEVER,
    ("genesys-cloud", "high"): DAY,
    ("genesys-cloud", "medium"): timedelta(days=5),
    ("genesys-cloud", "low"): NEVER,
    ("genesys-cloud-cx", "high"): DAY,
    ("genesys-cloud-cx", "medium"): timedelta(0),
    ("genesys-cloud-cx", "low"): NEVER,
    ("360dialog", "critical"): timedelta(0),
    ("360dialog", "minor"): timedelta(0),
    ("dynamics-gold", "high"): timedelta(0),
    ("dynamics-gold", "low"): timedelta(0),
}


@pytest.fixture
def case_under(organization, policies, contact, agent):
    """`case_under(policy, priority)`: a case of Claire's with significant impact, answered an hour after its opening, all of it read."""

    def make(policy, priority, **changes):
        organization.agreements.all().delete()
        terms = {"license": LICENSES.get(policy, ""), "plan": PLANS.get(policy, "")}
        AgreementFactory(organization=organization, policy=policies[policy], **terms)
        answers = {"priority_code": priority, "is_impact_significant": True, **changes}
        case = open_case(contact, now=OPENED, **answers)
        actions.assign(case, by=agent, owner=agent, now=OPENED)
        actions.reply(fresh(case), by=agent, text="We are looking.", now=REPLIED)
        mark_read(case, by=contact, key=case.activities.latest("pk").pk, now=REPLIED)
        return fresh(case)

    return make


def judged(case, contact, at, **more):
    return eligibility_now(fresh(case), by=contact, now=at, **more)


@pytest.mark.parametrize(("policy", "priority"), BOUNDARIES)
@pytest.mark.parametrize("distance", [-SECOND, timedelta(0), SECOND])
def test_case_is_eligible_from_its_boundary_on(case_under, contact, policy, priority, distance):
    case, boundary = case_under(policy, priority), BOUNDARIES[policy, priority]
    found = judged(case, contact, REPLIED + min(boundary, 30 * DAY) + distance)
    if boundary == NEVER:
        assert found.reason == "low_priority"
    elif boundary:
        assert found.reasons == (() if distance >= timedelta(0) else ("updated_recently",))
        assert found.eligible_from == (None if distance >= timedelta(0) else REPLIED + boundary)
    else:
        assert found.is_eligible


@pytest.mark.parametrize("policy", LICENSES)
@pytest.mark.parametrize("distance", [-SECOND, timedelta(0), SECOND])
def test_criteria_of_an_act_turn_at_the_act(case_under, contact, agent, policy, distance):
    """Waiting for the customer, and closing: nothing before, against it from the very moment on."""
    case, act_at = case_under(policy, "high"), REPLIED + 2 * DAY
    actions.await_customer(case, by=agent, now=act_at)
    is_waiting = distance >= timedelta(0)
    assert ("awaiting_customer" in judged(case, contact, act_at + distance).reasons) is is_waiting
    actions.resume(fresh(case), by=agent, now=act_at + HOUR)
    actions.close_case(fresh(case), by=contact, now=act_at + 2 * HOUR)
    found = judged(case, contact, act_at + 2 * HOUR + distance)
    assert ("closed_case" in found.reasons) is is_waiting


@pytest.mark.parametrize("policy", LICENSES)
@pytest.mark.parametrize("distance", [-SECOND, timedelta(0), SECOND])
def test_rca_may_be_chased_from_its_due_time_on(case_under, contact, agent, policy, distance):
    case = case_under(policy, "high")
    if policy == "genesys-cloud-cx":  # owes it for severity 1 alone
        actions.change_severity(case, by=agent, rank=1, reason="Everything is down.", now=REPLIED)
    actions.set_scope(fresh(case), by=agent, scope="PLATFORM", now=REPLIED)
    actions.mark_restored(fresh(case), by=agent, restored_at=REPLIED, now=REPLIED)
    due_at = REPLIED + timedelta(days=7)  # five business days
    found = judged(case, contact, due_at + distance, kind="RCA")
    assert found.reasons == (() if distance >= timedelta(0) else ("rca_not_yet_due",))
    assert found.criteria[-1].holds_from == due_at


@pytest.mark.parametrize("policy", LICENSES)
def test_urgency_impact_and_escalation_stand_against_it(case_under, contact, agent, policy):
    later = REPLIED + 2 * DAY
    case = case_under(policy, "high", is_impact_significant=False)
    assert judged(case, contact, later).reasons == ("impact_not_significant",)
    actions.set_impact(case, by=agent, is_significant=True, now=OPENED + 2 * HOUR)
    assert judged(case, contact, later).is_eligible
    assert judged(case, contact, later, is_about_urgency=True).reasons == ("urgency_change",)
    type(case).objects.update(is_escalated=True)
    assert judged(case, contact, later).reasons == ("already_escalated",)


def test_update_is_unread_until_this_contact_has_read_it(case_under, contact, colleague, agent):
    case, later = case_under("genesys-cloud-cx", "high"), REPLIED + 3 * DAY
    assert judged(case, contact, later).is_eligible
    assert judged(case, colleague, later).reasons == ("update_unread",)
    update = actions.reply(case, by=agent, text="News", now=REPLIED + DAY)
    assert list(unread_updates(fresh(case), by=contact)) == [update]
    mark_read(case, by=contact, key=update.pk, now=later)
    assert judged(case, contact, later).is_eligible


def test_change_of_owner_or_an_internal_note_is_no_update_to_be_read(case_under, contact, agent, manager):
    case = case_under("genesys-cloud-cx", "high")
    actions.assign(case, by=manager, owner=manager, now=REPLIED)
    actions.add_internal_note(fresh(case), by=agent, text="Secret", now=REPLIED)
    assert not unread_updates(fresh(case), by=contact).exists()
