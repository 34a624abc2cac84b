"""Who is told of what, by which mail, in which language and zone (SPEC 10, SAFETY 4)."""

from datetime import timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.core import mail

from cases import actions, outbox
from cases.models import Membership, OutboxMessage
from tests.factories import MembershipFactory, UserFactory
from tests.stories import intake, open_case

pytestmark = pytest.mark.django_db
State = OutboxMessage.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(contact, now):
    """A case of Claire's, of which everybody has been told."""
    case = open_case(contact, now=now)
    OutboxMessage.objects.all().delete()
    return case


@pytest.fixture
def owned(case, agent, now):
    """The same, owned by Anna."""
    actions.assign(case, by=agent, owner=agent, now=now)
    OutboxMessage.objects.all().delete()
    return case


def told():
    """(template, recipient's e-mail) of all queued mail."""
    return sorted(OutboxMessage.objects.filter(state=State.QUEUED).values_list("template", "address"))


def sent(now):
    """The mails that leave now."""
    mail.outbox.clear()
    outbox.send_due(now=now)
    return mail.outbox


def html_of(message):
    return message.alternatives[0].content


# --- opening -----------------------------------------------------------------------------------------------------------


def test_an_opened_case_is_acknowledged_at_once_and_that_is_no_response(contact, now):
    case = open_case(contact, now=now)
    assert told() == [("opened", contact.email)]
    assert case.activities.filter(kind="ACKNOWLEDGED", actor=None).count() == 1
    assert case.clocks.get(kind="FIRST_RESPONSE").met_at is None


def test_the_acknowledgment_names_the_case_and_the_target_in_the_readers_zone_and_in_utc(contact, now):
    case = open_case(contact, now=now)
    (message,) = sent(now)
    assert message.subject == f"Support case {case.number}, received: {case.subject}"
    assert f"http://127.0.0.1:8000/cases/{case.number}/" in message.body
    assert "Wed, Mar 4, 2026, 12:00 (UTC+1), in other words Wed, Mar 4, 2026, 11:00 (UTC)" in message.body
    assert "Hello Claire Martin," in message.body


def test_a_case_logged_by_staff_is_acknowledged_to_its_contact(contact, agent, organization, now):
    actions.open_case(organization, by=agent, contact=contact, intake=intake(), channel="PHONE", now=now)
    assert told() == [("opened", contact.email)]


# --- replies -----------------------------------------------------------------------------------------------------------


def test_a_reply_is_told_to_whoever_opened_the_case(owned, contact, agent, now):
    actions.reply(owned, by=agent, text="Which browser?", now=now + MINUTE)
    assert told() == [("reply", contact.email)]
    (message,) = sent(now + MINUTE)
    assert "Anna Weber has written:" in message.body
    assert "> Which browser?" in message.body
    assert "<p>Which browser?</p>" in html_of(message)


def test_a_contact_who_has_written_takes_part_and_a_colleague_who_has_not_does_not(owned, contact, colleague, reader, agent, now):
    actions.reply(owned, by=colleague, text="Also in Lyon.", now=now + MINUTE)
    assert told() == [("customer_answer", agent.email), ("reply", contact.email)]
    OutboxMessage.objects.all().delete()
    actions.reply(owned, by=agent, text="Thank you.", now=now + 2 * MINUTE)
    assert told() == [("reply", contact.email), ("reply", colleague.email)]


def test_nobody_is_told_of_their_own_act(owned, contact, agent, now):
    actions.reply(owned, by=contact, text="It still fails.", now=now + MINUTE)
    assert told() == [("customer_answer", agent.email)]


def test_an_answer_to_a_case_without_owner_is_told_to_nobody(case, contact, now):
    actions.reply(case, by=contact, text="It still fails.", now=now + MINUTE)
    assert told() == []


def test_internal_notes_are_told_to_nobody(owned, agent, manager, now):
    actions.add_internal_note(owned, by=manager, text="CANARY", now=now + MINUTE)
    assert told() == []


def test_a_reply_that_asks_back_is_one_mail(owned, contact, agent, now):
    actions.reply(owned, by=agent, text="Which browser?", now=now + MINUTE, then="AWAITING_CUSTOMER")
    assert told() == [("awaiting_you", contact.email)]
    (message,) = sent(now + MINUTE)
    assert "your reply is needed" in message.subject
    assert "> Which browser?" in message.body
    assert "we may close this case unless you reply" in message.body


