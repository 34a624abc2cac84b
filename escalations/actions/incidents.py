"""Platform incidents: raised, declared, told about in updates, closed (SPEC 7). How cases are linked to them: `incident_links`."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cases.actions.writing import recorded, require
from cases.decision import Refused, StaleCase
from cases.text_cleaning import clean_line, clean_text
from cases.timeline import Entry, Kind, locked
from sla.texts import ENGLISH

from ..attempts import attempt
from ..models import Incident, IncidentComponent, IncidentUpdate
from ..permissions import can_declare_incident, can_raise_incident
from ..status_mails import tell_subscribers

log = logging.getLogger(__name__)
State = Incident.State
TOLD_STATES = (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)  # an update leads to any of them, also back
IS_OVER = (State.DISMISSED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What an incident is: its title by language (English required), severity rank, start, and (component, region, impact) of what it affects."""

    title: dict
    severity_rank: int
    started_at: datetime
    affected: list = field(default_factory=list)


def held(incident, *, expected_version=None):
    """The incident as it is now, locked until the transaction ends; always locked before its cases. Raises StaleCase for an older version."""
    row = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    if expected_version is not None and expected_version != row.version:
        raise StaleCase
    return row


def in_languages(texts, sentence, clean=lambda text: clean_text(text).text):
    """The texts that say something, cleaned. Raises Refused with the sentence where English is missing."""
    texts = {language: clean(text) for language, text in texts.items() if text}
    texts = {language: text for language, text in texts.items() if text}
    if ENGLISH not in texts:
        raise Refused(sentence)
    return texts


# --- what it is --------------------------------------------------------------------------------------------------------
@transaction.atomic
def raise_candidate(facts, *, by, now, cluster_key=""):
    """Say that there may be an incident: the care team alone sees it. Returns the `Incident`, or None where the cluster has raised one already.

    `by` is None for the portal, which raises one for each `cluster_key`, under however many workers. Raises Refused.
    """
    if by is not None:
        require(can_raise_incident(by))
    incident = Incident(created_at=now, created_by=by, cluster_key=cluster_key)
    _take(incident, facts, now=now)
    if not _inserted(incident):
        return None
    _affect(incident, facts.affected)
    return incident


def _inserted(incident):
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError:
        if not incident.cluster_key:
            raise
        return False
    return True


@transaction.atomic
def declare_incident(incident, *, by, now, facts=None, expected_version=None):
    """Declare a candidate: it is public from now on, under the title of `facts` where they are given. Returns the `Incident`.

    Raises Refused: not an incident manager, or no candidate any more. Raises StaleCase.
    """
    incident = held(incident, expected_version=expected_version)
    require(can_declare_incident(by))
    if incident.state != State.CANDIDATE:
        raise Refused(_("Somebody has decided this candidate meanwhile."))
    if facts:
        _take(incident, facts, now=now)
        _affect(incident, facts.affected)
    incident.state, incident.declared_at, incident.declared_by = State.DECLARED, now, by
    return _changed(incident)


@transaction.atomic
def change_incident(incident, *, by, facts, now, expected_version=None):
    """Correct what an incident is; its cases read the new title with the next update. Returns the `Incident`. Raises Refused, StaleCase."""
    incident = held(incident, expected_version=expected_version)
    require(can_declare_incident(by))
    if incident.state in IS_OVER:
        raise Refused(_("This incident is closed."))
    _take(incident, facts, now=now)
    _affect(incident, facts.affected)
    return _changed(incident)


@transaction.atomic
def dismiss_candidate(incident, *, by, now, expected_version=None):
    """Say that a candidate is none. Returns the `Incident`. Raises Refused, StaleCase."""
    incident = held(incident, expected_version=expected_version)
    require(can_declare_incident(by))
    if incident.state != State.CANDIDATE:
        raise Refused(_("Somebody has decided this candidate meanwhile."))
    incident.state, incident.closed_at = State.DISMISSED, now
    return _changed(incident)


@transaction.atomic
def close_incident(incident, *, by, now, expected_version=None):
    """Close a restored incident: no case is linked to it any more. Returns the `Incident`. Raises Refused, StaleCase."""
    incident = held(incident, expected_version=expected_version)
    require(can_declare_incident(by))
    if incident.state != State.RESTORED:
        raise Refused(_("Only a restored incident can be closed."))
    incident.state, incident.closed_at = State.CLOSED, now
    return _changed(incident)


