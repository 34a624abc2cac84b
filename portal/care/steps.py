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
from cases.problem_words import SECRET_MASKED

from .case_page import CareCasePage
from .rights import require

INVALID, CONFLICT = 422, 409


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done to a case. The form's fields are named after the action's parameters."""

    name: str
    form: type
    may: Callable  # may(user, case) -> Decision
    act: Callable  # act(case, *, by, now, expected_version, **arguments) -> Activity or None
    told: str  # what the person reads afterwards
    heading: str = ""
    button: str = ""
    checks_version: bool = True  # False: what somebody else did meanwhile is no reason to ask again


def step_page(request, number, step, *, show=None, file_errors=()):
    """Ask for the step (GET) or take it (POST); `show` is the page that holds the form, where it has none of its own."""
    case, now = find_case(request, number), timezone.now()
    require(step.may(request.user, case))
    page, status, show = CareCasePage(case, request.user, now), 200, show or step_form_page
    form = step_form(step, page, request)
    if request.method == "POST":
        status = INVALID
        for sentence in file_errors:
            form.add_error("files", sentence)
        if form.is_valid():
            try:
                return HttpResponseRedirect(_take(step, form, page, request), status=303)
            except Refused as refusal:
                form.add_error(None, refusal.reason)
            except StaleCase:
                page, status = (
                    CareCasePage(find_case(request, number), request.user, now, seen=form.cleaned_data["seen"]),
                    CONFLICT,
                )
                form.show_again_for(page)
    return show(request, page, {step.name: form}, step=step, status=status)


def step_form(step, page, request=None):
    """The step's form for a case as it is on this page; with a POST request, as it was sent."""
    posted = (request.POST, request.FILES) if request and request.method == "POST" else ()
    return step.form(*posted, case=page.case, now=page.now, seen=page.latest_key, auto_id=f"{step.name}_%s")


def _take(step, form, page, request):
    def act():
        version = form.expected_version if step.checks_version else None
        activity = step.act(page.case, by=request.user, now=page.now, expected_version=version, **form.arguments)
        messages.success(request, step.told)
        if activity and activity.data.get("masked"):
            messages.warning(request, SECRET_MASKED)
        return case_url(page.case, activity)

    return form.send_once(act, by=request.user, now=page.now)


def step_form_page(request, page, forms, *, step, status):
    """A page with the step's form alone, and after a conflict with what is new."""
    news = [item for key, item in page.items.items() if key > page.seen] if status == CONFLICT and page.seen else []
    context = {"page": page, "case": page.case, "form": forms[step.name], "step": step, "now": page.now, "news": news}
    return render(request, "care/step.html", context | {"is_conflict": status == CONFLICT}, status=status)


def find_case(request, number):
    """The case of this number if the person may see it; else 404, the same as for one that is missing."""
    return get_object_or_404(Case.objects.visible_to(request.user).numbered(number).for_page())


def case_url(case, activity=None):
    """The workspace of the case, at this activity."""
    return reverse("admin:care_case", args=[case.number]) + (f"#event-{activity.pk}" if activity else "")
