"""Incidents for tests, set up with the real actions."""

from escalations.actions.incident_links import link_cases
from escalations.actions.incidents import IncidentFacts, declare_incident, publish_update, raise_candidate
from escalations.actions.restoration import finish_restorations, restore_incident
from escalations.models import CaseLink, Incident

TITLE = {
    "en": "Inbound calls fail",
    "fr": "Les appels entrants échouent",
    "ja": "着信の障害",
    "ru": "Не проходят входящие вызовы",
}
WORDS = {
    "en": "Calls come in again.",
    "fr": "Les appels aboutissent de nouveau.",
    "ja": "着信は正常です。",
    "ru": "Вызовы снова проходят.",
}
SUMMARY = {"en": "A disk failed.", "fr": "Un disque est tombé en panne.", "ja": "ディスクが故障しました。", "ru": "Отказал диск."}


def facts(*, started_at, title=TITLE, severity_rank=1, affected=()):
    return IncidentFacts(title, severity_rank, started_at, list(affected))


def declare(by, *, now, state=Incident.State.IDENTIFIED, **changes):
    """A declared incident that started now, in this state."""
    incident = raise_candidate(facts(**{"started_at": now, **changes}), by=by, now=now)
    incident = declare_incident(incident, by=by, now=now)
    Incident.objects.filter(pk=incident.pk).update(state=state)
    incident.state = state
    return incident


def link(incident, *cases, by, now, way=CaseLink.Way.SINGLE):
    """Link cases, which become platform-level."""
    return link_cases(incident, cases, by=by, way=way, now=now)


def update(incident, *, by, now, state=Incident.State.IDENTIFIED, words=WORDS, next_update_at=None):
    """Publish an update."""
    return publish_update(incident, by=by, state=state, words=words, next_update_at=next_update_at, now=now)


def restore(incident, *, by, now, restored_at=None, words=WORDS, summary=SUMMARY):
    """Restore the incident and tell its cases, as the commit or the sweep does."""
    update = restore_incident(incident, by=by, restored_at=restored_at or now, words=words, summary=summary, now=now)
    finish_restorations(now=now)
    return update
