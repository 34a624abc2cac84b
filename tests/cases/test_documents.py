"""What a resolution has to come with: preliminary RCA (`purecloud`), case summary (`genesys-cloud-cx`); SPEC 8."""

from datetime import timedelta

import pytest

from cases import actions
from cases.decision import Refused
from cases.models import Activity, OutboxMessage
from sla.models import Clock
from tests.stories import customer_under, fresh, open_critical

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
CAUSE = "A disk of the routing server failed."
SUMMARY = {"description": "No audio in Lyon.", "findings": "Old firmware.", "restoration": "Replaced the edge."}


def critical_under(policies, policy, agent, now, **more):
    return open_critical(customer_under(policies[policy], language="fr"), agent=agent, now=now, language="fr", **more)


def documents(case):
    found = case.activities.filter(kind=Activity.Kind.RCA_DELIVERED).select_related("text_row").order_by("pk")
    return [(activity.data["kind"], activity.text_row.text) for activity in found]


# --- preliminary RCA ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("resolve", [actions.propose_resolution, actions.close_case])
@pytest.mark.parametrize("scope", ["PLATFORM", "ISOLATED", "UNKNOWN"])
def test_severity_1_is_resolved_with_a_preliminary_rca_under_purecloud(policies, agent, now, resolve, scope):
    case = critical_under(policies, "purecloud", agent, now, scope=scope)
    with pytest.raises(Refused, match="needs a preliminary RCA"):
        resolve(case, by=agent, summary="Switched over.", preliminary=" \u200b", now=now + HOUR)
    assert (documents(case), fresh(case).status) == ([], "IN_PROGRESS")
    resolve(case, by=agent, summary="Switched over.", preliminary=CAUSE, now=now + HOUR)
    assert documents(case) == [("PRELIMINARY", CAUSE)]


def test_preliminary_rca_is_told_before_the_resolution_in_one_mail(policies, agent, now):
    case = critical_under(policies, "purecloud", agent, now)
    actions.propose_resolution(case, by=agent, summary="Switched over.", preliminary=CAUSE, now=now + HOUR)
    kinds = list(case.activities.order_by("-pk").values_list("kind", flat=True)[:3])
    assert kinds == ["FOLLOW_UP", "PROPOSED", "RCA_DELIVERED"]
    mail = OutboxMessage.objects.get(case=case, recipient=case.opened_by, created_at=now + HOUR)
    assert (mail.template, mail.activity.text_row.text) == ("proposed", "Switched over.")


def test_preliminary_rca_masks_secrets(policies, agent, now):
    case = critical_under(policies, "purecloud", agent, now)
    secret = "password: Tr0ub4dor&3xyz"
    actions.propose_resolution(case, by=agent, summary="Switched over.", preliminary=secret, now=now + HOUR)
    assert "Tr0ub4dor" not in documents(case)[0][1]


def test_preliminary_rca_is_asked_for_once(policies, agent, now):
    case = critical_under(policies, "purecloud", agent, now)
    actions.propose_resolution(case, by=agent, summary="Switched over.", preliminary=CAUSE, now=now + HOUR)
    actions.reject_resolution(fresh(case), by=case.opened_by, reason="No.", now=now + HOUR)
    actions.propose_resolution(fresh(case), by=agent, summary="Now.", now=now + HOUR)
    assert documents(case) == [("PRELIMINARY", CAUSE)]


def test_preliminary_rca_does_not_meet_the_rca_target(policies, agent, now):
    case = critical_under(policies, "purecloud", agent, now)
    actions.mark_restored(case, by=agent, restored_at=now + HOUR, now=now + HOUR)
    actions.propose_resolution(fresh(case), by=agent, summary="Switched over.", preliminary=CAUSE, now=now + HOUR)
    assert Clock.objects.get(case=case, kind="RCA").state == "RUNNING"
    actions.deliver_rca(case, data={"document": "RCA-1001", "kind": "RCA", "version": 1}, by=agent, now=now + 2 * HOUR)
    assert Clock.objects.get(case=case, kind="RCA").state == "MET"


