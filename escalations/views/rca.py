"""C10: the RCA documents that were delivered to the reader's organizations, as pages and as PDF. Whoever was not affected gets a 404."""

import logging

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.paging import page_of

from ..models import RcaDelivery, RcaDocument
from ..rca_files import file_of
from ..rca_page import RcaPage
from ..rca_pdf import PdfError

log = logging.getLogger(__name__)
UNAVAILABLE = 503


@require_safe
def rca_list(request):
    """The documents, the latest first, each with its own cases."""
    deliveries = RcaDelivery.objects.visible_to(request.user)
    documents = RcaDocument.objects.visible_to(request.user).filter(pk__in=deliveries.values("version__document"))
    page = page_of(documents.order_by("-pk"), request.GET.get("page", "1"))
    context = {"page": page, "rows": _rows(deliveries.filter(version__document__in=page.rows))}
    return render(request, "escalations/rca_list.html", context)


def _rows(deliveries):
    """For each document its latest delivered version and all the cases it was delivered into."""
    rows = {}
    related = ("version__document__incident", "version__document__case", "case")
    for delivery in deliveries.select_related(*related).order_by("-version__document", "-version__number", "case"):
        row = rows.setdefault(delivery.version.document_id, {"version": delivery.version, "cases": {}})
        row["cases"][delivery.case_id] = delivery.case
    return [{**row, "cases": list(row["cases"].values())} for row in rows.values()]


@require_safe
def rca(request, number):
    """One document: the latest delivered version, or the one that `?version=` asks for."""
    page, deliveries = _page(request, number)
    versions = {delivery.version.number: delivery.version for delivery in deliveries}
    organizations = {delivery.case.organization_id: delivery.case.organization for delivery in deliveries}
    context = {"page": page, "versions": list(versions.values()), "organizations": list(organizations.values())}
    return render(request, "escalations/rca.html", context | {"query": _query(request)})


@require_safe
def rca_pdf(request, number, name):
    """The same as a file, in the language that its name says."""
    page, _deliveries = _page(request, number)
    language = name.removeprefix(f"{number}-").removesuffix(".pdf")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    try:
        file = file_of(page, language, now=timezone.now())
    except PdfError as error:
        log.error("No PDF of %s: %s", number, error)
        return render(request, "escalations/rca_no_pdf.html", {"page": page}, status=UNAVAILABLE)
    response = HttpResponse(bytes(file.content), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["ETag"] = f'"{file.sha256}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _page(request, number):
    """The page for one of the reader's organizations, and what was delivered to them of this document."""
    documents = RcaDocument.objects.visible_to(request.user).numbered(number)
    visible = RcaDelivery.objects.visible_to(request.user).filter(version__document__in=documents)
    related = ("version__document__incident", "version__document__case", "case__organization")
    deliveries = list(visible.select_related(*related).order_by("-version__number", "case"))
    asked = [
        delivery
        for delivery in deliveries
        if request.GET.get("version", str(delivery.version.number)) == str(delivery.version.number)
        and request.GET.get("organization", str(delivery.case.organization_id)) == str(delivery.case.organization_id)
    ]
    if not asked:
        raise Http404
    return RcaPage(asked[0].version, asked[0].case.organization), deliveries


def _query(request):
    """What the links to the files carry on."""
    kept = request.GET.copy()
    for name in set(kept) - {"version", "organization"}:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
