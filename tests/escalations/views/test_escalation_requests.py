"""The page on which a customer escalates a case: each condition with its code, what helps instead, the form, and each state (SPEC 6, UX C8)."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from cases import actions
from cases.models import CaseRead, OutboxMessage
from escalations.actions import escalation_requests as escalating
from escalations.models import Escalation, EscalationReminder
from tests.escalations.scenes import DAY, HOUR, WORDS, again, escalated, quiet_case
from tests.factories import AgreementFactory
from tests.stories import apply_for_access, fresh, open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECRET = "sk_live_" + "8fJ2kQ9xVb4LmT7zRw1cYp6N"


@pytest.fixture
def lately():
    """The views ask the clock, so these stories end a moment ago."""
    return timezone.now() - MINUTE


@pytest.fixture
def case(contact, agent, manager, lately):
    """A case of Claire's that can be escalated now."""
    return quiet_case(contact, agent, now=lately)


@pytest.fixture
def escalation(case, contact, lately):
    return escalated(case, by=contact, now=lately)


def url(case, name="case_escalate", query=""):
    return reverse(name, args=[case.number]) + query


def page_of(client, case, query=""):
    answer = client.get(url(case, query=query))
    assert answer.status_code == 200
    return answer.content.decode()


def verdicts(page):
    """Code → does it hold, as the page's data attributes say."""
    found = re.findall(r'data-code="(\w+)" data-holds="(\w+)"', page)
    return {code: holds == "true" for code, holds in found}


def sent(case, **fields):
    said = {"description": WORDS.description, "impact": WORDS.impact, "urgency": WORDS.urgency}
    return {"key": str(uuid.uuid4()), "version": case.version, "about": "case", **said, **fields}


# --- the conditions ----------------------------------------------------------------------------------------------------
def test_page_names_every_condition_of_the_policy_in_its_order(case, contact, signed_in):
    page = page_of(signed_in(contact), case)
    assert list(verdicts(page)) == [
        "closed_case",
        "awaiting_customer",
        "already_escalated",
        "low_priority",
        "urgency_change",
        "updated_recently",
        "impact_not_significant",
    ]
    assert all(verdicts(page).values())
    assert '<p class="cluster" data-code="eligible">' in page
    for code in verdicts(page):
        assert f'<code class="small muted">{code}</code>' in page
    assert "High priority: no update from the care team for 24 hours." in page


def test_page_says_from_when_in_the_readers_zone_and_language(case, contact, agent, signed_in, lately):
    contact.language, contact.time_zone = "fr", "Asia/Tokyo"
    contact.save()
    actions.reply(case, by=agent, text="Nous cherchons.", now=lately)
    page = page_of(signed_in(contact), case)
    assert verdicts(page)["updated_recently"] is False
    assert (lately + DAY).strftime("%Y-%m-%dT%H:%M:%SZ") in page
    assert "UTC+9" in page and "Priorité élevée" in page


def test_closed_case_leads_to_reopening(case, contact, signed_in, lately):
    actions.close_case(case, by=contact, now=lately)
    page = page_of(signed_in(contact), case)
    assert verdicts(page)["closed_case"] is False
    assert f'href="{url(case, "case")}#case-move"' in page
    assert "<textarea" not in page


def test_awaited_answer_is_shown_and_one_click_away(case, contact, agent, signed_in, lately):
    actions.reply(case, by=agent, text="Which browser is it?", then="AWAITING_CUSTOMER", now=lately)
    page = page_of(signed_in(contact), case)
    assert verdicts(page)["awaiting_customer"] is False
    assert "Which browser is it?" in page and f'href="{url(case, "case")}#case-reply"' in page


@pytest.mark.parametrize("query", ["?about=urgency", ""])
def test_what_is_more_urgent_or_of_low_priority_leads_to_the_priority(contact, agent, signed_in, lately, query):
    case = quiet_case(contact, agent, now=lately, priority_code="high" if query else "low")
    page = page_of(signed_in(contact), case, query)
    assert verdicts(page)["urgency_change" if query else "low_priority"] is False
    assert f'href="{url(case, "case_priority")}"' in page
    assert 'href="tel:' in page


