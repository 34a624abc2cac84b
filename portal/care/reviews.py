"""Cases that took longer than the policy lets pass without a review, with the teams that worked on them (SPEC 5, ISSUE 3.9)."""

from collections import defaultdict
from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.models import Activity, Case
from cases.paging import page_of
from cases.permissions import can_review
from cases.reviews import cases_to_review, teams_involved

from .rights import require


@dataclass(frozen=True, slots=True)
class Review:
    """One case that waits for its review."""

    case: Case
    teams: list[str]


@require_safe
def care_reviews(request):
    """The list "over 48 h": what waits for its review, the oldest first."""
    require(can_review(request.user))
    now = timezone.now()
    waiting = cases_to_review(Case.objects.visible_to(request.user), now=now)
    page = page_of(waiting.for_list().select_related("owner").order_by("opened_at", "pk"), request.GET.get("page", "1"))
    teams = _teams_of(page.rows, request.user)
    context = {"page": page, "now": now, "reviews": [Review(case, teams[case.pk]) for case in page.rows]}
    return render(request, "care/reviews.html", context)


def _teams_of(cases, user):
    activities = Activity.objects.visible_to(user).filter(case__in=[case.pk for case in cases])
    by_case = defaultdict(list)
    for activity in activities.select_related("actor", "text_row").in_order():
        by_case[activity.case_id].append(activity)
    return defaultdict(list, {key: teams_involved(found) for key, found in by_case.items()})
