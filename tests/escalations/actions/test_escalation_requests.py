"""Asking for an escalation, deciding it, leading it, resolving it; levels in their order; words removed everywhere (SPEC 6)."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from cases import actions, outbox
from cases.decision import Refused, StaleCase
from cases.models import Activity, OutboxMessage
from escalations.actions import escalation_requests as escalating
from escalations.models import Escalation, EscalationReminder
from sla.models import Clock
from tests.escalations.scenes import DAY, HOUR, WORDS, again, escalated, quiet_case
from tests.factories import StaffFactory
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
State = Escalation.State


@pytest.fixture
def case(contact, agent, now):
    """A case of Claire's that can be escalated; everybody has been told of everything so far."""
    case = quiet_case(contact, agent, now=now)
    OutboxMessage.objects.all().delete()
    return case


@pytest.fixture
def escalation(case, contact, manager, now):
    escalation = escalated(case, by=contact, now=now)
    OutboxMessage.objects.all().delete()
    return escalation


def told():
    return sorted(OutboxMessage.objects.values_list("template", "address"))


def entries(case, *kinds):
    return list(Activity.objects.filter(case=case, kind__in=kinds).order_by("pk"))


# --- asking ------------------------------------------------------------------------------------------------------------
def test_request_marks_the_case_and_tells_those_who_decide(case, contact, colleague, agent, manager, now):
    escalation = escalated(case, by=contact, now=now)
    assert (escalation.state, escalation.level_code, escalation.kind) == (State.REQUESTED, "CASE", "CASE")
    assert fresh(case).is_escalated
    (asked,) = entries(case, "ESCALATION_ASKED")
    assert asked.data == {"escalation": escalation.pk, "kind": "CASE", "level": "CASE"}
    assert asked.actor == contact and not hasattr(asked, "text_row")
    assert told() == [("escalation_to_decide", agent.email), ("escalation_to_decide", manager.email)]


def test_request_tells_nobody_who_is_not_cleared_or_may_not_decide(case, contact, manager, agent_not_cleared, now):
    manager.support_regions = ["eea_only"]
    manager.save()
    escalated(case, by=contact, now=now)
    assert [address for template, address in told() if address != case.owner.email] == []


def test_colleagues_who_wrote_in_the_case_are_told(case, contact, colleague, now):
    actions.reply(case, by=colleague, text="More", now=now)
    OutboxMessage.objects.all().delete()
    escalated(fresh(case), by=contact, now=now)
    assert ("escalation_asked", colleague.email) in told()


def test_request_masks_secrets_and_says_so_in_the_timeline(case, contact, now):
    secret = "sk_live_" + "8fJ2kQ9xVb4LmT7zRw1cYp6N"
    escalation = escalating.request_escalation(
        case, by=contact, request=replace(WORDS, impact=f"Our key {secret} fails"), now=now
    )
    assert secret not in again(escalation).impact
    assert entries(case, "ESCALATION_ASKED")[0].data["masked"]


@pytest.mark.parametrize("name", ["description", "impact", "urgency"])
def test_request_needs_all_its_words(case, contact, now, name):
    with pytest.raises(Refused):
        escalating.request_escalation(case, by=contact, request=replace(WORDS, **{name: " \u200b "}), now=now)
    assert not Escalation.objects.exists()


def test_stale_page_cannot_escalate_a_closed_case(case, contact, now):
    actions.close_case(case, by=contact, now=now)
    with pytest.raises(escalating.NotEligible) as refusal:
        escalated(case, by=contact, now=now)
    assert refusal.value.found.reason == "closed_case"
    assert not Escalation.objects.exists() and not fresh(case).is_escalated


def test_request_before_the_quiet_time_is_over_is_refused(case, contact, agent, now):
    actions.add_internal_note(case, by=agent, text="Looked again", now=now - HOUR)
    with pytest.raises(escalating.NotEligible) as refusal:
        escalated(fresh(case), by=contact, now=now)
    assert refusal.value.found.reasons == ("updated_recently",)
    assert refusal.value.found.eligible_from == now - HOUR + DAY


def test_more_urgent_is_no_reason_to_escalate(case, contact, now):
    with pytest.raises(escalating.NotEligible):
        escalated(case, by=contact, now=now, is_about_urgency=True)


def test_second_request_is_refused_by_name(case, contact, colleague, escalation, now):
    with pytest.raises(escalating.AlreadyEscalated):
        escalated(fresh(case), by=colleague, now=now)
    assert Escalation.objects.count() == 1