def _take(incident, facts, *, now):
    if facts.started_at > now:
        raise Refused(_("The incident cannot have started in the future."))
    if incident.restored_at and incident.restored_at < facts.started_at:
        raise Refused(_("The incident cannot have been restored before it started."))
    incident.title = in_languages(facts.title, _("The title needs its English text."), clean=_one_line)
    incident.severity_rank, incident.started_at = facts.severity_rank, facts.started_at


def _one_line(text):
    return clean_line(clean_text(text).text)


def _affect(incident, affected):
    incident.affected.all().delete()
    rows = {(component, region): impact for component, region, impact in affected}
    IncidentComponent.objects.bulk_create(
        IncidentComponent(incident=incident, component=component, region=region, impact=impact)
        for (component, region), impact in rows.items()
    )


def _changed(incident):
    incident.version += 1
    incident.save()
    return incident


# --- what is said of it ------------------------------------------------------------------------------------------------
@transaction.atomic
def publish_update(incident, *, by, state, words, next_update_at, now, expected_version=None):
    """Tell everybody how an active incident stands, also in each open case linked to it. Returns the `IncidentUpdate`.

    `words`: texts by language, English required, the others may follow (`translate_update`). `next_update_at`: when the next update comes, or
    None. Restoring is `restoration.restore_incident`. Raises Refused, StaleCase.
    """
    incident = held(incident, expected_version=expected_version)
    require(can_declare_incident(by))
    _require_told(incident, state, next_update_at, now)
    update = IncidentUpdate.objects.create(
        incident=incident,
        state=state,
        words=in_languages(words, _("The update needs its English text.")),
        published_at=now,
        published_by=by,
        next_update_at=next_update_at,
    )
    incident.state = state
    _changed(incident)
    _tell_cases(incident, update, by=by, now=now)
    tell_subscribers(update, now=now)
    return update


def _require_told(incident, state, next_update_at, now):
    if not incident.is_active:
        raise Refused(_("Updates are published while an incident is active: declared, and not yet restored."))
    if state not in TOLD_STATES:
        raise Refused(_("An update says that we investigate, have identified the cause, or monitor the repair."))
    if next_update_at and next_update_at <= now:
        raise Refused(_("The promised time must lie in the future."))


def _tell_cases(incident, update, *, by, now):
    """A case that cannot be told does not keep the public from reading the update, nor the other cases."""
    for link in incident.links.current().select_related("case").order_by("case_id"):
        tell = partial(_tell_case, link.case, update, by=by, now=now)
        attempt(tell, log, "The update %s of %s could not be told in case %s.", update.pk, incident.number, link.case.number)


@transaction.atomic
def _tell_case(case, update, *, by, now):
    case = locked(case)
    if not case.is_closed:
        recorded(case, update_entry(update), by=by, now=now)


def update_entry(update, **more):
    """An update as an activity of a linked case."""
    promise = update.next_update_at
    data = {
        **data_of(update.incident),
        "state": update.state,
        "words": update.words,
        "update": update.pk,
        **({"next_update_at": promise.isoformat()} if promise else {}),
    }
    return Entry(Kind.INCIDENT_UPDATE, data=data, **more)


def data_of(incident):
    """What every activity about an incident carries."""
    return {"incident": incident.number, "title": incident.title}


@transaction.atomic
def translate_update(update, *, by, words, now):
    """Add translations that were missing: what was published stays as it is, and nobody is told again. Returns the `IncidentUpdate`.

    Raises Refused: not an incident manager, or nothing new is said.
    """
    update = IncidentUpdate.objects.select_for_update(no_key=True).get(pk=update.pk)
    require(can_declare_incident(by))
    cleaned = {language: clean_text(text).text for language, text in words.items() if text and language not in update.words}
    added = {language: text for language, text in cleaned.items() if text}
    if not added:
        raise Refused(_("There is no new translation. What is published is not changed any more."))
    update.words = {**update.words, **added}
    update.save(update_fields=["words"])
    return update
