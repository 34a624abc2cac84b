"""RCA documents for tests: written with the real actions."""

from datetime import timedelta

from escalations.actions import rca_actions, rca_documents
from escalations.models import RcaAction
from escalations.rca_delivery import deliver_documents
from escalations.rca_sections import LANGUAGES, SECTIONS

from . import incidents

HOUR = timedelta(hours=1)


def in_each_language(text):
    """A text that says its language."""
    return {language: f"{text} ({language})" for language in LANGUAGES}


def sections(text="Words"):
    """Every section in every language."""
    return {code: in_each_language(f"{text} of {code.lower()}") for code in SECTIONS}


def restored_incident(cases, *, by, now):
    """An incident that these cases are linked to and that was restored an hour after it began."""
    incident = incidents.declare(by, now=now)
    for case in cases:
        incidents.link(incident, case, by=by, now=now)
    incidents.restore(incident, by=by, now=now + HOUR)
    incident.refresh_from_db()
    return incident


def complete_draft(about, *, by, now, text="Words"):
    """A draft with everything it needs, and one action."""
    version = rca_documents.draft_document(about, by=by, now=now)
    rca_documents.save_draft(version, by=by, sections=sections(text), timeline=version.timeline)
    rca_actions.add_action(
        version.document,
        by=by,
        kind=RcaAction.Kind.PREVENTIVE,
        words=in_each_language("A second disk"),
        owner=by,
        due_on=(now + timedelta(days=14)).date(),
    )
    version.refresh_from_db()
    return version


def approved(about, *, by, second, now, text="Words"):
    """The same, reviewed and approved by the second person."""
    version = complete_draft(about, by=by, now=now, text=text)
    rca_documents.submit_for_review(version, by=by, now=now)
    return rca_documents.approve(version, by=second, now=now)


def published(about, *, by, second, now, text="Words"):
    """The same, published and delivered."""
    version = rca_documents.publish(approved(about, by=by, second=second, now=now, text=text), by=second, now=now)
    deliver_documents(now=now)
    return version
