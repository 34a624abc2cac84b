"""*Tell me when I can*: one mail as soon as the conditions hold, asked again while they do not (SPEC 6)."""

import pytest
from django.core import mail

from cases import actions, outbox
from cases.models import Membership, OutboxMessage
from escalations.actions import escalation_requests as escalating
from escalations.models import EscalationReminder
from escalations.reminders import AGAIN, remind_due
from tests.escalations.scenes import DAY, HOUR, escalated, quiet_case
from tests.stories import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(contact, agent, manager, now):
    """Answered just now: it can be escalated in a day, and Claire wants to be told."""
    case = quiet_case(contact, agent, now=now)
    actions.reply(case, by=agent, text="News", now=now)
    escalating.remind_of_escalation(fresh(case), by=contact, now=now)
    OutboxMessage.objects.all().delete()
    return fresh(case)


def asked_at():
    return EscalationReminder.objects.get().ask_at


def told():
    return list(OutboxMessage.objects.values_list("template", "address"))


def test_contact_is_mailed_once_when_the_conditions_hold(case, contact, now):
    assert remind_due(now=now + DAY - HOUR) == 0 and told() == []
    assert remind_due(now=now + DAY) == 1
    assert remind_due(now=now + 2 * DAY) == 0
    assert told() == [("escalation_possible", contact.email)]
    assert asked_at() is None


def test_mail_leads_to_the_page_in_the_contacts_language(case, contact, now):
    contact.language = "fr"
    contact.save()
    remind_due(now=now + DAY)
    outbox.send_due(now=now + DAY)
    (message,) = mail.outbox
    assert f"/cases/{case.number}/escalate/" in message.body and "vous pouvez escalader le dossier" in message.body


def test_newer_update_moves_the_reminder(case, agent, now):
    actions.reply(case, by=agent, text="More news", now=now + HOUR)
    assert remind_due(now=now + DAY) == 0
    assert asked_at() == now + DAY + HOUR


def test_what_only_somebodys_act_helps_is_asked_again_a_day_later(case, agent, now):
    actions.await_customer(case, by=agent, now=now + HOUR)
    assert remind_due(now=now + DAY) == 0
    assert asked_at() == now + DAY + AGAIN


def test_closed_case_is_not_asked_for_again(case, contact, now):
    actions.close_case(case, by=contact, now=now + HOUR)
    assert remind_due(now=now + DAY) == 0
    assert asked_at() is None


def test_who_is_no_contact_any_more_is_not_told(case, contact, now):
    contact.memberships.update(role=Membership.Role.READER)
    assert remind_due(now=now + DAY) == 0
    assert (asked_at(), told()) == (None, [])


def test_escalated_case_needs_no_reminder(case, contact, colleague, now):
    escalated(case, by=colleague, now=now + DAY)
    OutboxMessage.objects.all().delete()
    assert remind_due(now=now + DAY) == 0 and told() == []