def test_impact_that_nobody_has_marked_leads_to_the_reply(contact, agent, signed_in, lately):
    case = quiet_case(contact, agent, now=lately, is_impact_significant=False)
    page = page_of(signed_in(contact), case)
    assert verdicts(page)["impact_not_significant"] is False
    assert f'href="{url(case, "case")}#case-reply"' in page


def test_rca_has_conditions_of_its_own(case, contact, signed_in):
    page = page_of(signed_in(contact), case, "?about=rca")
    assert verdicts(page) == {"awaiting_customer": True, "rca_not_yet_due": False}
    assert "No RCA is owed for this case" in page


@pytest.mark.parametrize("query", ["?about=nonsense", "?about=", "?about=%00"])
def test_page_about_nonsense_is_about_the_case(case, contact, signed_in, query):
    assert "closed_case" in verdicts(page_of(signed_in(contact), case, query))


def test_policy_that_knows_two_conditions_asks_no_topic(stranger, agent, signed_in, lately):
    case = quiet_case(stranger, agent, now=lately, priority_code="major")
    page = page_of(signed_in(stranger), case)
    assert verdicts(page) == {"closed_case": True, "already_escalated": True}
    assert "?about=" not in page


def test_read_only_colleague_sees_the_conditions_and_no_form(case, reader, signed_in):
    page = page_of(signed_in(reader), case)
    assert len(verdicts(page)) == 7 and "<textarea" not in page
    assert "Only designated contacts can do this." in page


# --- the unread update -------------------------------------------------------------------------------------------------
@pytest.fixture
def cx_case(organization, policies, contact, agent, lately):
    """Under `genesys-cloud-cx`, which wants the latest update read. The care team's reply lies there unread."""
    organization.agreements.all().delete()
    AgreementFactory(organization=organization, policy=policies["genesys-cloud-cx"], license="genesys-cloud-cx-2")
    return quiet_case(contact, agent, now=lately)


def test_unread_update_is_shown_here_and_read_by_one_click(cx_case, contact, signed_in):
    client = signed_in(contact)
    page = page_of(client, cx_case)
    assert verdicts(page)["update_unread"] is False and "We are looking." in page
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    answer = client.post(url(cx_case, "case_escalate_read"), {"seen": seen, "about": "case"})
    assert (answer.status_code, answer.url) == (303, url(cx_case, query="?about=case"))
    assert verdicts(page_of(client, cx_case))["update_unread"] is True


def test_reading_the_case_page_is_reading(cx_case, contact, signed_in):
    client = signed_in(contact)
    client.get(url(cx_case, "case"))
    assert verdicts(page_of(client, cx_case))["update_unread"] is True


def test_newer_update_than_the_one_read_stands_against_it(cx_case, contact, colleague, agent, signed_in, lately):
    client = signed_in(contact)
    client.get(url(cx_case, "case"))
    actions.reply(cx_case, by=colleague, text="From us", now=lately)  # one's own side is no update
    assert verdicts(page_of(client, cx_case))["update_unread"] is True
    actions.reply(fresh(cx_case), by=agent, text="News", now=lately)
    assert verdicts(page_of(client, cx_case))["update_unread"] is False


@pytest.mark.parametrize("seen", ["", "0", "-5", "x", "99999999999999999999999", "9" * 18])
def test_mark_of_reading_takes_no_nonsense(cx_case, contact, signed_in, seen):
    client = signed_in(contact)
    assert client.post(url(cx_case, "case_escalate_read"), {"seen": seen}).status_code == 303
    newest = cx_case.activities.latest("pk").pk
    assert not CaseRead.objects.filter(activity_key__gt=newest).exists()


def test_reader_marks_nothing(cx_case, reader, signed_in):
    assert signed_in(reader).post(url(cx_case, "case_escalate_read"), {"seen": "1"}).status_code == 403
    assert not CaseRead.objects.exists()


