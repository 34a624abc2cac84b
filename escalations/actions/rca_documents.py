"""RCA documents from draft to published: written, reviewed, approved by a second person, published once, superseded by the next (SPEC 8)."""

from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cases.actions.writing import require
from cases.decision import Refused
from cases.text_cleaning import clean_text

from ..models import Incident, RcaDocument, RcaVersion
from ..permissions import can_approve, can_approve_documents, can_write_documents
from ..rca_delivery import deliver_documents
from ..rca_sections import SECTIONS, copied_words, drafted_timeline, in_order, missing_parts

State = RcaVersion.State


class StaleDocument(Exception):
    """Raised where somebody saved the version since the form was shown; the text typed must be kept (SAFETY 5)."""


class Incomplete(Refused):
    """Raised where a document is not ready for review; `missing` says which sections, languages and facts."""

    def __init__(self, missing):
        super().__init__(_("The document is not complete: see what is missing."))
        self.missing = missing


# --- writing -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def draft_document(about, *, by, now):
    """Begin the RCA of an incident, its timeline drafted from the public updates, or of a case without one. Returns the draft (`RcaVersion`).

    Raises Refused: the incident is not over, or there is a document already.
    """
    require(can_write_documents(by))
    of = {"incident": about} if isinstance(about, Incident) else {"case": about}
    if "incident" in of and about.restored_at is None:
        raise Refused(_("The incident is not restored yet."))
    try:
        with transaction.atomic():
            document = RcaDocument.objects.create(kind=RcaDocument.Kind.RCA, created_at=now, created_by=by, **of)
    except IntegrityError as error:
        raise Refused(_("There is an RCA document already.")) from error
    updates = about.updates.order_by("published_at", "pk") if "incident" in of else ()
    sections = {code: {} for code in SECTIONS} | {"SUMMARY": copied_words(about.summary if "incident" in of else {})}
    return RcaVersion.objects.create(
        document=document, number=1, sections=sections, timeline=drafted_timeline(updates), written_by=by, writers=[by.pk]
    )


@transaction.atomic
def save_draft(version, *, by, sections, timeline, expected_revision=None):
    """Keep what was typed in a draft: texts by section and language, rows of the timeline. Returns the version.

    Raises Refused (it is no draft any more), StaleDocument (somebody saved it meanwhile).
    """
    require(can_write_documents(by))
    version = _locked(version)
    if version.state != State.DRAFT:
        raise Refused(_("This version is no draft any more and cannot be changed."))
    _expect(version, expected_revision)
    texts = {code: copied_words(_clean(sections.get(code, {}))) for code in SECTIONS}
    rows = in_order([{**row, "words": copied_words(_clean(row["words"]))} for row in timeline])
    writers = list(dict.fromkeys([*version.writers, by.pk]))
    return _change(version, State.DRAFT, sections=texts, timeline=rows, writers=writers)


def _clean(texts):
    return {language: clean_text(text).text for language, text in texts.items()}


# --- review ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def submit_for_review(version, *, by, now, expected_revision=None):
    """Send a complete draft to review. Returns the version. Raises Incomplete, Refused, StaleDocument."""
    require(can_write_documents(by))
    version = _locked(version)
    _expect(version, expected_revision)
    if missing := missing_parts(version.sections, version.timeline, version.document.actions.all()):
        raise Incomplete(missing)
    return _change(version, State.DRAFT, state=State.IN_REVIEW, submitted_at=now, review_note="")


@transaction.atomic
def send_back(version, *, by, note, now, expected_revision=None):
    """Back to draft, with a note of what has to be better. Returns the version. Raises Refused, StaleDocument."""
    version = _locked(version)
    require(can_approve(by, version))
    _expect(version, expected_revision)
    note = clean_text(note).text.strip()
    if not note:
        raise Refused(_("Say what has to be changed."))
    back = {"state": State.DRAFT, "review_note": note, "submitted_at": None, "approved_by": None, "approved_at": None}
    return _change(version, (State.IN_REVIEW, State.APPROVED), **back)


@transaction.atomic
def approve(version, *, by, now, expected_revision=None):
    """Approve a version in review: a second person, who wrote nothing of it. Returns the version. Raises Refused, StaleDocument."""
    version = _locked(version)
    require(can_approve(by, version))
    _expect(version, expected_revision)
    return _change(version, State.IN_REVIEW, state=State.APPROVED, approved_by=by, approved_at=now)


# --- publication -------------------------------------------------------------------------------------------------------
@transaction.atomic
def publish(version, *, by, now, expected_revision=None):
    """Publish an approved version: immutable from now on, the one before it is superseded, the actions are kept as they are.

    It is delivered when this is committed, and by the sweep at the latest. Returns the version. Raises Refused (not approved, or somebody
    published it a moment ago), StaleDocument.
    """
    require(can_approve_documents(by))
    version = _locked(version)
    if version.state == State.PUBLISHED:
        raise Refused(_("Somebody has published this version already."))
    _expect(version, expected_revision)
    RcaVersion.objects.filter(document=version.document_id, state=State.PUBLISHED).update(state=State.SUPERSEDED)
    frozen = [_frozen(action) for action in version.document.actions.select_related("owner")]
    version = _change(version, State.APPROVED, state=State.PUBLISHED, published_by=by, published_at=now, actions_frozen=frozen)
    RcaDocument.objects.filter(pk=version.document_id).update(is_delivery_due=True)
    transaction.on_commit(partial(deliver_documents, now=now), robust=True)
    return version


def _frozen(action):
    return {
        "action": action.pk,
        "kind": action.kind,
        "words": action.words,
        "owner": action.owner_id,
        "due_on": action.due_on.isoformat() if action.due_on else None,
        "state": action.state,
    }


@transaction.atomic
def new_version(document, *, by, now):
    """Begin the next version as a copy of the published one. Returns the draft. Raises Refused: nothing is published, or one is in work."""
    require(can_write_documents(by))
    latest = RcaDocument.objects.select_for_update().get(pk=document.pk).versions.order_by("number").last()
    if latest is None or latest.state != State.PUBLISHED:
        raise Refused(_("There is a version in work already."))
    return RcaVersion.objects.create(
        document=document,
        number=latest.number + 1,
        sections=latest.sections,
        timeline=latest.timeline,
        written_by=by,
        writers=[by.pk],
    )


def _locked(version):
    """The version as it is now, under the lock of its document."""
    RcaDocument.objects.select_for_update().get(pk=version.document_id)
    return RcaVersion.objects.select_related("document__incident", "document__case").get(pk=version.pk)


def _expect(version, revision):
    if revision is not None and version.revision != revision:
        raise StaleDocument


def _change(version, states, **changes):
    """Change the version if it is in one of these states; SQLite has no row locks, so the statement itself decides. Raises Refused."""
    states = (states,) if isinstance(states, str) else states
    found = RcaVersion.objects.filter(pk=version.pk, state__in=states, revision=version.revision)
    if not found.update(revision=F("revision") + 1, **changes):
        raise Refused(_refusal(states))
    version.refresh_from_db()
    return version


def _refusal(states):
    if State.APPROVED in states and len(states) == 1:
        return _("Only an approved version can be published.")
    if State.DRAFT in states:
        return _("This version is no draft any more.")
    return _("This version is not in review.")
