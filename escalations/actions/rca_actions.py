"""Corrective and preventive actions of an RCA document: written with its draft, then followed to done (SPEC 8)."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cases.actions.writing import require
from cases.decision import Refused
from cases.text_cleaning import clean_text

from ..models import RcaAction, RcaDocument, RcaVersion
from ..permissions import can_write_documents
from ..rca_sections import copied_words

State = RcaAction.State


@transaction.atomic
def add_action(document, *, by, kind, words, owner, due_on):
    """Add an action to a document whose draft is written. Returns the `RcaAction`. Raises Refused."""
    document = _drafted(document, by)
    position = (document.actions.aggregate(last=Max("position"))["last"] or 0) + 1
    texts = _texts(words)
    return RcaAction.objects.create(document=document, kind=kind, words=texts, owner=owner, due_on=due_on, position=position)


@transaction.atomic
def change_action(action, *, by, kind, words, owner, due_on, expected_revision=None):
    """Write an action anew while the document is a draft. Returns it. Raises Refused, also where somebody else changed it meanwhile."""
    _drafted(action.document, by)
    action = _held(action, expected_revision)
    action.kind, action.words, action.owner, action.due_on = kind, _texts(words), owner, due_on
    action.save(update_fields=["kind", "words", "owner", "due_on", "revision"])
    return action


@transaction.atomic
def remove_action(action, *, by):
    """Take an action out of a draft. Raises Refused, also where it was published: what customers were told stays."""
    document = _drafted(action.document, by)
    if any(row["action"] == action.pk for version in document.versions.all() for row in version.actions_frozen):
        raise Refused(_("This action was published and cannot be removed."))
    action.delete()


@transaction.atomic
def follow_action(action, *, by, state, owner, due_on, now, expected_revision=None):
    """Say how far an action is, who does it and by when: at any time. Returns it.

    Raises Refused: an action needs an owner and a due date; somebody else changed it meanwhile.
    """
    require(can_write_documents(by))
    action = _held(action, expected_revision)
    if owner is None or due_on is None:
        raise Refused(_("An action needs an owner and a due date."))
    if state != action.state:
        action.done_at = now if state == State.DONE else None
    action.state, action.owner, action.due_on = state, owner, due_on
    action.save(update_fields=["state", "owner", "due_on", "done_at", "revision"])
    return action


def _held(action, expected_revision):
    """The action, locked, as the person saw it; its revision is raised, unsaved."""
    action = RcaAction.objects.select_for_update(of=("self",)).select_related("document").get(pk=action.pk)
    if expected_revision is not None and action.revision != expected_revision:
        raise Refused(
            _("Somebody else has changed this action meanwhile. Your entries are kept: look at theirs, then save again.")
        )
    action.revision += 1
    return action


def _drafted(document, by):
    """The document, locked, as one whose draft `by` writes in: none who wrote an action approves it either (SPEC 8)."""
    require(can_write_documents(by))
    document = RcaDocument.objects.select_for_update().get(pk=document.pk)
    draft = document.versions.filter(state=RcaVersion.State.DRAFT).first()
    if draft is None:
        raise Refused(_("The texts of the actions can be changed while the document is a draft."))
    draft.writers = list(dict.fromkeys([*draft.writers, by.pk]))
    draft.save(update_fields=["writers"])
    return document


def _texts(words):
    return copied_words({language: clean_text(text).text for language, text in words.items()})
