from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.case_filter import NEEDS_YOU
from cases.models import Case, Organization
from portal.support_hours import support_hours_of

MOST_CASES = 8
MOST_ORGANIZATIONS = 3


@require_safe
def home(request):
    """C1: what waits for the customer, their open cases, whether support is there, where to start. The care team starts at its queue."""
    if request.user.is_staff:
        return redirect("admin:index")
    now = timezone.now()
    open_cases = Case.objects.visible_to(request.user).open()
    waiting = open_cases.filter(status__in=NEEDS_YOU)
    pressing = list(waiting.for_list().by_urgency()[:MOST_CASES])
    organizations = list(Organization.objects.visible_to(request.user).order_by("name")[:MOST_ORGANIZATIONS])
    return render(
        request,
        "portal/home.html",
        {
            "cases": pressing + _others(open_cases, MOST_CASES - len(pressing)),
            "waiting": waiting.count() if len(pressing) == MOST_CASES else len(pressing),
            "is_of_several": len(organizations) > 1,
            "hours": [(organization, support_hours_of(organization, now=now)) for organization in organizations],
            "now": now,
        },
    )


def _others(cases, most):
    """Those that do not wait for the customer, by urgency."""
    return list(cases.exclude(status__in=NEEDS_YOU).for_list().by_urgency()[:most])
