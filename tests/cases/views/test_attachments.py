"""Downloads: for whoever may see the file, never shown by the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import actions
from cases.models import Attachment, Draft
from tests.stories import open_case


@pytest.fixture
def case(contact, now):
    return open_case(contact, now=now)


def attach(by, case, now, *, name="会話 ログ.log", content=b"<script>alert(1)</script>\n", note=False):
    kind = Draft.Kind.NOTE if note else Draft.Kind.REPLY
    draft = actions.save_draft("K7QF3M" if note else "AAAAAA", by=by, kind=kind, case=case, data={}, now=now)
    attachment = actions.keep_file(SimpleUploadedFile(name, content), draft=draft, by=by, now=now)
    act = actions.add_internal_note if note else actions.reply
    act(case, by=by, text="See the file", now=now, draft=draft)
    return Attachment.objects.get(pk=attachment.pk)


def url_of(attachment):
    return f"/attachments/{attachment.pk}/{attachment.name}"


@pytest.mark.parametrize(
    ("who", "status"),
    [("contact", 200), ("colleague", 200), ("reader", 200), ("agent", 200), ("stranger", 404), ("agent_not_cleared", 404)],
)
def test_file_of_a_reply_is_for_those_who_see_the_case(who, status, case, contact, signed_in, request, now):
    attachment = attach(contact, case, now)
    assert signed_in(request.getfixturevalue(who)).get(url_of(attachment)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("contact", 404), ("reader", 404), ("agent", 200)])
def test_file_of_an_internal_note_is_for_the_care_team(who, status, case, contact, agent, signed_in, request, now):
    attachment = attach(agent, case, now, note=True)
    assert signed_in(request.getfixturevalue(who)).get(url_of(attachment)).status_code == status


def test_file_is_saved_and_never_shown(case, contact, signed_in, now):
    answer = signed_in(contact).get(url_of(attach(contact, case, now)))
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>\n"


def test_file_of_a_draft_is_its_writers_alone(contact, colleague, signed_in, now):
    draft = actions.save_draft("K7QF3M", by=contact, kind="CASE", data={}, now=now)
    attachment = actions.keep_file(SimpleUploadedFile("a.txt", b"words"), draft=draft, by=contact, now=now)
    assert signed_in(contact).get(url_of(attachment)).status_code == 200
    assert signed_in(colleague).get(url_of(attachment)).status_code == 404


@pytest.mark.parametrize(("scan", "words"), [("PENDING", "is being checked"), ("INFECTED", "Malware was found")])
def test_file_is_held_while_it_may_harm(scan, words, case, contact, signed_in, now):
    attachment = attach(contact, case, now)
    Attachment.objects.filter(pk=attachment.pk).update(scan=scan)
    answer = signed_in(contact).get(url_of(attachment))
    assert answer.status_code == 403
    assert words in answer.text


def test_removed_and_lost_files_are_not_found(case, contact, signed_in, now):
    attachment = attach(contact, case, now)
    attachment.file.delete(save=False)
    assert signed_in(contact).get(url_of(attachment)).status_code == 404
    Attachment.objects.filter(pk=attachment.pk).update(removed_at=now)
    assert signed_in(contact).get(url_of(attachment)).status_code == 404


def test_signed_out_visitor_is_led_to_sign_in(case, contact, client, now):
    assert client.get(url_of(attach(contact, case, now))).headers["Location"].startswith("/account/login/")