def test_a_reply_that_reopens_is_one_mail_with_its_words(owned, contact, agent, now):
    actions.close_case(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    OutboxMessage.objects.all().delete()
    actions.reply(owned, by=contact, text="It came back.", now=now + 2 * MINUTE)
    assert told() == [("reopened", agent.email)]
    (message,) = sent(now + 2 * MINUTE)
    assert "> It came back." in message.body


# --- decisions ---------------------------------------------------------------------------------------------------------


def test_a_change_of_severity_is_told_with_its_reason(owned, contact, agent, now):
    actions.change_severity(owned, by=agent, rank=1, reason="Production is down.", now=now + MINUTE)
    assert told() == [("severity", contact.email)]
    (message,) = sent(now + MINUTE)
    assert "from “3 – Medium” to “1 – Critical”" in message.body
    assert "> Production is down." in message.body


def test_a_proposed_resolution_says_when_the_case_is_closed(owned, contact, agent, now):
    actions.propose_resolution(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    (message,) = sent(now + MINUTE)
    assert "This case will be closed automatically on Mon, Mar 9, 2026, 17:00 (UTC+1)" in message.body
    assert "> Restarted the edge." in message.body


def test_an_accepted_resolution_is_one_mail_to_the_owner(owned, contact, agent, now):
    actions.propose_resolution(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    OutboxMessage.objects.all().delete()
    actions.accept_resolution(owned, by=contact, now=now + 2 * MINUTE)
    assert told() == [("closed", agent.email)]


def test_a_rejected_resolution_is_told_to_the_owner_with_the_reason(owned, contact, agent, now):
    actions.propose_resolution(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    OutboxMessage.objects.all().delete()
    actions.reject_resolution(owned, by=contact, reason="Calls still drop.", now=now + 2 * MINUTE)
    assert told() == [("customer_answer", agent.email)]


def test_a_closed_case_says_until_when_it_can_be_reopened(owned, contact, agent, now):
    actions.close_case(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    assert told() == [("closed", contact.email)]
    assert "until Wed, Mar 18, 2026, 10:01 (UTC+1)" in sent(now + MINUTE)[0].body


def test_a_new_owner_is_told_to_the_customer_and_to_the_new_owner(case, contact, agent, manager, now):
    actions.assign(case, by=manager, owner=agent, now=now + MINUTE)
    assert told() == [("assigned", agent.email), ("owner", contact.email)]


def test_that_a_case_has_no_owner_is_told_to_nobody(owned, manager, now):
    actions.assign(owned, by=manager, owner=None, now=now + MINUTE)
    assert told() == []


# --- rights ------------------------------------------------------------------------------------------------------------


def test_people_who_left_the_organization_are_told_nothing(owned, contact, colleague, agent, now):
    actions.reply(owned, by=colleague, text="Also in Lyon.", now=now)
    OutboxMessage.objects.all().delete()
    Membership.objects.filter(user=contact).update(is_active=False)
    actions.reply(owned, by=agent, text="Thank you.", now=now + MINUTE)
    assert told() == [("reply", colleague.email)]


def test_a_contact_who_may_only_read_by_now_is_told_nothing(owned, contact, colleague, agent, now):
    actions.reply(owned, by=colleague, text="Also in Lyon.", now=now)
    OutboxMessage.objects.all().delete()
    Membership.objects.filter(user=colleague).update(role=Membership.Role.READER)
    actions.reply(owned, by=agent, text="Thank you.", now=now + MINUTE)
    assert told() == [("reply", contact.email)]


@pytest.mark.parametrize("lost", [{"is_active": False}, {"support_regions": ["eea_only"]}])
def test_an_owner_who_may_not_see_the_case_any_more_is_told_nothing(owned, contact, agent, now, lost):
    for name, value in lost.items():
        setattr(agent, name, value)
    agent.save()
    actions.reply(owned, by=contact, text="It still fails.", now=now + MINUTE)
    assert told() == []


def test_a_mail_of_a_us_only_case_reaches_no_owner_who_lost_the_clearance_after_it_was_queued(
    us_only_contact, agent_of_all_regions, now
):
    case = open_case(us_only_contact, now=now)
    actions.assign(case, by=agent_of_all_regions, owner=agent_of_all_regions, now=now)
    OutboxMessage.objects.all().delete()
    actions.reply(case, by=us_only_contact, text="It still fails.", now=now + MINUTE)
    agent_of_all_regions.support_regions = ["global"]
    agent_of_all_regions.save()
    assert sent(now + MINUTE) == []
    assert OutboxMessage.objects.get().state == State.WITHDRAWN


def test_a_removed_text_leaves_in_no_mail_that_is_still_queued(owned, contact, agent, administrator, now):
    reply = actions.reply(owned, by=agent, text="The password is swordfish", now=now + MINUTE)
    actions.redact(reply, by=administrator, reason="Secret", now=now + MINUTE)
    assert sent(now + MINUTE) == []
    assert "swordfish" not in str(list(OutboxMessage.objects.values()))


def test_a_removed_subject_leaves_in_no_mail_that_is_still_queued(owned, contact, manager, now):
    """The acknowledgment and the owner's mail carry the subject, not the opening's text: they leave, without it."""
    contact.language = "fr"
    contact.save()
    case = open_case(contact, now=now, subject="Jane Doe cannot call")
    actions.redact(case.activities.get(kind="OPENED"), by=manager, reason="personal data", now=now)
    (message,) = sent(now)
    assert message.subject == f"Dossier de support n° {case.number}, reçu : Objet retiré"
    assert "Jane Doe" not in message.message().as_string()
    assert "Jane Doe" not in str(list(OutboxMessage.objects.values()))


# --- languages ---------------------------------------------------------------------------------------------------------


def test_each_reader_is_told_in_their_own_language_and_zone(owned, contact, colleague, agent, now):
    colleague.language, colleague.time_zone = "ja", "Asia/Tokyo"
    colleague.save()
    actions.reply(owned, by=colleague, text="Also in Lyon.", now=now)
    OutboxMessage.objects.all().delete()
    actions.propose_resolution(owned, by=agent, summary="Restarted the edge.", now=now + MINUTE)
    bodies = {message.to[0]: message for message in sent(now + MINUTE)}
    assert "17:00 (UTC+1)" in bodies[contact.email].body
    assert "01:00（UTC+9）" in bodies[colleague.email].body
    assert '<html lang="ja">' in html_of(bodies[colleague.email])


@pytest.mark.parametrize("language", ["en", "fr", "ja", "ru"])
def test_every_mail_renders_in_every_language(contact, agent, manager, now, language):
    contact.language = agent.language = language
    contact.save()
    agent.save()
    case = open_case(contact, now=now)
    actions.assign(case, by=manager, owner=agent, now=now + 1 * MINUTE)
    actions.reply(case, by=agent, text="Which browser?", now=now + 2 * MINUTE)
    actions.reply(case, by=agent, text="And which version?", now=now + 3 * MINUTE, then="AWAITING_CUSTOMER")
    actions.reply(case, by=contact, text="The newest.", now=now + 4 * MINUTE)
    actions.change_severity(case, by=agent, rank=2, reason="More are affected.", now=now + 5 * MINUTE)
    actions.change_priority(case, by=agent, code="high", reason="As asked.", now=now + 6 * MINUTE)
    actions.propose_resolution(case, by=agent, summary="Restarted the edge.", now=now + 7 * MINUTE)
    actions.accept_resolution(case, by=contact, now=now + 8 * MINUTE)
    actions.reopen_case(case, by=contact, reason="It came back.", now=now + 9 * MINUTE)
    actions.close_case(case, by=agent, summary="Replaced the edge.", now=now + 10 * MINUTE)
    messages = sent(now + 20 * MINUTE)
    assert OutboxMessage.objects.exclude(state=State.SENT).count() == 0
    kinds = set(OutboxMessage.objects.values_list("template", flat=True))
    assert kinds == {
        *("opened", "owner", "assigned", "reply", "awaiting_you", "customer_answer", "severity", "priority"),
        *("proposed", "closed", "reopened"),
    }
    for message in messages:
        assert case.number in message.subject
        assert case.subject in message.body
        parsed = BytesParser(policy=policy.default).parsebytes(message.message().as_bytes())
        assert parsed["To"] == message.to[0]
        assert {part.get_content_type() for part in parsed.walk()} >= {"text/plain", "text/html"}


def test_html_of_what_people_wrote_is_made_safe(owned, contact, agent, now):
    actions.reply(owned, by=agent, text="<script>alert(1)</script> & <b>bold</b>", now=now + MINUTE)
    (message,) = sent(now + MINUTE)
    assert "<script" not in html_of(message)
    assert "&lt;b&gt;bold" in html_of(message)
    assert "<script>alert(1)</script> & <b>bold</b>" in message.body


def test_a_name_and_a_subject_are_escaped_in_html_and_plain_in_text(contact, now):
    contact.name = "Claire <b>& Co"
    contact.save()
    open_case(contact, now=now, subject="A < B & C")
    (message,) = sent(now)
    assert "Hello Claire <b>& Co," in message.body
    assert "A &lt; B &amp; C" in html_of(message)
    assert "A < B & C" in message.subject


def test_an_applicant_without_membership_is_acknowledged(contact, organization, agent, now):
    applicant = UserFactory(email="boris@acme.example")
    membership = MembershipFactory(user=applicant, organization=organization, role=Membership.Role.BACKUP)
    open_case(applicant, now=now, organization=organization, case_type="ACCESS")
    membership.delete()
    assert [message.to for message in sent(now)] == [[applicant.email]]
