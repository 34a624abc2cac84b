"""Uploaded files and the malware scanner: held until there is a verdict, deleted where they are harmful (SAFETY 8)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django_q.models import OrmQ, Schedule

from cases import actions, outbox, tasks
from cases.decision import Refused
from cases.models import Activity, Attachment, Draft, OutboxMessage
from tests.cases.scanners import EICAR, scanner
from tests.stories import fresh, open_case

pytestmark = pytest.mark.django_db
Scan = Attachment.Scan
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clamd(settings):
    with scanner() as running:
        settings.CLAMD_URL = running.url
        yield running


@pytest.fixture
def down(settings):
    """A scanner that does not answer."""
    with scanner() as gone:
        settings.CLAMD_URL = gone.url


@pytest.fixture
def case(contact, agent, now):
    case = open_case(contact, now=now)
    actions.assign(case, by=agent, owner=agent, now=now)
    OutboxMessage.objects.all().delete()
    return case


def attach(case, by, now, content=b"all is well", *, kind=Draft.Kind.REPLY, name="trace.txt"):
    """A file on the draft of a reply. Returns the draft."""
    draft = actions.save_draft("AAAAAA", by=by, kind=kind, case=case, data={}, now=now)
    actions.keep_file(SimpleUploadedFile(name, content), draft=draft, by=by, now=now)
    return draft


def download(client, attachment):
    return client.get(f"/attachments/{attachment.pk}/{attachment.name}")


def test_without_a_scanner_a_file_is_not_scanned_and_can_be_downloaded(case, contact, signed_in, now):
    actions.reply(case, by=contact, text="See the trace.", draft=attach(case, contact, now), now=now)
    attachment = Attachment.objects.get()
    client = signed_in(contact)
    assert (attachment.scan, download(client, attachment).status_code) == (Scan.NOT_CONFIGURED, 200)
    assert "Not scanned" in client.get(f"/cases/{case.number}/").text
    assert actions.scan_files(now=now) == 0


def test_file_is_held_until_it_is_scanned(clamd, case, contact, agent, signed_in, now):
    actions.reply(case, by=contact, text="See the trace.", draft=attach(case, contact, now), now=now)
    attachment, client = Attachment.objects.get(), signed_in(agent)
    assert (attachment.scan, download(client, attachment).status_code) == (Scan.PENDING, 403)
    page = client.get(f"/admin/care/case/{case.number}/").text
    assert "Checking file" in page and f"/attachments/{attachment.pk}/" not in page
    tasks.scan_files()
    assert (clamd.scanned, Attachment.objects.get().scan) == ([b"all is well"], Scan.CLEAN)
    assert download(client, attachment).status_code == 200
    assert "No malware found" in client.get(f"/admin/care/case/{case.number}/").text


def test_file_waits_while_the_scanner_is_down(down, case, contact, signed_in, settings, now):
    attach(case, contact, now)
    assert actions.scan_files(now=now) == 0
    attachment = Attachment.objects.get()
    answer = download(signed_in(contact), attachment)
    assert (attachment.scan, answer.status_code) == (Scan.PENDING, 403)
    assert "This file is being checked." in answer.text
    with scanner() as again:
        settings.CLAMD_URL = again.url
        assert actions.scan_files(now=now) == 1
    assert Attachment.objects.get().scan == Scan.CLEAN


def test_one_file_without_a_verdict_does_not_stop_the_others(clamd, case, contact, now):
    attach(case, contact, now, b"x" * 300_000)
    attach(case, contact, now)
    assert actions.scan_files(now=now) == 1
    assert list(Attachment.objects.order_by("pk").values_list("scan", flat=True)) == [Scan.PENDING, Scan.CLEAN]


def test_files_are_released_where_there_is_no_scanner_any_more(down, case, contact, settings, now):
    attach(case, contact, now)
    settings.CLAMD_URL = ""
    assert actions.scan_files(now=now) == 1
    assert Attachment.objects.get().scan == Scan.NOT_CONFIGURED


def test_infected_file_is_deleted_and_refused_to_its_writer(
    clamd, case, contact, signed_in, now, django_capture_on_commit_callbacks
):
    draft = attach(case, contact, now, EICAR)
    stored = Attachment.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.scan_files(now=now)
    attachment = Attachment.objects.get()
    assert (attachment.scan, default_storage.exists(stored)) == (Scan.INFECTED, False)
    with pytest.raises(Refused, match="Malware was found in the file “trace.txt”. Remove it, then send again."):
        actions.reply(case, by=contact, text="See the trace.", draft=draft, now=now)
    client = signed_in(contact)
    assert "Malware was found in this file, and it was deleted." in client.get(f"/cases/{case.number}/").text
    assert download(client, attachment).status_code == 403
    actions.remove_file(attachment)
    assert actions.reply(case, by=contact, text="See the trace.", draft=draft, now=now)


def test_writer_reads_why_a_reply_with_an_infected_file_was_not_sent(clamd, case, contact, signed_in, now):
    attach(case, contact, now, EICAR)
    actions.scan_files(now=now)
    answer = signed_in(contact).post(f"/cases/{case.number}/reply/", {"text": "See the trace."})
    assert answer.status_code == 409
    assert "Malware was found in the file “trace.txt”. Remove it, then send again." in answer.text
    assert "See the trace.</textarea>" in answer.text
    assert not case.activities.filter(kind="WORK_NOTE").exists()


def test_file_found_infected_after_it_was_sent_is_deleted_and_told(
    clamd, case, contact, agent, signed_in, now, django_capture_on_commit_callbacks
):
    actions.reply(case, by=contact, text="See the trace.", draft=attach(case, contact, now, EICAR), now=now)
    OutboxMessage.objects.all().delete()
    stored = Attachment.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        actions.scan_files(now=now + MINUTE)
        actions.scan_files(now=now + MINUTE)
    attachment, client = Attachment.objects.get(), signed_in(contact)
    assert (attachment.scan, attachment.removed_at, default_storage.exists(stored)) == (Scan.INFECTED, now + MINUTE, False)
    assert case.activities.filter(kind="FILE_REFUSED", actor=None).count() == 1
    for page in (client.get(f"/cases/{case.number}/"), signed_in(agent).get(f"/admin/care/case/{case.number}/")):
        assert "Malware was found in the file “trace.txt”. The file was deleted." in page.text
    assert download(client, attachment).status_code == 404
    mail.outbox.clear()
    outbox.send_due(now=now + MINUTE)
    assert sorted(sent.to[0] for sent in mail.outbox) == [agent.email, contact.email]
    assert all("trace.txt" in sent.body and "file with malware deleted" in sent.subject for sent in mail.outbox)


def test_infected_file_of_an_internal_note_is_told_to_no_customer(clamd, case, contact, agent, now):
    actions.add_internal_note(case, by=agent, text="See", draft=attach(case, agent, now, EICAR, kind=Draft.Kind.NOTE), now=now)
    actions.scan_files(now=now)
    assert not Activity.objects.visible_to(contact).filter(kind="FILE_REFUSED").exists()
    assert Activity.objects.visible_to(agent).filter(kind="FILE_REFUSED").exists()
    assert not OutboxMessage.objects.filter(recipient=contact).exists()


def test_malware_says_nothing_about_status_or_clocks(clamd, case, contact, agent, now):
    actions.await_customer(case, by=agent, now=now)
    draft = attach(case, contact, now, EICAR)
    actions.reply(case, by=contact, text="See the trace.", draft=draft, now=now + MINUTE)
    before = list(case.clocks.order_by("pk").values("kind", "state", "due_at", "met_at"))
    actions.scan_files(now=now + 2 * MINUTE)
    assert fresh(case).status == "IN_PROGRESS"
    assert list(case.clocks.order_by("pk").values("kind", "state", "due_at", "met_at")) == before


def test_upload_wakes_the_worker_where_there_is_a_scanner(clamd, case, contact, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        attach(case, contact, now)
    assert "cases.tasks.scan_files" in [task.func() for task in OrmQ.objects.all()]


def test_the_schedule_scans_what_the_wake_up_missed(schedules):
    assert Schedule.objects.get(name="scan_files").func == "cases.tasks.scan_files"


@pytest.mark.parametrize("language", ["en", "fr", "ja", "ru"])
def test_mail_of_a_deleted_file_renders_in_every_language(language, clamd, case, contact, now):
    contact.language = language
    contact.save()
    actions.reply(case, by=contact, text="See the trace.", draft=attach(case, contact, now, EICAR), now=now)
    OutboxMessage.objects.all().delete()
    actions.scan_files(now=now)
    assert outbox.send_due(now=now) == 2
    (sent,) = [sent for sent in mail.outbox if sent.to == [contact.email]]
    assert case.number in sent.subject and "trace.txt" in sent.body
    assert f'<html lang="{language}">' in sent.alternatives[0].content
