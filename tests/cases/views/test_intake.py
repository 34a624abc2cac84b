"""C3–C6: a case is opened in the portal, whatever is typed, and nothing of it is lost."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases import actions
from cases.decision import Refused
from cases.models import Activity, Attachment, Case, Draft, Membership, OutboxMessage
from tests.conftest import ACME_ID
from tests.factories import AgreementFactory, MembershipFactory, OrganizationFactory
from tests.stories import intake, open_case

CODE = "K7QF3M"
DESCRIBE = f"/cases/new/describe/?draft={CODE}"
REVIEW = f"/cases/new/review/?draft={CODE}"
CONVERSATION = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
LINK = f"https://apps.mypurecloud.com/directory/#/engage/admin/interactions/{CONVERSATION}"
ANSWERS = {
    "case_type": "PROBLEM",
    "product_area": "voice",
    "subject": "Calls drop after 30 seconds",
    "priority_code": "high",
    "description": "Since this morning every second call drops.",
    "business_impact": "Forty agents cannot work.",
    "short_name": "acme",
    "organization_id": str(ACME_ID),
    "conversation_ids": "",
    "happened_at": "",
    "happened_zone": "Europe/Paris",
    "frequency": "",
    "steps": "",
    "users_affected": "",
    "reachable_name": "",
    "reachable_phone": "",
}


def post(client, url=DESCRIBE, button="review", files=(), **changes):
    data = {**ANSWERS, button: "1", **changes}
    return client.post(url, {**data, "files": list(files)} if files else data)


def png(name="shot.png"):
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + bytes(30))


@pytest.fixture
def client(signed_in, contact):
    return signed_in(contact)


# --- C3 --------------------------------------------------------------------------------------------------------------------


def test_check_list_begins_a_draft_that_remembers_it(client, contact, organization):
    page = client.get("/cases/new/")
    assert "Organization ID" in page.text
    assert str(ACME_ID) in page.text
    answer = client.post("/cases/new/", {"checklist": ["troubleshooting", "made-up"]})
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/cases/new/describe/?draft={draft.code}"
    assert (draft.user, draft.organization, draft.data) == (contact, organization, {"checklist": ["troubleshooting"]})


def test_check_list_shows_waiting_drafts_and_open_cases(client, contact, now):
    open_case(contact, now=now, subject="Recordings are missing")
    actions.save_draft(CODE, by=contact, kind="CASE", data={"subject": "Half written"}, now=now)
    page = client.get("/cases/new/").text
    assert "Recordings are missing" in page
    assert "Half written" in page
    assert DESCRIBE in page


@pytest.mark.parametrize("who", ["reader", "agent"])
@pytest.mark.parametrize("url", ["/cases/new/", DESCRIBE, REVIEW, "/cases/new/describe/"])
def test_others_are_refused_with_the_reason(who, url, signed_in, organization, request):
    answer = signed_in(request.getfixturevalue(who)).get(url)
    assert answer.status_code == 403
    assert "open cases" in answer.text or "opens cases" in answer.text


def test_partner_with_two_organizations_chooses_first(client, contact, policies):
    other = OrganizationFactory(name="Labs", short_name="labs")
    AgreementFactory(organization=other, policy=policies["360dialog"])
    MembershipFactory(user=contact, organization=other, role=Membership.Role.BACKUP)
    assert client.get("/cases/new/describe/").headers["Location"] == "/cases/new/"
    assert client.get(f"/cases/new/?organization={other.organization_id}").status_code == 200
    answer = client.post("/cases/new/", {"organization": str(other.organization_id)})
    assert Draft.objects.get().organization == other
    page = client.get(answer.headers["Location"]).text
    assert "For Labs" in page
    assert 'name="api_request"' in page  # 360dialog asks for it …
    assert 'name="conversation_ids"' not in page  # … and knows no conversations


def test_strange_organization_is_not_found(client, other_organization):
    assert client.get(f"/cases/new/?organization={other_organization.organization_id}").status_code == 404
    assert client.get("/cases/new/?organization=nonsense").status_code == 404


# --- C4 --------------------------------------------------------------------------------------------------------------------


def test_form_gets_a_code_and_writes_nothing_before_the_first_word(client):
    answer = client.get("/cases/new/describe/")
    assert re.fullmatch(r"/cases/new/describe/\?draft=[A-Z0-9]{6}", answer.headers["Location"])
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Response" in page.text or "response" in page.text  # targets stand beside the priorities
    assert not Draft.objects.exists()


def test_form_knows_the_organization_already(client):
    page = client.get(DESCRIBE).text
    assert 'value="acme"' in page
    assert f'value="{ACME_ID}"' in page


WRONG = [
    ("short_name", "Acme EU!", "Enter a valid organization short name"),
    ("short_name", "volga", "“volga” is not the short name of one of your organizations. Yours: acme."),
    ("short_name", "", "Enter the organization short name."),
    ("organization_id", "1234", "It has 32 digits and letters; yours has 4."),
    ("organization_id", "00000000-0000-0000-0000-000000000000", "only zeros"),
    ("organization_id", CONVERSATION, "This is not the ID of Acme."),
    ("conversation_ids", str(ACME_ID), "is the ID of your organization"),
    ("conversation_ids", "hello", "“hello” is not a conversation ID."),
    ("conversation_ids", "https://apps.mypurecloud.com/", "contains no conversation ID"),
    ("subject", "", "Enter a subject."),
    ("subject", "\u200b \x00", "Enter a subject."),
    ("subject", "x" * 201, "201"),
    ("description", "", "Describe what happens."),
    ("description", "x" * 20_001, "20001"),
    ("priority_code", "", "Choose a priority."),
    ("priority_code", "made-up", "made-up"),
    ("business_impact", "", "Describe the business impact."),
    ("happened_at", "2099-01-01T10:00", "This lies in the future."),
    ("happened_at", "1999-01-01T10:00", "after the year 2000"),
    ("happened_at", "yesterday", "Enter a valid date/time."),
    ("happened_at", "9999-12-31T23:59", "This lies in the future."),
    ("happened_zone", "Mars/Base", "Mars/Base"),
    ("case_type", "ACCESS", "ACCESS"),
    ("reachable_phone", "call me", "Enter a phone number with its country code."),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_wrong_answer_is_told_beside_its_field_and_nothing_is_lost(name, value, message, client):
    answer = post(client, **{"steps": "one, two, three", name: value})
    assert answer.status_code == 422
    field = f"id_{name}" if name not in ("priority_code", "case_type") else f"id_{name}_error"
    assert message in answer.text.replace("\xa0", "")
    assert f'id="{field}' in answer.text
    assert "There is a problem" in answer.text
    assert "<title>Error:" in answer.text
    assert "one, two, three" in answer.text
    assert Draft.objects.get().data["steps"] == "one, two, three"
    assert not Case.objects.exists()


def test_message_is_the_same_beside_the_field_and_in_the_summary(client):
    answer = post(client, organization_id="1234").text
    assert answer.count("It has 32 digits and letters; yours has 4.") == 2
    assert 'href="#id_organization_id"' in answer


def test_wrong_answer_in_every_language(client, contact, language):
    contact.language = language
    contact.save()
    assert post(client, organization_id="1234", conversation_ids="x y", files=[png("a.exe")]).status_code == 422


def test_files_are_kept_though_another_field_is_wrong(client):
    answer = post(client, subject="", files=[png(), png("bad.exe")])
    assert answer.status_code == 422
    assert "shot.png" in answer.text
    assert "Files of type “exe” are not allowed." in answer.text
    assert Attachment.objects.get().draft.code == CODE


def test_eleventh_file_is_refused_and_the_ten_are_kept(client):
    answer = post(client, files=[png(f"{number}.png") for number in range(11)])
    assert answer.status_code == 422
    assert "“10.png” was not attached: at most 10 files are possible." in answer.text
    assert Attachment.objects.count() == 10


def test_far_too_many_files_lose_no_text(client):
    answer = post(client, files=[png(f"{number}.png") for number in range(30)], steps="one, two, three")
    assert answer.status_code == 422
    assert Draft.objects.get().data["steps"] == "one, two, three"
    assert Attachment.objects.count() == 10


def test_file_is_removed_again_without_javascript(client):
    post(client, files=[png()])
    answer = client.post(DESCRIBE, {**ANSWERS, "remove": str(Attachment.objects.get().pk), "steps": "kept"})
    assert answer.status_code == 303
    assert not Attachment.objects.exists()
    assert Draft.objects.get().data["steps"] == "kept"


def test_secrets_are_masked_before_the_first_write_and_the_customer_is_told(client):
    answer = post(client, description="my password: hunter2", subject="")
    assert "hunter2" not in answer.text
    assert "masked it" in answer.text
    assert Draft.objects.get().data["description"] == "my password: ••••••••"
    post(client, description="my password: hunter2")
    sent = client.post(REVIEW, follow=True)
    assert "We found what looks like a password" in sent.text
    assert Activity.objects.get(kind="OPENED").text_row.text == "my password: ••••••••"


def test_draft_is_saved_by_its_button(client):
    answer = client.post(DESCRIBE, {"subject": "Only this", "save": "1"}, follow=True)
    assert answer.status_code == 200
    assert "The draft has been saved." in answer.text
    assert 'value="Only this"' in answer.text


def test_megabyte_of_text_is_refused_and_kept(client):
    answer = post(client, description="x" * 1_000_000)
    assert answer.status_code == 422
    assert "1000000" in answer.text.replace(",", "")
    assert len(Draft.objects.get().data["description"]) == 1_000_000


HOSTILE = [
    "\x00",
    "\ud7ff\ufffe",
    "𝕏" * 50,
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "%s%n",
    "' OR 1=1 --",
    "\u202egnp.exe",
    "Ω" * 150,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_answered_calmly(text, client):
    answer = client.post(DESCRIBE, dict.fromkeys(ANSWERS, text) | {"review": "1"})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_drafts_of_others_and_wrong_codes_are_not_found(client, colleague, now):
    actions.save_draft("AAAAAA", by=colleague, kind="CASE", data={"subject": "secret"}, now=now)
    for code in ("AAAAAA", "nonsense", "K7QF3MX", "k7qf3m", ""):
        answer = client.get(f"/cases/new/describe/?draft={code}")
        assert answer.status_code == (404 if code else 303)


# --- C5, C6 ----------------------------------------------------------------------------------------------------------------


def test_whole_way_from_answers_to_the_case(client, contact, organization):
    answer = post(client, conversation_ids=f"{LINK} {CONVERSATION}", happened_at="2026-03-04T09:30", files=[png()])
    assert answer.headers["Location"] == REVIEW
    review = client.get(REVIEW)
    for shown in ("Calls drop after 30 seconds", CONVERSATION, "shot.png", "Voice and telephony", "the first response is due"):
        assert shown in review.text
    sent = client.post(REVIEW)
    case = Case.objects.get()
    assert sent.headers["Location"] == f"/cases/{case.number}/sent/"
    assert case.number in client.get(sent.headers["Location"]).text
    assert (case.organization, case.opened_by, case.severity_rank, case.priority_code) == (organization, contact, 2, "high")
    assert [str(each.conversation_id) for each in case.conversations.all()] == [CONVERSATION]
    assert case.details.happened_at.isoformat() == "2026-03-04T08:30:00+00:00"
    assert case.activities.get(kind="OPENED").attachments.get().name == "shot.png"
    assert not Draft.objects.exists()
    assert OutboxMessage.objects.filter(recipient=contact).exists()


def test_time_is_read_in_the_zone_that_was_chosen(client):
    post(client, happened_at="2026-03-29T02:30", happened_zone="Asia/Tokyo")  # an hour that Paris does not have
    client.post(REVIEW)
    assert Case.objects.get().details.happened_at.isoformat() == "2026-03-28T17:30:00+00:00"


def test_sent_twice_or_reloaded_opens_one_case(client):
    post(client)
    first, second = client.post(REVIEW), client.post(REVIEW)
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1
    assert client.get(REVIEW).headers["Location"] == first.headers["Location"]
    assert client.get(DESCRIBE).headers["Location"] == first.headers["Location"]


def test_back_after_sending_and_sending_the_same_again_opens_one_case(client):
    post(client)
    sent = client.post(REVIEW)
    assert post(client).headers["Location"] == sent.headers["Location"]
    assert Case.objects.count() == 1
    assert not Draft.objects.exists()


def test_back_after_sending_and_typing_another_problem_makes_a_draft_of_its_own(client):
    post(client)
    client.post(REVIEW)
    answer = post(client, subject="Something else", files=[png()])
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/cases/new/describe/?draft={draft.code}"
    assert (draft.data["subject"], draft.attachments.count(), draft.code == CODE) == ("Something else", 1, False)
    assert Case.objects.count() == 1


def test_review_of_an_unfinished_draft_leads_to_what_is_missing(client, contact, organization, now):
    actions.save_draft(CODE, by=contact, kind="CASE", organization=organization, data={"subject": "Half"}, now=now)
    for answer in (client.get(REVIEW), client.post(REVIEW)):
        assert answer.status_code == 422
        assert "Describe what happens." in answer.text
    assert not Case.objects.exists()


def test_review_without_a_draft_begins_anew(client):
    assert client.get(REVIEW).headers["Location"] == "/cases/new/"


def test_sent_page_is_not_for_strangers(client, contact, signed_in, stranger, reader, now):
    url = f"/cases/{open_case(contact, now=now).number}/sent/"
    assert signed_in(stranger).get(url).status_code == 404
    assert signed_in(reader).get(url).status_code == 200


def test_similar_open_cases_are_offered(client, contact, now):
    case = open_case(contact, now=now, subject="Calls are dropped after 30 seconds")
    closed = open_case(contact, now=now, subject="Calls drop after 30 seconds again")
    actions.close_case(closed, by=contact, now=now)
    hint = client.get("/cases/new/similar/", {"draft": CODE, "subject": "calls drop after 20 seconds"}).text
    assert case.number in hint
    assert closed.number not in hint
    assert case.number not in client.get("/cases/new/similar/", {"draft": CODE, "subject": "Invoice is wrong"}).text
    post(client)
    assert case.number in client.get(REVIEW).text


# --- critical --------------------------------------------------------------------------------------------------------------


def test_critical_that_the_portal_takes_asks_for_a_phone_and_is_sent_at_once(client):
    answer = post(client, button="send", priority_code="critical")
    assert answer.status_code == 422
    assert "who can be reached at any time" in answer.text
    answer = post(client, button="send", priority_code="critical", reachable_name="Claire", reachable_phone="+33 6 39 98 12 40")
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.number}/sent/"
    assert (case.severity_rank, case.reachable_name, case.reachable_phone) == (1, "Claire", "+33 6 39 98 12 40")
    page = client.get(answer.headers["Location"]).text
    assert "Call us as well" in page
    assert "+33 1 99 00 12 34" in page


def test_send_at_once_is_for_critical_cases_only(client):
    assert post(client, button="send").headers["Location"] == REVIEW
    assert not Case.objects.exists()


def test_critical_by_phone_only_is_refused_with_the_numbers_and_kept_with_a_code(
    signed_in, us_only_contact, us_only_organization, agent_of_all_regions, agent
):
    client = signed_in(us_only_contact)
    answer = client.post(DESCRIBE, {"priority_code": "critical", "description": "All is down", "review": "1"})
    assert answer.status_code == 422
    assert "Critical cases must be reported by phone." in answer.text
    assert f'<strong class="code">{CODE}</strong>' in answer.text
    numbers = re.findall(r'href="tel:(\+\d+)"', answer.text)
    assert numbers  # the numbers are there at once
    assert "All is down" in answer.text
    draft = Draft.objects.get()
    assert draft.refused_at is not None
    assert Draft.objects.with_code(CODE, user=agent_of_all_regions).get() == draft
    assert not Draft.objects.with_code(CODE, user=agent).exists()  # not cleared for us_only
    assert client.post(REVIEW).status_code == 422
    assert not Case.objects.exists()


def test_phone_numbers_of_the_customers_region_come_first(signed_in, us_only_contact, us_only_organization):
    us_only_organization.phone_region = "americas"
    us_only_organization.save()
    page = signed_in(us_only_contact).get("/cases/new/").text
    assert re.findall(r'href="tel:(\+\d+)"', page)[0].startswith("+1")


def test_severity_without_scale_is_asked_by_the_policys_own_priorities(signed_in, stranger):
    page = signed_in(stranger).get(DESCRIBE).text  # 360dialog
    values = re.findall(r'name="priority_code" value="([a-z]+)"', page)
    assert values == ["critical", "major", "minor", "undecided"]
    assert "data-critical" in page


# --- licenses --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("license_code", ["", "made-up"])
def test_organization_without_a_license_is_shown_what_is_open_to_it(license_code, client, contact, organization, agent, now):
    post(client, button="save")
    organization.agreements.update(license=license_code)
    page = client.get("/cases/new/").text
    assert "Your license does not include opening cases in the portal." in page
    assert "Articles, guides and courses" in page
    assert "Continue" not in page
    for answer in (client.get(DESCRIBE), post(client), client.post(REVIEW)):
        assert answer.headers["Location"] == "/cases/new/"
    with pytest.raises(Refused):
        open_case(contact, now=now)
    assert not Case.objects.exists()
    assert actions.open_case(organization, by=agent, contact=contact, intake=intake(), channel="PHONE", now=now)


def test_policy_without_licenses_is_open_to_all(stranger, now):
    assert open_case(stranger, now=now, priority_code="minor")


# --- who waits -------------------------------------------------------------------------------------------------------------


def test_session_that_ended_gives_back_what_was_typed_and_the_draft_is_there_after_sign_in(client, contact, signed_in):
    client.post(DESCRIBE, {**ANSWERS, "save": "1"})
    client.logout()
    answer = post(client, description="Every second call drops, and now the others too.")
    assert answer.status_code == 401
    assert "Every second call drops, and now the others too." in answer.text
    assert "Every second call drops" not in answer.headers.get("Location", "")
    assert "Since this morning every second call drops." in signed_in(contact).get(DESCRIBE).text


def test_contact_who_lost_the_role_cannot_send_the_draft(client, contact, colleague):
    post(client)
    contact.memberships.update(role=Membership.Role.READER)
    assert client.post(REVIEW).status_code == 403
    assert not Case.objects.exists()


def test_old_draft_still_opens(client, contact, organization):
    moment = timezone.now() - timedelta(days=29)
    actions.save_draft(
        CODE, by=contact, kind="CASE", organization=organization, data={"subject": "Old", "gone_field": "x"}, now=moment
    )
    assert 'value="Old"' in client.get(DESCRIBE).text
