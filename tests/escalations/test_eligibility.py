"""Every criterion, on both sides of its boundary, under the shipped policies (SPEC 6)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escalations.eligibility import EscalationFacts, eligibility, facts_of
from sla.clock_rules import states_at
from sla.shipped_packs import shipped_rules
from tests.sla.stories import at, office, story

SECOND = timedelta(seconds=1)
# High priority, updated on Wednesday at 10:00, asked on Friday: nothing stands against it.
HIGH = EscalationFacts(
    at=at("12 10:00"),
    severity=2,
    is_closed=False,
    is_awaiting_customer=False,
    care_acted_at=at("10:00"),
    is_impact_significant=True,
)
MEDIUM = replace(HIGH, severity=3, is_impact_significant=False, at=at("17 10:00"))
GENESYS = ("genesys-cloud", "genesys-cloud-cx", "purecloud")


def judged(facts, policy="genesys-cloud", kind="case"):
    return eligibility(shipped_rules(policy), office(), facts, kind=kind)


@pytest.mark.parametrize("policy", GENESYS)
def test_quiet_high_priority_case_is_eligible(policy):
    found = judged(HIGH, policy)
    assert (found.is_eligible, found.reason, found.reasons) == (True, "eligible", ())


@pytest.mark.parametrize("policy", GENESYS)
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"is_closed": True}, "closed_case"),
        ({"is_awaiting_customer": True}, "awaiting_customer"),
        ({"is_escalated": True}, "already_escalated"),
        ({"severity": 4}, "low_priority"),
        ({"is_impact_significant": False}, "impact_not_significant"),
        ({"is_about_urgency": True}, "urgency_change"),
        ({"care_acted_at": at("11 10:00:01")}, "updated_recently"),
    ],
)
def test_each_criterion_stands_against_an_escalation(policy, change, reason):
    assert judged(replace(HIGH, **change), policy).reasons == (reason,)


def test_newer_update_must_be_read_first_where_the_policy_says_so():
    unread = replace(HIGH, has_unread_update=True)
    assert judged(unread, "genesys-cloud-cx").reasons == ("update_unread",)
    assert judged(unread, "genesys-cloud").is_eligible


@pytest.mark.parametrize("severity", [1, 2])
@pytest.mark.parametrize(("age", "eligible"), [(24 * 3600 - 1, False), (24 * 3600, True)])
def test_high_priority_needs_24_hours_without_an_update(severity, age, eligible):
    facts = replace(HIGH, severity=severity, care_acted_at=at("13 02:00"), at=at("13 02:00") + timedelta(seconds=age))
    assert judged(facts).is_eligible is eligible


@pytest.mark.parametrize(("moment", "eligible"), [(at("15 09:59:59"), False), (at("15 10:00"), True)])
@pytest.mark.parametrize("policy", ["genesys-cloud", "purecloud"])
def test_medium_priority_needs_three_business_days_without_an_update(policy, moment, eligible):
    assert judged(replace(MEDIUM, at=moment), policy).is_eligible is eligible


def test_medium_priority_has_no_quiet_time_of_its_own_in_cx():
    assert judged(replace(MEDIUM, at=at("10:00")), "genesys-cloud-cx").is_eligible


def test_criteria_tell_from_when_they_hold():
    facts = replace(HIGH, care_acted_at=at("11 15:00"))
    found = judged(facts)
    assert found.eligible_from == at("12 15:00")
    (quiet,) = [criterion for criterion in found.criteria if criterion.code == "updated_recently"]
    assert (quiet.holds, quiet.holds_from) == (False, at("12 15:00"))
    assert judged(replace(facts, is_closed=True)).eligible_from is None  # time alone does not help
    assert judged(HIGH).eligible_from is None


def test_reasons_come_in_the_order_of_the_policy():
    facts = replace(HIGH, is_closed=True, is_awaiting_customer=True, care_acted_at=HIGH.at, is_impact_significant=False)
    assert judged(facts).reasons == ("closed_case", "awaiting_customer", "updated_recently", "impact_not_significant")


@pytest.mark.parametrize(("moment", "eligible"), [(at("17 11:59:59"), False), (at("17 12:00"), True)])
def test_rca_may_be_chased_from_its_due_time_on_also_on_a_closed_case(moment, eligible):
    timeline = story("10:00 opened severity=1 platform_issue=yes", "12:00 service_restored", "13:00 closed")
    rules = shipped_rules("genesys-cloud")
    facts = facts_of(states_at(rules, office(), timeline, now=moment))
    found = eligibility(rules, office(), facts, kind="rca")
    assert (found.is_eligible, found.reason) == (eligible, "eligible" if eligible else "rca_not_yet_due")
    assert [criterion.code for criterion in found.criteria] == ["awaiting_customer", "rca_not_yet_due"]


def test_rca_that_is_not_owed_cannot_be_chased():
    assert judged(HIGH, kind="rca").reasons == ("rca_not_yet_due",)
    assert judged(HIGH, kind="rca").eligible_from is None


def test_facts_are_those_of_the_timeline():
    timeline = story("10:00 opened severity=3", "11:00 impact_changed significant_impact=yes", "12:00 waiting_customer")
    facts = facts_of(states_at(shipped_rules("genesys-cloud"), office(), timeline, now=at("13:00")), is_escalated=True)
    assert facts == EscalationFacts(
        at=at("13:00"),
        severity=3,
        is_closed=False,
        is_awaiting_customer=True,
        care_acted_at=at("12:00"),
        is_impact_significant=True,
        is_escalated=True,
    )
