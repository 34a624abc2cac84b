"""The mail to a policy's management: the template of its guide, and nothing else of the case (SPEC 6, ISSUE 4 "Must show")."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile

from cases import actions, outbox
from cases.models import Attachment, CaseDetails, ConversationReference, OutboxMessage
from escalations.actions import escalation_requests as escalating
from escalations.escalation_facts import level_now
from escalations.management_mail import brief, preview_of
from escalations.models import Escalation
from tests.escalations.scenes import WORDS, again, escalated, quiet_case
from tests.stories import fresh

pytestmark = pytest.mark.django_db
MARK = "Canary"


@pytest.fixture
def case(contact, colleague, agent, manager, now):
    """A case with a mark in every field that somebody fills, escalated once and to no satisfaction."""
    for person in (contact, colleague, agent, manager):
        person.name, person.phone = f"{MARK} {person.name}", f"{MARK} 1"
        person.email = f"{MARK.lower()}-{person.email}"
        person.save()
    case = quiet_case(
        contact,
        agent,
        now=now,
        subject=f"{MARK} subject",
        description=f"{MARK} description",
        reachable_name=f"{MARK} name",
        reachable_phone="+33 1 23 45 67 89",
        product_area="voice",
    )
    CaseDetails.objects.filter(case=case).update(**dict.fromkeys(CaseDetails.WORDS, MARK), short_name=MARK.lower())
    ConversationReference.objects.get_or_create(case=case, conversation_id="11111111-2222-4333-8444-555555555555")
    reply = actions.reply(fresh(case), by=colleague, text=f"{MARK} reply", now=now - timedelta(hours=1))
    Attachment.objects.create(
        file=ContentFile(b"x", "canary.log"),
        name=f"{MARK}.log",
        size=1,
        content_type="text/plain",
        digest="0" * 64,
        uploaded_by=colleague,
        uploaded_at=now,
        activity=reply,
        case=case,
    )
    first = escalated(fresh(case), by=contact, now=now)
    escalating.decline_escalation(again(first), by=manager, reason=f"{MARK} reason", now=now)
    escalating.answer_escalation(again(first), by=contact, is_satisfied=False, now=now)
    OutboxMessage.objects.all().delete()
    return fresh(case)


def sent_to_management(now):
    mail.outbox.clear()
    outbox.send_due(now=now)
    (message,) = (message for message in mail.outbox if message.to == ["PureCloudManagementAttention@genesys.com"])
    return message


def test_mail_follows_the_template_and_holds_nothing_else(case, contact, now):
    escalated(case, by=contact, now=now)
    message = sent_to_management(now)
    assert message.subject == f"Acme – {case.number} – Every second call drops."
    assert message.body.split("\n\n") == [
        f"Case number: {case.number}",
        "Customer: Acme",
        "Customer region/country: eu-central-1 / FR",
        "Description of the problem:\nEvery second call drops.\nNobody can say when it ends.",
        "Business impact:\nForty agents cannot work.",
        "Urgency rationale:\nSales week begins tomorrow.",
        f"Product: {message.body.rpartition('Product: ')[2].strip()}\n",
    ]


def test_mail_carries_no_mark_of_the_case_anywhere(case, contact, now):
    escalated(case, by=contact, now=now)
    message = sent_to_management(now)
    assert message.attachments == []
    whole = message.message().as_string() + message.body + message.alternatives[0].content
    marks = [MARK, MARK.lower(), "11111111-2222", "+33 1 23", str(case.organization.organization_id), "http"]
    assert [mark for mark in marks if mark in whole] == []
    assert MARK in fresh(case).subject and MARK in contact.name  # there is something to leak


def test_customer_sees_before_sending_what_is_mailed(case, contact, now):
    level = level_now(case, case.escalations.ended().order_by("pk"))
    subject, text = preview_of(case, WORDS, level)
    escalated(case, by=contact, now=now)
    message = sent_to_management(now)
    assert (subject, text) == (message.subject, message.body)


def test_mail_is_in_english_whatever_the_customer_speaks(case, contact, now):
    contact.language = "ja"
    contact.save()
    escalated(case, by=contact, now=now)
    assert "Business impact:" in sent_to_management(now).body


def test_mail_leaves_once_and_masks_what_it_must(case, contact, now):
    secret = "sk_live_" + "8fJ2kQ9xVb4LmT7zRw1cYp6N"
    escalating.request_escalation(case, by=contact, request=replace(WORDS, urgency=f"Key {secret}"), now=now)
    assert secret not in sent_to_management(now).body
    mail.outbox.clear()
    assert outbox.send_due(now=now) == 0


def test_markup_stays_text(case, contact, now):
    escalating.request_escalation(case, by=contact, request=replace(WORDS, description="<b>Bold</b> & wide"), now=now)
    message = sent_to_management(now)
    assert message.subject.endswith("<b>Bold</b> & wide") and "<b>Bold</b> & wide" in message.body
    assert "&lt;b&gt;Bold" in message.alternatives[0].content


def test_level_of_the_case_mails_no_management(contact, agent, now):
    escalated(quiet_case(contact, agent, now=now), by=contact, now=now)
    assert Escalation.objects.get().level_code == "CASE"
    assert not OutboxMessage.objects.filter(template="management").exists()


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("One line", "One line"),
        ("First\nsecond", "First"),
        ("word " * 60, ("word " * 24).strip()),
        ("x" * 200, "x" * 120),
    ],
)
def test_brief_statement_is_the_first_line_cut_at_a_word(description, expected):
    assert brief(description) == expected
