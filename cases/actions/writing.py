"""What people write on a case: replies, notes, calls (SPEC 4)."""

from datetime import timedelta
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from ..decision import Refused
from ..models import ActivityText, Attachment, Case, CaseDetails
from ..notifications import forget, tell
from ..permissions import can_add_note, can_log_call, can_redact, can_reply
from ..text_cleaning import clean_text
from ..timeline import INTERNAL, Entry, Kind, locked, record

REPEATED = timedelta(minutes=10)  # the same words again within this time are the same message
AFTER_REPLY = {"": None, "AWAITING_CUSTOMER": Kind.AWAITING_CUSTOMER}


def require(decision):
    """Raise Refused where the decision is a refusal."""
    if not decision:
        raise Refused(decision.reason)


def claim_draft(draft, activity):
    """Move a draft's files to the activity they were sent with; the draft is done.

    Raises Refused where malware was found in one and its writer sends it. Who takes up somebody else's draft goes on without the file.
    """
    if draft is None:
        return
    files = draft.attachments.filter(activity=None)
    infected = files.filter(scan=Attachment.Scan.INFECTED).first() if draft.user_id == activity.actor_id else None
    if infected:
        raise Refused(_("Malware was found in the file “%(name)s”. Remove it, then send again.") % {"name": infected.name})
    files.exclude(scan=Attachment.Scan.INFECTED).update(activity=activity, case=activity.case_id, draft=None)
    draft.delete()


def language_of(case, by):
    """The language that a text meant for both sides is marked with: customers write in their own, the care team in the case's."""
    return case.language if by.is_staff else by.language


def words(text, *, kind, language="", data=None, **more):
    """An entry for what somebody typed: cleaned and masked before the first write (SAFETY 7)."""
    clean = clean_text(text)
    return Entry(kind, clean.text, language, {**(data or {}), **({"masked": clean.masked} if clean.masked else {})}, **more)


def recorded(case, *entries, by, now):
    """Record the entries, tell whom they concern, and return the activity of the last one."""
    activities = record(case, *entries, by=by, now=now)
    for activity in activities:
        tell(activity, now=now)
    return activities[len(entries) - 1]


@transaction.atomic
def reply(case, *, by, text, now, then="", channel="PORTAL", draft=None, expected_version=None):
    """Write to the other side. Returns the activity.

    From the care team a public reply, after which the case may wait for the customer (`then="AWAITING_CUSTOMER"`); from a contact a work
    note, which ends a wait for them, takes back a proposed resolution and reopens a case closed within the policy's window. The very words
    that the same person wrote a moment ago are not written again. Raises Refused, StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_reply(by, case, now=now))
    entries = [words(text, kind=Kind.REPLY if by.is_staff else Kind.WORK_NOTE, language=language_of(case, by), channel=channel)]
    written = _said_just_now(case, entries[0], by=by, now=now)
    if written and case.status == (then or case.status) and not (draft and draft.attachments.exists()):
        claim_draft(draft, written)
        return written
    if by.is_staff and AFTER_REPLY[then]:
        entries.append(Entry(AFTER_REPLY[then]))
    if case.is_closed:
        entries.insert(0, Entry(Kind.REOPENED, data={"cause": "reply"}))
    activities = record(case, *entries, by=by, now=now)
    written = next(activity for activity in activities if activity.kind in (Kind.REPLY, Kind.WORK_NOTE))
    claim_draft(draft, written)
    for activity in activities:
        tell(activity, now=now)
    return written


def _said_just_now(case, entry, *, by, now):
    """The same words of the same person, with nothing of anybody else after them: the Back button brought a sent text into a new form."""
    theirs = case.activities.filter(kind=entry.kind, actor=by, recorded_at__gt=now - REPEATED, text_row__text=entry.text)
    written = theirs.order_by("pk").last()
    is_latest = written and not case.activities.filter(pk__gt=written.pk).exclude(actor=by).exists()
    return written if is_latest else None


@transaction.atomic
def add_internal_note(case, *, by, text, now, draft=None, expected_version=None):
    """Write a note for the care team only. Returns the activity. Raises Refused, StaleCase."""
    case = locked(case, expected_version=expected_version)
    require(can_add_note(by, case))
    note = recorded(case, words(text, kind=Kind.INTERNAL_NOTE, language=by.language, visibility=INTERNAL), by=by, now=now)
    claim_draft(draft, note)
    return note


@transaction.atomic
def log_call(case, *, by, text, now, started_at, with_customer=True, expected_version=None):
    """Log a phone call with its real start: not before the opening, not after now. A call with the customer is a response (SPEC 5),
    and ends a wait for them (SPEC 4).

    Returns the activity. Raises Refused, StaleCase.
    """
    case = locked(case, expected_version=expected_version)
    require(can_log_call(by, case))
    if not case.opened_at <= started_at <= now:
        raise Refused(_("The call must have started after the case was opened and before now."))
    entry = words(
        text,
        kind=Kind.CALL,
        language=language_of(case, by) if with_customer else by.language,
        data={"with_customer": with_customer},
        channel=Case.Channel.PHONE,
        occurred_at=started_at,
        **({} if with_customer else {"visibility": INTERNAL}),
    )
    answer = [Entry(Kind.RESUMED, occurred_at=started_at)] if with_customer and _is_answer(case, started_at) else []
    return recorded(case, *answer, entry, by=by, now=now)


def _is_answer(case, at):
    """Is the customer waited for, and were they asked before this moment?"""
    asked = case.activities.filter(kind__in=(Kind.AWAITING_CUSTOMER, Kind.ANSWER_NOT_ADEQUATE)).order_by("pk").last()
    return case.status == Case.Status.AWAITING_CUSTOMER and asked.occurred_at < at


@transaction.atomic
def redact(activity, *, by, reason, now):
    """Remove the text and the files of an activity for good; the tombstone says who, when and why (SPEC 4).

    With the text of the opening go the subject and the answers that were given then. Raises Refused, also where the text was removed before: a
    tombstone stays as it is.
    """
    from_case = locked(activity.case)
    require(can_redact(by, from_case))
    text_row, _created = ActivityText.objects.get_or_create(activity=activity)
    if text_row.redacted_at:
        raise Refused(_("The text was removed."))
    text_row.text = ""
    text_row.redacted_at, text_row.redacted_by, text_row.redaction_reason = now, by, clean_text(reason).text[:200]
    text_row.save()
    if activity.kind == Kind.OPENED:
        from_case.subject = ""
        CaseDetails.objects.filter(case=from_case).update(**dict.fromkeys(CaseDetails.WORDS, ""))
    _remove_files(activity, now=now)
    forget(activity)
    record(from_case, Entry(Kind.REDACTED, data={"activity": activity.pk}, visibility=activity.visibility), by=by, now=now)


def _remove_files(activity, *, now):
    """The rows stay and say when; the stored files go once that is certain."""
    for attachment in activity.attachments.select_for_update().filter(removed_at=None):
        stored = attachment.file.name
        attachment.file, attachment.removed_at = "", now
        attachment.save(update_fields=["file", "removed_at"])
        transaction.on_commit(partial(default_storage.delete, stored))
