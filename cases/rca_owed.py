"""What a case is owed beyond its resolution: RCA, preliminary RCA, case summary (SPEC 8). Who gets which is the policy's `rca` and its RCA target."""

from sla.policies import rules_of
from sla.policy_rules import ISOLATED, RCA
from sla.target_rules import Conditions, target_for

from .models import Activity

FULL, PRELIMINARY, CASE_SUMMARY = "RCA", "PRELIMINARY", "CASE_SUMMARY"  # the kinds in the data of RCA_DELIVERED


def rca_target(case, *, scope=None, rules=None):
    """The RCA target of its policy (or of these rules) for the case as it is (or in another scope); None where it has none, without a duration
    where it says why not."""
    conditions = Conditions(case.severity_rank, case.plan, case.channel, scope or case.scope)
    return target_for(rules or rules_of(case.policy_version), RCA, conditions)


def owes_rca(case, *, rules=None):
    """Does the policy promise an RCA for a case of this severity and scope?"""
    target = rca_target(case, rules=rules)
    return bool(target and target.duration)


def waits_for_rca(case):
    """Is this a follow-up that stays open until the RCA of its original is delivered? Not if none is owed there any more: found to be isolated,
    or less severe."""
    return case.closes_with_rca and owes_rca(case.follows, rules=rules_of(case.policy_version))


def owes_preliminary(case):
    """Does the resolution have to come with a first word on the cause? One query at most; False once it, or the RCA itself, was given."""
    rca = rules_of(case.policy_version).rca
    return bool(rca and case.severity_rank in rca.preliminary_severities and not has_document(case, PRELIMINARY, FULL))


def gets_case_summary(case):
    """Does an isolated case of this severity get a case summary in the place of an RCA?"""
    rca = rules_of(case.policy_version).rca
    return bool(rca and case.scope == ISOLATED and case.severity_rank in rca.isolated_summary_severities)


def owes_case_summary(case):
    """The same, and it was not written yet (or its text was removed)."""
    return gets_case_summary(case) and not has_document(case, CASE_SUMMARY)


def follow_up_priority(case):
    """The priority of the follow-up case that waits for the RCA after this one is resolved, or "" where none is opened."""
    rca = rules_of(case.policy_version).rca
    is_asked = rca and rca.follow_up_priority and case.severity_rank in rca.preliminary_severities
    return rca.follow_up_priority if is_asked and owes_rca(case) else ""


def has_document(case, *kinds):
    """Was one of these kinds of document given in the case, and its text not removed since?"""
    delivered = case.activities.filter(kind=Activity.Kind.RCA_DELIVERED, text_row__redacted_at=None)
    return any(data.get("kind") in kinds for data in delivered.values_list("data", flat=True))
