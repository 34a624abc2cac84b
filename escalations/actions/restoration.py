"""The end of a platform incident, and what each support policy says follows it in the linked cases (SPEC 7, 8).

The incident is restored in one transaction; then each linked case is told in one of its own, by whoever comes first: the request that restored
it, or the sweep, which finds what a crash left over. A link is claimed by a conditional UPDATE, so each case is told once.
"""

import logging
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cases import actions as case_actions
from cases.decision import Refused
from cases.notifications import tell
from cases.rca_owed import PRELIMINARY, owes_preliminary
from cases.timeline import Entry, Kind, locked, record
from sla.policies import rules_of
from sla.texts import ENGLISH, in_language, is_fallback

from ..attempts import attempt
from ..models import CaseLink, Incident, IncidentUpdate
from ..permissions import can_restore
from ..status_mails import tell_subscribers
from .incidents import held, in_languages, update_entry

log = logging.getLogger(__name__)
BATCH = 300  # cases told in one run of the sweep
AT_ONCE = 50  # and by the request that restores the incident, for a person waits
CRITICAL = 1  # the severity whose cases a restoration resolves, where the policy says so


@transaction.atomic
def restore_incident(incident, *, by, restored_at, words, summary, now, expected_version=None):
    """End a declared incident: `words` is the public update, `summary` what its cases are told; texts by language, English required.

    Returns the IncidentUpdate. The linked cases are told when this is committed, and by the sweep at the latest. Raises Refused: not
    declared, restored already, restored before it started or in the future, no English text. Raises StaleCase.
    """
    incident = held(incident, expected_version=expected_version)
    _require_restorable(incident, by, restored_at, now)
    words = in_languages(words, _("The update needs its English text."))
    summary = in_languages(summary, _("The incident summary needs its English text."))
    active = Incident.objects.active().filter(pk=incident.pk)
    changed = active.update(state=Incident.State.RESTORED, restored_at=restored_at, summary=summary, version=F("version") + 1)
    if not changed:
        raise Refused(_("This incident is restored already."))
    update = IncidentUpdate.objects.create(
        incident=incident, state=Incident.State.RESTORED, words=words, published_at=now, published_by=by
    )
    tell_subscribers(update, now=now)
    transaction.on_commit(partial(finish_restorations, now=now, most=AT_ONCE), robust=True)
    return update


def _require_restorable(incident, by, restored_at, now):
    decision = can_restore(by, incident)
    if not decision:
        raise Refused(decision.reason)
    if restored_at < incident.started_at:
        raise Refused(_("The incident cannot have been restored before it started."))
    if restored_at > now:
        raise Refused(_("The incident cannot have been restored in the future."))


# --- the linked cases --------------------------------------------------------------------------------------------------


def finish_restorations(*, now, most=BATCH):
    """Tell the cases, `most` of them, that are linked to a restored incident and do not know yet. Returns how many were told.

    A case that cannot be told does not hold up the others; the next run tries again.
    """
    waiting = CaseLink.objects.current().filter(restoration_told_at=None, incident__restored_at__isnull=False)
    keys = list(waiting.order_by("incident", "pk").values_list("pk", flat=True)[:most])  # as `restoration_to_tell` has them
    if not keys:
        return 0
    links = CaseLink.objects.filter(pk__in=keys).select_related("incident", "case").order_by("pk")
    return sum(_told(link, now) for link in links)


def _told(link, now):
    tell = partial(tell_restoration, link, now=now)
    return bool(attempt(tell, log, "The restoration could not be told in case %s.", link.case.number))


@transaction.atomic
def tell_restoration(link, *, now):
    """Tell one linked case that the service is restored, and do there what its policy says. True where it was not told before.

    Every case learns when, for its RCA's clock begins then; an open one gets the update and the incident summary; one of severity 1 moves to
    resolution proposed with that summary where the policy says so, and the case that waits for its RCA is opened.
    """
    case, incident = locked(link.case), link.incident
    claimed = CaseLink.objects.current().filter(pk=link.pk, restoration_told_at=None)
    if not claimed.update(restoration_told_at=now):
        return False
    update = incident.updates.filter(state=Incident.State.RESTORED).select_related("published_by").last()
    is_resolved = _resolves(case)
    entries = [*_restored(case, incident), *_news(case, incident, update, is_resolved=is_resolved)]
    if entries:
        for activity in record(case, *entries, by=update.published_by, now=now):
            tell(activity, now=now)
    if is_resolved:
        case_actions.open_rca_follow_up(case, now=now)
    return True


def _resolves(case):
    """Does the restoration resolve the case? As the policy says; never one that is resolved already, or waits for an RCA."""
    rca = rules_of(case.policy_version).rca
    is_over = case.is_closed or case.closes_with_rca or case.status == case.Status.RESOLUTION_PROPOSED
    return bool(rca and rca.incident_summary and case.severity_rank == CRITICAL and not is_over)


def _restored(case, incident):
    """When the service came back for this case: not before it was opened, for its clocks begin then. Told once, by whomever."""
    if case.activities.filter(kind=Kind.RESTORED).exists():
        return []
    return [Entry(Kind.RESTORED, data={"incident": incident.number}, occurred_at=max(incident.restored_at, case.opened_at))]


def _news(case, incident, update, *, is_resolved):
    if case.is_closed:
        return []
    entries = [] if _knows(case, update) else [update_entry(update)]
    if is_resolved:
        return [*entries, *_resolution(case, incident)]
    return [*entries, Entry(Kind.INCIDENT_SUMMARY, data={"incident": incident.number, "words": incident.summary})]


def _knows(case, update):
    """Was the update told already? A case that is linked late gets the latest one with its link."""
    told = case.activities.filter(kind=Kind.INCIDENT_UPDATE).values_list("data", flat=True)
    return any(data.get("update") == update.pk for data in told)


def _resolution(case, incident):
    """The proposal with the summary as its text, in the case's language or in English; it is the preliminary RCA where one is owed."""
    language = case.language or ENGLISH
    is_english = is_fallback(incident.summary, language)
    text = in_language(incident.summary, language)
    data = {"incident": incident.number, **({"untranslated": True} if is_english else {})}
    first = [Entry(Kind.RCA_DELIVERED, data={"incident": incident.number, "kind": PRELIMINARY})] if owes_preliminary(case) else []
    return [*first, Entry(Kind.PROPOSED, text, ENGLISH if is_english else language, data)]
