"""What customers can do to a case on its page (UX C7, C9; SAFETY 5)."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.urls import reverse

from cases import actions
from cases.case_page import CasePage
from cases.models import Attachment, Case, Draft
from tests.cases.views.visits import kinds, page_of, send, url
from tests.stories import apply_for_access, fresh, open_case

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CANARY = "they-owe-us-money"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


# --- replying ----------------------------------------------------------------------------------------------------------


def test_a_reply_leads_to_what_was_written(owned, contact, signed_in):
    response = send(signed_in(contact), "reply", owned, text="It is Firefox.")
    note = owned.activities.get(kind="WORK_NOTE")
    assert (response.status_code, response.url) == (303, f"{url('case', owned)}#event-{note.pk}")
    assert note.text_row.text == "It is Firefox."


def test_an_applicant_answers_the_question_in_the_application_and_can_do_nothing_else(
    applicant, contact, organization, agent, lately, signed_in
):
    application = apply_for_access(applicant, organization, by=agent, now=lately)
    actions.reply(application, by=agent, text="Which training?", then="AWAITING_CUSTOMER", now=lately + MINUTE)
    client, drafts = signed_in(applicant), f"/drafts/AAAAAA/files/?kind=REPLY&case={application.number}"
    assert 'name="text"' in page_of(client, application)
    assert client.post(drafts, {"file": SimpleUploadedFile("proof.png", PNG)}).status_code == 201
    refused = [
        send(client, name, application, reason="x").status_code for name in ("accept", "reject", "close", "reopen", "keep_open")
    ]
    assert refused == [403] * 5
    assert send(client, "reply", application, text="The one of May.").status_code == 303
    note = application.activities.get(kind="WORK_NOTE")
    assert (fresh(application).status, note.from_customer, note.attachments.get().name) == ("IN_PROGRESS", True, "proof.png")
    ordinary = open_case(contact, now=lately)
    assert send(client, "reply", ordinary, text="x").status_code == 404


def test_a_reply_by_htmx_answers_with_the_page_and_the_focus_on_what_was_written(owned, contact, signed_in):
    response = send(signed_in(contact, htmx=True), "reply", owned, text="It is Firefox.")
    note = owned.activities.get(kind="WORK_NOTE")
    page = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in page
    assert f'id="case-item-{note.pk}" tabindex="-1" data-focus' in page
    assert page.count("It is Firefox.") == 1  # the form is empty again


@pytest.mark.parametrize(("seconds", "is_kept"), [(1, False), (120, True)])
def test_a_save_that_overlaps_with_the_sending_leaves_no_draft(seconds, is_kept, owned, contact):
    now = owned.latest_activity_at + MINUTE
    actions.reply(owned, by=contact, text="It is Firefox.", now=now)
    saved_at = now + timedelta(seconds=seconds)
    actions.save_draft("AAAAAA", by=contact, kind=Draft.Kind.REPLY, case=owned, data={"text": "It is Firefox."}, now=saved_at)
    assert bool(CasePage(fresh(owned), contact, saved_at).draft) == is_kept


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u2060"])
def test_an_empty_reply_is_told_beside_the_field(owned, contact, signed_in, htmx, text):
    response = send(signed_in(contact, htmx=htmx), "reply", owned, text=text)
    assert response.status_code == 422
    assert "This field is required." in response.content.decode()
    assert "WORK_NOTE" not in kinds(owned)


def test_a_reply_that_is_too_long_is_given_back_whole(owned, contact, signed_in):
    text = "long " * 5000 + "END"
    response = send(signed_in(contact), "reply", owned, text=text)
    assert response.status_code == 422
    assert text in response.content.decode()


def test_a_hostile_reply_is_stored_clean(owned, contact, signed_in):
    send(signed_in(contact), "reply", owned, text="Nul \x00, \u202eevil\u202c and\r\nline")
    assert owned.activities.get(kind="WORK_NOTE").text_row.text == "Nul , evil and\nline"


def test_a_secret_in_a_reply_is_masked_and_the_customer_told(owned, contact, signed_in):
    client = signed_in(contact)
    response = client.get(send(client, "reply", owned, text="password: hunter2secret").url)
    assert "hunter2secret" not in owned.activities.get(kind="WORK_NOTE").text_row.text
    assert "We found what looks like a password or an API key" in response.content.decode()


def test_a_double_click_writes_one_reply(owned, contact, signed_in):
    client, key = signed_in(contact), str(uuid.uuid4())
    first, second = (send(client, "reply", owned, text="It is Firefox.", key=key) for _click in range(2))
    assert first.url == second.url
    assert kinds(owned).count("WORK_NOTE") == 1


def test_a_reply_is_not_held_up_by_what_others_wrote_meanwhile(owned, contact, agent, signed_in, lately):
    seen = owned.activities.order_by("pk").last().pk
    actions.reply(owned, by=agent, text="Which browser?", now=lately)
    assert send(signed_in(contact), "reply", owned, text="By the way …", seen=seen).status_code == 303


def test_a_reply_to_a_case_closed_meanwhile_keeps_the_text_and_sends_it_when_asked_again(
    owned, contact, agent, signed_in, lately
):
    client, seen = signed_in(contact), owned.activities.order_by("pk").last().pk
    actions.close_case(owned, by=agent, summary="Restarted the edge.", now=lately)
    response = send(client, "reply", owned, text="One more thing.", seen=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "The case has changed since you opened this page." in page
    assert ">\nOne more thing.</textarea>" in page
    assert "Send and reopen the case" in page
    assert send(client, "reply", owned, text="One more thing.").status_code == 303
    assert fresh(owned).status == "IN_PROGRESS"


def test_a_reply_long_after_the_closing_is_refused_and_given_back(closed, contact, signed_in, lately):
    Case.objects.filter(pk=closed.pk).update(closed_at=lately - timedelta(days=20))
    response = send(signed_in(contact), "reply", closed, text="It came back.")
    page = response.content.decode()
    assert response.status_code == 409
    assert "The time for reopening this case is over." in page
    assert "It came back.</textarea>" in page
    assert "Open a follow-up case" in page


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_write_one_reply(owned, contact, signed_in):
    clients, key, seen = [signed_in(contact) for _click in range(4)], str(uuid.uuid4()), owned.activities.order_by("pk").last().pk

    def click(client):
        try:
            return send(client, "reply", owned, text="It is Firefox.", key=key, seen=seen)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, clients))
    note = owned.activities.get(kind="WORK_NOTE")
    assert {(answer.status_code, answer.url) for answer in answers} == {(303, f"{url('case', owned)}#event-{note.pk}")}


@pytest.mark.parametrize("odd", ["", "abc", "9" * 30, "9" * 5000, "-1", "\x00"])
def test_an_odd_hidden_field_loses_nothing(owned, contact, signed_in, odd):
    send(signed_in(contact), "reply", owned, text="It is Firefox.", key=odd, version=odd, seen=odd)
    assert "WORK_NOTE" in kinds(owned)


def test_after_back_another_text_is_another_reply(owned, contact, signed_in):
    client, key = signed_in(contact), str(uuid.uuid4())
    for text in ("It is Firefox.", "And it is version 140."):
        send(client, "reply", owned, text=text, key=key)
    texts = owned.activities.filter(kind="WORK_NOTE").order_by("pk").values_list("text_row__text", flat=True)
    assert list(texts) == ["It is Firefox.", "And it is version 140."]


# --- drafts and files --------------------------------------------------------------------------------------------------


def screenshot(name="screen.png"):
    return SimpleUploadedFile(name, PNG, "image/png")


def drafts():
    return list(Draft.objects.filter(kind="REPLY"))


def test_what_was_typed_is_in_the_box_again(owned, contact, signed_in):
    client = signed_in(contact)
    code = client.get(url("case", owned)).context["page"].draft_code
    client.post(reverse("draft_save", args=[code]) + f"?kind=REPLY&case={owned.number}", {"text": "Half a sentence"})
    page = page_of(client, owned)
    assert "Half a sentence</textarea>" in page
    assert "Draft saved at" in page
    send(client, "reply", owned, text="A whole sentence.")
    assert drafts() == []
    assert "Half a sentence" not in page_of(client, owned)


def test_a_draft_is_its_writers_alone(owned, contact, colleague, lately, signed_in):
    actions.save_draft("K7QF3M", by=contact, kind="REPLY", case=owned, data={"text": "Half a sentence"}, now=lately)
    assert "Half a sentence" not in page_of(signed_in(colleague), owned)


def test_a_file_is_sent_with_the_reply(owned, contact, agent, signed_in):
    client = signed_in(contact)
    send(client, "reply", owned, text="See the screenshot.", files=[screenshot(), screenshot("second.png")])
    note = owned.activities.get(kind="WORK_NOTE")
    assert sorted(note.attachments.values_list("name", "case")) == [("screen.png", owned.pk), ("second.png", owned.pk)]
    page = page_of(client, owned)
    attachment = note.attachments.get(name="screen.png")
    assert reverse("attachment", args=[attachment.pk, "screen.png"]) in page


def test_a_file_stays_when_the_text_is_missing(owned, contact, signed_in):
    client = signed_in(contact)
    response = send(client, "reply", owned, text="", files=[screenshot()])
    assert response.status_code == 422
    assert "screen.png" in response.content.decode()
    send(client, "reply", owned, text="See the screenshot.")
    assert owned.activities.get(kind="WORK_NOTE").attachments.count() == 1


def test_a_file_that_is_not_taken_is_named_and_nothing_sent(owned, contact, signed_in):
    response = send(signed_in(contact), "reply", owned, text="See this.", files=[SimpleUploadedFile("run.exe", b"MZ")])
    page = response.content.decode()
    assert response.status_code == 422
    assert "Files of type “exe” are not allowed." in page
    assert "See this.</textarea>" in page
    assert "WORK_NOTE" not in kinds(owned)


def test_a_file_is_taken_off_again_and_the_text_stays(owned, contact, signed_in):
    client = signed_in(contact)
    send(client, "reply", owned, text="", files=[screenshot()])
    (attachment,) = Attachment.objects.all()
    response = send(client, "reply", owned, text="See the screenshot.", remove=str(attachment.pk))
    assert (response.status_code, response.url) == (303, f"{url('case', owned)}#case-reply")
    assert not Attachment.objects.exists()
    assert "See the screenshot.</textarea>" in page_of(client, owned)


@pytest.mark.parametrize("key", ["0", "abc", "9" * 30, ""])
def test_taking_off_a_file_that_is_not_there_does_no_harm(owned, contact, signed_in, key):
    assert send(signed_in(contact), "reply", owned, text="", remove=key).status_code == 303


def test_somebody_elses_file_is_not_taken_off(owned, contact, colleague, signed_in):
    send(signed_in(contact), "reply", owned, text="", files=[screenshot()])
    (attachment,) = Attachment.objects.all()
    send(signed_in(colleague), "reply", owned, text="", remove=str(attachment.pk))
    assert Attachment.objects.exists()


def test_the_draft_is_saved_by_a_button_without_javascript(owned, contact, signed_in):
    client = signed_in(contact)
    response = send(client, "reply", owned, text="Half a sentence", save="1")
    assert response.status_code == 303
    assert [draft.data["text"] for draft in drafts()] == ["Half a sentence"]
    assert "The draft has been saved." in client.get(response.url).content.decode()


@pytest.mark.parametrize("more", [{}, {"save": "1"}, {"remove": "1"}])
def test_a_reader_keeps_no_files_and_no_draft(owned, reader, signed_in, more):
    response = send(signed_in(reader), "reply", owned, text="Hello", files=[screenshot()], **more)
    assert response.status_code == 403
    assert not Attachment.objects.exists()
    assert drafts() == []


# --- deciding ----------------------------------------------------------------------------------------------------------


def test_accepting_closes_the_case(proposed, contact, signed_in):
    assert send(signed_in(contact), "accept", proposed).status_code == 303
    assert kinds(proposed)[-2:] == ["ACCEPTED", "CLOSED"]


def test_rejecting_needs_a_reason(proposed, contact, signed_in):
    client = signed_in(contact)
    assert send(client, "reject", proposed, reason="").status_code == 422
    assert send(client, "reject", proposed, reason="Calls still drop.").status_code == 303
    assert fresh(proposed).status == "IN_PROGRESS"


def test_a_resolution_is_not_accepted_unseen(proposed, contact, agent, signed_in, lately):
    seen = proposed.activities.order_by("pk").last().pk
    actions.resume(proposed, by=agent, now=lately + 2 * MINUTE)
    actions.propose_resolution(proposed, by=agent, summary="Replaced the edge instead.", now=lately + 3 * MINUTE)
    response = send(signed_in(contact), "accept", proposed, seen=seen)
    assert response.status_code == 409
    assert "Replaced the edge instead." in response.content.decode()
    assert "ACCEPTED" not in kinds(proposed)


def test_an_internal_note_meanwhile_holds_up_nothing(proposed, contact, agent, signed_in, lately):
    seen = proposed.activities.order_by("pk").last().pk
    actions.add_internal_note(proposed, by=agent, text=CANARY, now=lately + 2 * MINUTE)
    assert send(signed_in(contact), "accept", proposed, seen=seen, version="1").status_code == 303


def test_what_cannot_be_done_now_is_told(owned, contact, signed_in):
    response = send(signed_in(contact), "accept", owned)
    assert response.status_code == 409
    assert "There is no proposed resolution to answer." in response.content.decode()


def test_the_customer_closes_and_reopens(owned, contact, signed_in):
    client = signed_in(contact)
    assert send(client, "close", owned).status_code == 303
    assert "You can reopen it until" in page_of(client, owned)
    assert send(client, "reopen", owned, reason="It came back.").status_code == 303
    assert kinds(owned)[-2:] == ["CLOSED", "REOPENED"]


def test_the_countdown_is_shown_and_starts_again(proposed, contact, signed_in):
    client = signed_in(contact)
    assert "This case will be closed automatically on" in page_of(client, proposed)
    assert send(client, "keep_open", proposed).status_code == 303
    assert kinds(proposed)[-1] == "KEEP_OPEN"


def test_how_to_ask_for_a_higher_priority_is_the_policys(case, contact, signed_in):
    client = signed_in(contact)
    page = client.get(re.search(r'href="(/cases/[^"]+/priority/)"', page_of(client, case))[1]).content.decode()
    assert "From medium to high, talk to the case owner" in page


# --- a follow-up of a case that cannot be reopened any more --------------------------------------------------------------
@pytest.fixture
def long_closed(closed, lately):
    Case.objects.filter(pk=closed.pk).update(closed_at=lately - timedelta(days=20))
    return fresh(closed)


def test_page_of_a_case_closed_long_ago_offers_the_follow_up_in_the_place_of_the_reply(long_closed, contact, reader, signed_in):
    page = signed_in(contact).get(reverse("case", args=[long_closed.number])).content.decode()
    assert f'action="/cases/{long_closed.number}/follow-up/"' in page
    assert "/reply/" not in page
    page = signed_in(reader).get(reverse("case", args=[long_closed.number])).content.decode()
    assert "/follow-up/" not in page


def complete_and_send(client, url, contact):
    """Answer what the policy asks for and the original did not say, then send."""
    draft = Draft.objects.get(code=url.partition("draft=")[2])
    answers = {"conversation_ids": str(uuid.uuid4()), "business_impact": "Nobody can work."}
    actions.save_draft(draft.code, by=contact, kind="CASE", data=answers, now=draft.updated_at)
    return client.post(reverse("new_case_review") + f"?draft={draft.code}")


def test_follow_up_is_drafted_sent_and_linked(long_closed, contact, signed_in):
    client = signed_in(contact)
    response = send(client, "follow_up", long_closed, key="5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11")
    again = send(client, "follow_up", long_closed, key="5a8c7c1e-7f0b-4f6c-9d0d-0d2f6f1f4c11")
    assert (response.status_code, again.url) == (303, response.url)
    form = client.get(response.url).content.decode()
    assert long_closed.subject in form
    assert f"This case follows case {long_closed.number}." in form

    sent = complete_and_send(client, response.url, contact)
    new = Case.objects.get(follows=long_closed)
    assert sent.url == f"/cases/{new.number}/sent/"
    page = client.get(reverse("case", args=[new.number])).content.decode()
    assert f'Follows case <a class="num" href="/cases/{long_closed.number}/">' in page
    page = client.get(reverse("case", args=[long_closed.number])).content.decode()
    assert f'Follow-up case: <a class="num" href="/cases/{new.number}/">' in page
    assert f"There is an open follow-up case: {new.number}." in page


def test_follow_up_that_was_sent_from_another_window_is_told_and_nothing_is_lost(long_closed, contact, signed_in):
    client = signed_in(contact)
    urls = [send(client, "follow_up", long_closed).url for _window in range(2)]
    answers = [complete_and_send(client, url, contact) for url in urls]
    assert [answer.status_code for answer in answers] == [303, 403]
    assert Case.objects.filter(follows=long_closed).count() == 1
    assert long_closed.subject in answers[1].content.decode()


def test_follow_up_too_early_is_refused_on_the_page(closed, contact, signed_in):
    response = send(signed_in(contact), "follow_up", closed)
    assert response.status_code == 409
    assert "This case can still be reopened." in response.content.decode()