@pytest.mark.parametrize(("policy", "severity"), [("purecloud", 2), ("genesys-cloud", 1), ("genesys-cloud-cx", 1)])
def test_no_preliminary_rca_is_owed_elsewhere(policies, agent, now, policy, severity):
    case = critical_under(policies, policy, agent, now)
    if severity != 1:
        actions.change_severity(case, by=agent, rank=severity, reason="A workaround.", now=now)
    actions.propose_resolution(fresh(case), by=agent, summary="Done.", preliminary="Not asked for.", now=now + HOUR)
    assert documents(case) == []


def test_customer_closes_without_a_preliminary_rca(policies, agent, now):
    case = critical_under(policies, "purecloud", agent, now)
    actions.close_case(case, by=case.opened_by, now=now + HOUR)
    assert fresh(case).is_closed


# --- case summary ------------------------------------------------------------------------------------------------------
@pytest.fixture
def isolated(policies, agent, now):
    return critical_under(policies, "genesys-cloud-cx", agent, now, scope="ISOLATED")


@pytest.mark.parametrize("resolve", [actions.propose_resolution, actions.close_case])
def test_isolated_severity_1_is_resolved_after_its_case_summary(isolated, agent, now, resolve):
    with pytest.raises(Refused, match="Write the case summary first"):
        resolve(isolated, by=agent, summary="Replaced.", now=now + HOUR)
    actions.write_case_summary(isolated, by=agent, now=now + HOUR, **SUMMARY)
    resolve(fresh(isolated), by=agent, summary="Replaced.", now=now + HOUR)
    assert fresh(isolated).status in ("RESOLUTION_PROPOSED", "CLOSED")


def test_case_summary_has_its_three_parts_under_headings_in_the_customers_language(isolated, agent, now):
    actions.write_case_summary(isolated, by=agent, now=now + HOUR, **SUMMARY)
    assert documents(isolated) == [
        (
            "CASE_SUMMARY",
            "Description\n\nNo audio in Lyon.\n\nCause ou constats\n\nOld firmware.\n\n"
            "Mesures de rétablissement et mesures correctives\n\nReplaced the edge.",
        )
    ]
    mail = OutboxMessage.objects.get(case=isolated, created_at=now + HOUR)
    assert (mail.recipient, mail.template, mail.data["document"]) == (isolated.opened_by, "document", "Résumé du dossier")


@pytest.mark.parametrize("missing", ["description", "findings", "restoration"])
def test_case_summary_needs_all_its_parts(isolated, agent, now, missing):
    with pytest.raises(Refused, match="needs a description, the cause or findings, and what was done"):
        actions.write_case_summary(isolated, by=agent, now=now, **{**SUMMARY, missing: " "})


def test_removed_case_summary_is_owed_again(isolated, agent, manager, now):
    summary = actions.write_case_summary(isolated, by=agent, now=now, **SUMMARY)
    actions.redact(summary, by=manager, reason="A name.", now=now)
    with pytest.raises(Refused, match="Write the case summary first"):
        actions.propose_resolution(fresh(isolated), by=agent, summary="Replaced.", now=now)


def test_case_summary_can_be_written_after_the_customer_closed(isolated, agent, now):
    actions.close_case(isolated, by=isolated.opened_by, now=now)
    assert actions.write_case_summary(fresh(isolated), by=agent, now=now + HOUR, **SUMMARY)


@pytest.mark.parametrize(
    ("policy", "scope"), [("genesys-cloud-cx", "PLATFORM"), ("genesys-cloud-cx", "UNKNOWN"), ("genesys-cloud", "ISOLATED")]
)
def test_case_summary_is_for_isolated_cases_of_the_policy_alone(policies, agent, now, policy, scope):
    case = critical_under(policies, policy, agent, now, scope=scope)
    with pytest.raises(Refused, match="provides no case summary"):
        actions.write_case_summary(case, by=agent, now=now, **SUMMARY)
    actions.propose_resolution(case, by=agent, summary="Done.", now=now)


def test_isolated_severity_2_needs_no_case_summary(isolated, agent, now):
    actions.change_severity(isolated, by=agent, rank=2, reason="A workaround.", now=now)
    actions.propose_resolution(fresh(isolated), by=agent, summary="Done.", now=now)


@pytest.mark.parametrize("who", ["contact", "reader", "agent_not_cleared"])
def test_case_summary_is_the_care_teams(isolated, now, who, request):
    with pytest.raises(Refused):
        actions.write_case_summary(isolated, by=request.getfixturevalue(who), now=now, **SUMMARY)