def test_database_holds_one_active_escalation(case, escalation, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.create(case=case, level_code="CASE", requested_at=now)


@pytest.mark.parametrize("who", ["reader", "stranger", "agent", "manager", "applicant"])
def test_only_designated_contacts_ask(request, case, now, who):
    with pytest.raises(Refused):
        escalated(case, by=request.getfixturevalue(who), now=now)


def test_rca_of_a_closed_case_may_be_asked_for_once_it_is_late(contact, agent, now):
    opened_at = now - 14 * DAY
    case = open_case(contact, now=opened_at, priority_code="high")
    actions.assign(case, by=agent, owner=agent, now=opened_at)
    actions.set_scope(fresh(case), by=agent, scope="PLATFORM", now=opened_at)
    actions.mark_restored(fresh(case), by=agent, restored_at=opened_at + HOUR, now=opened_at + HOUR)
    actions.close_case(fresh(case), by=contact, now=opened_at + 2 * HOUR)
    with pytest.raises(escalating.NotEligible):
        escalated(fresh(case), by=contact, now=opened_at + 3 * DAY, kind="RCA")
    assert escalated(fresh(case), by=contact, now=now, kind="RCA").kind == "RCA"
    assert fresh(case).is_escalated and fresh(case).is_closed


# --- deciding ----------------------------------------------------------------------------------------------------------
def test_escalation_is_accepted_taken_up_and_resolved(case, escalation, contact, agent, manager, now):
    escalating.accept_escalation(again(escalation), by=manager, now=now + HOUR)
    assert told() == [("escalation_accepted", contact.email)]
    promised_at = now + 5 * HOUR
    escalating.take_up_escalation(again(escalation), by=manager, owner=agent, promised_at=promised_at, now=now + 2 * HOUR)
    taken = again(escalation)
    assert (taken.state, taken.owner, taken.promised_at) == (State.IN_PROGRESS, agent, promised_at)
    assert Clock.objects.get(case=case, kind="NEXT_UPDATE").due_at == promised_at
    assert {("escalation_update", contact.email), ("escalation_yours", agent.email)} <= set(told())
    escalating.resolve_escalation(again(escalation), by=manager, result="Replaced the trunk.", now=now + 3 * HOUR)
    assert (again(escalation).state, again(escalation).resolved_at) == (State.RESOLVED, now + 3 * HOUR)
    assert not fresh(case).is_escalated
    (resolved,) = entries(case, "ESCALATION_RESOLVED")
    assert resolved.text_row.text == "Replaced the trunk."


def test_declining_needs_a_reason_which_the_customer_reads(case, escalation, contact, manager, now):
    with pytest.raises(Refused):
        escalating.decline_escalation(again(escalation), by=manager, reason=" ", now=now)
    escalating.decline_escalation(again(escalation), by=manager, reason="We answer within the hour.", now=now)
    (declined,) = entries(case, "ESCALATION_DECLINED")
    assert declined.text_row.text == "We answer within the hour." and declined.visibility == "CUSTOMER"
    assert told() == [("escalation_declined", contact.email)]
    assert not fresh(case).is_escalated


def test_request_taken_up_at_once_is_accepted_with_it(case, escalation, agent, manager, now):
    escalating.take_up_escalation(again(escalation), by=manager, owner=agent, promised_at=now + HOUR, now=now)
    assert [entry.kind for entry in entries(case, "ESCALATION_ACCEPTED", "ESCALATION_UPDATE")] == [
        "ESCALATION_ACCEPTED",
        "ESCALATION_UPDATE",
    ]
    assert again(escalation).decided_by == manager


def test_promise_in_the_past_and_owner_without_clearance_are_refused(escalation, agent, manager, agent_not_cleared, now):
    for owner, promised_at in ((agent, now), (agent_not_cleared, now + HOUR)):
        with pytest.raises(Refused):
            escalating.take_up_escalation(again(escalation), by=manager, owner=owner, promised_at=promised_at, now=now)


def test_request_is_decided_once(escalation, manager, now):
    escalating.decline_escalation(again(escalation), by=manager, reason="No", now=now)
    for act in (escalating.accept_escalation, escalating.decline_escalation):
        with pytest.raises(Refused):
            act(again(escalation), by=manager, now=now, **({"reason": "No"} if act is escalating.decline_escalation else {}))


def test_result_comes_after_the_acceptance(escalation, manager, now):
    with pytest.raises(Refused):
        escalating.resolve_escalation(again(escalation), by=manager, result="Done", now=now)


def test_stale_page_decides_nothing(case, escalation, agent, manager, now):
    seen = fresh(case).version
    actions.add_internal_note(fresh(case), by=agent, text="New", now=now)
    with pytest.raises(StaleCase):
        escalating.accept_escalation(again(escalation), by=manager, now=now, expected_version=seen)


@pytest.mark.parametrize("who", ["contact", "agent", "agent_not_cleared", "groupless"])
def test_only_who_may_decide_decides(request, escalation, now, who):
    by = request.getfixturevalue(who)
    for act, more in (
        (escalating.accept_escalation, {}),
        (escalating.decline_escalation, {"reason": "No"}),
        (escalating.resolve_escalation, {"result": "Done"}),
        (escalating.take_up_escalation, {"owner": by, "promised_at": now + HOUR}),
    ):
        with pytest.raises(Refused):
            act(again(escalation), by=by, now=now, **more)
    assert again(escalation).state == State.REQUESTED


# --- levels ------------------------------------------------------------------------------------------------------------
def _unsatisfied(escalation, *, by, manager, now):
    escalating.decline_escalation(again(escalation), by=manager, reason="Not now", now=now)
    escalating.answer_escalation(again(escalation), by=by, is_satisfied=False, now=now)


def test_next_level_is_open_only_to_the_unsatisfied(case, escalation, contact, manager, now):
    escalating.decline_escalation(again(escalation), by=manager, reason="Not now", now=now)
    same = escalated(fresh(case), by=contact, now=now)
    assert same.level_code == "CASE"
    _unsatisfied(same, by=contact, manager=manager, now=now)
    assert escalated(fresh(case), by=contact, now=now).level_code == "MANAGEMENT"


def test_satisfied_customer_begins_anew(case, escalation, contact, manager, now):
    _unsatisfied(escalation, by=contact, manager=manager, now=now)
    higher = escalated(fresh(case), by=contact, now=now)
    escalating.decline_escalation(again(higher), by=manager, reason="Done already", now=now)
    escalating.answer_escalation(again(higher), by=contact, is_satisfied=True, now=now)
    assert escalated(fresh(case), by=contact, now=now).level_code == "CASE"


def test_answer_is_given_once_after_the_end_by_a_contact(case, escalation, contact, reader, manager, now):
    with pytest.raises(Refused):
        escalating.answer_escalation(again(escalation), by=contact, is_satisfied=False, now=now)
    escalating.decline_escalation(again(escalation), by=manager, reason="No", now=now)
    with pytest.raises(Refused):
        escalating.answer_escalation(again(escalation), by=reader, is_satisfied=False, now=now)
    OutboxMessage.objects.all().delete()
    escalating.answer_escalation(again(escalation), by=contact, is_satisfied=False, now=now)
    assert ("escalation_answered", manager.email) in told()
    with pytest.raises(Refused):
        escalating.answer_escalation(again(escalation), by=contact, is_satisfied=True, now=now)


def test_tam_is_the_second_level_of_purecloud_and_is_told(organization, policies, contact, agent, groups, manager, now):
    organization.agreements.update(policy=policies["purecloud"], license="purecloud-1")
    tam = StaffFactory(email="tam@care.example", name="Tom Tam")
    tam.groups.add(groups["TAM"])
    organization.tam = tam
    organization.save()
    case = quiet_case(contact, agent, now=now)
    _unsatisfied(escalated(case, by=contact, now=now), by=contact, manager=manager, now=now)
    OutboxMessage.objects.all().delete()
    assert escalated(fresh(case), by=contact, now=now).level_code == "TAM"
    assert ("escalation_to_decide", tam.email) in told()


def test_without_a_tam_management_is_the_second_level(organization, policies, contact, agent, manager, now):
    organization.agreements.update(policy=policies["purecloud"], license="purecloud-1")
    case = quiet_case(contact, agent, now=now)
    _unsatisfied(escalated(case, by=contact, now=now), by=contact, manager=manager, now=now)
    assert escalated(fresh(case), by=contact, now=now).level_code == "MANAGEMENT"


# --- tell me when I can ------------------------------------------------------------------------------------------------
def test_reminder_is_kept_for_the_moment_and_ends_with_the_request(case, contact, agent, now):
    actions.reply(case, by=agent, text="News", now=now)
    reminder = escalating.remind_of_escalation(fresh(case), by=contact, now=now)
    assert reminder.ask_at == now + DAY
    assert escalating.remind_of_escalation(fresh(case), by=contact, now=now + HOUR).pk == reminder.pk
    escalated(fresh(case), by=contact, now=now + DAY)
    assert EscalationReminder.objects.get().ask_at is None


def test_reminder_is_refused_where_nothing_stands_against_it(case, contact, reader, now):
    for by in (contact, reader):
        with pytest.raises(Refused):
            escalating.remind_of_escalation(case, by=by, now=now)


# --- removing ----------------------------------------------------------------------------------------------------------
def test_redaction_reaches_the_request_and_the_mail_to_the_management(case, escalation, contact, manager, agent, now):
    _unsatisfied(escalation, by=contact, manager=manager, now=now)
    higher = escalated(fresh(case), by=contact, now=now)
    mail = OutboxMessage.objects.get(template="management")
    with pytest.raises(Refused):
        escalating.redact_escalation(again(higher), by=agent, reason="Names", now=now)
    escalating.redact_escalation(again(higher), by=manager, reason="Names", now=now)
    removed = again(higher)
    assert (removed.description, removed.impact, removed.urgency, removed.redacted_at) == ("", "", "", now)
    mail.refresh_from_db()
    assert (mail.state, mail.data) == (OutboxMessage.State.WITHDRAWN, {})
    assert entries(case, "REDACTED")[0].data == {"escalation": higher.pk}
    assert outbox.send_due(now=now) >= 0
    with pytest.raises(Refused):
        escalating.redact_escalation(again(higher), by=manager, reason="Names", now=now)
