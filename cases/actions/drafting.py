"""What is typed and attached but not sent (SPEC 2, UX 4.7, 4.8): drafts, their files, and their end. Nothing of it is in a timeline yet."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from ..attachment_rules import check_file, check_size
from ..models import Attachment, Draft, SubmittedForm
from ..problem import Problem
from ..secret_masking import mask
from ..text_cleaning import clean_characters
from .scanning import first_state, wake_scanner

KEPT_DAYS = 30
MASKED = "masked"  # in a draft's data: the kinds of secret that were masked in it, to be told


def save_draft(code, *, by, kind, data, now, organization=None, case=None):
    """Write down what is typed, secrets masked; makes the draft of this code where there is none. Returns the draft, None where it was sent.

    A reply or note has one draft for each person and case: a second window writes into the same. Raises Draft.DoesNotExist where the code
    is somebody else's.
    """
    arguments = {"by": by, "kind": kind, "data": data, "now": now, "organization": organization, "case": case}
    try:
        return _save(code, **arguments)
    except IntegrityError:  # made at the same moment by another window: write into that one
        return _save(code, **arguments)


@transaction.atomic
def _save(code, *, by, kind, data, now, organization, case):
    draft = _draft_of(code, by=by, kind=kind, case=case)
    if draft.pk is None and kind == Draft.Kind.CASE and SubmittedForm.objects.of_draft(code).filter(user=by).exists():
        return None  # asked behind the lock: a page that is still open does not bring back what has become a case
    draft.organization = organization or draft.organization
    draft.data = _masked({**draft.data, **data})
    draft.updated_at = now
    draft.save()
    return draft


def _draft_of(code, *, by, kind, case):
    mine = Draft.objects.filter(user=by, kind=kind, case=case)
    draft = mine.select_for_update().filter(**({} if case else {"code": code})).first()
    # Only another's code is foreign. One's own that appears between these two questions is another window's: saving finds it again.
    if draft is None and Draft.objects.filter(code=code).exclude(pk__in=mine.values("pk")).exists():
        raise Draft.DoesNotExist
    return draft or Draft(user=by, kind=kind, case=case, code=code)


def _masked(data):
    """The texts of a form without what cannot be stored and without secrets; the kinds that were masked stand beside."""
    kinds = set(data.get(MASKED, ()))
    clean = {}
    for name, text in data.items():
        masked = mask(clean_characters(text)) if isinstance(text, str) else None
        clean[name] = masked.text if masked else text
        kinds |= set(map(str, masked.kinds)) if masked else set()
    return {**clean, MASKED: sorted(kinds)} if kinds else clean


def refuse_draft(draft, *, now):
    """Mark a critical draft as sent to the phone: care staff find it by its code (SPEC 2). Returns the draft. One that is gone stays gone."""
    draft.refused_at = now
    Draft.objects.filter(pk=draft.pk).update(refused_at=now)
    return draft


def keep_file(upload, *, draft, by, now):
    """Keep an uploaded file with a draft, the secrets in a text file masked before it is stored. Returns the attachment.

    Reading, masking and writing the file happen before the lock, which is held for the count alone. Raises Problem: `file_empty`,
    `file_too_large`, `file_type`, `file_content`, `too_many_files`, `draft_sent`.
    """
    check_size(upload.name, upload.size, most=settings.ATTACHMENT_MAX_BYTES)
    checked = check_file(upload.name, upload.read())
    attachment = Attachment(
        draft=draft,
        name=checked.name,
        size=len(checked.content),
        content_type=checked.content_type,
        digest=hashlib.sha256(checked.content).hexdigest(),
        masked=checked.masked,
        scan=first_state(),
        uploaded_by=by,
        uploaded_at=now,
    )
    attachment.file.save(checked.name, ContentFile(checked.content), save=False)
    try:
        _keep_within_count(attachment, draft)
    except Exception:
        default_storage.delete(attachment.file.name)
        raise
    return attachment


@transaction.atomic
def _keep_within_count(attachment, draft):
    if not Draft.objects.select_for_update().filter(pk=draft.pk).exists():  # sent while the file was on its way
        raise Problem("draft_sent", name=attachment.name)
    if draft.attachments.count() >= settings.ATTACHMENT_MAX_COUNT:
        raise Problem("too_many_files", name=attachment.name, max=settings.ATTACHMENT_MAX_COUNT)
    attachment.save()
    if attachment.scan == Attachment.Scan.PENDING:
        wake_scanner()


def remove_file(attachment):
    """Take a file off its draft for good. One that was sent with an activity stays (`redact` removes those)."""
    with transaction.atomic():
        gone = list(Attachment.objects.select_for_update().filter(pk=attachment.pk, activity=None))
        Attachment.objects.filter(pk__in=[each.pk for each in gone]).delete()
        transaction.on_commit(lambda: _delete_stored(gone))


def discard_draft(draft):
    """Delete a draft and its files for good."""
    with transaction.atomic():
        gone = list(draft.attachments.select_for_update().filter(activity=None))
        Attachment.objects.filter(pk__in=[each.pk for each in gone]).delete()
        draft.delete()
        transaction.on_commit(lambda: _delete_stored(gone))


def discard_old_drafts(*, now):
    """Delete drafts that nobody has touched for 30 days, and files that lost their draft. Returns how many drafts. Safe to run twice."""
    old = list(Draft.objects.filter(updated_at__lt=now - timedelta(days=KEPT_DAYS))[:500])
    for draft in old:
        discard_draft(draft)
    for attachment in Attachment.objects.filter(draft=None, activity=None, uploaded_at__lt=now - timedelta(days=1))[:500]:
        remove_file(attachment)
    return len(old)


def _delete_stored(attachments):
    for attachment in attachments:
        attachment.file.delete(save=False)
