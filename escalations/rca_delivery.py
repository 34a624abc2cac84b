"""A published RCA goes into every case that its incident has caused, each version once, also into cases that are linked later (SPEC 8).

Each case is told in a transaction of its own, by the request that published or by the sweep, whichever comes first: the row of `RcaDelivery`
is the claim.
"""

import logging

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from cases import actions
from cases.models import Case
from cases.timeline import locked

from .models import CaseLink, DocumentRequest, RcaDelivery, RcaVersion

log = logging.getLogger(__name__)
BATCH = 500
PUBLISHED = RcaVersion.State.PUBLISHED


def deliver_documents(*, now):
    """Deliver what is published and has not arrived yet. Returns how many cases were told; one that cannot be told holds up no other."""
    return sum(_delivered(version, case, now) for version, case in list(_missing())[:BATCH])


def _missing():
    """(version, case) for every delivery that is still to be made."""
    versions = {}
    for case_key, version_key in [*_of_incidents(), *_of_cases()]:
        if version_key not in versions:
            versions[version_key] = RcaVersion.objects.select_related("document", "published_by").get(pk=version_key)
        yield versions[version_key], Case(pk=case_key)


def _of_incidents():
    """(case, version) keys. The version is the row that is asked for: a second join would lead to the drafts beside it."""
    published = RcaVersion.objects.filter(state=PUBLISHED)
    links = published.annotate(link=F("document__incident__links"), case=F("document__incident__links__case"))
    current = links.filter(link__in=CaseLink.objects.current())
    there = RcaDelivery.objects.filter(version=OuterRef("pk"), case=OuterRef("case"))
    return current.exclude(Exists(there)).order_by("link").values_list("case", "pk")[:BATCH]


def _of_cases():
    """Documents about one case without an incident."""
    published = RcaVersion.objects.filter(state=PUBLISHED, document__case__isnull=False)
    there = RcaDelivery.objects.filter(version=OuterRef("pk"), case=OuterRef("document__case"))
    return published.exclude(Exists(there)).order_by("pk").values_list("document__case_id", "pk")[:BATCH]


def _delivered(version, case, now):
    try:
        return deliver_version(version, case, now=now)
    except Exception:
        log.exception("Document %s could not be delivered into case %s.", version.document.number, case.number)
        return False


@transaction.atomic
def deliver_version(version, case, *, now):
    """Deliver one version into one case. True where it was not there before, and still belongs there."""
    case = locked(case)
    if not _belongs(version, case):
        return False
    _row, is_new = RcaDelivery.objects.get_or_create(version=version, case=case, defaults={"delivered_at": now})
    if is_new:
        data = {"document": version.document.number, "kind": version.document.kind, "version": version.number}
        actions.deliver_rca(case, data=data, by=version.published_by, now=now)
        asked = DocumentRequest.objects.open().filter(case=case, kind=DocumentRequest.Kind.RCA)
        asked.update(state=DocumentRequest.State.DELIVERED, answered_by=version.published_by, answered_at=now)
    return is_new


def _belongs(version, case):
    """Asked under the lock of the case: is the version the published one, and the case one that its incident has caused?"""
    if not RcaVersion.objects.filter(pk=version.pk, state=PUBLISHED).exists():
        return False
    incident = version.document.incident_id
    return incident is None or case.incident_links.current().filter(incident=incident).exists()
