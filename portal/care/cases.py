"""The list of all cases, closed ones too, and its CSV for managers (SPEC 11)."""

from zoneinfo import ZoneInfo

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.exports import care_columns, csv_response
from cases.models import Case
from cases.paging import COUNT_LIMIT, count_up_to_limit, page_of
from cases.permissions import can_export, can_see_cases

from .queue_filter import CareFilterForm, query_of
from .rights import require
from .trail import log_export


@require_safe
def care_cases(request):
    """Every case of one's regions, the newest first, with a filter by which managers find and export."""
    require(can_see_cases(request.user))
    now = timezone.now()
    form = CareFilterForm(request.GET)
    cases = form.narrow(Case.objects.visible_to(request.user), user=request.user, now=now)
    query = query_of(request.GET, CareFilterForm)
    context = {
        "now": now,
        "form": form,
        "page": page_of(cases.for_list().select_related("owner").order_by("-pk"), request.GET.get("page", "1")),
        "count": count_up_to_limit(cases),
        "count_limit": COUNT_LIMIT,
        "query": f"&{query}" if query else "",
        "csv_url": f"{reverse('admin:care_cases_csv')}?{query}" if can_export(request.user) else "",
    }
    return render(request, "care/cases.html", context)


@require_safe
def care_cases_csv(request):
    """Every row of the list with its filter, streamed; the audit trail says who took what."""
    require(can_export(request.user))
    now = timezone.now()
    cases = CareFilterForm(request.GET).narrow(Case.objects.visible_to(request.user), user=request.user, now=now)
    log_export(request.user, Case, query_of(request.GET, CareFilterForm))
    zone = ZoneInfo(request.user.time_zone)
    return csv_response(cases, care_columns(now=now), filename=f"cases-{now:%Y-%m-%d}.csv", time_zone=zone)
