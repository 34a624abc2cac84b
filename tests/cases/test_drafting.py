"""Drafts and their files: nothing is lost, no secret is written, nobody reaches another's."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from cases import actions
from cases.actions import drafting
from cases.models import Attachment, Draft, SubmittedForm
from cases.models.drafts import key_of_draft
from cases.problem import Problem
from tests.stories import open_case

CODE = "K7QF3M"


def upload(name="console.log", content=b"all is well\n"):
    return SimpleUploadedFile(name, content)


def save(by, now, code=CODE, kind=Draft.Kind.CASE, **more):
    return actions.save_draft(code, by=by, kind=kind, now=now, **{"data": {"subject": "Calls drop"}, **more})


@pytest.fixture
def draft(contact, organization, now):
    return save(contact, now, organization=organization)


def test_draft_is_made_once_and_written_again(draft, contact, organization, now):
    again = save(contact, now + timedelta(minutes=1), data={"description": "Every second one"})
    assert (again.pk, again.organization) == (draft.pk, organization)
    assert again.data == {"subject": "Calls drop", "description": "Every second one"}
    assert again.updated_at == now + timedelta(minutes=1)


def test_draft_holds_no_secret_and_says_what_was_masked(contact, now):
    draft = save(contact, now, data={"description": "my password: hunter2\x00", "steps": "api_key=abcdefgh"})
    draft.refresh_from_db()
    assert draft.data == {"description": "my password: ••••••••", "steps": "api_key=••••••••", "masked": ["api_key", "password"]}
    assert save(contact, now, data={"subject": "more"}).data["masked"] == ["api_key", "password"]


def test_draft_of_somebody_else_is_not_written(draft, colleague, now):
    with pytest.raises(Draft.DoesNotExist):
        save(colleague, now)


def test_two_windows_write_one_reply(contact, now):
    case = open_case(contact, now=now)
    first = save(contact, now, kind=Draft.Kind.REPLY, case=case, data={"text": "one"})
    second = save(contact, now, code="AAAAAA", kind=Draft.Kind.REPLY, case=case, data={"text": "two"})
    assert (second.pk, second.code, second.data) == (first.pk, CODE, {"text": "two"})


def test_file_is_kept_with_the_draft_and_its_secrets_masked(draft, contact, now):
    kept = actions.keep_file(upload("../a.log", b"password: hunter2\n"), draft=draft, by=contact, now=now)
    assert (kept.name, kept.content_type, kept.size, kept.masked) == ("a.log", "text/plain", 19, ["password"])
    assert kept.file.read() == b"password: ********\n"
    assert "a.log" not in kept.file.name


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("a.exe", b"MZ\x00", "file_type"), ("a.png", b"words", "file_content"), ("a.txt", b"", "file_empty")],
)
def test_file_that_is_not_taken_is_refused(name, content, code, draft, contact, now):
    with pytest.raises(Problem) as refused:
        actions.keep_file(upload(name, content), draft=draft, by=contact, now=now)
    assert refused.value.code == code
    assert not draft.attachments.exists()


def test_file_above_the_limit_is_not_read(draft, contact, now, settings):
    settings.ATTACHMENT_MAX_BYTES = 3
    with pytest.raises(Problem) as refused:
        actions.keep_file(upload(), draft=draft, by=contact, now=now)
    assert refused.value == Problem("file_too_large", name="console.log", size=12, max=3)


def test_eleventh_file_is_refused_and_leaves_nothing_behind(draft, contact, now, settings):
    settings.ATTACHMENT_MAX_COUNT = 1
    first = actions.keep_file(upload(), draft=draft, by=contact, now=now)
    stored = set(_stored())
    with pytest.raises(Problem) as refused:
        actions.keep_file(upload("two.log"), draft=draft, by=contact, now=now)
    assert refused.value == Problem("too_many_files", name="two.log", max=1)
    assert list(draft.attachments.all()) == [first]
    assert set(_stored()) == stored


def _stored(folder="attachments"):
    folders, files = default_storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from _stored(f"{folder}/{name}")


def test_file_that_arrives_after_its_message_was_sent_is_refused_in_words(contact, now):
    case = open_case(contact, now=now)
    draft = save(contact, now, kind=Draft.Kind.REPLY, case=case, data={"text": "See the log"})
    stored = set(_stored())
    actions.reply(case, by=contact, text="See the log", draft=Draft.objects.get(), now=now)
    with pytest.raises(Problem) as refused:
        actions.keep_file(upload(), draft=draft, by=contact, now=now)
    assert refused.value == Problem("draft_sent", name="console.log")
    assert set(_stored()) == stored


def test_page_that_is_saved_while_its_draft_is_sent_brings_nothing_back(draft, contact, now):
    SubmittedForm.objects.create(user=contact, key=key_of_draft(CODE), result_url="/cases/CS-1000042/sent/", submitted_at=now)
    draft.delete()
    assert save(contact, now) is None
    assert not Draft.objects.exists()
    actions.refuse_draft(Draft(pk=draft.pk or 1), now=now)


def test_removed_file_is_gone_from_the_store(draft, contact, now, django_capture_on_commit_callbacks):
    kept = actions.keep_file(upload(), draft=draft, by=contact, now=now)
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_file(kept)
    assert not Attachment.objects.exists()
    assert not default_storage.exists(kept.file.name)


def test_file_that_was_sent_is_not_removed_with_the_draft(draft, contact, organization, now):
    kept = actions.keep_file(upload(), draft=draft, by=contact, now=now)
    case = open_case(contact, now=now)
    Attachment.objects.filter(pk=kept.pk).update(activity=case.activities.first(), case=case)
    actions.remove_file(kept)
    assert Attachment.objects.filter(pk=kept.pk).exists()


def test_old_drafts_and_orphans_are_removed(draft, contact, now, django_capture_on_commit_callbacks):
    kept = actions.keep_file(upload(), draft=draft, by=contact, now=now)
    orphan = actions.keep_file(upload(), draft=draft, by=contact, now=now)
    Attachment.objects.filter(pk=orphan.pk).update(draft=None)
    assert actions.discard_old_drafts(now=now + timedelta(days=drafting.KEPT_DAYS)) == 0
    assert list(Attachment.objects.all()) == [kept]
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.discard_old_drafts(now=now + timedelta(days=drafting.KEPT_DAYS, seconds=1)) == 1
    assert not Draft.objects.exists()
    assert not Attachment.objects.exists()
    assert not default_storage.exists(kept.file.name)


def test_refused_draft_is_found_by_cleared_staff_only(draft, agent, agent_not_cleared, now):
    assert not Draft.objects.with_code(CODE, user=agent).exists()
    actions.refuse_draft(draft, now=now)
    assert Draft.objects.with_code(" k7qf3m ", user=agent).get() == draft
    assert not Draft.objects.with_code(CODE, user=agent_not_cleared).exists()
