"""S3 to S5: the workspace of a case, and a view for each thing that can be done there (UX 3.2)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.case_page import SHOWN
from cases.models import Activity, Draft
from cases.views.case import activity_key
from cases.views.reply_drafts import keep_files, save_reply, take_off_file

from . import case_steps as steps
from .case_page import CareCasePage
from .forms import CaseForm
from .rights import require
from .steps import CONFLICT, case_url, find_case, step_form, step_page

page_or_post = require_http_methods(["GET", "HEAD", "POST"])
ON_THE_WORKSPACE = {"reply": Draft.Kind.REPLY, "note": Draft.Kind.NOTE}  # forms, and what they are kept as while somebody writes


@require_safe
def care_case(request, number):
    """S3: everything about a case, and what can be done with it."""
    show = request.GET.get("show", "")
    page = CareCasePage(
        find_case(request, number),
        request.user,
        timezone.now(),
        before=activity_key(request, "before"),
        show=show if show in SHOWN else "",
        seen=activity_key(request, "seen"),
    )
    return workspace(request, page, {})


def workspace(request, page, sent, *, step=None, status=200):
    """The workspace's page; `sent` is the form that could not be taken, by its step's name."""
    forms = {step.name: step_form(step, page) for step in (steps.REPLY, steps.NOTE, steps.STATUS)}
    forms["assign"] = CaseForm(case=page.case, now=page.now, seen=page.latest_key, auto_id="assign_%s")  # one button: to me
    for name, kind in ON_THE_WORKSPACE.items():
        forms[name].initial |= page.drafts[kind].data if kind in page.drafts else {}
    context = {"page": page, "case": page.case, "forms": forms | sent, "now": page.now, "is_conflict": status == CONFLICT}
    context["form"] = sent.get(step.name) if step else None
    return render(request, "care/case.html", context, status=status)


@require_safe
def care_case_updates(request, number):
    """Polled: a button where there is something newer than `after`, nothing (204) where the page knows all or was told already."""
    case, after = find_case(request, number), activity_key(request, "after") or 0
    newer = Activity.objects.visible_to(request.user).filter(case=case, pk__gt=after).exclude(actor=request.user)
    keys = list(newer.order_by("pk").values_list("pk", flat=True)[:100])
    if not keys or keys[-1] <= (activity_key(request, "told") or 0):
        return HttpResponse(status=204)
    context = {"case": case, "after": after, "told": keys[-1], "count": len(keys), "first": keys[0]}
    return render(request, "care/_care_case_updates.html", context)


@require_safe
def care_case_clocks(request, number):
    """Polled: the clocks in words."""
    page = CareCasePage(find_case(request, number), request.user, timezone.now())
    return render(request, "care/_care_case_clocks.html", {"page": page, "case": page.case})


@require_safe
def care_explanation(request, number):
    """The arithmetic of every clock of the case, as a page to print (SPEC 5, "Explain")."""
    page = CareCasePage(find_case(request, number), request.user, timezone.now())
    return render(request, "care/case_explanation.html", {"page": page, "case": page.case, "now": page.now})


# --- what is written ---------------------------------------------------------------------------------------------------
@require_POST
def care_reply(request, number):
    """Answer the customer. Without JavaScript the same form also keeps files, takes them off again and saves the draft."""
    page = CareCasePage(find_case(request, number), request.user, timezone.now())
    require(page.may_reply)
    if "remove" in request.POST:
        take_off_file(request, page)
        return _back_to_reply(page)
    file_errors = keep_files(request, page)
    if "save" in request.POST and not file_errors:
        save_reply(request, page)
        messages.success(request, _("The draft has been saved."))
        return _back_to_reply(page)
    return step_page(request, number, steps.REPLY, show=workspace, file_errors=file_errors)


def _back_to_reply(page):
    return HttpResponseRedirect(f"{case_url(page.case)}#care-case-reply", status=303)


@require_POST
def care_note(request, number):
    """Write a note that customers cannot see."""
    return step_page(request, number, steps.NOTE, show=workspace)


@page_or_post
def care_call(request, number):
    """Log a phone call with its real start."""
    return step_page(request, number, steps.CALL)


@page_or_post
def care_redact(request, number, key):
    """Remove a text and its files for good; a tombstone stays."""
    activities = Activity.objects.visible_to(request.user).filter(case=find_case(request, number))
    return step_page(request, number, steps.redaction_of(get_object_or_404(activities, pk=key)))


# --- who works on it, and how urgent it is -----------------------------------------------------------------------------
@page_or_post
def care_assign(request, number):
    """Give the case to oneself or to another cleared colleague."""
    return step_page(request, number, steps.ASSIGN)


@page_or_post
def care_severity(request, number):
    """S4: change the severity, with a reason, after seeing what it does to the targets."""
    return step_page(request, number, steps.SEVERITY)


@page_or_post
def care_priority(request, number):
    """Change the priority on the customer's behalf."""
    return step_page(request, number, steps.PRIORITY)


@page_or_post
def care_decline_priority(request, number):
    """Leave the priority as it is although the customer asked for a higher one."""
    return step_page(request, number, steps.DECLINE_PRIORITY)


@page_or_post
def care_uphold(request, number):
    """Leave the severity as it is although the customer contests it."""
    return step_page(request, number, steps.UPHOLD)


@page_or_post
def care_scope(request, number):
    """Say what the problem concerns and how much it hurts."""
    return step_page(request, number, steps.SCOPE)


# --- status, waiting, promises -----------------------------------------------------------------------------------------
@require_POST
def care_status(request, number):
    """Change the status by one of the workspace's buttons."""
    return step_page(request, number, steps.STATUS, show=workspace)


@page_or_post
def care_third_party(request, number):
    """Wait for somebody else, with their reference and promise."""
    return step_page(request, number, steps.THIRD_PARTY)


@page_or_post
def care_promise(request, number):
    """Promise the customer the next update."""
    return step_page(request, number, steps.PROMISE)


@page_or_post
def care_expectation(request, number):
    """Say when the case is expected to be resolved now, and why; the customer is told at once."""
    return step_page(request, number, steps.EXPECTATION)


@page_or_post
def care_review(request, number):
    """Write down what a review of a case over its time came to."""
    return step_page(request, number, steps.REVIEW)


@page_or_post
def care_restored(request, number):
    """Say when the service was restored."""
    return step_page(request, number, steps.RESTORED)


# --- the end, and a new beginning --------------------------------------------------------------------------------------
@page_or_post
def care_resolution(request, number):
    """S5: propose a resolution, which the customer accepts or rejects."""
    return step_page(request, number, steps.RESOLUTION)


@page_or_post
def care_close(request, number):
    """Close the case with a resolution summary."""
    return step_page(request, number, steps.CLOSE)


@page_or_post
def care_summary(request, number):
    """Write the case summary that an isolated case gets in the place of an RCA."""
    return step_page(request, number, steps.CASE_SUMMARY)


@page_or_post
def care_follow_up(request, number):
    """Open a case that follows a closed one."""
    return step_page(request, number, steps.FOLLOW_UP)


@page_or_post
def care_reopen(request, number):
    """Reopen the case within the policy's window."""
    return step_page(request, number, steps.REOPEN)
