"""Drafts while they are written: each one's own, saved in time, with their files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import actions
from cases.models import Attachment, Case, Draft
from tests.stories import open_case

CODE = "K7QF3M"
URL = f"/drafts/{CODE}/"
FILES = f"/drafts/{CODE}/files/"


def png(name="shot.png"):
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + bytes(30))


@pytest.fixture
def client(signed_in, contact):
    return signed_in(contact, htmx=True)


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


def test_what_is_typed_is_saved_and_the_time_is_told(client, contact, organization):
    answer = client.post(URL, {"subject": "Calls", "made_up": "x", "csrfmiddlewaretoken": "y"})
    draft = Draft.objects.get()
    assert answer.status_code == 200
    assert "Draft saved at" in answer.text
    assert 'id="draft-status"' in answer.text
    assert (draft.user, draft.organization, draft.code, draft.data) == (contact, organization, CODE, {"subject": "Calls"})


def test_saving_tells_what_was_masked(client):
    answer = client.post(URL, {"description": "password: hunter2"})
    assert "masked" in answer.text
    assert Draft.objects.get().data["description"] == "password: ••••••••"


def test_draft_is_saved_without_javascript_too(signed_in, contact):
    answer = signed_in(contact).post(URL, {"subject": "Calls"})
    assert answer.headers["Location"] == f"/cases/new/describe/?draft={CODE}"


def test_draft_of_a_sent_case_does_not_come_back(client, contact, organization, now):
    client.post(URL, {"subject": "Calls"})
    draft = Draft.objects.get()
    from_page = {
        "case_type": "PROBLEM",
        "subject": "Calls",
        "priority_code": "low",
        "description": "x y z",
        "business_impact": "none",
        "short_name": "acme",
        "organization_id": str(organization.organization_id),
        "happened_zone": "UTC",
    }
    actions.save_draft(CODE, by=contact, kind="CASE", data=from_page, now=now)
    client.post(f"/cases/new/review/?draft={CODE}")
    assert Case.objects.exists()
    client.post(URL, {"subject": "Calls, typed late"})
    late_file = client.post(FILES, {"file": png()})
    assert (late_file.status_code, late_file.text) == (
        422,
        "“shot.png” was not attached: the message was sent before the file arrived. Attach the file to a reply.",
    )
    assert not Draft.objects.filter(code=draft.code).exists()


@pytest.mark.parametrize("who", ["colleague", "stranger", "agent"])
def test_draft_of_somebody_else_cannot_be_written_read_or_deleted(who, client, signed_in, request):
    client.post(URL, {"subject": "mine"})
    client.post(FILES, {"file": png()})
    other = signed_in(request.getfixturevalue(who), htmx=True)
    attachment = Attachment.objects.get()
    answers = [
        other.post(URL, {"subject": "theirs"}),
        other.post(FILES, {"file": png()}),
        other.post(f"{FILES}{attachment.pk}/remove/"),
        other.get(f"{URL}discard/"),
        other.post(f"{URL}discard/"),
    ]
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert Draft.objects.get().data == {"subject": "mine"}
    assert Attachment.objects.count() == 1


def test_reader_has_no_drafts_of_cases(signed_in, reader):
    assert signed_in(reader).post(URL, {"subject": "x"}).status_code == 403


@pytest.mark.parametrize("code", ["nonsense", "K7QF3MX", "OOOOOO"])
def test_code_must_look_like_one(code, client):
    assert client.post(f"/drafts/{code}/", {"subject": "x"}).status_code == 404


def test_critical_priority_for_the_phone_is_found_by_staff_as_soon_as_it_is_chosen(
    signed_in, us_only_contact, us_only_organization, agent_of_all_regions
):
    client = signed_in(us_only_contact, htmx=True)
    client.post(URL, {"priority_code": "high"})
    assert not Draft.objects.with_code(CODE, user=agent_of_all_regions).exists()
    client.post(URL, {"priority_code": "critical"})
    assert Draft.objects.with_code(CODE, user=agent_of_all_regions).exists()


def test_reply_and_note_have_drafts_of_their_own(client, signed_in, agent, contact, case):
    client.post(f"{URL}?kind=REPLY&case={case.number}", {"text": "Half an answer", "subject": "x"})
    signed_in(agent).post(f"/drafts/AAAAAA/?kind=NOTE&case={case.number}", {"text": "To myself"})
    drafts = {draft.kind: (draft.user, draft.case, draft.data) for draft in Draft.objects.all()}
    assert drafts == {"REPLY": (contact, case, {"text": "Half an answer"}), "NOTE": (agent, case, {"text": "To myself"})}


def test_customer_has_no_draft_of_a_note_and_stranger_none_of_a_reply(client, signed_in, stranger, reader, case):
    assert client.post(f"{URL}?kind=NOTE&case={case.number}", {"text": "x"}).status_code == 403
    assert signed_in(stranger).post(f"{URL}?kind=REPLY&case={case.number}", {"text": "x"}).status_code == 404
    assert signed_in(reader).post(f"{URL}?kind=REPLY&case={case.number}", {"text": "x"}).status_code == 403
    assert client.post(f"{URL}?kind=WHAT&case={case.number}", {"text": "x"}).status_code == 404


def test_file_is_kept_as_soon_as_it_is_chosen(client):
    answer = client.post(FILES, {"file": png()})
    assert answer.status_code == 201
    assert answer.text.lstrip().startswith("{#") or "<li" in answer.text
    assert "shot.png" in answer.text
    assert Attachment.objects.get().draft.code == CODE


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("run.exe", b"MZ\x00", "Files of type “exe” are not allowed."),
        ("shot.png", b"words", "is not what its name says"),
        ("a.txt", b"", "is empty"),
    ],
)
def test_file_that_is_not_taken_is_refused_in_words(name, content, message, client):
    answer = client.post(FILES, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert message in answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")


def test_upload_without_a_file_is_not_found(client):
    assert client.post(FILES).status_code == 404


def test_file_is_taken_off_again(client):
    client.post(FILES, {"file": png()})
    answer = client.post(f"{FILES}{Attachment.objects.get().pk}/remove/")
    assert (answer.status_code, answer.content) == (200, b"")
    assert not Attachment.objects.exists()


def test_sent_file_is_not_taken_off(client, case, contact, now):
    client.post(f"{FILES}?kind=REPLY&case={case.number}", {"file": png()})
    attachment = Attachment.objects.get()
    actions.reply(case, by=contact, text="See the picture", now=now, draft=Draft.objects.get())
    assert client.post(f"{FILES}{attachment.pk}/remove/").status_code == 404


def test_draft_is_deleted_after_being_asked_once(client, signed_in, contact):
    client.post(URL, {"subject": "Calls"})
    page = signed_in(contact).get(f"{URL}discard/")
    assert "Delete this draft?" in page.text
    assert Draft.objects.exists()
    assert signed_in(contact).post(f"{URL}discard/").headers["Location"] == "/cases/new/"
    assert not Draft.objects.exists()


def test_nothing_is_saved_by_opening_an_address(client):
    client.post(URL, {"subject": "Calls"})
    for url in (URL, FILES, f"{FILES}1/remove/"):
        assert client.get(url).status_code == 405


@pytest.mark.parametrize("url", ["/drafts/%00/discard/", "/drafts/%00/files/1/remove/", "/drafts/K7QF3%00/"])
def test_code_that_no_database_reads_is_not_found(client, url):
    """PostgreSQL takes no text with a NUL, not even to look for it."""
    assert client.post(url).status_code == 404