# --- tell me when I can ------------------------------------------------------------------------------------------------
def test_reminder_is_asked_for_where_time_helps(case, contact, agent, signed_in, lately):
    client = signed_in(contact)
    assert "Tell me when I can" not in page_of(client, case)
    actions.reply(case, by=agent, text="Still looking.", now=lately)
    assert "Tell me when I can" in page_of(client, case)
    answer = client.post(url(case, "case_escalate_remind"), {"about": "case"}, follow=True)
    assert "You will be told by mail" in answer.content.decode()
    assert EscalationReminder.objects.get().ask_at == lately + DAY
    page = page_of(client, case)
    assert "Tell me when I can" not in page
    assert "You will be told by mail as soon as the case can be escalated." in page


def test_reminder_of_what_is_possible_already_is_refused(case, contact, reader, signed_in):
    assert signed_in(contact).post(url(case, "case_escalate_remind"), {}).status_code == 409
    assert signed_in(reader).post(url(case, "case_escalate_remind"), {}).status_code == 403


# --- the request -------------------------------------------------------------------------------------------------------
def test_request_is_sent_and_its_state_shown(case, contact, signed_in):
    client = signed_in(contact)
    page = page_of(client, case)
    assert "Do not include personal data." in page and "In the case" in page
    answer = client.post(url(case), sent(case))
    assert (answer.status_code, answer.url) == (303, url(case))
    page = page_of(client, case)
    assert "The case is escalated" in page and "Forty agents cannot work." in page
    assert "The care team decides." in page and "<textarea" not in page
    assert "Escalated: In the case" in client.get(url(case, "case")).content.decode()


def test_request_sent_twice_is_one(case, contact, signed_in):
    client, fields = signed_in(contact), sent(case)
    assert [client.post(url(case), fields).status_code for _twice in range(2)] == [303, 303]
    assert Escalation.objects.count() == 1


def test_empty_request_names_its_fields(case, contact, signed_in):
    answer = signed_in(contact).post(url(case), sent(case, impact="", urgency=" "))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('aria-invalid="true"') == 2 and "Every second call drops." in page


def test_request_that_is_too_long_is_given_back_whole(case, contact, signed_in):
    long = "word " * 1000
    answer = signed_in(contact).post(url(case), sent(case, impact=long))
    assert answer.status_code == 422 and long.strip() in answer.content.decode()


def test_stale_page_of_a_closed_case_gives_the_words_back(case, contact, colleague, signed_in, lately):
    client = signed_in(contact)
    fields = sent(case)
    actions.close_case(case, by=colleague, now=lately)
    answer = client.post(url(case), fields)
    page = answer.content.decode()
    assert answer.status_code == 409 and not Escalation.objects.exists()
    assert "a condition of the support policy does not hold" in page and "Forty agents cannot work." in page
    assert verdicts(page)["closed_case"] is False


