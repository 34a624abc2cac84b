"""A published RCA goes into every case that its incident has caused, each version once, also into cases that are linked later (SPEC 8).

Each case is told in a transaction of its own, by the request that published or by the sweep, whichever comes first: the row of `RcaDelivery`
is the claim. Publication and links mark the document, so nobody looks through years of deliveries to find that there is nothing to do.
"""

import logging
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from cases import actions
from cases.models import Case
from cases.timeline import locked

from .attempts import attempt
from .models import CaseLink, DocumentRequest, RcaDelivery, RcaDocument, RcaVersion

log = logging.getLogger(__name__)
BATCH = 500
PUBLISHED = RcaVersion.State.PUBLISHED


def deliver_documents(*, now):
    """Deliver what is published and has not arrived yet. Returns how many cases were told; one that cannot be told holds up no other."""
    return sum(_deliver(document, now) for document in RcaDocument.objects.filter(is_delivery_due=True).order_by("pk"))


def _deliver(document, now):
    version = document.versions.filter(state=PUBLISHED).select_related("document", "published_by").first()
    missing = _missing(document, version) if version else []
    told = sum(_delivered(version, Case(pk=key), now) for key in missing)
    _settle(document)
    return told


@transaction.atomic
def _settle(document):
    """Ask no more where nothing is missing. Whoever publishes or links says so in the document's row, before us or after us."""
    document = RcaDocument.objects.select_for_update().get(pk=document.pk)
    version = document.versions.filter(state=PUBLISHED).first()
    if not version or not _missing(document, version):
        RcaDocument.objects.filter(pk=document.pk).update(is_delivery_due=False)


def _missing(document, version):
    """The keys of the cases, a batch of them, where this version has not arrived: those of the incident, or the document's own."""
    if document.case_id:
        return [] if version.deliveries.exists() else [document.case_id]
    there = RcaDelivery.objects.filter(case=OuterRef("case"), version=version)
    links = CaseLink.objects.current().filter(incident=document.incident_id).exclude(Exists(there))
    return list(links.order_by("pk").values_list("case_id", flat=True)[:BATCH])


def _delivered(version, case, now):
    deliver = partial(deliver_version, version, case, now=now)
    failure = "Document %s could not be delivered into case %s."
    return bool(attempt(deliver, log, failure, version.document.number, case.number))


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
