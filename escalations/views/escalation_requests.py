"""C8: the page on which a customer escalates a case, and what can be sent from it (SPEC 6).

Each view finds the case, checks the form, acts once and answers: a redirect (303), 422 with errors, 409 or 403 with the reason and all that was
typed.
"""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions import mark_read
from cases.decision import Refused
from cases.problem_words import SECRET_MASKED
from cases.views.case import page_of

from ..actions import escalation_requests as actions
from ..escalation_forms import EscalationForm, ReadForm, SatisfactionForm
from ..escalation_page import EscalationPage
from ..management_mail import preview_of
from ..models import Escalation

INVALID, REFUSED, CONFLICT = 422, 403, 409


@require_http_methods(["GET", "HEAD", "POST"])
def case_escalate(request, number):
    """Each condition of the policy with its verdict, and the form where they hold; or how the escalation stands that there is already."""
    found = _find(request, number)
    if request.method != "POST":
        if request.user.is_staff:
            return redirect("admin:care_case", found.case.number)
        return _show(request, found)
    if not found.may_ask:
        return _show(request, found, status=REFUSED, conflict=found.may_ask.reason)
    form = _form(found, request.POST)
    if not form.is_valid():
        return _show(request, found, status=INVALID, form=form)
    if "edit" in request.POST:
        return _show(request, found, form=form)
    if found.is_open and found.level.mail and "send" not in request.POST:
        return _preview(request, found, form)
    return _send(request, found, form)


@require_POST
def case_escalate_read(request, number):
    """The updates that the page shows have been read."""
    found, form = _find(request, number), ReadForm(request.POST)
    if not found.may_ask:
        return _show(request, found, status=REFUSED, conflict=found.may_ask.reason)
    if form.is_valid() and form.cleaned_data["seen"]:
        key = min(form.cleaned_data["seen"], found.page.latest_key)
        mark_read(found.case, by=request.user, key=key, now=found.page.now)
    return _back(found)


@require_POST
def case_escalate_remind(request, number):
    """Tell me when I can: a mail as soon as the conditions hold."""
    found = _find(request, number)
    try:
        actions.remind_of_escalation(found.case, by=request.user, now=found.page.now, kind=found.kind)
    except Refused as refusal:
        return _show(request, found, status=CONFLICT if found.may_ask else REFUSED, conflict=refusal.reason)
    messages.success(request, _("You will be told by mail as soon as the case can be escalated."))
    return _back(found)


@require_POST
def case_escalate_answer(request, number):
    """Is the result enough? If not, the next level of the policy is open."""
    found, form = _find(request, number), SatisfactionForm(request.POST, auto_id="answer_%s")
    if not found.may_ask:
        return _show(request, found, status=REFUSED, conflict=found.may_ask.reason)
    if not form.is_valid():
        return _show(request, found, status=INVALID, answer=form)
    own = Escalation.objects.visible_to(request.user).filter(case=found.case)
    escalation = get_object_or_404(own.select_related("case"), pk=form.cleaned_data["escalation"])
    try:
        url = form.send_once(lambda: _answered(request, found, form, escalation), by=request.user, now=found.page.now)
    except Refused as refusal:
        return _show(request, found, status=CONFLICT, conflict=refusal.reason)
    return HttpResponseRedirect(url, status=303)


# --- what they have in common ------------------------------------------------------------------------------------------
def _find(request, number):
    """The page of the case, as far as the reader may see it. Raises Http404."""
    return EscalationPage(page_of(request, number), request.POST.get("about") or request.GET.get("about"))


def _form(found, *posted):
    level = found.level
    leaves_portal = bool(level and level.mail)
    return EscalationForm(*posted, case=found.case, seen=found.page.latest_key, leaves_portal=leaves_portal)


def _preview(request, found, form):
    """What will be mailed to the management, exactly, before it is sent."""
    said, masked = form.request.cleaned()
    if masked:
        messages.warning(request, SECRET_MASKED)
    subject, text = preview_of(found.case, said, found.level)
    return _show(request, found, form=form, preview={"to": found.level.mail, "subject": subject, "text": text})


def _send(request, found, form):
    try:
        url = form.send_once(lambda: _sent(request, found, form), by=request.user, now=found.page.now)
    except Refused as refusal:
        return _show(request, _find(request, found.case.number), status=CONFLICT, form=form, conflict=refusal.reason)
    return HttpResponseRedirect(url, status=303)


def _sent(request, found, form):
    is_about_urgency = found.topic == "urgency"
    said = {"request": form.request, "kind": found.kind, "is_about_urgency": is_about_urgency}
    actions.request_escalation(found.case, by=request.user, now=found.page.now, **said)
    if form.request.cleaned()[1]:
        messages.warning(request, SECRET_MASKED)
    messages.success(request, _("The escalation was requested."))
    return _url(found)


def _answered(request, found, form, escalation):
    is_satisfied = form.cleaned_data["is_satisfied"]
    actions.answer_escalation(escalation, by=request.user, is_satisfied=is_satisfied, now=found.page.now)
    messages.success(request, _("Thank you. The care team has been told."))
    return _url(found)


def _url(found):
    return reverse("case_escalate", args=[found.case.number])


def _back(found):
    """To the page, about what it was about."""
    return HttpResponseRedirect(_url(found) + (f"?about={found.topic}" if found.about else ""), status=303)


def _show(request, found, *, status=200, form=None, answer=None, conflict="", preview=None):
    form = form or _form(found)
    context = {
        "page": found.page,
        "case": found.case,
        "found": found,
        "now": found.page.now,
        "form": form,
        "answer": answer or SatisfactionForm(auto_id="answer_%s", initial={"escalation": found.ended and found.ended.pk}),
        "read": ReadForm(seen=found.unread[-1].key) if found.may_ask and found.unread else None,
        "typed": form.typed if conflict and form.is_bound and not found.is_open else [],
        "conflict": conflict,
        "preview": preview,
    }
    return render(request, "escalations/case_escalate.html", context, status=status)