def test_second_request_is_told_and_the_words_given_back(case, contact, colleague, escalation, signed_in):
    answer = signed_in(colleague).post(url(case), sent(case, impact="Another impact"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "one escalation at a time" in page and "Another impact" in page and "The case is escalated" in page


def test_request_of_a_reader_is_refused_and_a_strangers_is_not_found(case, reader, stranger, agent, signed_in):
    assert signed_in(reader).post(url(case), sent(case)).status_code == 403
    assert signed_in(stranger).post(url(case), sent(case)).status_code == 404
    assert signed_in(agent).post(url(case), sent(case)).status_code == 403
    assert not Escalation.objects.exists()


def test_care_staff_are_led_to_their_own_page(case, agent, signed_in):
    assert signed_in(agent).get(url(case)).url == reverse("admin:care_case", args=[case.number])


def test_masked_secret_is_told(case, contact, signed_in):
    answer = signed_in(contact).post(url(case), sent(case, impact=f"Key {SECRET}"), follow=True)
    page = answer.content.decode()
    assert "masked it" in page and SECRET not in page


@pytest.mark.parametrize(
    "text",
    ["\x00\x01", "\u202eevil", "<script>alert(1)</script>", "=1+1", "\U0001f600" * 3999, "a\r\nBcc: x@y.example"],
)
def test_hostile_words_are_taken_as_text_or_refused(case, contact, signed_in, text):
    client = signed_in(contact)
    answer = client.post(url(case), sent(case, description=text))
    assert answer.status_code in (303, 422)
    assert "<script>alert" not in page_of(client, case)


# --- management attention ----------------------------------------------------------------------------------------------
@pytest.fixture
def unsatisfied(case, escalation, contact, manager, lately):
    """The first level is behind it and was not enough."""
    escalating.decline_escalation(again(escalation), by=manager, reason="We answer soon.", now=lately)
    escalating.answer_escalation(again(escalation), by=contact, is_satisfied=False, now=lately)
    OutboxMessage.objects.all().delete()
    return fresh(case)


def test_mail_to_the_management_is_shown_before_it_is_sent(unsatisfied, contact, signed_in):
    client, fields = signed_in(contact), sent(unsatisfied)
    assert "PureCloudManagementAttention@genesys.com" in page_of(client, unsatisfied)
    preview = client.post(url(unsatisfied), fields)
    page = preview.content.decode()
    assert preview.status_code == 200 and Escalation.objects.count() == 1
    assert f"Acme – {unsatisfied.number} – Every second call drops." in page and "Nobody can say when it ends." in page
    back = client.post(url(unsatisfied), {**fields, "edit": "1"}).content.decode()
    assert "<textarea" in back and "Forty agents cannot work." in back
    assert client.post(url(unsatisfied), {**fields, "send": "1"}).status_code == 303
    assert Escalation.objects.latest("pk").level_code == "MANAGEMENT"
    assert OutboxMessage.objects.get(template="management").data["impact"] == "Forty agents cannot work."


def test_preview_shows_no_secret(unsatisfied, contact, signed_in):
    page = signed_in(contact).post(url(unsatisfied), sent(unsatisfied, urgency=f"Key {SECRET}")).content.decode()
    shown = page.partition('<div class="card prose"')[2].partition("</div>")[0]
    assert "Key" in shown and SECRET not in shown


def test_mail_address_in_a_mail_to_the_management_is_an_error_beside_its_field(unsatisfied, contact, signed_in):
    answer = signed_in(contact).post(url(unsatisfied), sent(unsatisfied, impact="Ask joe@acme.example"))
    assert answer.status_code == 422 and "it is personal data" in answer.content.decode()


def test_mail_address_stays_possible_inside_the_portal(case, contact, signed_in):
    assert signed_in(contact).post(url(case), sent(case, impact="Mail to a@b.example fails")).status_code == 303


# --- states ------------------------------------------------------------------------------------------------------------
def test_each_state_is_told(case, escalation, contact, agent, manager, signed_in, lately):
    client = signed_in(contact)
    escalating.accept_escalation(again(escalation), by=manager, now=lately)
    assert "You will be told who leads it" in page_of(client, case)
    promised_at = lately + 5 * HOUR
    escalating.take_up_escalation(again(escalation), by=manager, owner=agent, promised_at=promised_at, now=lately)
    page = page_of(client, case)
    assert f"You will hear from {agent.name} by" in page and promised_at.strftime("%Y-%m-%dT%H:%M:%SZ") in page
    escalating.resolve_escalation(again(escalation), by=manager, result="Trunk replaced.", now=lately)
    page = page_of(client, case)
    assert "Trunk replaced." in page and "Is this enough for you?" in page


def test_answer_opens_the_next_level(case, escalation, contact, manager, signed_in, lately):
    escalating.decline_escalation(again(escalation), by=manager, reason="Soon.", now=lately)
    client = signed_in(contact)
    post = {"escalation": escalation.pk, "is_satisfied": "no", "key": str(uuid.uuid4())}
    assert client.post(url(case, "case_escalate_answer"), {"escalation": escalation.pk}).status_code == 422
    assert client.post(url(case, "case_escalate_answer"), post).status_code == 303
    assert "PureCloudManagementAttention@genesys.com" in page_of(client, case)
    assert client.post(url(case, "case_escalate_answer"), post).status_code == 303  # the same form once more: one answer
    assert case.activities.filter(kind="ESCALATION_ANSWERED").count() == 1
    assert client.post(url(case, "case_escalate_answer"), {**post, "key": str(uuid.uuid4())}).status_code == 409


def test_answer_to_somebody_elses_escalation_is_not_found(escalation, contact, agent, manager, stranger, signed_in, lately):
    own = quiet_case(stranger, agent, now=lately, priority_code="major")
    post = {"escalation": escalation.pk, "is_satisfied": "no"}
    assert signed_in(stranger).post(url(own, "case_escalate_answer"), post).status_code == 404


def test_removed_words_leave_a_sentence(case, escalation, contact, manager, signed_in, lately):
    escalating.redact_escalation(again(escalation), by=manager, reason="Names", now=lately)
    page = page_of(signed_in(contact), case)
    assert "The text was removed." in page and "Forty agents" not in page


# --- the case page -----------------------------------------------------------------------------------------------------
def test_case_page_says_that_the_case_can_be_escalated(case, contact, reader, signed_in):
    page = signed_in(contact).get(url(case, "case")).content.decode()
    assert '<p data-code="eligible">' in page and f'href="{url(case)}"' in page
    assert 'id="escalation-panel"' not in signed_in(reader).get(url(case, "case")).content.decode()


def test_case_page_says_from_when(case, contact, agent, signed_in, lately):
    actions.reply(case, by=agent, text="News", now=lately)
    page = signed_in(contact).get(url(case, "case")).content.decode()
    assert '<p data-code="updated_recently">' in page and (lately + DAY).strftime("%Y-%m-%dT%H:%M:%SZ") in page


def test_case_page_asks_whether_the_result_is_enough(case, escalation, contact, manager, signed_in, lately):
    escalating.decline_escalation(again(escalation), by=manager, reason="Soon.", now=lately)
    assert "Is this enough for you?" in signed_in(contact).get(url(case, "case")).content.decode()


# --- cost, languages, other customers ----------------------------------------------------------------------------------
def test_page_asks_the_same_number_of_questions_however_often_it_was_escalated(case, contact, manager, signed_in, lately):
    client, counts = signed_in(contact), []
    for _time in range(3):
        one = escalated(fresh(case), by=contact, now=lately)
        escalating.decline_escalation(again(one), by=manager, reason="Soon.", now=lately)
        page_of(client, case)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, case)
        counts.append(len(queries))
    assert counts[0] == counts[2] and counts[0] <= 12, counts


@pytest.mark.parametrize("reads", ["en", "fr", "ja", "ru"])
def test_page_renders_in_every_language(case, escalation, contact, signed_in, reads):
    contact.language = reads
    contact.save()
    with translation.override(reads):
        page = page_of(signed_in(contact), case)
    assert f'lang="{reads}"' in page


def test_words_of_a_request_stand_on_no_page_of_another_customer(case, contact, stranger, agent, signed_in, lately):
    escalating.request_escalation(
        case, by=contact, now=lately, request=escalating.RequestWords("Canary one", "Canary two", "Canary three")
    )
    own = escalated(quiet_case(stranger, agent, now=lately, priority_code="major"), by=stranger, now=lately).case
    client = signed_in(stranger)
    for address in ("/", reverse("case_list"), url(own), url(own, "case"), url(case), url(case, "case")):
        assert "Canary" not in client.get(address).content.decode()
    assert "Canary one" in page_of(signed_in(contact), case)


def test_application_to_become_a_contact_offers_no_escalation(applicant, organization, agent, signed_in, lately):
    case = apply_for_access(applicant, organization, by=agent, now=lately)
    page = signed_in(applicant).get(url(case, "case")).content.decode()
    assert 'id="escalation-panel"' not in page


def test_new_case_cannot_be_escalated_yet(contact, signed_in, lately):
    case = open_case(contact, now=lately, priority_code="high", is_impact_significant=True)
    assert verdicts(page_of(signed_in(contact), case))["updated_recently"] is False
