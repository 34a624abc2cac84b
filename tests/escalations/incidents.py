"""Incidents for tests, until their own actions set the scene."""

from cases import actions
from cases.models import Case
from escalations.actions.restoration import finish_restorations, restore_incident
from escalations.models import CaseLink, Incident
from tests.stories import fresh

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


def declare(by, *, now, severity_rank=1, state=Incident.State.IDENTIFIED):
    """A declared incident that started now."""
    return Incident.objects.create(
        title=TITLE,
        state=state,
        severity_rank=severity_rank,
        started_at=now,
        declared_at=now,
        declared_by=by,
        created_at=now,
        created_by=by,
    )


def link(incident, case, *, by, now):
    """Link a case, which becomes platform-level."""
    if case.scope != Case.Scope.PLATFORM:
        actions.set_scope(fresh(case), by=by, scope=Case.Scope.PLATFORM, now=now)
    return CaseLink.objects.create(incident=incident, case=case, linked_at=now, linked_by=by)


def restore(incident, *, by, now, restored_at=None, words=WORDS, summary=SUMMARY):
    """Restore the incident and tell its cases, as the commit or the sweep does."""
    update = restore_incident(incident, by=by, restored_at=restored_at or now, words=words, summary=summary, now=now)
    finish_restorations(now=now)
    return update
