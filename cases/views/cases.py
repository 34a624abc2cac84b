from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..case_filter import NEEDS_YOU, CaseFilterForm
from ..exports import csv_response, customer_columns
from ..models import Case
from ..paging import COUNT_LIMIT, count_up_to_limit, page_of


@require_safe
def case_list(request):
    """C2: all cases of the customer's organizations, the latest activity first."""
    form = CaseFilterForm(request.GET)
    cases = form.narrow(Case.objects.visible_to(request.user), user=request.user)
    page = page_of(form.in_order(cases.for_list()), request.GET.get("page", "1"))
    return render(
        request,
        "cases/case_list.html",
        {
            "form": form,
            "page": page,
            "is_of_several": len({case.organization_id for case in page.rows}) > 1,
            "count": count_up_to_limit(cases),
            "waiting": count_up_to_limit(cases.filter(status__in=NEEDS_YOU)),
            "count_limit": COUNT_LIMIT,
            "query": _filter_of(request.GET),
            "now": timezone.now(),
        },
    )


@require_safe
def case_export(request):
    """The cases of the list, with its filter, as CSV: every row, in the reader's zone. The care team has an export of its own, kept in the trail."""
    if request.user.is_staff:
        return redirect("admin:care_cases_csv")
    now = timezone.now()
    cases = CaseFilterForm(request.GET).narrow(Case.objects.visible_to(request.user), user=request.user)
    return csv_response(
        cases,
        customer_columns(now=now),
        filename=f"cases-{now:%Y-%m-%d}.csv",
        time_zone=ZoneInfo(request.user.time_zone),
    )


def _filter_of(parameters):
    """The filter without the page, to be carried by links: "&q=…&turn=you", or ""."""
    kept = QueryDict(mutable=True)
    for name in CaseFilterForm.base_fields:
        if parameters.get(name):
            kept[name] = parameters[name]
    return f"&{kept.urlencode()}" if kept else ""
