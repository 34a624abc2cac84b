"""How every action on a case is asked for and answered, once for all of them (HOUSE rule 4, SAFETY 5).

A step's page finds the case, asks whether the person may, checks the form, calls one action and leads back to the case. What the action
refuses is told above the form. A case that somebody else changed meanwhile answers 409, with what they did and with the text typed here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from cases.decision import Refused, StaleCase
from cases.models import Case

from .rights import require

INVALID, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done to a case. The form's fields are named after the action's parameters."""

    form: type
    may: Callable  # may(user, case) -> Decision
    act: Callable  # act(case, *, by, now, expected_version, **fields) -> Activity or None
    told: str  # what the person reads afterwards
    heading: str = ""
    button: str = ""
    template: str = "care/step.html"


def step_page(request, number, step, *, page=None, **options):
    """Ask for the step (GET) and take it (POST). `page(request, case, form, now, status)` shows the form where it is not on a page of its own."""
    case, now = find_case(request, number), timezone.now()
    require(step.may(request.user, case))
    form = step.form(*_posted(request), case=case, now=now, **options)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                return HttpResponseRedirect(_take(step, case, form, request, now), status=303)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
            except StaleCase:
                case, status = find_case(request, number), CONFLICT
                form.show_again_for(case)
    return (page or _page_of_its_own)(request, case, form, step=step, now=now, status=status)


def _posted(request):
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _take(step, case, form, request, now):
    def act():
        activity = step.act(case, by=request.user, now=now, expected_version=form.expected_version, **form.asked)
        messages.success(request, step.told)
        return case_url(case, activity)

    return form.send_once(act, by=request.user, now=now)


def _page_of_its_own(request, case, form, *, step, now, status):
    context = {"case": case, "form": form, "step": step, "now": now, "is_conflict": status == CONFLICT}
    return render(request, step.template, context, status=status)


def find_case(request, number):
    """The case of this number if the person may see it; else 404, the same as for one that is missing."""
    cases = Case.objects.visible_to(request.user).for_list().numbered(number)
    return get_object_or_404(cases.select_related("opened_by", "owner", "calendar_version", "agreement", "details"))


def case_url(case, activity=None):
    """The workspace of the case, at this activity."""
    return reverse("admin:care_case", args=[case.number]) + (f"#event-{activity.pk}" if activity else "")
